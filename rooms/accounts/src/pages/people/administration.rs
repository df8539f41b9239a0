//! A city is never without an administrator: whoever removes one must leave another.

use chrono::NaiveDate;

use crate::store::people::Term;

/// Whether somebody still administers from a day on when these duties end before it: at least as long as they would
/// have lasted.
pub(super) fn goes_on(terms: &[Term], ended: &[i64], from: NaiveDate) -> bool {
    let ends = |term: &Term| {
        let is_ended = |id: i64| ended.contains(&id);
        // Who stands in for somebody goes with them.
        is_ended(term.id) || term.deputy_of.is_some_and(is_ended)
    };
    let is_left = |term: &&Term| term.ends_on.is_none_or(|last| last >= from.max(term.starts_on));
    let (gone, others): (Vec<_>, Vec<_>) = terms.iter().filter(is_left).partition(|term| ends(term));
    let forever = NaiveDate::MAX;
    let Some(until) = gone.iter().map(|term| term.ends_on.unwrap_or(forever)).max() else {
        return true;
    };
    others.iter().any(|other| other.starts_on <= from && other.ends_on.unwrap_or(forever) >= until)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn term(id: i64, from: &str, to: Option<&str>) -> Term {
        Term { id, account: id, starts_on: day(from), ends_on: to.map(day), deputy_of: None }
    }

    #[test]
    fn the_last_administrator_stays() {
        let from = day("2026-12-01");
        let hana = term(1, "2020-04-01", None);
        let ken = term(2, "2026-04-01", None);
        assert!(!goes_on(std::slice::from_ref(&hana), &[1], from));
        assert!(goes_on(&[hana.clone(), ken.clone()], &[1], from));
        assert!(!goes_on(&[hana.clone(), ken], &[1, 2], from));
        // Somebody who is not in office yet, or goes before, or stands in for the one who goes, is nobody.
        assert!(!goes_on(&[hana.clone(), term(2, "2027-04-01", None)], &[1], from));
        assert!(!goes_on(&[hana.clone(), term(2, "2026-04-01", Some("2027-03-31"))], &[1], from));
        assert!(!goes_on(&[hana.clone(), Term { deputy_of: Some(1), ..term(2, "2026-04-01", None) }], &[1], from));
        // What has ended, or never begins, cannot be missed.
        assert!(goes_on(&[hana.clone(), term(2, "2026-04-01", Some("2026-10-31"))], &[2], from));
        assert!(goes_on(&[hana, term(2, "2027-04-01", Some("2027-03-31"))], &[2], from));
    }
}
