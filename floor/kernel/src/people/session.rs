//! Being signed in: one row per browser, found by the fingerprint of what the browser holds. A session belongs to one
//! city, because it stands in that city's database.

use std::sync::Arc;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use kyodo_db::{Db, FromRow, Result, Tx};

use super::store::{self, SightRow};
use super::{AccountId, Actor, Duty, Person, Role};

/// How somebody proved who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// A password, and a code where the city asks for one.
    Password,
    /// A passkey.
    Passkey,
    /// The city's or the state's identity provider.
    Provider,
}

impl Method {
    /// Its name in the database.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Passkey => "passkey",
            Self::Provider => "provider",
        }
    }
}

/// A session about to begin.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Whose it is.
    pub account: AccountId,
    /// The fingerprint of what the browser will hold.
    pub token: String,
    /// How they proved who they are.
    pub method: Method,
    /// What the browser calls itself.
    pub agent: String,
    /// How long it may lie unused.
    pub idle: Duration,
    /// How long it lasts at most.
    pub lasts: Duration,
    /// Whether the city asks for one more proof before the session opens a desk.
    pub half: bool,
}

/// What the door sees when a browser shows a token.
#[derive(Clone, Debug)]
pub enum Sight {
    /// Nobody was ever signed in with it.
    Unknown,
    /// Somebody was; their session is over.
    Over(AccountId),
    /// Somebody is.
    Live(Arc<Person>, Lasts),
}

/// How far a session goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lasts {
    /// When it was last written as seen.
    pub seen_at: DateTime<Utc>,
    /// When it is over, if nobody comes before that.
    pub until: DateTime<Utc>,
}

impl Sight {
    /// Who acts.
    #[must_use]
    pub fn actor(&self) -> Actor {
        match self {
            Self::Live(person, _) => Actor::Person(Arc::clone(person)),
            Self::Unknown | Self::Over(_) => Actor::Visitor,
        }
    }
}

/// A session in somebody's own list.
#[derive(Clone, Debug, FromRow)]
#[expect(missing_docs, reason = "the fields are those of NewSession")]
pub struct Session {
    pub id: i64,
    pub method: String,
    pub agent: String,
    pub began_at: DateTime<Utc>,
    pub seen_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// Signs somebody in; the session's number.
pub async fn begin(tx: &mut Tx, new: &NewSession, now: DateTime<Utc>) -> Result<i64> {
    let row: (i64,) = tx
        .ask(store::BEGIN_SESSION)
        .with(new.token.clone())
        .with(new.account.0)
        .with(new.method.name())
        .with(new.agent.clone())
        .with(now)
        .with(new.idle.num_minutes())
        .with(now + new.lasts)
        .with(new.half)
        .one()
        .await?;
    Ok(row.0)
}

/// Who holds a token, as of this moment.
pub async fn session_of(db: &Db, token: &str, now: DateTime<Utc>, today: NaiveDate) -> Result<Sight> {
    let rows = db.ask(store::SESSION).with(token.to_owned()).with(today).all::<SightRow>().await?;
    let Some(first) = rows.first() else {
        return Ok(Sight::Unknown);
    };
    let account = AccountId(first.account);
    let idle_until = first.seen_at + Duration::minutes(first.idle_minutes);
    let until = first.expires_at.min(idle_until);
    if first.is_over || now >= until {
        return Ok(Sight::Over(account));
    }
    let (name, session) = (first.name.clone(), first.session);
    let (lasts, proved_at, is_half) = (Lasts { seen_at: first.seen_at, until }, first.proved_at, first.half);
    let duties = rows.into_iter().filter_map(duty_of).collect();
    Ok(Sight::Live(Arc::new(Person { id: account, name, duties, session, proved_at, is_half }), lasts))
}

fn duty_of(row: SightRow) -> Option<Duty> {
    Some(Duty {
        id: row.duty?,
        role: Role::named(&row.role?)?,
        department: row.department,
        organisation: row.organisation,
        starts_on: row.starts_on?,
        ends_on: row.ends_on,
        deputy_of: row.deputy_of,
    })
}

/// Writes down that a session was seen.
pub async fn saw(tx: &mut Tx, session: i64, now: DateTime<Utc>) -> Result<()> {
    tx.ask(store::SAW_SESSION).with(session).with(now).run().await?;
    Ok(())
}

/// Gives a session a new token, because who it is was just proved again: a token seen before is worth nothing after.
pub async fn prove(tx: &mut Tx, session: i64, token: &str, now: DateTime<Utc>) -> Result<()> {
    tx.ask(store::PROVE_SESSION).with(session).with(token.to_owned()).with(now).run().await?;
    Ok(())
}

/// Somebody has given the proof the city asked for: their sessions are whole.
pub async fn complete(tx: &mut Tx, account: AccountId) -> Result<()> {
    tx.ask(store::COMPLETE_SESSIONS).with(account.0).with(false).run().await?;
    Ok(())
}

/// Ends a session of somebody. False when they have no such session, or it was over.
pub async fn end(tx: &mut Tx, account: AccountId, session: i64, now: DateTime<Utc>) -> Result<bool> {
    Ok(tx.ask(store::END_SESSION).with(session).with(account.0).with(now).run().await? == 1)
}

/// Ends every session of somebody but the one named; how many.
pub async fn end_all(tx: &mut Tx, account: AccountId, but: Option<i64>, now: DateTime<Utc>) -> Result<u64> {
    tx.ask(store::END_SESSIONS).with(account.0).with(but.unwrap_or_default()).with(now).run().await
}

/// The sessions somebody has open, the last seen first.
pub async fn sessions(db: &Db, account: AccountId, now: DateTime<Utc>) -> Result<Vec<Session>> {
    db.ask(store::SESSIONS).with(account.0).with(now).all().await
}

/// How long a session that is over is known, so that its holder is led back to what they were writing.
const KEPT: Duration = Duration::days(30);

/// Forgets sessions that were over a month ago.
pub async fn sweep(tx: &mut Tx, now: DateTime<Utc>) -> Result<u64> {
    tx.ask(store::SWEEP_SESSIONS).with(now - KEPT).run().await
}
