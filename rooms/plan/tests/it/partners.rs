//! Mutual evaluation: partners are asked by mail, answer by their link, and the office publishes.

use std::sync::Arc;

use kyodo_kernel::files::Store;
use kyodo_kernel::jobs::{New, Outside, Work, put, work_off};
use kyodo_kernel::mail::{Address, Transport};
use kyodo_kernel::people::Role;
use kyodo_kernel::{Chance, Clock, notices};
use kyodo_testkit::{Page, TestCity, Visitor};

use crate::desk::field;
use crate::world::{city, now, report, reported, shown};

const PARTNERS: &str = "/desk/plan/partners/2026";
const NEW: &str = "/desk/plan/partners/2026/new";
/// 折り方の会, a measure of 折り鶴課.
const PUBLIC: &str = "/plan/nodes/1-1-1-1";

/// Whoever runs the plan, a writer of 折り鶴課, and somebody who got a letter.
struct Hall {
    city: TestCity,
    office: Visitor,
    hana: Visitor,
    guest: Visitor,
}

async fn hall() -> Hall {
    let city = city("mihon").await;
    Hall {
        office: city.person("田中恵", &[(Role::Coordinator, None)]).await,
        hana: city.person("佐藤花", &[(Role::Reporter, Some("orizuru"))]).await,
        guest: city.visitor("渡辺和夫"),
        city,
    }
}

/// Address, subject and text of every letter, the latest first.
async fn letters(city: &TestCity) -> Vec<(String, String, String)> {
    city.db().ask("SELECT address, subject, text FROM mail ORDER BY id DESC").all().await.expect("letters can be read")
}

/// The way that the latest letter leads.
async fn link(city: &TestCity) -> String {
    let letters = letters(city).await;
    let (_, _, text) = letters.first().expect("there is a letter");
    let line = text.lines().find(|line| line.trim().starts_with("http")).expect("it has a link");
    line.trim().split_once(".localhost").expect("an address of the city").1.trim_start_matches(":8080").to_owned()
}

const WHO: [(&str, &str); 6] = [
    ("organisation", "紙の寄り合い"),
    ("name", "渡辺和夫"),
    ("email", "kami@example.jp"),
    ("item", "1-1-1-1"),
    ("due", "2026-12-11"),
    ("note", "三羽だけでも折ってください。"),
];

const SAYS: [(&str, &str); 3] =
    [("grade", "舟"), ("comment", "会場があたたかくなりました。\n次は夜にも開いてください。"), ("consent", "yes")];

impl Hall {
    /// Somebody asks 紙の寄り合い about 折り方の会; where the letter leads.
    async fn asked_by(&self, who: &Visitor) -> String {
        let page = who.gets(NEW).await;
        who.fills(&page, PARTNERS, &WHO).await.is(303);
        link(&self.city).await
    }

    async fn answers(&self, link: &str, fields: &[(&str, &str)]) -> Page {
        let address = format!("{link}/1-1-1-1");
        let page = self.guest.gets(&address).await;
        page.ok();
        self.guest.fills(&page, &address, fields).await
    }
}

