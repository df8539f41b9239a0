//! Letters by mail: posted in the transaction of the change, sent by a job, with what became of each.
//!
//! A letter leaves at least once and, but for a crash in the very moment of sending, exactly once: its Message-ID is
//! the same at every attempt, so that a mail system can tell a repetition. Nothing is sent to an address that proved
//! undeliverable, nor about a topic that its reader has ended; both are recorded.

use chrono::{DateTime, TimeDelta, Utc};
use kyodo_db::{Db, Result, Tx};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::jobs::{self, Claim, Later, Outcome, Trouble, Work};
use crate::language::Language;
use crate::secret::hex;
use crate::{Chance, store::Number};

mod address;
mod bounce;
mod letter;
mod store;
mod transport;

pub use address::{Address, AddressError};
pub use bounce::{Bounce, bounce};
pub use store::Mail;
pub(crate) use store::sentences;
pub use transport::{Refusal, Sent, Transport, TransportError};

/// The kind of job that sends a letter.
pub const JOB: &str = "mail";
/// How long the text of a letter can be read at the desk, and sent once more.
const TEXT_KEPT: TimeDelta = TimeDelta::days(30);
/// How long it is known that there was a letter.
const MAIL_KEPT: TimeDelta = TimeDelta::days(365);

/// A letter to one reader. Its HTML is made from the text: paragraphs stand apart by an empty line, addresses of web
/// pages become links.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Whom it goes to.
    pub to: Address,
    /// The reader's name.
    pub to_name: Option<String>,
    /// What it is about, in one line.
    pub subject: String,
    /// What it says.
    pub text: String,
    /// The language it is written in.
    pub language: Language,
    /// Who reads the answer, when not the city's own address.
    pub reply_to: Option<Address>,
    /// What it is one of many about: such a letter can be ended with one click. None for what must arrive.
    pub topic: Option<&'static str>,
    /// The account it is for.
    pub account: Option<i64>,
}

impl Letter {
    /// A letter in Japanese that must arrive.
    #[must_use]
    pub fn new(to: Address, subject: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            to,
            to_name: None,
            subject: subject.into(),
            text: text.into(),
            language: Language::Japanese,
            reply_to: None,
            topic: None,
            account: None,
        }
    }

    /// The same for an account, by name.
    #[must_use]
    pub fn for_account(self, account: i64, name: impl Into<String>) -> Self {
        Self { account: Some(account), to_name: Some(name.into()), ..self }
    }

    /// The same as one of many about a topic, which its reader may end.
    #[must_use]
    pub fn about(self, topic: &'static str) -> Self {
        Self { topic: Some(topic), ..self }
    }

    /// The same in another language.
    #[must_use]
    pub fn in_language(self, language: Language) -> Self {
        Self { language, ..self }
    }
}

/// What the job of a letter is put with.
#[derive(Serialize, Deserialize)]
struct Payload {
    mail: i64,
}

/// Writes a letter and the job that sends it, in the transaction of the change. The letter's number.
pub async fn post(tx: &mut Tx, letter: &Letter, now: DateTime<Utc>, chance: Chance) -> Result<i64> {
    let token = match (letter.topic, letter.account) {
        (Some(topic), Some(account)) => Some(subscription(tx, account, topic, chance).await?),
        _ => None,
    };
    let key = hex(&chance.bytes()[..16]);
    let id = tx
        .ask(store::POST)
        .with(key.clone())
        .with(letter.account)
        .with(letter.to.to_string())
        .with(letter.to_name.as_deref().map(one_line))
        .with(letter.reply_to.as_ref().map(ToString::to_string))
        .with(one_line(&letter.subject))
        .with(clean(&letter.text))
        .with(letter.language.code())
        .with(letter.topic)
        .with(token)
        .with(now)
        .one::<Number>()
        .await?
        .n;
    jobs::put(tx, jobs::New::new(JOB, &Payload { mail: id }).once(format!("mail:{key}")), now).await?;
    Ok(id)
}

/// A header is one line, whatever somebody typed as a name.
fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split(|c: char| c.is_whitespace() && c != '\u{3000}' || c.is_control()).collect();
    let line: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    line.join(" ").chars().take(200).collect()
}

/// A text without control characters, its lines ended as everywhere in the house.
fn clean(text: &str) -> String {
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    lines.chars().filter(|c| *c == '\n' || *c == '\t' || !c.is_control()).collect()
}

/// The token of an account's subscription, which begins with the first letter about a topic.
async fn subscription(tx: &mut Tx, account: i64, topic: &str, chance: Chance) -> Result<String> {
    let token = hex(&chance.bytes()[..16]);
    tx.ask(store::SUBSCRIBE).with(account).with(topic.to_owned()).with(token).run().await?;
    Ok(tx.ask(store::TOKEN).with(account).with(topic.to_owned()).one::<store::TokenRow>().await?.token)
}

