//! The sentences about partners who are asked what they think of a year.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use kyodo_db::{Db, FromRow, Json, Result, Tx};
use kyodo_kernel::FiscalYear;
use kyodo_kernel::people::AccountId;

use super::{number, year};
use crate::partner::{Asked, Opinion, Partner, Stage};

/// No year has more.
const MOST: i64 = 1000;

const PARTNERS: &str = "
SELECT p.id, p.fiscal_year, p.organisation, p.name, p.email, p.due_on, p.note, p.seed, a.name AS asked_by, p.asked_at,
       p.reminded_at, p.revoked_at
FROM plan_partner p
LEFT JOIN account a ON a.id = p.asked_by
WHERE p.plan = $1 AND p.fiscal_year = $2
ORDER BY p.id DESC
LIMIT $3";

const PARTNER: &str = "
SELECT p.id, p.fiscal_year, p.organisation, p.name, p.email, p.due_on, p.note, p.seed, a.name AS asked_by, p.asked_at,
       p.reminded_at, p.revoked_at
FROM plan_partner p
LEFT JOIN account a ON a.id = p.asked_by
WHERE p.plan = $1 AND p.fiscal_year = $2 AND p.id = $3";

const BY_LINK: &str = "
SELECT p.id, p.fiscal_year, p.organisation, p.name, p.email, p.due_on, p.note, p.seed, a.name AS asked_by, p.asked_at,
       p.reminded_at, p.revoked_at
FROM plan_partner p
LEFT JOIN account a ON a.id = p.asked_by
WHERE p.link = $1";

/// Who has not answered everything and can still be written to, by their last day.
const MISSING_ON: &str = "
SELECT p.id, p.fiscal_year, p.organisation, p.name, p.email, p.due_on, p.note, p.seed, a.name AS asked_by, p.asked_at,
       p.reminded_at, p.revoked_at
FROM plan_partner p
LEFT JOIN account a ON a.id = p.asked_by
WHERE p.due_on = $1 AND p.revoked_at IS NULL AND p.email <> ''
  AND EXISTS (SELECT 1 FROM plan_partner_item i WHERE i.partner = p.id AND i.answered_at IS NULL)
ORDER BY p.id";

const ITEMS_OF_YEAR: &str = "
SELECT i.id, i.partner, i.node, i.version, i.content, i.answered_at, i.published_at, i.aside_at, i.reason
FROM plan_partner_item i
JOIN plan_partner p ON p.id = i.partner
WHERE p.plan = $1 AND p.fiscal_year = $2
ORDER BY i.id";

const ITEMS: &str = "
SELECT id, partner, node, version, content, answered_at, published_at, aside_at, reason
FROM plan_partner_item
WHERE partner = $1
ORDER BY id";

const TITLES: &str = "
SELECT n.code, n.title
FROM plan_partner_item i
JOIN plan_node n ON n.id = i.node
WHERE i.partner = $1
ORDER BY n.position";

const PUT: &str = "
INSERT INTO plan_partner (plan, fiscal_year, organisation, name, email, due_on, note, seed, link, asked_by, asked_at, example)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
RETURNING id";

const PUT_ITEM: &str = "
INSERT INTO plan_partner_item (partner, node, version, content, reason)
VALUES ($1, $2, 0, $3, '')";

const ANSWER: &str = "
UPDATE plan_partner_item
SET content = $3, answered_at = $4, aside_at = NULL, reason = '', version = version + 1
WHERE id = $1 AND version = $2 AND published_at IS NULL";

const PUBLISHED: &str = "
UPDATE plan_partner_item
SET published_at = $3, version = version + 1
WHERE id = $1 AND version = $2 AND answered_at IS NOT NULL AND published_at IS NULL AND aside_at IS NULL";

const SET_ASIDE: &str = "
UPDATE plan_partner_item
SET aside_at = $3, reason = $4, version = version + 1
WHERE id = $1 AND version = $2 AND answered_at IS NOT NULL AND published_at IS NULL AND aside_at IS NULL";