#[tokio::test]
async fn a_partner_is_asked_by_mail_answers_without_an_account_and_is_published() {
    let here = hall().await;
    here.office.gets(PARTNERS).await.ok().says("まだだれにもお願いしていません");
    let link = here.asked_by(&here.hana).await;
    let sent = letters(&here.city).await;
    assert_eq!(sent.len(), 1);
    let (to, subject, text) = &sent[0];
    assert_eq!(to, "kami@example.jp");
    assert!(subject.contains("折り紙計画の評価のお願い"), "{subject}");
    for words in ["紙の寄り合い 渡辺和夫 様", "折り方の会", "三羽だけでも折ってください。", "令和8年12月11日"]
    {
        assert!(text.contains(words), "{words}: {text}");
    }

    let page = here.guest.gets(&link).await;
    page.ok().says("評価をお聞かせください").says("三羽だけでも折ってください。").says("1件のうち0件に回答");
    assert_eq!(page.header("cache-control"), "private, no-store");
    assert!(page.source().contains("noindex"));
    here.guest.follows(&page, "書き始める").await.ok().says("市の報告はまだできていません。").says("予定 花");
    let answer = here.answers(&link, &SAYS).await;
    let page = here.guest.is_led(&answer).await;
    page.says("ありがとうございました").says("受け取りました。");

    // Nothing leaks before the office has published.
    shown(&here.city, PUBLIC).await.does_not_say("会場があたたかくなりました。");
    here.office.gets("/desk").await;
    let page = here.office.follows(&here.office.gets(PARTNERS).await, "紙の寄り合い").await;
    page.ok().says("評価が届いています").says("会場があたたかくなりました。").says("kami@example.jp");
    here.hana.gets(&one()).await.ok().says("会場があたたかくなりました。").does_not_say("公開しない場合");
    reported(&here.city, &[report("1-1-1-1", 2026, "実")]).await;
    here.office.fills(&page, &format!("{}/publication", one()), &[]).await.is(303);
    shown(&here.city, PUBLIC).await.says("会場があたたかくなりました。").says("紙の寄り合いの評価");
    here.guest.gets(&format!("{link}/1-1-1-1")).await.ok().says("この評価は公開されています。");
    // What is public is changed by nobody any more.
    here.guest
        .posts(&format!("{link}/1-1-1-1"), &[SAYS[0], SAYS[1], SAYS[2], ("shown", "紙"), ("base", "1"), ("once", "z")])
        .await
        .is(409)
        .says("書いていた内容")
        .says("この評価は公開されています。");
    // Whoever answers for it is told.
    let told = notices::told(here.city.db(), here.hana.account(), None, 20).await.expect("notices");
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].message, "notice-opinions-published");
    here.hana.gets("/desk/plan/opinions?state=mine").await.says("折り方の会");
}

/// The page of the first partner.
fn one() -> String {
    format!("{PARTNERS}/1")
}

#[tokio::test]
async fn the_desk_says_where_its_pages_lie() {
    let here = hall().await;
    let places = [(PARTNERS, "年度の報告"), (NEW, "年度の報告"), ("/desk/plan/revisions", "計画の説明")];
    for (page, lies) in places {
        assert_eq!(here.office.gets(page).await.ok().texts_of("nav a[aria-current=true]"), [lies], "{page}");
    }
}

#[tokio::test]
async fn a_link_stands_in_its_letter_and_nowhere_else() {
    let here = hall().await;
    let link = here.asked_by(&here.office).await;
    let token = link.rsplit('/').next().expect("the link has a token").to_owned();
    assert!(letters(&here.city).await[0].2.contains(&token));
    let rows: Vec<(String, String)> =
        here.city.db().ask("SELECT seed, link FROM plan_partner").all().await.expect("it can be read");
    assert!(rows.iter().all(|(seed, link)| !seed.contains(&token) && !link.contains(&token)), "{rows:?}");
    here.answers(&link, &SAYS).await.is(303);
    let told: Vec<(String,)> = here.city.db().ask("SELECT answer FROM submission").all().await.expect("it can be read");
    assert!(told.iter().all(|(answer,)| !answer.contains(&token)), "{told:?}");
    let views = here.city.house().house().views.take();
    let seen = views.values().flatten().map(|(view, _)| view.path.clone()).collect::<Vec<_>>();
    assert!(seen.iter().all(|path| !path.contains(&token)), "{seen:?}");
}