/// The path on which a subscription can be ended: read by people, posted to by mail programs (RFC 8058).
#[must_use]
pub fn subscription_path(token: &str) -> String {
    format!("/subscriptions/{token}")
}

/// What somebody is written to about.
#[derive(Clone, Debug, PartialEq, Eq, kyodo_db::FromRow)]
pub struct Subscription {
    /// Whose it is.
    pub account: i64,
    /// What it is about.
    pub topic: String,
    /// When it was ended.
    pub ended_at: Option<DateTime<Utc>>,
}

/// The subscription of a token.
pub async fn subscribed(db: &Db, token: &str) -> Result<Option<Subscription>> {
    db.ask(store::SUBSCRIPTION).with(token.to_owned()).maybe().await
}

/// Every subscription of an account, by topic.
pub async fn subscriptions(db: &Db, account: i64) -> Result<Vec<Subscription>> {
    db.ask(store::SUBSCRIPTIONS).with(account).all().await
}

/// Ends the subscription of a token; ending it again changes nothing. None when nobody has the token.
pub async fn unsubscribe(tx: &mut Tx, token: &str, now: DateTime<Utc>) -> Result<Option<Subscription>> {
    tx.ask(store::UNSUBSCRIBE).with(token.to_owned()).with(now).run().await?;
    tx.ask(store::SUBSCRIPTION).with(token.to_owned()).maybe().await
}

/// Says whether an account wants letters about a topic.
pub async fn choose(
    tx: &mut Tx,
    account: i64,
    topic: &str,
    wanted: bool,
    now: DateTime<Utc>,
    chance: Chance,
) -> Result<()> {
    let token = subscription(tx, account, topic, chance).await?;
    if wanted {
        tx.ask(store::RESUME).with(token).run().await?;
    } else {
        unsubscribe(tx, &token, now).await?;
    }
    Ok(())
}

/// Whether an account wants letters about a topic: until it says otherwise.
pub async fn is_wanted(db: &Db, account: i64, topic: &str) -> Result<bool> {
    let ended = db.ask(store::ENDED).with(account).with(topic.to_owned()).maybe::<Number>().await?;
    Ok(ended.is_none())
}

/// Since when and why nobody can be reached at an address.
#[derive(Clone, Debug, PartialEq, Eq, kyodo_db::FromRow)]
pub struct Undeliverable {
    /// Since when.
    pub since: DateTime<Utc>,
    /// What the other side said.
    pub reason: String,
}

/// Whether an address proved undeliverable. It stays so until [`try_again`]; another address is another matter.
pub async fn undeliverable(db: &Db, address: &Address) -> Result<Option<Undeliverable>> {
    db.ask(store::UNDELIVERABLE).with(address.key()).maybe().await
}

/// An address at which nobody can be reached, with whose it is.
#[derive(Clone, Debug, PartialEq, Eq, kyodo_db::FromRow)]
pub struct Unreachable {
    /// The address, in small letters.
    pub address: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// What the other side said.
    pub reason: String,
    /// The account that has it, if one has.
    pub account: Option<i64>,
    /// The name of that account.
    pub name: Option<String>,
}

/// The addresses that proved undeliverable, the latest first. To show them is a look at personal data.
pub async fn undeliverables(db: &Db, limit: i64) -> Result<Vec<Unreachable>> {
    db.ask(store::UNDELIVERABLES).with(limit).all().await
}

/// Gives an address another chance, because its owner says that it works now.
pub async fn try_again(tx: &mut Tx, address: &Address) -> Result<()> {
    tx.ask(store::TRY_AGAIN).with(address.key()).run().await?;
    Ok(())
}

/// Records that a letter came back. A bounce that says that the address does not exist makes it undeliverable. None
/// when the city has sent no such letter.
pub async fn record_bounce(tx: &mut Tx, bounce: &Bounce, now: DateTime<Utc>) -> Result<Option<Mail>> {
    let detail = bounce.detail();
    let bounced = tx.ask(store::BOUNCED).with(bounce.key.clone()).with(now).with(detail.clone());
    let Some(mail) = bounced.maybe::<Mail>().await? else {
        return Ok(None);
    };
    if bounce.permanent {
        give_up(tx, &mail.address, &detail, now).await?;
    }
    Ok(Some(mail))
}

async fn give_up(tx: &mut Tx, address: &str, reason: &str, now: DateTime<Utc>) -> Result<()> {
    tx.ask(store::GIVE_UP).with(address.to_lowercase()).with(now).with(reason.to_owned()).run().await?;
    Ok(())
}

