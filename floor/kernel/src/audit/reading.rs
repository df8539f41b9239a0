//! Reading the trail: what auditors search and export, who looked at somebody's data, the published seals.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use kyodo_db::{Db, FromRow, Result};

use super::Salted;
use super::seal::LATE;
use super::store::{self, Legible, Sealed};
use crate::clock;
use crate::store::Number;

/// An entry for a page. Newest first; the number of the last one shown leads to the next page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its number.
    pub id: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who: `account:12`, `visitor`, `command`, `system`.
    pub actor: String,
    /// What was done: `measure.published`.
    pub action: String,
    /// To what: `account:12`.
    pub subject: String,
    /// In which request.
    pub request: String,
    /// What else is known, as JSON.
    pub detail: String,
    /// The personal values by their field; none where they were erased. To show them is a look at personal data.
    pub personal: BTreeMap<String, Option<String>>,
    /// Its position in the chain, once it is sealed.
    pub position: Option<i64>,
}

/// What is looked for; everything that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// By whom.
    pub actor: Option<String>,
    /// An action (`account.looked`), or with a full stop at its end all of a noun (`account.`).
    pub action: Option<String>,
    /// About what.
    pub subject: Option<String>,
    /// On this day in the city or later.
    pub from: Option<NaiveDate>,
    /// On this day in the city or earlier.
    pub to: Option<NaiveDate>,
    /// Stands in the subject, the request's number or the detail, capital or small. This and a noun's actions are
    /// found by walking from the newest entry back, as far as the other conditions and the days let.
    pub text: Option<String>,
}

/// Searches the trail, newest first, after the entry of this number.
pub async fn search(db: &Db, filter: &Filter, after: Option<i64>, limit: i64) -> Result<Vec<Row>> {
    let Some((at, id)) = before(db, filter.to.and_then(|day| day.succ_opt()), after).await? else {
        return Ok(Vec::new());
    };
    let (noun, action) = match filter.action.as_deref() {
        Some(noun) if noun.ends_with('.') => (Some(noun), None),
        action => (None, action),
    };
    let values = [
        filter.subject.clone(),
        filter.actor.clone(),
        action.map(str::to_owned),
        noun.map(str::to_owned),
        filter.text.as_deref().map(pattern),
    ];
    let sql = store::search(values.each_ref().map(Option::is_some));
    let mut query = db.ask(sql).with(at).with(id).with(beginning_of(filter.from.unwrap_or(FIRST_DAY)));
    for value in values.into_iter().flatten() {
        query = query.with(value);
    }
    Ok(query.with(limit).all::<Found>().await?.into_iter().map(Row::from).collect())
}

/// Who looked at this subject's personal data: the entries whose action ends with `.looked`.
pub async fn looks_at(db: &Db, subject: &str, after: Option<i64>, limit: i64) -> Result<Vec<Row>> {
    let Some((at, id)) = before(db, None, after).await? else {
        return Ok(Vec::new());
    };
    let query = db.ask(store::LOOKS_AT).with(at).with(id).with(subject.to_owned()).with(limit);
    Ok(query.all::<Found>().await?.into_iter().map(Row::from).collect())
}

/// Every action that occurs in the trail, in order: for the choice on a search page.
pub async fn actions(db: &Db) -> Result<Vec<String>> {
    let found = db.ask(store::ACTIONS).all::<Action>().await?;
    Ok(found.into_iter().map(|row| row.action).collect())
}

/// The chain's end as it was published on a day.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Day {
    /// The day in the city.
    pub day: NaiveDate,
    /// How many entries were sealed by then.
    pub position: i64,
    /// The last of their seals.
    pub hash: String,
}

/// The published seals, newest first, those before a day.
pub async fn days(db: &Db, after: Option<NaiveDate>, limit: i64) -> Result<Vec<Day>> {
    db.ask(store::DAYS).with(after.unwrap_or(LAST_DAY)).with(limit).all().await
}

