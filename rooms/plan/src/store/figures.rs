//! Every SQL sentence about what is summed up for the figures of indicators: appended with the facts, folded, read,
//! recounted.

use chrono::{DateTime, NaiveDate, Utc};
use kyodo_db::{Db, FromRow, Result, Tx};
use kyodo_kernel::FiscalYear;

use super::{INDICATORS, IndicatorRow, number};
use crate::counting::{Series, Tally};
use crate::indicator::Indicator;

/// How many tags a sentence can ask for at once; the pack's reader refuses more.
pub const MOST_TAGS: usize = 8;

const APPEND: &str = "
INSERT INTO figure_increment (kind, part, tag, fiscal_year, day, n, reversed, quantity, taken)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

const PREFIXES: &str = "
SELECT kind, prefix
FROM figure_prefix
ORDER BY kind, prefix";

const IS_COUNTED: &str = "
SELECT indicator AS n
FROM indicator_kind
WHERE kind = $1
LIMIT 1";

const KEEP: &str = "
INSERT INTO figure_keeping (id, kept_at)
VALUES (1, $1)
ON CONFLICT (id) DO UPDATE SET kept_at = excluded.kept_at";

/// Exactly these rows, because one with a smaller number may be committed later.
const TAKE: &str = "
DELETE FROM figure_increment
WHERE id IN (SELECT id FROM figure_increment ORDER BY id LIMIT $1)
RETURNING kind, part, tag, fiscal_year, day, n, reversed, quantity, taken";

const ADD_TO_DAY: &str = "
INSERT INTO figure_day (kind, part, tag, fiscal_year, day, n, reversed, quantity, taken)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (kind, fiscal_year, day, part, tag) DO UPDATE SET
    n = figure_day.n + excluded.n,
    reversed = figure_day.reversed + excluded.reversed,
    quantity = figure_day.quantity + excluded.quantity,
    taken = figure_day.taken + excluded.taken";

const ADD_TO_YEAR: &str = "
INSERT INTO figure_year (kind, part, tag, fiscal_year, n, reversed, quantity, taken)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (kind, fiscal_year, part, tag) DO UPDATE SET
    n = figure_year.n + excluded.n,
    reversed = figure_year.reversed + excluded.reversed,
    quantity = figure_year.quantity + excluded.quantity,
    taken = figure_year.taken + excluded.taken";

/// Folded and unfolded at once. What lies after today, or after the same day a year before, stands beside the whole of
/// its year, so that of all days only the last few hundred are read.
const TALLIES: &str = "
SELECT kind, part, tag, fiscal_year,
       CAST(SUM(n) AS BIGINT) AS n,
       CAST(SUM(quantity) AS BIGINT) AS quantity,
       CAST(SUM(n - later_n) AS BIGINT) AS n_by_today,
       CAST(SUM(reversed - later_reversed) AS BIGINT) AS reversed_by_today,
       CAST(SUM(quantity - later_quantity) AS BIGINT) AS quantity_by_today,
       CAST(SUM(taken - later_taken) AS BIGINT) AS taken_by_today
FROM (
    SELECT kind, part, tag, fiscal_year, n, reversed, quantity, taken,
           0 AS later_n, 0 AS later_reversed, 0 AS later_quantity, 0 AS later_taken
    FROM figure_year
    WHERE kind IN (SELECT kind FROM indicator_kind)
    UNION ALL
    SELECT kind, part, tag, fiscal_year, 0, 0, 0, 0, n, reversed, quantity, taken
    FROM figure_day
    WHERE kind IN (SELECT kind FROM indicator_kind) AND fiscal_year = $1 AND day > $2
    UNION ALL
    SELECT kind, part, tag, fiscal_year, 0, 0, 0, 0, n, reversed, quantity, taken
    FROM figure_day
    WHERE kind IN (SELECT kind FROM indicator_kind) AND fiscal_year = $1 - 1 AND day > $3
    UNION ALL
    SELECT kind, part, tag, fiscal_year, n, reversed, quantity, taken, 0, 0, 0, 0
    FROM figure_increment
    WHERE kind IN (SELECT kind FROM indicator_kind)
    UNION ALL
    SELECT kind, part, tag, fiscal_year, 0, 0, 0, 0, n, reversed, quantity, taken
    FROM figure_increment
    WHERE kind IN (SELECT kind FROM indicator_kind)
      AND day > CASE WHEN fiscal_year = $1 THEN $2 WHEN fiscal_year = $1 - 1 THEN $3 ELSE day END
    UNION ALL
    SELECT kind, part, '', fiscal_year, n, 0, 0, 0,
           CASE WHEN day > CASE WHEN fiscal_year = $1 THEN $2 WHEN fiscal_year = $1 - 1 THEN $3 ELSE day END
               THEN n ELSE 0 END, 0, 0, 0
    FROM figure_distinct
    WHERE kind IN (SELECT kind FROM indicator_kind)
) AS seen
GROUP BY kind, part, tag, fiscal_year
ORDER BY kind, part, tag, fiscal_year";