const TAKE_UP: &str = "
UPDATE plan_partner_item
SET aside_at = NULL, reason = '', version = version + 1
WHERE id = $1 AND version = $2 AND published_at IS NULL AND aside_at IS NOT NULL";

const MOVE: &str = "
UPDATE plan_partner
SET email = $2, due_on = $3, seed = $4, link = $5
WHERE id = $1 AND revoked_at IS NULL";

const HOLD: &str = "
UPDATE plan_partner
SET seed = seed
WHERE id = $1";

const REMINDED: &str = "
UPDATE plan_partner
SET reminded_at = $2
WHERE id = $1 AND revoked_at IS NULL AND (reminded_at IS NULL OR reminded_at <= $3)";

const REVOKE: &str = "
UPDATE plan_partner
SET revoked_at = $2
WHERE id = $1 AND revoked_at IS NULL";

/// Whoever runs the plan is told of these.
const WAITING: &str = "
SELECT p.fiscal_year, COUNT(*)
FROM plan_partner_item i
JOIN plan_partner p ON p.id = i.partner
WHERE p.plan = $1 AND i.answered_at IS NOT NULL AND i.published_at IS NULL AND i.aside_at IS NULL
GROUP BY p.fiscal_year
ORDER BY p.fiscal_year";

const TO_FORGET: &str = "
SELECT id, email
FROM plan_partner
WHERE due_on < $1 AND email <> ''";

const FORGET: &str = "
UPDATE plan_partner
SET name = '', email = ''
WHERE id = $1";

/// The sentences about partners.
pub(super) const SENTENCES: &[&str] = &[
    PARTNERS,
    PARTNER,
    BY_LINK,
    MISSING_ON,
    ITEMS_OF_YEAR,
    ITEMS,
    TITLES,
    PUT,
    PUT_ITEM,
    ANSWER,
    PUBLISHED,
    SET_ASIDE,
    TAKE_UP,
    MOVE,
    HOLD,
    REMINDED,
    REVOKE,
    WAITING,
    TO_FORGET,
    FORGET,
];

#[derive(FromRow)]
struct Row {
    id: i64,
    fiscal_year: i64,
    organisation: String,
    name: String,
    email: String,
    due_on: NaiveDate,
    note: String,
    seed: String,
    asked_by: Option<String>,
    asked_at: DateTime<Utc>,
    reminded_at: Option<DateTime<Utc>>,
    revoked_at: Option<DateTime<Utc>>,
}

impl From<Row> for Partner {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            year: year(row.fiscal_year),
            organisation: row.organisation,
            name: row.name,
            email: row.email,
            due_on: row.due_on,
            note: row.note,
            seed: row.seed,
            asked_by: row.asked_by,
            asked_at: row.asked_at,
            reminded_at: row.reminded_at,
            revoked_at: row.revoked_at,
        }
    }
}

#[derive(FromRow)]
struct ItemRow {
    id: i64,
    partner: i64,
    node: i64,
    version: i64,
    content: Json<Opinion>,
    answered_at: Option<DateTime<Utc>>,
    published_at: Option<DateTime<Utc>>,
    aside_at: Option<DateTime<Utc>>,
    reason: String,
}

impl From<ItemRow> for Asked {
    fn from(row: ItemRow) -> Self {
        let stage = match (row.answered_at, row.aside_at, row.published_at) {
            (_, _, Some(_)) => Stage::Published,
            (_, Some(_), None) => Stage::Aside,
            (Some(_), None, None) => Stage::Answered,
            (None, None, None) => Stage::Asked,
        };
        Self {
            id: row.id,
            partner: row.partner,
            node: row.node,
            version: row.version,
            opinion: row.content.0,
            stage,
            answered_at: row.answered_at,
            reason: row.reason,
        }
    }
}