#[tokio::test]
async fn a_wrong_an_ended_and_a_late_link_open_the_same_page() {
    let here = hall().await;
    let wrong = here.guest.gets("/plan/partners/0123456789abcdef0123456789abcdef").await;
    wrong.is(404).says("このリンクは使えません").says("新しいリンクのメールが届いている");
    let link = here.asked_by(&here.office).await;
    here.guest.gets(&format!("{link}/1-1-1-2")).await.is(404).says("このリンクは使えません");
    let mut tx = here.city.db().begin().await.expect("a transaction begins");
    tx.ask("UPDATE plan_partner SET due_on = '2026-11-12'").run().await.expect("a day can be moved");
    tx.commit().await.expect("the transaction ends well");
    let late = here.guest.gets(&link).await;
    late.is(404);
    let only_words = |page: &Page| page.texts_of("main").join("\n");
    assert_eq!(only_words(&wrong), only_words(&late));
    let mut tx = here.city.db().begin().await.expect("a transaction begins");
    tx.ask("UPDATE plan_partner SET due_on = '2026-11-13'").run().await.expect("a day can be moved");
    tx.commit().await.expect("the transaction ends well");
    here.guest.gets(&link).await.ok();
    // Whoever was writing when the link ended is told so.
    let page = here.office.gets(&one()).await;
    here.office.fills(&page, &format!("{}/revocation", one()), &[]).await.is(303);
    here.guest.gets(&link).await.is(404);
    here.guest.posts(&format!("{link}/1-1-1-1"), &[("once", "x")]).await.is(404);
    here.office.gets(&one()).await.ok().says("リンクを止めました").does_not_say("同じメールをもう一度送る");
}

#[tokio::test]
async fn what_is_missing_stands_beside_its_field_and_nothing_is_lost() {
    let here = hall().await;
    let page = here.hana.gets(NEW).await;
    let wrong = [("organisation", ""), ("email", "kami"), ("due", "2026-11-19"), ("note", "急ぎです。")];
    let page = here.hana.fills(&page, PARTNERS, &wrong).await;
    page.is(422).says("団体の名前を書いてください。").says("このメールアドレスには送れません。");
    page.says("お願いする項目を選んでください。").says("期限が過ぎた日になっています。");
    assert_eq!(field(&page, PARTNERS, "note"), "急ぎです。");
    assert!(letters(&here.city).await.is_empty());
    // The items of other departments are not hers.
    assert!(!here.hana.gets(NEW).await.source().contains("value=\"1-2-1-1\""));

    let link = here.asked_by(&here.hana).await;
    let long = "折".repeat(601);
    let page = here.answers(&link, &[("comment", &long)]).await;
    let address = format!("{link}/1-1-1-1");
    page.is(422).says("1字減らしてください。").says("同意いただけるときに、印を付けてください。");
    assert_eq!(field(&page, &address, "comment"), long);
    let number = [("comment", "123456789018の件"), ("consent", "yes")];
    here.guest.fills(&page, &address, &number).await.is(422).says("マイナンバーと思われる");
    let name = [("comment", "よい会でした。"), ("shown", "1234 5678 9018"), ("consent", "yes")];
    here.guest.fills(&page, &address, &name).await.is(422).says("マイナンバーと思われる");
    // The same person is not asked the same twice.
    let page = here.hana.gets(NEW).await;
    here.hana.fills(&page, PARTNERS, &WHO).await.is(422).says("この人には、もう「① 折り方の会」をお願いしています。");
}

#[tokio::test]
async fn a_letter_is_sent_once_and_reminders_bring_the_same_link() {
    let here = hall().await;
    let page = here.hana.gets(NEW).await;
    let once = field(&page, PARTNERS, "once");
    let fields: Vec<(&str, &str)> = WHO.into_iter().chain([("once", once.as_str())]).collect();
    here.hana.posts(PARTNERS, &fields).await.is(303);
    // The second click finds the partner there.
    here.hana.posts(PARTNERS, &fields).await;
    assert_eq!(letters(&here.city).await.len(), 1);
    let first = link(&here.city).await;
    let page = here.hana.gets(&one()).await;
    let reminder = format!("{}/reminder", one());
    here.hana.fills(&page, &reminder, &[]).await.is(303);
    assert_eq!(link(&here.city).await, first);
    assert!(letters(&here.city).await[0].1.starts_with("令和8年12月11日（金）まで"));
    let answer = here.hana.fills(&here.hana.gets(&one()).await, &reminder, &[]).await;
    here.hana.is_led(&answer).await.says("もう知らせてあります");
    assert_eq!(letters(&here.city).await.len(), 2);
    // Another address gets another link, and the first opens nothing any more.
    let page = here.hana.gets(&one()).await;
    here.hana.fills(&page, &one(), &[("email", "watanabe@example.jp")]).await.is(303);
    let second = link(&here.city).await;
    assert_ne!(first, second);
    here.guest.gets(&first).await.is(404);
    here.guest.gets(&second).await.ok();
    // What was seen before that is not what stands there now.
    let answer = here.hana.fills(&page, &one(), &[("email", "other@example.jp"), ("once", "again")]).await;
    here.hana.is_led(&answer).await.says("このあいだに内容が変わったか");
}