/// The same for the kinds of one indicator.
const TALLIES_OF: &str = "
SELECT kind, part, tag, fiscal_year,
       CAST(SUM(n) AS BIGINT) AS n,
       CAST(SUM(quantity) AS BIGINT) AS quantity,
       CAST(SUM(n - later_n) AS BIGINT) AS n_by_today,
       CAST(SUM(reversed - later_reversed) AS BIGINT) AS reversed_by_today,
       CAST(SUM(quantity - later_quantity) AS BIGINT) AS quantity_by_today,
       CAST(SUM(taken - later_taken) AS BIGINT) AS taken_by_today
FROM (
    SELECT kind, part, tag, fiscal_year, n, reversed, quantity, taken,
           0 AS later_n, 0 AS later_reversed, 0 AS later_quantity, 0 AS later_taken
    FROM figure_year
    WHERE kind IN (SELECT kind FROM indicator_kind WHERE indicator = $4)
    UNION ALL
    SELECT kind, part, tag, fiscal_year, 0, 0, 0, 0, n, reversed, quantity, taken
    FROM figure_day
    WHERE kind IN (SELECT kind FROM indicator_kind WHERE indicator = $4) AND fiscal_year = $1 AND day > $2
    UNION ALL
    SELECT kind, part, tag, fiscal_year, 0, 0, 0, 0, n, reversed, quantity, taken
    FROM figure_day
    WHERE kind IN (SELECT kind FROM indicator_kind WHERE indicator = $4) AND fiscal_year = $1 - 1 AND day > $3
    UNION ALL
    SELECT kind, part, tag, fiscal_year, n, reversed, quantity, taken, 0, 0, 0, 0
    FROM figure_increment
    WHERE kind IN (SELECT kind FROM indicator_kind WHERE indicator = $4)
    UNION ALL
    SELECT kind, part, tag, fiscal_year, 0, 0, 0, 0, n, reversed, quantity, taken
    FROM figure_increment
    WHERE kind IN (SELECT kind FROM indicator_kind WHERE indicator = $4)
      AND day > CASE WHEN fiscal_year = $1 THEN $2 WHEN fiscal_year = $1 - 1 THEN $3 ELSE day END
    UNION ALL
    SELECT kind, part, '', fiscal_year, n, 0, 0, 0,
           CASE WHEN day > CASE WHEN fiscal_year = $1 THEN $2 WHEN fiscal_year = $1 - 1 THEN $3 ELSE day END
               THEN n ELSE 0 END, 0, 0, 0
    FROM figure_distinct
    WHERE kind IN (SELECT kind FROM indicator_kind WHERE indicator = $4)
) AS seen
GROUP BY kind, part, tag, fiscal_year
ORDER BY kind, part, tag, fiscal_year";

/// What the facts say, less what is kept of them. A change of the city writes its facts and their increments together
/// and one sentence sees one moment, so that whatever is left over is a mistake, whoever writes meanwhile.
const DIFFERENCES: &str = "
SELECT kind, part, tag, fiscal_year, day,
       CAST(SUM(n) AS BIGINT) AS n,
       CAST(SUM(reversed) AS BIGINT) AS reversed,
       CAST(SUM(quantity) AS BIGINT) AS quantity,
       CAST(SUM(taken) AS BIGINT) AS taken
