//! What workbooks say becomes what stands: all of it in one transaction, or nothing.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use kyodo_db::{Result, Tx};
use kyodo_kernel::audit::{Entry, Trail};
use kyodo_kernel::people::{AccountId, Person};
use kyodo_kernel::words::Words;
use kyodo_kernel::{city, notices};
use serde_json::json;

use super::{Collected, Figure, Ground, Taken, Verdict, print, print_figure};
use crate::desk::Hands;
use crate::round::{Act, Hand, handed_in};
use crate::store::observations::{NewEntry, What, enter};
use crate::store::workbooks::{Line, put_line, take_in, write};
use crate::store::{self, Doing};

/// Who takes files in, and how.
pub struct Sender<'a> {
    /// Who; none at the command line.
    pub by: Option<&'a Person>,
    /// Whether what is whole is handed in; else everything is only written down.
    pub hands_in: bool,
    /// The fields of what was overtaken in which somebody decided for the file.
    pub taken: Vec<String>,
    /// Who holds the roles of a round.
    pub hands: &'a Hands,
    /// Where it is noted.
    pub trail: &'a Trail,
    /// The words of the city.
    pub words: &'a Words,
    /// When.
    pub now: DateTime<Utc>,
}

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// So many reports were handed in.
    pub submitted: usize,
    /// So many were written down.
    pub written: usize,
    /// So many figures were entered.
    pub figures: usize,
}

/// Takes in what files say, upon what was seen. None when somebody else was faster; nothing may stay then.
pub async fn apply(
    tx: &mut Tx,
    ground: &Ground,
    collected: &Collected<'_>,
    sender: &Sender<'_>,
) -> Result<Option<Applied>> {
    let mut applied = Applied::default();
    let mut told: BTreeMap<(i64, String), usize> = BTreeMap::new();
    for taken in &collected.reports {
        let is_new = sender.takes(taken.verdict, &taken.field());
        let goes = (sender.hands_in && taken.can_go() && (is_new || taken.verdict == Verdict::Same))
            || (is_new && taken.goes_again());
        if !goes && !is_new {
            continue;
        }
        let done = if goes {
            submit(tx, ground, taken, sender, &mut told).await?
        } else {
            put_down(tx, ground, taken, sender).await?
        };
        if !done {
            return Ok(None);
        }
        let line = Line { copy: taken.copy.clone(), content: print(&taken.content), submitted: goes };
        put_line(tx, ground.round.id, &taken.item.subject(&ground.round), &line).await?;
        if goes {
            applied.submitted += 1;
        } else {
            applied.written += 1;
        }
    }
    for figure in collected.figures.iter().filter(|one| sender.takes(one.verdict, &one.field())) {
        if !put_figure(tx, ground, figure, sender).await? {
            return Ok(None);
        }
        applied.figures += 1;
    }
    if applied.figures > 0 {
        city::bump_revision(tx).await?;
    }
    for department in &collected.departments {
        take_in(tx, ground.round.id, department, sender.now).await?;
    }
    for ((account, department), n) in told {
        let (name, n) = (ground.name(&department), n.to_string());
        let said = [("department", name), ("n", n.as_str())];
        let to = ground.round.address("?stage=mine");
        notices::tell(tx, AccountId(account), "notice-reports-collected", &said, &to, sender.now).await?;
    }
    Ok(Some(applied))
}

impl Sender<'_> {
    /// Whether what a row says is taken.
    fn takes(&self, verdict: Verdict, field: &str) -> bool {
        match verdict {
            Verdict::Same => false,
            Verdict::Changed => true,
            Verdict::Overtaken => self.taken.iter().any(|own| own == field),
        }
    }
}

/// Hands a report in as if its department had done so at its desk.
async fn submit(
    tx: &mut Tx,
    ground: &Ground,
    taken: &Taken<'_>,
    sender: &Sender<'_>,
    told: &mut BTreeMap<(i64, String), usize>,
) -> Result<bool> {
    let (item, route) = (taken.item, &ground.plan.outline.route);
    let departments: Vec<&str> = item.departments.iter().map(String::as_str).collect();
    let can = |step: &crate::round::Step| !sender.hands.of_step(step, &item.departments).is_empty();
    let step = match sender.by {
        Some(person) => handed_in(route, Hand { person, departments: &departments }, can),
        None => route.next(0, can),
    };
    let note = sender.words.with("workbook-act", [("department", ground.name(&taken.department))]);
    let by = sender.by.map(|person| person.id);
    let doing = Doing { act: Act::Submitted, step, by, note: &note, content: &taken.content };
    if !store::turn(tx, item.report.id, item.report.version, &doing, sender.now).await? {
        return Ok(false);
    }
    let detail = json!({ "step": step, "workbook": taken.department });
    sender.trail.note(tx, Entry::new("report.submitted", item.subject(&ground.round)).detail(detail)).await?;
    if let Some(next) = route.step(step) {
        // Somebody with two duties is one person.
        let holders: BTreeSet<i64> =
            sender.hands.of_step(next, &item.departments).into_iter().map(|holder| holder.id).collect();
        for holder in holders.into_iter().filter(|holder| by != Some(AccountId(*holder))) {
            *told.entry((holder, taken.department.clone())).or_default() += 1;
        }
    }
    Ok(true)
}

/// Writes a report down; it stands where it stood.
async fn put_down(tx: &mut Tx, ground: &Ground, taken: &Taken<'_>, sender: &Sender<'_>) -> Result<bool> {
    let item = taken.item;
    if !write(tx, item.report.id, item.report.version, &taken.content).await? {
        return Ok(false);
    }
    let detail = json!({ "workbook": taken.department });
    sender.trail.note(tx, Entry::new("report.written", item.subject(&ground.round)).detail(detail)).await?;
    Ok(true)
}

/// Enters a figure upon the record that stands.
async fn put_figure(tx: &mut Tx, ground: &Ground, figure: &Figure<'_>, sender: &Sender<'_>) -> Result<bool> {
    let (entered, year) = (figure.entered, ground.round.year);
    let upon = entered.last(year).map_or(0, |entry| entry.number);
    let new = NewEntry {
        what: What::Figure,
        indicator: Some(entered.indicator.id),
        year,
        value: Some(figure.value),
        source: &figure.source,
        department: Some(&figure.department),
        by: sender.by.map(|person| person.id),
        at: sender.now,
        example: false,
    };
    if !enter(tx, &new, upon).await? {
        return Ok(false);
    }
    let print = print_figure(Some((figure.value, &figure.source)));
    let line = Line { copy: figure.copy.clone(), content: print, submitted: true };
    put_line(tx, ground.round.id, &entered.subject(), &line).await?;
    let before = entered.standing(year).map(|(value, _)| value);
    let detail = json!({
        "year": i32::from(year), "number": upon + 1, "value": figure.value, "before": before,
        "workbook": figure.department,
    });
    sender.trail.note(tx, Entry::new("observation.entered", entered.subject()).detail(detail)).await?;
    Ok(true)
}