#[tokio::test]
async fn two_people_with_one_link_see_both_texts() {
    let here = hall().await;
    let link = here.asked_by(&here.office).await;
    let address = format!("{link}/1-1-1-1");
    let page = here.guest.gets(&address).await;
    here.answers(&link, &SAYS).await.is(303);
    let colleague = here.city.visitor("山本陽子");
    let mine = [("comment", "紙が足りませんでした。"), ("consent", "yes")];
    let page = colleague.fills(&page, &address, &mine).await;
    page.is(409).says("ほかの人がさきに書いています").says("会場があたたかくなりました。");
    assert_eq!(field(&page, &address, "comment"), "紙が足りませんでした。");
    colleague.fills(&page, &address, &[]).await.is(303);
    here.office.gets(&one()).await.says("紙が足りませんでした。").does_not_say("会場があたたかくなりました。");
}

#[tokio::test]
async fn who_is_told_what_is_missing_still_overwrites_nobody() {
    let here = hall().await;
    let link = here.asked_by(&here.office).await;
    let address = format!("{link}/1-1-1-1");
    let page = here.guest.gets(&address).await;
    here.answers(&link, &SAYS).await.is(303);
    let colleague = here.city.visitor("山本陽子");
    let page = colleague.fills(&page, &address, &[("comment", "紙が足りませんでした。")]).await;
    page.is(422).says("同意いただけるときに、印を付けてください。");
    let page = colleague.fills(&page, &address, &[("consent", "yes")]).await;
    page.is(409).says("ほかの人がさきに書いています").says("会場があたたかくなりました。");
    assert_eq!(field(&page, &address, "comment"), "紙が足りませんでした。");
}

#[tokio::test]
async fn who_rewrites_while_the_office_decides_loses_nothing() {
    let here = hall().await;
    let link = here.asked_by(&here.office).await;
    let address = format!("{link}/1-1-1-1");
    here.answers(&link, &SAYS).await.is(303);
    let page = here.guest.gets(&address).await;
    let desk = here.office.gets(&one()).await;
    let aside = format!("{}/setting-aside", one());
    here.office.fills(&desk, &aside, &[("reason-1", "別の市のことです。")]).await.is(303);
    // Nobody else has answered: it is taken, and waits for the office again.
    here.guest.fills(&page, &address, &[("comment", "夜の会がよかったです。")]).await.is(303);
    let page = here.guest.gets(&address).await;
    let desk = here.office.gets(&one()).await;
    here.office.fills(&desk, &format!("{}/publication", one()), &[]).await.is(303);
    let late = here.guest.fills(&page, &address, &[("comment", "昼の会もよかったです。")]).await;
    late.is(409).says("書いていた内容").says("昼の会もよかったです。").says("夜の会がよかったです。");
    late.does_not_say("ほかの人がさきに書いています");
}

#[tokio::test]
async fn two_colleagues_who_ask_at_once_send_one_letter() {
    let here = hall().await;
    let (mine, theirs) = (here.office.gets(NEW).await, here.hana.gets(NEW).await);
    let (one, other) = tokio::join!(here.office.fills(&mine, PARTNERS, &WHO), here.hana.fills(&theirs, PARTNERS, &WHO));
    let mut answers = [one.status().as_u16(), other.status().as_u16()];
    answers.sort_unstable();
    assert_eq!(answers, [303, 422]);
    assert_eq!(letters(&here.city).await.len(), 1);
}