FROM (
    SELECT kind, '' AS part, COALESCE(tag, '') AS tag, fiscal_year, day,
           COUNT(*) - 2 * COUNT(reverses) AS n,
           COUNT(reverses) AS reversed,
           SUM(quantity) AS quantity,
           SUM(CASE WHEN reverses IS NULL THEN 0 ELSE -quantity END) AS taken
    FROM fact
    GROUP BY kind, fiscal_year, tag, day
    UNION ALL
    SELECT f.kind, '^' || p.prefix, COALESCE(f.tag, ''), f.fiscal_year, f.day,
           COUNT(*) - 2 * COUNT(f.reverses),
           COUNT(f.reverses),
           SUM(f.quantity),
           SUM(CASE WHEN f.reverses IS NULL THEN 0 ELSE -f.quantity END)
    FROM figure_prefix p
    JOIN fact f ON f.kind = p.kind AND substr(f.subject, 1, length(p.prefix)) = p.prefix
    GROUP BY f.kind, p.prefix, f.fiscal_year, f.tag, f.day
    UNION ALL
    SELECT kind, part, tag, fiscal_year, day, -n, -reversed, -quantity, -taken
    FROM figure_day
    UNION ALL
    SELECT kind, part, tag, fiscal_year, day, -n, -reversed, -quantity, -taken
    FROM figure_increment
) AS seen
GROUP BY kind, part, tag, fiscal_year, day
HAVING SUM(n) <> 0 OR SUM(reversed) <> 0 OR SUM(quantity) <> 0 OR SUM(taken) <> 0
ORDER BY kind, part, tag, fiscal_year, day";

/// What the years say, less what their days say.
const YEARS_THAT_DIFFER: &str = "
SELECT kind, part, tag, fiscal_year,
       CAST(SUM(n) AS BIGINT) AS n,
       CAST(SUM(reversed) AS BIGINT) AS reversed,
       CAST(SUM(quantity) AS BIGINT) AS quantity,
       CAST(SUM(taken) AS BIGINT) AS taken
FROM (
    SELECT kind, part, tag, fiscal_year, n, reversed, quantity, taken
    FROM figure_day
    UNION ALL
    SELECT kind, part, tag, fiscal_year, -n, -reversed, -quantity, -taken
    FROM figure_year
) AS seen
GROUP BY kind, part, tag, fiscal_year
HAVING SUM(n) <> 0 OR SUM(reversed) <> 0 OR SUM(quantity) <> 0 OR SUM(taken) <> 0
ORDER BY kind, part, tag, fiscal_year";

const CLEAR_INCREMENTS: &str = "
DELETE FROM figure_increment";

const CLEAR_DAYS: &str = "
DELETE FROM figure_day";

const CLEAR_YEARS: &str = "
DELETE FROM figure_year";

const CLEAR_ALL_DISTINCT: &str = "
DELETE FROM figure_distinct";

const CLEAR_PREFIXES: &str = "
DELETE FROM figure_prefix";

const PUT_PREFIX: &str = "
INSERT INTO figure_prefix (kind, prefix)
VALUES ($1, $2)
ON CONFLICT (kind, prefix) DO NOTHING";

const CLEAR_DISTINCT: &str = "
DELETE FROM figure_distinct
WHERE kind = $1 AND part = $2 AND fiscal_year = $3";

/// A subject counts from the first day on which something about it stands that was not taken back.
const COUNT_DISTINCT: &str = "
INSERT INTO figure_distinct (kind, part, fiscal_year, day, n)
SELECT $1, $2, fiscal_year, first_day, COUNT(*)
FROM (
    SELECT fiscal_year, subject, MIN(day) AS first_day
    FROM (
        SELECT fiscal_year, subject, day
        FROM fact
        WHERE kind = $1 AND fiscal_year = $3 AND substr(subject, 1, length(CAST($4 AS TEXT))) = CAST($4 AS TEXT)
        GROUP BY fiscal_year, subject, day
        HAVING COUNT(*) > 2 * COUNT(reverses)
    ) AS standing
    GROUP BY fiscal_year, subject
) AS seen
GROUP BY fiscal_year, first_day";