/// A partner about to be asked.
#[derive(Clone, Debug)]
pub struct NewPartner<'a> {
    /// Their organisation.
    pub organisation: &'a str,
    /// Whom in it.
    pub name: &'a str,
    /// Where the letter goes.
    pub email: &'a str,
    /// The last day to answer.
    pub due_on: NaiveDate,
    /// What the office wants them to know.
    pub note: &'a str,
    /// What their link follows from.
    pub seed: &'a str,
    /// Its fingerprint.
    pub link: &'a str,
    /// Who asks.
    pub by: Option<AccountId>,
    /// When.
    pub at: DateTime<Utc>,
    /// Whether it is made up.
    pub example: bool,
    /// The items, by their numbers.
    pub nodes: &'a [i64],
}

/// Everybody who is asked about a year, the latest first.
pub async fn partners(db: &Db, plan: i64, of: FiscalYear) -> Result<Vec<Partner>> {
    let rows = db.ask(PARTNERS).with(plan).with(number(of)).with(MOST).all::<Row>().await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The same as they stand in this transaction.
pub async fn partners_now(tx: &mut Tx, plan: i64, of: FiscalYear) -> Result<Vec<Partner>> {
    let rows = tx.ask(PARTNERS).with(plan).with(number(of)).with(MOST).all::<Row>().await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// One of them.
pub async fn partner(db: &Db, plan: i64, of: FiscalYear, id: i64) -> Result<Option<Partner>> {
    Ok(db.ask(PARTNER).with(plan).with(number(of)).with(id).maybe::<Row>().await?.map(Into::into))
}

/// The same as they stand in this transaction.
pub async fn partner_now(tx: &mut Tx, plan: i64, of: FiscalYear, id: i64) -> Result<Option<Partner>> {
    Ok(tx.ask(PARTNER).with(plan).with(number(of)).with(id).maybe::<Row>().await?.map(Into::into))
}

/// Whose link has this fingerprint.
pub async fn partner_by_link(db: &Db, link: &str) -> Result<Option<Partner>> {
    Ok(db.ask(BY_LINK).with(link.to_owned()).maybe::<Row>().await?.map(Into::into))
}

/// The same in this transaction.
pub async fn partner_by_link_now(tx: &mut Tx, link: &str) -> Result<Option<Partner>> {
    Ok(tx.ask(BY_LINK).with(link.to_owned()).maybe::<Row>().await?.map(Into::into))
}

/// Who has not answered everything, of those whose last day this is.
pub async fn partners_missing_on(tx: &mut Tx, day: NaiveDate) -> Result<Vec<Partner>> {
    Ok(tx.ask(MISSING_ON).with(day).all::<Row>().await?.into_iter().map(Into::into).collect())
}

/// Every item that somebody is asked about in a year.
pub async fn asked_in(db: &Db, plan: i64, of: FiscalYear) -> Result<Vec<Asked>> {
    let rows = db.ask(ITEMS_OF_YEAR).with(plan).with(number(of)).all::<ItemRow>().await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The same as they stand in this transaction.
pub async fn asked_in_now(tx: &mut Tx, plan: i64, of: FiscalYear) -> Result<Vec<Asked>> {
    let rows = tx.ask(ITEMS_OF_YEAR).with(plan).with(number(of)).all::<ItemRow>().await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The items that a partner is asked about.
pub async fn asked_of(db: &Db, partner: i64) -> Result<Vec<Asked>> {
    Ok(db.ask(ITEMS).with(partner).all::<ItemRow>().await?.into_iter().map(Into::into).collect())
}

/// The same as they stand in this transaction.
pub async fn asked_now(tx: &mut Tx, partner: i64) -> Result<Vec<Asked>> {
    Ok(tx.ask(ITEMS).with(partner).all::<ItemRow>().await?.into_iter().map(Into::into).collect())
}

/// Code and title of each, in the plan's order.
pub async fn asked_titles(tx: &mut Tx, partner: i64) -> Result<Vec<(String, String)>> {
    tx.ask(TITLES).with(partner).all().await
}

/// Takes a partner in, with the items they are asked about. Their number.
pub async fn put_partner(tx: &mut Tx, plan: i64, of: FiscalYear, new: &NewPartner<'_>) -> Result<i64> {
    let (id,): (i64,) = tx
        .ask(PUT)
        .with(plan)
        .with(number(of))
        .with(new.organisation.to_owned())
        .with(new.name.to_owned())
        .with(new.email.to_owned())
        .with(new.due_on)
        .with(new.note.to_owned())
        .with(new.seed.to_owned())
        .with(new.link.to_owned())
        .with(new.by.map(|by| by.0))
        .with(new.at)
        .with(new.example)
        .one()
        .await?;
    for node in new.nodes {
        tx.ask(PUT_ITEM).with(id).with(*node).with(Json(Opinion::default())).run().await?;
    }
    Ok(id)
}

/// Keeps what a partner says of an item, over the version they have seen. False when it changed meanwhile.
pub async fn answer(tx: &mut Tx, item: i64, seen: i64, opinion: &Opinion, now: DateTime<Utc>) -> Result<bool> {
    Ok(tx.ask(ANSWER).with(item).with(seen).with(Json(opinion.clone())).with(now).run().await? == 1)
}

/// Marks an opinion as published. False when it changed since the office has seen it.
pub async fn opinion_published(tx: &mut Tx, item: i64, seen: i64, now: DateTime<Utc>) -> Result<bool> {
    Ok(tx.ask(PUBLISHED).with(item).with(seen).with(now).run().await? == 1)
}

/// Keeps an opinion back. False when it changed since the office has seen it.
pub async fn set_opinion_aside(tx: &mut Tx, item: i64, seen: i64, reason: &str, now: DateTime<Utc>) -> Result<bool> {
    Ok(tx.ask(SET_ASIDE).with(item).with(seen).with(now).with(reason.to_owned()).run().await? == 1)
}

/// Takes an opinion up again that was kept back. False when it changed since the office has seen it.
pub async fn take_opinion_up(tx: &mut Tx, item: i64, seen: i64) -> Result<bool> {
    Ok(tx.ask(TAKE_UP).with(item).with(seen).run().await? == 1)
}

/// Gives a partner another address, another last day, or another link. False when their link has ended.
pub async fn move_partner(
    tx: &mut Tx,
    partner: i64,
    email: &str,
    due_on: NaiveDate,
    (seed, link): (&str, &str),
) -> Result<bool> {
    let moved = tx.ask(MOVE).with(partner).with(email.to_owned()).with(due_on).with(seed.to_owned());
    Ok(moved.with(link.to_owned()).run().await? == 1)
}

/// Waits for everybody else who changes a partner.
pub async fn hold_partner(tx: &mut Tx, partner: i64) -> Result<()> {
    tx.ask(HOLD).with(partner).run().await?;
    Ok(())
}

/// Writes down that a partner is reminded. False when their link has ended, or that was done less than so long ago.
pub async fn partner_reminded(tx: &mut Tx, partner: i64, apart: TimeDelta, now: DateTime<Utc>) -> Result<bool> {
    Ok(tx.ask(REMINDED).with(partner).with(now).with(now - apart).run().await? == 1)
}

/// Ends a partner's link. False when it has ended already.
pub async fn revoke_partner(tx: &mut Tx, partner: i64, now: DateTime<Utc>) -> Result<bool> {
    Ok(tx.ask(REVOKE).with(partner).with(now).run().await? == 1)
}

/// How many opinions wait for the office, by year.
pub async fn opinions_waiting(db: &Db, plan: i64) -> Result<Vec<(FiscalYear, i64)>> {
    let rows: Vec<(i64, i64)> = db.ask(WAITING).with(plan).all().await?;
    Ok(rows.into_iter().map(|(of, n)| (year(of), n)).collect())
}

/// Whose last day lies before this one and whose address is still known: number and address.
pub async fn partners_to_forget(tx: &mut Tx, before: NaiveDate) -> Result<Vec<(i64, String)>> {
    tx.ask(TO_FORGET).with(before).all().await
}

/// Forgets a partner's name and address. What they said stays.
pub async fn forget_partner(tx: &mut Tx, partner: i64) -> Result<()> {
    tx.ask(FORGET).with(partner).run().await?;
    Ok(())
}