#[tokio::test]
async fn a_reminder_goes_to_the_address_of_this_very_moment() {
    let here = hall().await;
    here.asked_by(&here.office).await;
    let list = here.office.gets(PARTNERS).await;
    let mut tx = here.city.db().begin().await.expect("a transaction begins");
    let change = "UPDATE plan_partner SET email = 'watanabe@example.jp'";
    tx.ask(change).run().await.expect("an address can be changed");
    let moves = async {
        tokio::time::sleep(std::time::Duration::from_millis(400)).await;
        tx.commit().await.expect("the transaction ends well");
    };
    let all = format!("{PARTNERS}/reminders");
    let (answer, ()) = tokio::join!(here.office.fills(&list, &all, &[]), moves);
    here.office.is_led(&answer).await.says("知らせるメールを送りました。");
    assert_eq!(letters(&here.city).await[0].0, "watanabe@example.jp");
}

#[tokio::test]
async fn what_was_said_of_a_line_that_left_the_plan_does_not_wait_for_ever() {
    let here = hall().await;
    let link = here.asked_by(&here.office).await;
    here.answers(&link, &SAYS).await.is(303);
    let mut tx = here.city.db().begin().await.expect("a transaction begins");
    let retired = "UPDATE plan_node SET retired_from = 2026 WHERE key = '1-1-1-1'";
    tx.ask(retired).run().await.expect("a line can leave the plan");
    kyodo_kernel::city::bump_revision(&mut tx).await.expect("it can be raised");
    tx.commit().await.expect("the transaction ends well");
    assert!(!here.office.gets(NEW).await.source().contains("value=\"1-1-1-1\""));
    here.office.gets(PARTNERS).await.says("紙の寄り合い").says("折り方の会");
    let page = here.office.gets(&one()).await;
    page.ok().says("同じメールをもう一度送る");
    here.office.fills(&page, &format!("{}/publication", one()), &[]).await.is(303);
    here.office.gets("/desk").await.does_not_say("届いた相互評価");
}

#[tokio::test]
async fn the_office_keeps_an_opinion_back_and_takes_it_up_again() {
    let here = hall().await;
    let link = here.asked_by(&here.office).await;
    here.answers(&link, &SAYS).await.is(303);
    let aside = format!("{}/setting-aside", one());
    let page = here.office.gets(&one()).await;
    here.office.fills(&page, &aside, &[]).await.is(422).says("公開しないわけを書いてください。");
    here.office.fills(&page, &aside, &[("reason-1", "別の市のことです。")]).await.is(303);
    let page = here.office.gets(&one()).await;
    page.says("公開しない").says("別の市のことです。");
    here.guest.gets(&link).await.ok().does_not_say("別の市のことです。");
    here.office.fills(&page, &format!("{}/taking-up", one()), &[]).await.is(303);
    // All of a year at once: what came in after the page was made waits.
    let list = here.office.gets(PARTNERS).await;
    list.says("届いた評価1件を公開する");
    let again = [SAYS[0], ("comment", "書き直しました。"), SAYS[2]];
    here.answers(&link, &again).await.is(303);
    let all = format!("{PARTNERS}/publications");
    let answer = here.office.fills(&list, &all, &[]).await;
    here.office.is_led(&answer).await.says("公開できる評価がありませんでした。");
    let list = here.office.gets(PARTNERS).await;
    here.office.fills(&list, &all, &[]).await.is(303);
    reported(&here.city, &[report("1-1-1-1", 2026, "実")]).await;
    shown(&here.city, PUBLIC).await.says("書き直しました。");
}