const COUNT_DISTINCT_WITH_TAGS: &str = "
INSERT INTO figure_distinct (kind, part, fiscal_year, day, n)
SELECT $1, $2, fiscal_year, first_day, COUNT(*)
FROM (
    SELECT fiscal_year, subject, MIN(day) AS first_day
    FROM (
        SELECT fiscal_year, subject, day
        FROM fact
        WHERE kind = $1 AND fiscal_year = $3 AND substr(subject, 1, length(CAST($4 AS TEXT))) = CAST($4 AS TEXT)
          AND tag IN ($5, $6, $7, $8, $9, $10, $11, $12)
        GROUP BY fiscal_year, subject, day
        HAVING COUNT(*) > 2 * COUNT(reverses)
    ) AS standing
    GROUP BY fiscal_year, subject
) AS seen
GROUP BY fiscal_year, first_day";

const DISTINCT_OF: &str = "
SELECT fiscal_year, CAST(SUM(n) AS BIGINT) AS n
FROM figure_distinct
WHERE kind = $1 AND part = $2
GROUP BY fiscal_year
ORDER BY fiscal_year";

/// The years in which something of a kind happened, as far as they are known.
const YEARS_OF_KIND: &str = "
SELECT fiscal_year AS n
FROM figure_year
WHERE kind = $1
UNION
SELECT fiscal_year
FROM figure_increment
WHERE kind = $1";

/// The newest first.
const RECORDS: &str = "
SELECT f.id, f.day, f.kind, f.quantity, f.subject, f.tag, f.reverses, r.id AS reversed_by, f.recorded_at
FROM fact f
LEFT JOIN fact r ON r.reverses = f.id
WHERE f.kind = $1 AND f.fiscal_year = $2 AND (f.day, f.id) < ($3, $4)
  AND (CAST($5 AS TEXT) = '' OR substr(f.subject, 1, length(CAST($5 AS TEXT))) = CAST($5 AS TEXT))
ORDER BY f.day DESC, f.id DESC
LIMIT $6";

const RECORDS_WITH_TAG: &str = "
SELECT f.id, f.day, f.kind, f.quantity, f.subject, f.tag, f.reverses, r.id AS reversed_by, f.recorded_at
FROM fact f
LEFT JOIN fact r ON r.reverses = f.id
WHERE f.kind = $1 AND f.fiscal_year = $2 AND f.tag = $7 AND (f.day, f.id) < ($3, $4)
  AND (CAST($5 AS TEXT) = '' OR substr(f.subject, 1, length(CAST($5 AS TEXT))) = CAST($5 AS TEXT))
ORDER BY f.day DESC, f.id DESC
LIMIT $6";

const RECORDS_WITH_TAGS: &str = "
SELECT f.id, f.day, f.kind, f.quantity, f.subject, f.tag, f.reverses, r.id AS reversed_by, f.recorded_at
FROM fact f
LEFT JOIN fact r ON r.reverses = f.id
WHERE f.kind = $1 AND f.fiscal_year = $2 AND (f.day, f.id) < ($3, $4)
  AND (CAST($5 AS TEXT) = '' OR substr(f.subject, 1, length(CAST($5 AS TEXT))) = CAST($5 AS TEXT))
  AND f.tag IN ($7, $8, $9, $10, $11, $12, $13, $14)
ORDER BY f.day DESC, f.id DESC
LIMIT $6";

/// Its sentences.
pub(super) const SENTENCES: &[&str] = &[
    APPEND,
    PREFIXES,
    IS_COUNTED,
    KEEP,
    TAKE,
    ADD_TO_DAY,
    ADD_TO_YEAR,
    TALLIES,
    TALLIES_OF,
    DIFFERENCES,
    YEARS_THAT_DIFFER,
    CLEAR_INCREMENTS,
    CLEAR_DAYS,
    CLEAR_YEARS,
    CLEAR_ALL_DISTINCT,
    CLEAR_PREFIXES,
    PUT_PREFIX,
    CLEAR_DISTINCT,
    COUNT_DISTINCT,
    COUNT_DISTINCT_WITH_TAGS,
    DISTINCT_OF,
    YEARS_OF_KIND,
    RECORDS,
    RECORDS_WITH_TAG,
    RECORDS_WITH_TAGS,
];

/// What happened of one kind on a day, summed up: of all its facts, or of those whose subject begins alike.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
#[expect(missing_docs, reason = "the migration explains the columns")]
pub struct DaySum {
    pub kind: String,
    pub part: String,
    pub tag: String,
    pub fiscal_year: i64,
    pub day: NaiveDate,
    pub n: i64,
    pub reversed: i64,
    pub quantity: i64,
    pub taken: i64,
}

