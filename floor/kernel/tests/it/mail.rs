//! Letters: written with the change, sent once, readable everywhere, and ended by whoever does not want them.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use kyodo_kernel::jobs::{self, KINDS, State, Work, work_off};
use kyodo_kernel::mail::{self, Address, Bounce, Letter, Mail, Sent, Transport, bounce};
use kyodo_kernel::{Chance, Clock, Language};
use kyodo_testkit::{RunningHouse, TestHouse};
use mail_parser::{HeaderName, Message, MessageParser, MimeHeaders};
use proptest::prelude::*;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use crate::jobs::process;

async fn house() -> RunningHouse {
    TestHouse::new(Vec::new()).with_city("mihon").build().await
}

/// A house whose letters stay in memory.
async fn post_office() -> (RunningHouse, Work, Arc<Mutex<Vec<Sent>>>) {
    let house = house().await;
    let (transport, sent) = Transport::memory();
    let work = process(&house, "a", transport);
    (house, work, sent)
}

fn address(text: &str) -> Address {
    text.parse().unwrap()
}

fn to_hana() -> Letter {
    let text = "佐藤さん\n\n次のページを開いてください。\nhttps://kyodo.mihon.example/login?t=1&u=2\n";
    Letter::new(address("hana@example.jp"), "パスワードを決めてください", text).for_account(7, "佐藤　花")
}

async fn posted(work: &Work, letter: &Letter) -> i64 {
    let mut tx = work.db().begin().await.unwrap();
    let id = mail::post(&mut tx, letter, work.now(), work.chance).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn became(work: &Work, id: i64) -> Mail {
    mail::mail(work.db(), id).await.unwrap().unwrap()
}

/// Posts a letter and works until nothing is due.
async fn sent(work: &Work, letter: &Letter) -> Mail {
    let id = posted(work, letter).await;
    work_off(work, KINDS, &[]).await.unwrap();
    became(work, id).await
}

fn only(sent: &Mutex<Vec<Sent>>) -> Sent {
    let sent = sent.lock().unwrap();
    assert_eq!(sent.len(), 1);
    sent[0].clone()
}

fn read(message: &[u8]) -> Message<'_> {
    MessageParser::default().parse(message).unwrap()
}

fn header<'m>(message: &'m Message<'_>, name: &'static str) -> Option<&'m str> {
    message.header_raw(HeaderName::Other(name.into())).or_else(|| message.header_raw(name)).map(str::trim)
}