#[tokio::test]
async fn others_see_no_addresses_and_publish_nothing() {
    let here = hall().await;
    let link = here.asked_by(&here.office).await;
    here.answers(&link, &SAYS).await.is(303);
    let stranger = here.city.person("小林舟", &[(Role::Reporter, Some("kamifusen"))]).await;
    stranger.gets(PARTNERS).await.ok().does_not_say("紙の寄り合い");
    stranger.gets(&one()).await.is(403);
    let auditor = here.city.person("山本翔", &[(Role::Auditor, None)]).await;
    auditor.gets(&one()).await.ok().says("kami@example.jp");
    let publication = format!("{}/publication", one());
    for who in [&stranger, &auditor, &here.hana] {
        who.posts(&publication, &[("item", "1"), ("base", "1"), ("once", "a")]).await.is(403);
    }
    for who in [&stranger, &auditor] {
        who.posts(&format!("{}/revocation", one()), &[("once", "b")]).await.is(403);
        who.posts(&format!("{}/letter", one()), &[("once", "c")]).await.is(403);
    }
    here.city.visitor("通りがかり").gets(PARTNERS).await.is(303);
    // Who looked at an address is known.
    let looks: Vec<(String,)> = here
        .city
        .db()
        .ask("SELECT actor FROM audit_entry WHERE action = 'partner.looked'")
        .all()
        .await
        .expect("the trail can be read");
    assert_eq!(looks.len(), 1, "{looks:?}");
}

/// A job of the room comes on a day.
pub(crate) async fn comes(city: &TestCity, job: &'static str, day: &str) {
    let house = city.house().house();
    let clock = Clock::OnDay(day.parse().expect("a day"));
    // Letters go nowhere: they are kept in memory.
    let (mail, _) = Transport::memory();
    let outside = Outside { mail, mail_from: Address::nobody(), files: Store::memory() };
    let work = Work {
        city: Arc::clone(city.city()),
        clock,
        chance: Chance::Real,
        outside: Arc::new(outside),
        process: "test".to_owned(),
        address: "http://mihon.localhost".to_owned(),
    };
    let mut tx = city.db().begin().await.expect("a transaction begins");
    put(&mut tx, New::new(job, &()), work.now()).await.expect("a job can be put");
    tx.commit().await.expect("the transaction ends well");
    work_off(&work, &house.job_kinds(), &[]).await.expect("the job is done");
}

#[tokio::test]
async fn whoever_has_three_days_left_is_reminded_by_itself_once() {
    let here = hall().await;
    let first = here.asked_by(&here.office).await;
    comes(&here.city, "partner-reminders", "2026-12-07").await;
    assert_eq!(letters(&here.city).await.len(), 1);
    comes(&here.city, "partner-reminders", "2026-12-08").await;
    comes(&here.city, "partner-reminders", "2026-12-08").await;
    assert_eq!(letters(&here.city).await.len(), 2);
    assert_eq!(link(&here.city).await, first);
}

#[tokio::test]
async fn an_address_is_forgotten_a_year_after_its_day_and_the_words_stay() {
    let here = hall().await;
    let link = here.asked_by(&here.office).await;
    here.answers(&link, &SAYS).await.is(303);
    comes(&here.city, "plan-forgetting", "2027-12-10").await;
    here.office.gets(&one()).await.says("kami@example.jp");
    let mut tx = here.city.db().begin().await.expect("a transaction begins");
    let bounced = "INSERT INTO undeliverable (address, since, reason) VALUES ('kami@example.jp', $1, '5.1.1')";
    tx.ask(bounced).with(now()).run().await.expect("it can be written down");
    tx.commit().await.expect("the transaction ends well");
    comes(&here.city, "plan-forgetting", "2027-12-12").await;
    let known: Vec<(String,)> = here.city.db().ask("SELECT address FROM undeliverable").all().await.expect("a list");
    assert!(known.is_empty(), "{known:?}");
    here.office.gets(&one()).await.says("期限から1年たったので消しました").says("会場があたたかくなりました。");
    let kept: Vec<(Option<String>,)> = here
        .city
        .db()
        .ask("SELECT personal FROM audit_entry WHERE action = 'partner.asked'")
        .all()
        .await
        .expect("the trail can be read");
    assert!(kept.iter().all(|(personal,)| personal.is_none()), "{kept:?}");
}