/// The same for a year.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
#[expect(missing_docs, reason = "the migration explains the columns")]
pub struct YearSum {
    pub kind: String,
    pub part: String,
    pub tag: String,
    pub fiscal_year: i64,
    pub n: i64,
    pub reversed: i64,
    pub quantity: i64,
    pub taken: i64,
}

/// How many different subjects a year has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct Subjects {
    /// The year.
    pub fiscal_year: i64,
    /// How many.
    pub n: i64,
}

/// A fact behind a figure.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
#[expect(missing_docs, reason = "the fields are those of the facts")]
pub struct Record {
    pub id: i64,
    pub day: NaiveDate,
    pub kind: String,
    pub quantity: i64,
    pub subject: Option<String>,
    pub tag: Option<String>,
    /// The fact that this one takes back.
    pub reverses: Option<i64>,
    /// The fact that takes this one back.
    pub reversed_by: Option<i64>,
    pub recorded_at: DateTime<Utc>,
}

#[derive(FromRow)]
struct PrefixRow {
    kind: String,
    prefix: String,
}

#[derive(FromRow)]
struct Number {
    n: i64,
}

/// Appends what has just happened. Nobody waits for it.
pub async fn append(tx: &mut Tx, sum: &DaySum) -> Result<()> {
    put_day(tx, APPEND, sum).await
}

/// The beginnings of subjects that are counted by, with their kind.
pub async fn prefixes(tx: &mut Tx) -> Result<Vec<(String, String)>> {
    let rows = tx.ask(PREFIXES).all::<PrefixRow>().await?;
    Ok(rows.into_iter().map(|row| (row.kind, row.prefix)).collect())
}

/// Names the beginnings of subjects that are counted by.
pub async fn put_prefixes(tx: &mut Tx, prefixes: &[(String, String)]) -> Result<()> {
    tx.ask(CLEAR_PREFIXES).run().await?;
    for (kind, prefix) in prefixes {
        tx.ask(PUT_PREFIX).with(kind.clone()).with(prefix.clone()).run().await?;
    }
    Ok(())
}

/// Whether an indicator counts facts of this kind.
pub async fn is_counted(tx: &mut Tx, kind: &str) -> Result<bool> {
    Ok(tx.ask(IS_COUNTED).with(kind.to_owned()).maybe::<Number>().await?.is_some())
}

/// Waits until nobody else folds or recounts, and lets others wait until the transaction ends.
pub async fn keep(tx: &mut Tx, now: DateTime<Utc>) -> Result<()> {
    tx.ask(KEEP).with(now).run().await?;
    Ok(())
}

/// Takes up to `most` increments away, to be folded in the same transaction.
pub async fn take(tx: &mut Tx, most: i64) -> Result<Vec<DaySum>> {
    tx.ask(TAKE).with(most).all().await
}

/// Adds to what is folded of a day.
pub async fn add_to_day(tx: &mut Tx, sum: &DaySum) -> Result<()> {
    put_day(tx, ADD_TO_DAY, sum).await
}

/// Adds to what is folded of a year.
pub async fn add_to_year(tx: &mut Tx, sum: &YearSum) -> Result<()> {
    tx.ask(ADD_TO_YEAR)
        .with(sum.kind.clone())
        .with(sum.part.clone())
        .with(sum.tag.clone())
        .with(sum.fiscal_year)
        .with(sum.n)
        .with(sum.reversed)
        .with(sum.quantity)
        .with(sum.taken)
        .run()
        .await?;
    Ok(())
}

async fn put_day(tx: &mut Tx, sql: &'static str, sum: &DaySum) -> Result<()> {
    tx.ask(sql)
        .with(sum.kind.clone())
        .with(sum.part.clone())
        .with(sum.tag.clone())
        .with(sum.fiscal_year)
        .with(sum.day)
        .with(sum.n)
        .with(sum.reversed)
        .with(sum.quantity)
        .with(sum.taken)
        .run()
        .await?;
    Ok(())
}

/// Everything that any indicator counts, as of a day.
pub async fn tallies(db: &Db, today: NaiveDate) -> Result<Vec<Tally>> {
    let year = number(FiscalYear::of(today));
    db.ask(TALLIES).with(year).with(today).with(kyodo_kernel::clock::a_year_before(today)).all().await
}