/// How many entries wait for their seal, among the latest ten thousand sealed ones and those after them.
pub async fn waiting(db: &Db) -> Result<i64> {
    let newest = db.ask(store::NEWEST_SEALED).one::<Number>().await?.n;
    Ok(db.ask(store::WAITING).with(newest.saturating_sub(LATE)).one::<Number>().await?.n)
}

/// A link of the chain as it is exported: enough to recount it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its place, from 1.
    pub position: i64,
    /// The number of the entry.
    pub entry: i64,
    /// The seal and the day of sealing, unless somebody made them unreadable.
    pub seal: Option<(String, NaiveDate)>,
    /// The entry's canonical text, unless it is gone or unreadable.
    pub text: Option<String>,
}

/// The chain from its beginning, after this position (0 to begin with), a page at a time: an export asks again with
/// the last position until a page is empty, and holds one page in memory.
pub async fn chain(db: &Db, after: i64, limit: i64) -> Result<Vec<Link>> {
    let page = db.ask(store::SEALED).with(after).with(limit).all::<Sealed>().await?;
    Ok(page.into_iter().map(Link::from).collect())
}

impl From<Sealed> for Link {
    fn from(sealed: Sealed) -> Self {
        let text = match sealed.stored {
            Some(Legible::Yes(stored)) => Some(stored.text()),
            _ => None,
        };
        Self { position: sealed.position, entry: sealed.entry, seal: sealed.seal, text }
    }
}

const FIRST_DAY: NaiveDate = NaiveDate::from_ymd_opt(1000, 1, 1).expect("the calendar has this day");
const LAST_DAY: NaiveDate = NaiveDate::from_ymd_opt(9999, 12, 31).expect("the calendar has this day");

/// Before which moment and number a page begins; none when the entry it follows does not exist. Always a bound of
/// both: with and without it would be twice the sentences.
async fn before(db: &Db, until: Option<NaiveDate>, after: Option<i64>) -> Result<Option<(DateTime<Utc>, i64)>> {
    let end = (beginning_of(until.unwrap_or(LAST_DAY)), i64::MIN);
    let Some(id) = after else {
        return Ok(Some(end));
    };
    let last = db.ask(store::TIME_OF).with(id).maybe::<Moment>().await?;
    Ok(last.map(|last| end.min((last.at, id))))
}

fn beginning_of(day: NaiveDate) -> DateTime<Utc> {
    clock::at(day, NaiveTime::MIN)
}

/// A pattern of LIKE that finds this text wherever it stands.
fn pattern(text: &str) -> String {
    let mut pattern = "%".to_owned();
    for letter in text.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter.to_ascii_lowercase());
    }
    pattern.push('%');
    pattern
}

#[derive(FromRow)]
struct Moment {
    at: DateTime<Utc>,
}

#[derive(FromRow)]
struct Action {
    action: String,
}

#[derive(FromRow)]
struct Found {
    id: i64,
    at: DateTime<Utc>,
    actor: String,
    action: String,
    subject: String,
    request: String,
    detail: String,
    hashes: String,
    personal: Option<String>,
    position: Option<i64>,
}

impl From<Found> for Row {
    fn from(found: Found) -> Self {
        // What cannot be read is as good as erased here; verifying tells of it.
        let hashes: BTreeMap<String, String> = serde_json::from_str(&found.hashes).unwrap_or_default();
        let mut values: BTreeMap<String, Salted> =
            found.personal.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        let personal = hashes.into_keys().map(|field| {
            let value = values.remove(&field).map(|salted| salted.value);
            (field, value)
        });
        Self {
            personal: personal.collect(),
            id: found.id,
            at: found.at,
            actor: found.actor,
            action: found.action,
            subject: found.subject,
            request: found.request,
            detail: found.detail,
            position: found.position,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::pattern;

    #[test]
    fn signs_of_a_pattern_are_looked_for_as_they_stand() {
        assert_eq!(pattern(r"50%_\A花"), r"%50\%\_\\a花%");
    }
}