#[tokio::test]
async fn a_letter_leaves_when_its_change_is_committed() {
    let (_house, work, box_) = post_office().await;
    let mut tx = work.db().begin().await.unwrap();
    mail::post(&mut tx, &to_hana(), work.now(), work.chance).await.unwrap();
    drop(tx);
    assert_eq!(work_off(&work, KINDS, &[]).await.unwrap(), 0);
    let mail = sent(&work, &to_hana()).await;
    assert!(mail.sent_at.is_some());
    let sent = only(&box_);
    assert_eq!((sent.key, sent.to), (mail.key, address("hana@example.jp")));
    assert_eq!(mail::mails_of(work.db(), 7, None, 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_letter_is_text_and_html_with_japanese_headers() {
    let (_house, work, box_) = post_office().await;
    let mail = sent(&work, &to_hana()).await;
    let sent = only(&box_);
    assert!(sent.message.is_ascii(), "every mail system can carry it");
    let message = read(&sent.message);
    assert_eq!(message.subject(), Some("パスワードを決めてください"));
    let from = message.from().unwrap().first().unwrap();
    assert_eq!((from.name(), from.address()), (Some("見本市"), Some("kyodo@mihon.example")));
    let to = message.to().unwrap().first().unwrap();
    assert_eq!((to.name(), to.address()), (Some("佐藤　花"), Some("hana@example.jp")));
    assert_eq!(message.message_id(), Some(format!("{}.mihon@mihon.example", mail.key).as_str()));
    assert_eq!(message.date().unwrap().to_timestamp(), mail.created_at.timestamp());
    assert_eq!(header(&message, "Auto-Submitted"), Some("auto-generated"));
    assert_eq!(header(&message, "List-Unsubscribe"), None, "what must arrive cannot be ended");
    assert!(message.is_content_type("multipart", "alternative"));
    assert_eq!(message.body_text(0).unwrap().replace("\r\n", "\n"), to_hana().text);
    let html = message.html_part(0).unwrap().text_contents().unwrap();
    assert!(html.contains("<a href=\"https://kyodo.mihon.example/login?t=1&amp;u=2\">"), "{html}");
    assert!(html.contains("<p>佐藤さん</p>") && html.contains("<html lang=\"ja\">"), "{html}");
}

#[tokio::test]
async fn nothing_typed_breaks_out_of_a_header() {
    let (_house, work, box_) = post_office().await;
    let letter = Letter {
        subject: "件名\r\nBcc: all@example.jp\r\n\r\n<script>".to_owned(),
        to_name: Some("花\" <evil@example.jp>, \r\nCc: evil@example.jp".to_owned()),
        ..to_hana()
    };
    sent(&work, &letter).await;
    let sent = only(&box_);
    let message = read(&sent.message);
    assert!(message.bcc().is_none() && message.cc().is_none());
    assert_eq!(message.to().unwrap().iter().count(), 1);
    assert_eq!(message.to().unwrap().first().unwrap().address(), Some("hana@example.jp"));
    assert_eq!(message.subject(), Some("件名 Bcc: all@example.jp <script>"));
}

#[tokio::test]
async fn old_addresses_of_japanese_carriers_are_served() {
    let (_house, work, box_) = post_office().await;
    let mail = sent(&work, &Letter { to: address("a..b.@docomo.ne.jp"), ..to_hana() }).await;
    assert!(mail.sent_at.is_some());
    let sent = only(&box_);
    let text = String::from_utf8(sent.message).unwrap();
    assert!(text.contains("<\"a..b.\"@docomo.ne.jp>"), "{text}");
}

#[tokio::test]
async fn a_letter_of_many_can_be_ended_with_one_click() {
    let (_house, work, box_) = post_office().await;
    let news = to_hana().about("news");
    let mail = sent(&work, &news).await;
    let token = mail.token.clone().unwrap();
    let sent_now = only(&box_);
    let message = read(&sent_now.message);
    let link = format!("https://kyodo.mihon.example{}", mail::subscription_path(&token));
    assert_eq!(header(&message, "List-Unsubscribe"), Some(format!("<{link}>").as_str()));
    assert_eq!(header(&message, "List-Unsubscribe-Post"), Some("List-Unsubscribe=One-Click"));
    let text = message.body_text(0).unwrap();
    assert!(text.contains(&link) && !text.contains('⟨'), "{text}");
    assert!(mail::is_wanted(work.db(), 7, "news").await.unwrap());

    // A letter that was posted before but not sent yet is not sent any more.
    let waiting = posted(&work, &news).await;
    let mut tx = work.db().begin().await.unwrap();
    for _ in 0..2 {
        let ended = mail::unsubscribe(&mut tx, &token, work.now()).await.unwrap().unwrap();
        assert_eq!((ended.account, ended.topic.as_str(), ended.ended_at), (7, "news", Some(ended.ended_at.unwrap())));
    }
    assert_eq!(mail::unsubscribe(&mut tx, "nobody's", work.now()).await.unwrap(), None);
    tx.commit().await.unwrap();
    work_off(&work, KINDS, &[]).await.unwrap();
    let skipped = became(&work, waiting).await;
    assert!(skipped.skipped_at.is_some() && skipped.sent_at.is_none());
    assert_eq!(skipped.detail.as_deref(), Some("its reader has ended the subscription"));
    assert_eq!(box_.lock().unwrap().len(), 1);
    assert!(sent(&work, &to_hana()).await.sent_at.is_some(), "what must arrive still does");
    assert!(sent(&work, &to_hana().about("other")).await.sent_at.is_some(), "and so do other topics");

    let mut tx = work.db().begin().await.unwrap();
    mail::choose(&mut tx, 7, "news", true, work.now(), work.chance).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(sent(&work, &news).await.token, Some(token), "the way out stays the same");
    let topics = mail::subscriptions(work.db(), 7).await.unwrap();
    assert!(topics.iter().all(|subscription| subscription.ended_at.is_none()) && topics.len() == 2);
}

#[tokio::test]
async fn a_letter_in_english_says_so() {
    let (_house, work, box_) = post_office().await;
    sent(&work, &to_hana().about("news").in_language(Language::English)).await;
    let sent = only(&box_);
    let message = read(&sent.message);
    assert!(message.html_part(0).unwrap().text_contents().unwrap().contains("<html lang=\"en\">"));
    assert!(message.body_text(0).unwrap().contains("stop receiving"));
}

#[tokio::test]
async fn a_folder_gets_one_file_for_a_letter_however_often_it_is_sent() {
    let house = house().await;
    let folder = tempfile::tempdir().unwrap();
    let work = process(&house, "a", Transport::Folder(folder.path().join("mail")));
    let mail = sent(&work, &to_hana()).await;
    let file = folder.path().join("mail").join(format!("{}.eml", mail.key));
    let first = std::fs::read(&file).unwrap();
    // The process died between sending and saying so.
    let mut tx = work.db().begin().await.unwrap();
    tx.ask("UPDATE mail SET sent_at = NULL").run().await.unwrap();
    tx.ask("UPDATE job SET done_at = NULL").run().await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        work_off(&Work { clock: Clock::OnDay("2026-11-25".parse().unwrap()), ..work }, KINDS, &[]).await.unwrap(),
        1
    );
    assert_eq!(std::fs::read_dir(folder.path().join("mail")).unwrap().count(), 1);
    assert_eq!(std::fs::read(&file).unwrap(), first, "the very same letter");
}

#[tokio::test]
async fn a_letter_that_was_sent_is_not_sent_again_when_its_job_is() {
    let (_house, work, box_) = post_office().await;
    sent(&work, &to_hana()).await;
    let mut tx = work.db().begin().await.unwrap();
    tx.ask("UPDATE job SET done_at = NULL").run().await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(work_off(&work, KINDS, &[]).await.unwrap(), 1);
    only(&box_);
}

/// A mail server that says what it is told to say, and remembers what it hears.
struct Post {
    port: u16,
    heard: Arc<Mutex<Vec<String>>>,
}

/// Answers the nth occurrence of a command, or all, in place of what a friendly server says.
async fn smtp(answers: &'static [(&'static str, &'static str)]) -> Post {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = Arc::<Mutex<Vec<String>>>::default();
    let ears = Arc::clone(&heard);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (read, mut write) = stream.into_split();
            let mut lines = BufReader::new(read).lines();
            let answer = |command: &str, friendly: &'static str| {
                answers.iter().find(|(told, _)| *told == command).map_or(friendly, |(_, answer)| *answer)
            };
            let mut in_message = false;
            if write.write_all(answer("", "220 post.example\r\n").as_bytes()).await.is_err() {
                continue;
            }
            while let Ok(Some(line)) = lines.next_line().await {
                ears.lock().unwrap().push(line.clone());
                let reply = if in_message {
                    if line != "." {
                        continue;
                    }
                    in_message = false;
                    answer(".", "250 2.0.0 taken\r\n")
                } else {
                    let command = line.split([' ', ':']).next().unwrap_or_default().to_owned();
                    let friendly = match command.as_str() {
                        "DATA" => "354 go on\r\n",
                        "QUIT" => "221 bye\r\n",
                        "EHLO" => "250-post.example\r\n250 AUTH PLAIN\r\n",
                        "AUTH" => "235 welcome\r\n",
                        _ => "250 fine\r\n",
                    };
                    let said = answer(&command, friendly);
                    in_message = said.starts_with("354");
                    said
                };
                if write.write_all(reply.as_bytes()).await.is_err() {
                    break;
                }
            }
        }
    });
    Post { port, heard }
}