/// Everything that one indicator counts, as of a day.
pub async fn tallies_of(db: &Db, indicator: i64, today: NaiveDate) -> Result<Vec<Tally>> {
    let year = number(FiscalYear::of(today));
    let before = kyodo_kernel::clock::a_year_before(today);
    db.ask(TALLIES_OF).with(year).with(today).with(before).with(indicator).all().await
}

/// Where the days differ from the facts.
pub async fn differences(db: &Db) -> Result<Vec<DaySum>> {
    db.ask(DIFFERENCES).all().await
}

/// The same in a transaction, to put it right.
pub async fn differences_now(tx: &mut Tx) -> Result<Vec<DaySum>> {
    tx.ask(DIFFERENCES).all().await
}

/// Where the years differ from their days.
pub async fn years_that_differ(db: &Db) -> Result<Vec<YearSum>> {
    db.ask(YEARS_THAT_DIFFER).all().await
}

/// The same in a transaction, to put it right.
pub async fn years_that_differ_now(tx: &mut Tx) -> Result<Vec<YearSum>> {
    tx.ask(YEARS_THAT_DIFFER).all().await
}

/// Forgets everything that is summed up, to be counted from nothing.
pub async fn forget_sums(tx: &mut Tx) -> Result<()> {
    for sql in [CLEAR_INCREMENTS, CLEAR_DAYS, CLEAR_YEARS, CLEAR_ALL_DISTINCT] {
        tx.ask(sql).run().await?;
    }
    Ok(())
}

/// Counts the different subjects of a year anew.
pub async fn count_distinct(tx: &mut Tx, series: &Series, year: i64) -> Result<()> {
    let (kind, part) = (series.kind.clone(), series.part());
    tx.ask(CLEAR_DISTINCT).with(kind.clone()).with(part.clone()).with(year).run().await?;
    let sql = if series.tags.is_empty() { COUNT_DISTINCT } else { COUNT_DISTINCT_WITH_TAGS };
    let query = tx.ask(sql).with(kind).with(part).with(year).with(series.prefix.clone());
    eight(&series.tags).into_iter().fold(query, kyodo_db::Query::with).run().await?;
    Ok(())
}

/// How many different subjects each year has, as counted last.
pub async fn distinct_of(tx: &mut Tx, series: &Series) -> Result<Vec<Subjects>> {
    tx.ask(DISTINCT_OF).with(series.kind.clone()).with(series.part()).all().await
}

/// The years in which something of a kind happened.
pub async fn years_of_kind(tx: &mut Tx, kind: &str) -> Result<Vec<i64>> {
    let rows = tx.ask(YEARS_OF_KIND).with(kind.to_owned()).all::<Number>().await?;
    Ok(rows.into_iter().map(|row| row.n).collect())
}

/// Every indicator as it stands in this transaction.
pub async fn indicators_now(tx: &mut Tx) -> Result<Vec<Indicator>> {
    Ok(tx.ask(INDICATORS).with(1_i64).all::<IndicatorRow>().await?.into_iter().map(Into::into).collect())
}

/// The records of a series and year, newest first: up to `most` after a place.
pub async fn records(
    db: &Db,
    series: &Series,
    year: FiscalYear,
    after: Option<(NaiveDate, i64)>,
    most: i64,
) -> Result<Vec<Record>> {
    let sql = match series.tags.len() {
        0 => RECORDS,
        1 => RECORDS_WITH_TAG,
        _ => RECORDS_WITH_TAGS,
    };
    let (day, id) = after.unwrap_or((year.next().first_day(), 0));
    let query = db.ask(sql).with(series.kind.clone()).with(number(year)).with(day).with(id);
    let query = query.with(series.prefix.clone()).with(most);
    let tags = match series.tags.as_slice() {
        [only] => vec![only.clone()],
        tags => eight(tags),
    };
    tags.into_iter().fold(query, kyodo_db::Query::with).all().await
}

/// As many tags as a sentence has places for; none when there are none.
fn eight(tags: &[String]) -> Vec<String> {
    let mut tags = tags.to_vec();
    if let Some(last) = tags.last().cloned() {
        tags.resize(MOST_TAGS, last);
    }
    tags
}