/// A letter by its number, with what became of it.
pub async fn mail(db: &Db, id: i64) -> Result<Option<Mail>> {
    db.ask(store::MAIL).with(id).maybe().await
}

/// The letters of an account, newest first: at most `limit`, all older than the letter `after`.
pub async fn mails_of(db: &Db, account: i64, after: Option<i64>, limit: i64) -> Result<Vec<Mail>> {
    db.ask(store::MAILS_OF).with(account).with(after.unwrap_or(i64::MAX)).with(limit).all().await
}

/// Forgets the letters and subscriptions of an account that is erased.
pub async fn forget(tx: &mut Tx, account: i64) -> Result<()> {
    tx.ask(store::FORGET_MAILS).with(account).run().await?;
    tx.ask(store::FORGET_SUBSCRIPTIONS).with(account).run().await?;
    Ok(())
}

/// Forgets what letters said after thirty days, and that there were letters after a year.
pub(crate) async fn sweep(tx: &mut Tx, now: DateTime<Utc>) -> Result<()> {
    tx.ask(store::SWEEP_TEXTS).with(now - TEXT_KEPT).run().await?;
    tx.ask(store::SWEEP_MAILS).with(now - MAIL_KEPT).run().await?;
    Ok(())
}

/// Sends one letter: the work of the kind [`JOB`].
pub(crate) fn deliver<'w>(work: &'w Work, claim: &'w Claim, payload: Value) -> Later<'w, Outcome> {
    Box::pin(async move {
        let payload: Payload = serde_json::from_value(payload).map_err(|error| Trouble::Lasting(error.to_string()))?;
        let Some(mail) = mail(work.db(), payload.mail).await? else {
            return Err(Trouble::Lasting("the letter was forgotten before it was sent".to_owned()));
        };
        // An earlier attempt may have sent it and ended before it could say that the job is done.
        if mail.sent_at.is_some() {
            return Ok(());
        }
        if let Some(why) = unwanted(work, &mail).await? {
            return mark(work, claim, &mail, &Became::Skipped(why)).await;
        }
        if mail.text.is_empty() {
            return Err(Trouble::Lasting("the letter's text was forgotten before it was sent".to_owned()));
        }
        let message = letter::message(work, &mail).await?;
        let to = mail.to()?;
        match work.outside.mail.send(&mail.key, &work.outside.mail_from, &to, &message, work.now()).await {
            Ok(()) => mark(work, claim, &mail, &Became::Sent).await,
            Err(TransportError::Refused(refusal)) => mark(work, claim, &mail, &Became::Refused(refusal)).await,
            Err(TransportError::Away(why)) => Err(Trouble::Passing(why)),
        }
    })
}

/// Why a letter is not sent at all.
async fn unwanted(work: &Work, mail: &Mail) -> Result<Option<String>> {
    if let (Some(account), Some(topic)) = (mail.account, &mail.topic)
        && !is_wanted(work.db(), account, topic).await?
    {
        return Ok(Some("its reader has ended the subscription".to_owned()));
    }
    let known = work.db().ask(store::UNDELIVERABLE).with(mail.address.to_lowercase()).maybe::<Undeliverable>().await?;
    Ok(known.map(|known| format!("the address is undeliverable: {}", known.reason)))
}

/// What became of a letter.
enum Became {
    Sent,
    Skipped(String),
    Refused(Refusal),
}

/// Records what became of a letter together with the end of its job.
async fn mark(work: &Work, claim: &Claim, mail: &Mail, became: &Became) -> Outcome {
    let now = work.now();
    let mut tx = work.db().begin().await?;
    let (sql, detail) = match became {
        Became::Sent => (store::SENT, None),
        Became::Skipped(why) => (store::SKIPPED, Some(why.clone())),
        Became::Refused(refusal) => (store::REFUSED, Some(refusal.text.clone())),
    };
    tx.ask(sql).with(mail.id).with(now).with(detail).run().await?;
    match became {
        Became::Sent | Became::Skipped(_) => claim.done(&mut tx, now).await?,
        Became::Refused(refusal) => {
            if refusal.is_about_the_address() {
                give_up(&mut tx, &mail.address, &refusal.text, now).await?;
            }
            claim.fail(&mut tx, &refusal.text, now).await?;
        }
    }
    Ok(tx.commit().await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_and_a_text_has_no_control_characters() {
        assert_eq!(one_line("一関\r\nBcc: x@example.jp\u{0}\t 花子"), "一関 Bcc: x@example.jp 花子");
        assert_eq!(one_line("佐藤　花"), "佐藤　花");
        assert_eq!(clean("一\r\n\r\n二\r三\u{0}\u{7}\t四"), "一\n\n二\n三\t四");
    }
}