impl Post {
    fn transport(&self, login: &str) -> Transport {
        Transport::smtp(&format!("smtp://{login}127.0.0.1:{}/kyodo.example", self.port)).unwrap()
    }

    fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

#[tokio::test]
async fn a_mail_server_is_spoken_to_as_it_expects() {
    let (house, post) = (house().await, smtp(&[]).await);
    let work = process(&house, "a", post.transport("name:p%40w@"));
    let mail = sent(&work, &Letter { to: address("a..b@docomo.ne.jp"), ..to_hana() }).await;
    assert!(mail.sent_at.is_some(), "{mail:?}");
    let heard = post.heard();
    for line in ["EHLO kyodo.example", "MAIL FROM:<kyodo@mihon.example>", "RCPT TO:<\"a..b\"@docomo.ne.jp>", "DATA"] {
        assert!(heard.iter().any(|said| said == line), "{line}: {heard:?}");
    }
    // "\0name\0p@w"
    assert!(heard.iter().any(|said| said == "AUTH PLAIN AG5hbWUAcEB3"), "{heard:?}");
    let id = format!("Message-ID: <{}.mihon@mihon.example>", mail.key);
    assert!(heard.contains(&id), "{heard:?}");
}

#[tokio::test]
async fn a_letter_that_was_taken_is_sent_even_if_nobody_says_goodbye() {
    let (house, post) = (house().await, smtp(&[("QUIT", "")]).await);
    let work = process(&house, "a", post.transport(""));
    assert!(sent(&work, &to_hana()).await.sent_at.is_some());
}

async fn refused_by(answers: &'static [(&'static str, &'static str)]) -> (Mail, jobs::Job, Work, RunningHouse) {
    let (house, post) = (house().await, smtp(answers).await);
    let work = process(&house, "a", post.transport("name:pw@"));
    let mail = sent(&work, &to_hana()).await;
    let job = jobs::list(work.db(), None, None, 1).await.unwrap().remove(0);
    (mail, job, work, house)
}

#[tokio::test]
async fn an_address_that_is_refused_for_good_is_not_written_to_again() {
    let (mail, job, work, _house) = refused_by(&[("RCPT", "550 5.1.1 no such user\r\n")]).await;
    assert!(mail.refused_at.is_some() && mail.sent_at.is_none());
    assert!(mail.detail.unwrap().contains("no such user"));
    assert_eq!((job.state(), job.attempts), (State::Failed, 1));
    let reason = mail::undeliverable(work.db(), &address("Hana@example.jp")).await.unwrap().unwrap().reason;
    assert!(reason.contains("5.1.1"), "{reason}");
    let next = sent(&work, &to_hana()).await;
    assert!(next.skipped_at.is_some() && next.detail.unwrap().contains("undeliverable"));
    let mut tx = work.db().begin().await.unwrap();
    mail::try_again(&mut tx, &address("hana@example.jp")).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(mail::undeliverable(work.db(), &address("hana@example.jp")).await.unwrap(), None);
}

#[tokio::test]
async fn a_letter_that_is_refused_leaves_its_address_in_peace() {
    let (mail, job, work, _house) = refused_by(&[(".", "554 5.7.1 this looks like spam\r\n")]).await;
    assert!(mail.refused_at.is_some());
    assert_eq!(job.state(), State::Failed);
    assert_eq!(mail::undeliverable(work.db(), &address("hana@example.jp")).await.unwrap(), None);
}

#[tokio::test]
async fn no_letter_is_lost_for_what_is_our_own_affair() {
    for answers in [
        &[("AUTH", "535 5.7.8 wrong password\r\n")][..],
        &[("MAIL", "550 5.7.1 you may not send\r\n")],
        &[("RCPT", "450 4.2.0 greylisted\r\n")],
        &[("DATA", "451 4.3.0 later\r\n")],
        &[(".", "452 4.3.1 disk full\r\n")],
        &[("", "554 no mail from you\r\n")],
    ] {
        let (mail, job, _, _house) = refused_by(answers).await;
        assert!(mail.refused_at.is_none() && mail.sent_at.is_none(), "{answers:?}");
        assert_eq!((job.state(), job.attempts), (State::Waiting, 1), "{answers:?}");
        assert!(job.run_at > job.created_at && job.last_error.is_some(), "{job:?}");
    }
}

#[tokio::test]
async fn a_server_that_is_away_is_not_asked_for_every_letter() {
    let house = house().await;
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let transport = Transport::smtp(&format!("smtp://{}", gone.local_addr().unwrap())).unwrap();
    drop(gone);
    let work = process(&house, "a", transport);
    for _ in 0..3 {
        posted(&work, &to_hana()).await;
    }
    let worked = tokio::time::timeout(Duration::from_mins(1), work_off(&work, KINDS, &[])).await;
    assert_eq!(worked.unwrap().unwrap(), 3);
    let errors: Vec<String> = jobs::list(work.db(), Some(State::Waiting), None, 3)
        .await
        .unwrap()
        .into_iter()
        .rev()
        .filter_map(|job| job.last_error)
        .collect();
    assert!(errors[0].starts_with("connecting"), "{errors:?}");
    assert!(errors[1..].iter().all(|error| error == "127.0.0.1 could not be reached just now"), "{errors:?}");
}

#[tokio::test]
async fn what_letters_said_is_forgotten_after_a_month_and_the_letters_after_a_year() {
    let (_house, work, _) = post_office().await;
    let mail = sent(&work, &to_hana()).await;
    for (day, text, is_there) in [("2026-12-10", true, true), ("2026-12-24", false, true), ("2027-12-24", false, false)]
    {
        let work = Work { clock: Clock::OnDay(day.parse().unwrap()), ..work.clone() };
        let mut tx = work.db().begin().await.unwrap();
        jobs::put(&mut tx, jobs::New::new("sweep", &()), work.now()).await.unwrap();
        tx.commit().await.unwrap();
        work_off(&work, KINDS, &[]).await.unwrap();
        let left = mail::mail(work.db(), mail.id).await.unwrap();
        assert_eq!((left.is_some(), left.is_some_and(|mail| !mail.text.is_empty())), (is_there, text), "{day}");
    }
}

#[tokio::test]
async fn an_erased_account_leaves_no_letters() {
    let (_house, work, _) = post_office().await;
    sent(&work, &to_hana().about("news")).await;
    let mut tx = work.db().begin().await.unwrap();
    mail::forget(&mut tx, 7).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(mail::mails_of(work.db(), 7, None, 10).await.unwrap(), []);
    assert_eq!(mail::subscriptions(work.db(), 7).await.unwrap(), []);
}

const KEY: &str = "0123456789abcdef0123456789abcdef";

/// A notice as Postfix writes it.
fn postfix(action: &str, status: &str) -> String {
    format!(
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@relay.example.jp (Mail Delivery System)\r\nTo: kyodo@mihon.example\r\n\
         Subject: Undelivered Mail Returned to Sender\r\nMessage-Id: <20261120.ABC@relay.example.jp>\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"A/relay\"\r\n\r\n\
         This is a MIME-encapsulated message.\r\n\r\n--A/relay\r\nContent-Description: Notification\r\n\
         Content-Type: text/plain; charset=us-ascii\r\n\r\nI'm sorry to have to inform you.\r\n\r\n--A/relay\r\n\
         Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relay.example.jp\r\n\
         Arrival-Date: Fri, 20 Nov 2026 10:00:00 +0900 (JST)\r\n\r\nFinal-Recipient: rfc822; hana@example.jp\r\n\
         Action: {action}\r\nStatus: {status}\r\nRemote-MTA: dns; mx.example.jp\r\nDiagnostic-Code: smtp; 550 {status}\r\n \
         <hana@example.jp>: no such\r\n    user\r\n\r\n--A/relay\r\nContent-Type: message/rfc822\r\n\r\n\
         From: kyodo@mihon.example\r\nMessage-ID: <{KEY}.mihon@mihon.example>\r\nSubject: =?utf-8?b?5Lu25ZCN?=\r\n\r\n\
         text\r\n\r\n--A/relay--\r\n"
    )
}

#[test]
fn a_delivery_status_names_the_letter_and_what_is_wrong() {
    let said = "smtp; 550 5.1.1 <hana@example.jp>: no such user".to_owned();
    let read = bounce(postfix("failed", "5.1.1").as_bytes());
    let expected = Bounce {
        key: KEY.to_owned(),
        slug: "mihon".to_owned(),
        status: Some("5.1.1".to_owned()),
        said: Some(said),
        permanent: true,
    };
    assert_eq!(read, Some(expected));
    for (status, permanent) in [("5.2.2", false), ("5.7.1", false), ("4.4.7", false), ("5.0.0", true), ("5.2.1", true)]
    {
        let read = bounce(postfix("failed", status).as_bytes()).unwrap();
        assert_eq!((read.status.as_deref(), read.permanent), (Some(status), permanent));
    }
}

#[test]
fn a_notice_that_a_letter_is_late_or_has_arrived_is_no_bounce() {
    for action in ["delayed", "delivered", "relayed", "Expanded"] {
        assert_eq!(bounce(postfix(action, "4.4.1").as_bytes()), None, "{action}");
    }
}

#[test]
fn a_bounce_that_somebody_forwards_is_still_one() {
    let forwarded = format!(
        "From: Hana <hana@mihon.example>\r\nSubject: Fwd: Undelivered\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nplease look\r\n--x\r\n\
         Content-Type: message/rfc822\r\n\r\n{}\r\n--x--\r\n",
        postfix("failed", "5.1.1")
    );
    let read = bounce(forwarded.as_bytes()).unwrap();
    assert_eq!((read.key.as_str(), read.permanent), (KEY, true));
}

#[test]
fn headers_alone_are_enough_to_know_the_letter() {
    let headers =
        postfix("failed", "5.1.10").replace("Content-Type: message/rfc822", "Content-Type: text/rfc822-headers");
    assert_eq!(bounce(headers.as_bytes()).unwrap().key, KEY);
}

#[test]
fn bounces_from_before_there_was_a_standard_are_read() {
    let exim = format!(
        "Return-path: <>\nFrom: Mail Delivery System <Mailer-Daemon@relay.example>\nTo: kyodo@mihon.example\n\
         Subject: Mail delivery failed: returning message to sender\n\nA message that you sent could not be delivered:\n\n  \
         hana@example.jp\n    host mx.example.jp: 550-5.1.1 no such user\n\n------ This is a copy of the message ------\n\n\
         Message-ID: <{KEY}.mihon@mihon.example>\nSubject: x\n\ntext\n"
    );
    let read = bounce(exim.as_bytes()).unwrap();
    assert_eq!((read.key.as_str(), read.status.as_deref(), read.permanent), (KEY, Some("5.1.1"), true));
    let without_reason = exim.replace("5.1.1", "sorry");
    let read = bounce(without_reason.as_bytes()).unwrap();
    assert_eq!((read.status, read.permanent), (None, false));
}

#[test]
fn answers_and_holiday_notices_are_no_bounces() {
    let answer = format!(
        "From: Hana <hana@example.jp>\r\nTo: kyodo@mihon.example\r\nAuto-Submitted: auto-replied\r\n\
         In-Reply-To: <{KEY}.mihon@mihon.example>\r\nReferences: <{KEY}.mihon@mihon.example>\r\nSubject: Re: x\r\n\r\n\
         I am away until 5.12.2026.\r\n"
    );
    assert_eq!(bounce(answer.as_bytes()), None);
    let of_others = postfix("failed", "5.1.1").replace(KEY, "CAB-something");
    assert_eq!(bounce(of_others.as_bytes()), None);
    assert_eq!(bounce(b""), None);
}

#[tokio::test]
async fn a_bounce_is_recorded_and_a_lasting_one_ends_the_writing() {
    let (_house, work, box_) = post_office().await;
    let mail = sent(&work, &to_hana()).await;
    let back = |key: &str, status| bounce(postfix("failed", status).replace(KEY, key).as_bytes()).unwrap();
    let mut tx = work.db().begin().await.unwrap();
    assert_eq!(mail::record_bounce(&mut tx, &back(KEY, "5.1.1"), work.now()).await.unwrap(), None, "not our letter");
    let full = mail::record_bounce(&mut tx, &back(&mail.key, "5.2.2"), work.now()).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    assert!(full.bounced_at.is_some() && full.id == mail.id);
    assert_eq!(mail::undeliverable(work.db(), &address("hana@example.jp")).await.unwrap(), None, "only full");
    let mut tx = work.db().begin().await.unwrap();
    mail::record_bounce(&mut tx, &back(&mail.key, "5.1.1"), work.now()).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    assert!(sent(&work, &to_hana()).await.skipped_at.is_some());
    assert_eq!(box_.lock().unwrap().len(), 1);
    let elsewhere = Letter { to: address("hana@another.example"), ..to_hana() };
    assert!(sent(&work, &elsewhere).await.sent_at.is_some(), "another address is another matter");
}

#[tokio::test]
async fn letters_have_names_nobody_can_guess() {
    let (_house, work, _) = post_office().await;
    let (one, other) = (sent(&work, &to_hana()).await, sent(&work, &to_hana()).await);
    assert_ne!(one.key, other.key);
    assert_eq!(one.key.len(), 32);
    assert!(matches!(work.chance, Chance::Real));
}

/// Pieces of which mail is made.
const PIECES: [&str; 22] = [
    "Content-Type: multipart/report; boundary=x\r\n",
    "Content-Type: multipart/report; boundary=\"\"\r\n",
    "--x\r\n",
    "--x--\r\n",
    "--x",
    "\r\n",
    "\n",
    "\r",
    "Content-Type: message/rfc822\r\n",
    "Content-Type: message/delivery-status\r\n",
    "Action: failed\r\n",
    "Status: 5.1.1\r\n",
    "Message-ID: <0123456789abcdef0123456789abcdef.mihon@x>\r\n",
    "From: ",
    "MAILER-DAEMON@x",
    "Content-Transfer-Encoding: base64\r\n",
    "Content-Transfer-Encoding: quoted-printable\r\n",
    "=?utf-8?b?",
    "?=",
    "=E3=81\r\n",
    "5L\r\nu2==",
    ":;<>()\",",
];

#[test]
fn a_message_that_the_parser_gives_up_on_is_no_bounce() {
    let broken = "Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\nContent-Type: message/rfc822\r\n\r\n\
                  Content-Type: message/rfc822\r\n\r\n\r\n--x--\r\n";
    assert_eq!(bounce(broken.as_bytes()), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_bytes_are_a_bounce_or_not(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        drop(bounce(&bytes));
    }

    #[test]
    fn any_mixture_of_meaningful_pieces_is_a_bounce_or_not(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..40)) {
        drop(bounce(pieces.concat().as_bytes()));
    }

    #[test]
    fn a_spoilt_notice_is_a_bounce_or_not(at in any::<prop::sample::Index>(), cut in 0_usize..80, with in prop::collection::vec(any::<u8>(), 0..8)) {
        let mut bytes = postfix("failed", "5.1.1").into_bytes();
        let at = at.index(bytes.len());
        let end = (at + cut).min(bytes.len());
        bytes.splice(at..end, with);
        drop(bounce(&bytes));
    }

    #[test]
    fn an_address_that_is_taken_stands_alone_in_its_header(text in "[ -~\r\n\t＠あ.]{0,40}(@[ -~\r\n\t]{0,30})?") {
        if let Ok(address) = text.parse::<Address>() {
            let shown = address.to_string();
            prop_assert!(shown.bytes().all(|byte| byte.is_ascii_graphic()), "{shown}");
            prop_assert!(!shown.contains(['<', '>', '"', ',', ';', ':', '(', ')', '\\']), "{shown}");
            prop_assert_eq!(shown.parse::<Address>(), Ok(address));
        }
    }
}
