//! A year's report as it was adopted: a document that stays as it was, whatever is corrected later. Nouns and rules; no I/O.

use chrono::NaiveDate;
use kyodo_kernel::FiscalYear;
use kyodo_papers::Paper;
use kyodo_web::sheet::Sheet;

/// That a year's report was adopted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adoption {
    /// The first has the number 1.
    pub number: i64,
    /// The day.
    pub on: NaiveDate,
    /// Who adopted it, as residents read it; may be empty.
    pub body: String,
    /// Why it was adopted anew; empty for the first.
    pub reason: String,
    /// The fingerprint of what the document was made of.
    pub content: String,
}

/// What was adopted.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// As it is printed.
    pub paper: Paper,
    /// As a table.
    pub sheet: Sheet,
}

/// How many characters the name of whoever adopts takes.
pub const MOST_BODY: usize = 60;

/// How many characters the reason takes.
pub const MOST_REASON: usize = 500;

/// Why a report cannot be adopted so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The day has not come yet.
    Ahead,
    /// The day lies before the year that is reported on.
    BeforeTheYear,
    /// The day lies before that of the adoption before.
    BeforeTheLast,
    /// The name has more characters than it takes; by how many.
    LongBody(usize),
    /// It was adopted before, and nothing says why again.
    NoReason,
    /// The reason has more characters than it takes; by how many.
    LongReason(usize),
}

impl Fault {
    /// The field it belongs to.
    #[must_use]
    pub fn field(self) -> &'static str {
        match self {
            Self::Ahead | Self::BeforeTheYear | Self::BeforeTheLast => "on",
            Self::LongBody(_) => "body",
            Self::NoReason | Self::LongReason(_) => "reason",
        }
    }
}

/// What is wrong with adopting a year's report so, after the adoption before.
#[must_use]
pub fn faults(
    year: FiscalYear,
    today: NaiveDate,
    before: Option<&Adoption>,
    (on, body, reason): (NaiveDate, &str, &str),
) -> Vec<Fault> {
    let mut faults = Vec::new();
    if on > today {
        faults.push(Fault::Ahead);
    } else if on < year.first_day() {
        faults.push(Fault::BeforeTheYear);
    } else if before.is_some_and(|before| on < before.on) {
        faults.push(Fault::BeforeTheLast);
    }
    let over = |text: &str, most: usize| text.chars().count().checked_sub(most).filter(|over| *over > 0);
    faults.extend(over(body, MOST_BODY).map(Fault::LongBody));
    if before.is_some() && reason.is_empty() {
        faults.push(Fault::NoReason);
    }
    faults.extend(over(reason, MOST_REASON).map(Fault::LongReason));
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn wrong(before: Option<&str>, on: &str, reason: &str) -> Vec<Fault> {
        let before = before.map(|on| Adoption {
            number: 1,
            on: day(on),
            body: String::new(),
            reason: String::new(),
            content: String::new(),
        });
        faults(FiscalYear::new(2025), day("2026-11-20"), before.as_ref(), (day(on), "", reason))
    }

    #[test]
    fn a_report_is_adopted_between_the_beginning_of_its_year_and_today() {
        assert_eq!(wrong(None, "2026-11-20", ""), []);
        assert_eq!(wrong(None, "2026-11-21", ""), [Fault::Ahead]);
        assert_eq!(wrong(None, "2025-03-31", ""), [Fault::BeforeTheYear]);
    }

    #[test]
    fn adopting_anew_comes_after_the_first_and_says_why() {
        assert_eq!(wrong(Some("2026-10-01"), "2026-11-01", "人数に誤りがありました。"), []);
        assert_eq!(wrong(Some("2026-10-01"), "2026-09-30", ""), [Fault::BeforeTheLast, Fault::NoReason]);
    }

    #[test]
    fn words_have_their_length() {
        let long = "長".repeat(MOST_REASON + 2);
        let wrong = faults(FiscalYear::new(2025), day("2026-11-20"), None, (day("2026-11-20"), &long[..183], &long));
        assert_eq!(wrong, [Fault::LongBody(1), Fault::LongReason(2)]);
    }
}
