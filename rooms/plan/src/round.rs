//! The yearly round: departments report, others agree step by step, the office publishes and freezes the year.
//! Nouns and rules; no I/O.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use kyodo_kernel::FiscalYear;
use kyodo_kernel::people::{Person, Role};
use kyodo_kernel::profile::Department;
use kyodo_web::components::Shape;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::node::Node;
use crate::plan::Outline;

/// Who agrees to a report after its department wrote it: one step of a city's route.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// The role that agrees: `head` for the department's own, `coordinator` for whoever keeps all together.
    pub role: StepRole,
    /// What the city calls the step; empty for the role's own name.
    #[serde(default)]
    pub name: String,
    /// Whether somebody who stands in may agree as well.
    #[serde(default = "yes")]
    pub deputies: bool,
}

fn yes() -> bool {
    true
}

/// The roles that agree to reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepRole {
    /// 所属長, of one of the item's departments.
    Head,
    /// The office that runs the plan.
    Coordinator,
    /// The system's keeper, where a city wants the mayor's office to have the last word.
    Administrator,
}

impl StepRole {
    /// The role that somebody holds.
    #[must_use]
    pub fn role(self) -> Role {
        match self {
            Self::Head => Role::Head,
            Self::Coordinator => Role::Coordinator,
            Self::Administrator => Role::Administrator,
        }
    }
}

/// The way of a city's reports, the first step first. Never empty: a plan without one has [`Route::default`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Route(pub Vec<Step>);

impl Default for Route {
    fn default() -> Self {
        let step = |role| Step { role, name: String::new(), deputies: true };
        Self(vec![step(StepRole::Head), step(StepRole::Coordinator)])
    }
}

impl Route {
    /// Whether there is a step at this place.
    #[must_use]
    pub fn step(&self, at: usize) -> Option<&Step> {
        self.0.get(at)
    }

    /// Where a report that has passed every step before `from` waits: the first step from there on that somebody can
    /// take. The last step is never passed over, so that no report is agreed to by nobody.
    #[must_use]
    pub fn next(&self, from: usize, can: impl Fn(&Step) -> bool) -> usize {
        let last = self.0.len().saturating_sub(1);
        (from..last).find(|at| self.0.get(*at).is_some_and(&can)).unwrap_or(from.max(last))
    }

    /// Whether a report at this place has passed every step.
    #[must_use]
    pub fn is_over(&self, at: usize) -> bool {
        at >= self.0.len()
    }
}

/// A year's round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Round {
    /// Its number in this city's database.
    pub id: i64,
    /// The year that is reported on.
    pub year: FiscalYear,
    /// From which day departments write.
    pub opens_on: NaiveDate,
    /// The last day for departments to hand in.
    pub due_on: NaiveDate,
    /// The last day for everybody to agree; the office publishes after it.
    pub decide_on: NaiveDate,
    /// What the office wants departments to know.
    pub note: String,
    /// When the year was frozen; nothing of it changes after that but by a correction.
    pub frozen_at: Option<DateTime<Utc>>,
    /// Which departments a placeholder such as 関係課 stands for this year.
    pub members: HashMap<String, Vec<String>>,
}

impl Round {
    /// Whether departments can write.
    #[must_use]
    pub fn is_open(&self, today: NaiveDate) -> bool {
        self.frozen_at.is_none() && self.opens_on <= today
    }

    /// The address of its page, or of something below it.
    #[must_use]
    pub fn address(&self, below: &str) -> String {
        format!("/desk/plan/rounds/{}{below}", i32::from(self.year))
    }

    /// The address of an item in it, or of something below it.
    #[must_use]
    pub fn item(&self, node: &Node, below: &str) -> String {
        self.address(&format!("/{}{below}", node.real_key()))
    }

    /// By how many days a report is late that is not handed in yet; 0 until the day itself is over.
    #[must_use]
    pub fn days_late(&self, today: NaiveDate) -> i64 {
        (today - self.due_on).num_days().max(0)
    }

    /// The departments that report an item: its own, with those that a placeholder stands for this year.
    #[must_use]
    pub fn departments<'a>(&'a self, node: &'a Node, known: &[Department]) -> Vec<&'a str> {
        departments(node, &self.members, known)
    }

    /// Whether an item is reported in this round: the plan has something for its year, or no grid at all.
    #[must_use]
    pub fn takes(&self, node: &Node, outline: &Outline) -> bool {
        let is_measure = node.level == outline.levels.len() && !node.is_alias();
        is_measure && node.is_in(self.year) && (node.schedule.is_empty() || node.planned(self.year).is_some())
    }
}

/// The departments of an item: its own, with those that a placeholder among them stands for.
pub(crate) fn departments<'a>(
    node: &'a Node,
    members: &'a HashMap<String, Vec<String>>,
    known: &[Department],
) -> Vec<&'a str> {
    let mut departments: Vec<&str> = Vec::new();
    for key in &node.departments {
        let is_placeholder = known.iter().any(|one| one.key == *key && one.placeholder);
        let own: Vec<&str> = match members.get(key) {
            Some(members) => members.iter().map(String::as_str).collect(),
            None if is_placeholder => Vec::new(),
            None => vec![key.as_str()],
        };
        for key in own {
            if !departments.contains(&key) {
                departments.push(key);
            }
        }
    }
    departments
}

/// What is wrong with the days of a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayFault {
    /// Departments would have to hand in before they may begin.
    DueBeforeOpening,
    /// Everybody would have to agree before departments hand in.
    DecidedBeforeDue,
    /// It would begin before the year that is reported on.
    BeforeTheYear,
}

/// What is wrong with the days of a round on a year.
#[must_use]
pub fn day_faults(year: FiscalYear, opens: NaiveDate, due: NaiveDate, decide: NaiveDate) -> Vec<DayFault> {
    let mut faults = Vec::new();
    if opens < year.first_day() {
        faults.push(DayFault::BeforeTheYear);
    }
    if due < opens {
        faults.push(DayFault::DueBeforeOpening);
    }
    if decide < due {
        faults.push(DayFault::DecidedBeforeDue);
    }
    faults
}

/// What a department says of an item's year.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Content {
    /// How far it really is.
    pub mark: Option<String>,
    /// How the department grades it.
    pub grade: Option<String>,
    /// What was done.
    pub text: String,
    /// What comes next.
    pub next: String,
}

/// How many characters a report's text takes. The longest of the five plans' sheets has 104.
pub const MOST_TEXT: usize = 600;

/// How many characters the next step takes.
pub const MOST_NEXT: usize = 300;

/// Why a report cannot be handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContentFault {
    /// No mark was chosen.
    NoMark,
    /// The plan has no such mark.
    UnknownMark(String),
    /// No grade was chosen.
    NoGrade,
    /// The plan has no such grade.
    UnknownGrade(String),
    /// Nothing is said.
    NoText,
    /// The text has more characters than it takes; by how many.
    LongText(usize),
    /// The next step has more characters than it takes; by how many.
    LongNext(usize),
}

impl ContentFault {
    /// The field it belongs to.
    #[must_use]
    pub fn field(&self) -> &'static str {
        match self {
            Self::NoMark | Self::UnknownMark(_) => "mark",
            Self::NoGrade | Self::UnknownGrade(_) => "grade",
            Self::NoText | Self::LongText(_) => "text",
            Self::LongNext(_) => "next",
        }
    }
}

impl Content {
    /// What was typed into the fields of a form.
    pub fn typed<'f>(field: impl Fn(&str) -> &'f str) -> Self {
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        Self {
            mark: some(field("mark")),
            grade: some(field("grade")),
            text: tidied(field("text")),
            next: tidied(field("next")),
        }
    }

    /// Every field with what stands in it, in the order of the form.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, String)> {
        let word = |word: &Option<String>| word.clone().unwrap_or_default();
        [
            ("mark", word(&self.mark)),
            ("grade", word(&self.grade)),
            ("text", self.text.clone()),
            ("next", self.next.clone()),
        ]
        .into_iter()
    }

    /// Everything that stands in it, in one line.
    #[must_use]
    pub fn in_one_line(&self) -> String {
        let told: Vec<String> = self.fields().map(|(_, value)| value).filter(|value| !value.is_empty()).collect();
        told.join(" ／ ").replace('\n', " ")
    }

    /// Whether nothing was written yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What a reader saw, in a few letters: another content has another.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        for (_, value) in self.fields() {
            hash.update(value.len().to_le_bytes());
            hash.update(value);
        }
        kyodo_kernel::secret::hex(&hash.finalize()[..12])
    }

    /// Why it cannot be handed in for an item.
    #[must_use]
    pub fn faults(&self, node: &Node, outline: &Outline) -> Vec<ContentFault> {
        let mut faults = Vec::new();
        match &self.mark {
            None if wants_mark(node, outline) => faults.push(ContentFault::NoMark),
            Some(mark) if !is_mark(mark, outline) => faults.push(ContentFault::UnknownMark(mark.clone())),
            _ => {}
        }
        match &self.grade {
            None if !outline.grades.is_empty() => faults.push(ContentFault::NoGrade),
            Some(grade) if !outline.grades.iter().any(|one| one.name == *grade) => {
                faults.push(ContentFault::UnknownGrade(grade.clone()));
            }
            _ => {}
        }
        if self.text.is_empty() {
            faults.push(ContentFault::NoText);
        }
        let over = |text: &str, most: usize| text.chars().count().checked_sub(most).filter(|over| *over > 0);
        faults.extend(over(&self.text, MOST_TEXT).map(ContentFault::LongText));
        faults.extend(over(&self.next, MOST_NEXT).map(ContentFault::LongNext));
        faults
    }
}

/// Whether a report of an item says how far it is: the plan has a grid for it.
#[must_use]
pub fn wants_mark(node: &Node, outline: &Outline) -> bool {
    !outline.marks.is_empty() && !node.schedule.is_empty()
}

/// Whether a word is a mark of the plan, or a combination of marks such as 検討・周知.
#[must_use]
pub fn is_mark(word: &str, outline: &Outline) -> bool {
    word.split('・').all(|part| outline.marks.iter().any(|mark| mark.name == part.trim()))
}

/// Lines without space at their ends, and none empty at either end.
pub(crate) fn tidied(typed: &str) -> String {
    let lines: Vec<&str> = typed.trim().lines().map(str::trim_end).collect();
    lines.join("\n")
}

/// What somebody did with a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// The department handed it in.
    Submitted,
    /// Somebody agreed to it.
    Agreed,
    /// Somebody sent it back to the department.
    Returned,
    /// The department took it back before anybody decided.
    Withdrawn,
    /// The office made it public.
    Published,
    /// The office corrected what was public after the year was frozen.
    Corrected,
}

impl Act {
    /// Every act.
    pub const ALL: [Self; 6] =
        [Self::Submitted, Self::Agreed, Self::Returned, Self::Withdrawn, Self::Published, Self::Corrected];

    /// Its name in the database.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Agreed => "agreed",
            Self::Returned => "returned",
            Self::Withdrawn => "withdrawn",
            Self::Published => "published",
            Self::Corrected => "corrected",
        }
    }

    /// As the trail names it.
    #[must_use]
    pub fn action(self) -> &'static str {
        match self {
            Self::Submitted => "report.submitted",
            Self::Agreed => "report.agreed",
            Self::Returned => "report.returned",
            Self::Withdrawn => "report.withdrawn",
            Self::Published => "report.published",
            Self::Corrected => "report.corrected",
        }
    }

    /// The act of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.name() == name)
    }

    /// Where a report stands after it, when it then waits at the step `at`.
    #[must_use]
    pub fn leads_to(self, at: usize, route: &Route) -> Stage {
        match self {
            Self::Submitted | Self::Agreed if route.is_over(at) => Stage::Agreed,
            Self::Submitted | Self::Agreed => Stage::Waiting(at),
            Self::Returned => Stage::Returned,
            Self::Withdrawn => Stage::Unwritten,
            Self::Published | Self::Corrected => Stage::Published,
        }
    }
}

/// Where a report stands; follows from the last thing that was done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Nobody has handed anything in, or it was taken back.
    Unwritten,
    /// The department must write once more.
    Returned,
    /// It waits for somebody of this step of the route to agree.
    Waiting(usize),
    /// Everybody has agreed; the office may publish.
    Agreed,
    /// It is public.
    Published,
}

impl Stage {
    /// Whether the department has to write.
    #[must_use]
    pub fn is_with_department(self) -> bool {
        matches!(self, Self::Unwritten | Self::Returned)
    }

    /// Its name in addresses.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unwritten => "unwritten",
            Self::Returned => "returned",
            Self::Waiting(_) => "waiting",
            Self::Agreed => "agreed",
            Self::Published => "published",
        }
    }

    /// Its shape.
    #[must_use]
    pub fn shape(self) -> Shape {
        match self {
            Self::Unwritten => Shape::None,
            Self::Returned => Shape::Not,
            Self::Waiting(_) => Shape::Part,
            Self::Agreed => Shape::Ok,
            Self::Published => Shape::Done,
        }
    }
}

/// The names of all stages, in the order of filters.
pub const STAGES: [&str; 5] = ["unwritten", "returned", "waiting", "agreed", "published"];

/// Why somebody may not do something with a report now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The year is frozen.
    Frozen,
    /// The round has not begun.
    NotYet,
    /// The report is not where this could be done: somebody was faster.
    Elsewhere,
    /// It is not theirs to do.
    NotTheirs,
}

/// Somebody, as the rules of a round look at them.
#[derive(Clone, Copy, Debug)]
pub struct Hand<'a> {
    /// Who it is.
    pub person: &'a Person,
    /// The departments that report the item.
    pub departments: &'a [&'a str],
}

impl Hand<'_> {
    /// Whether they write for the item.
    #[must_use]
    pub fn writes(self) -> bool {
        self.person.holds(Role::Coordinator) || self.departments.iter().any(|key| self.person.writes_for(key))
    }

    /// Whether they may take a step of the route.
    #[must_use]
    pub fn takes(self, step: &Step) -> bool {
        let role = step.role.role();
        self.person.duties.iter().any(|duty| {
            duty.role == role
                && (step.deputies || duty.deputy_of.is_none())
                && (role != Role::Head || duty.department.as_deref().is_some_and(|own| self.departments.contains(&own)))
        })
    }
}

/// Where a report waits after its department handed it in: a step that whoever hands it in could take anyway is passed.
#[must_use]
pub fn handed_in(route: &Route, by: Hand<'_>, can: impl Fn(&Step) -> bool) -> usize {
    let first = route.next(0, &can);
    match route.step(first) {
        Some(step) if step.role == StepRole::Head && by.takes(step) => route.next(first + 1, can),
        _ => first,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn a_step_that_nobody_can_take_is_passed_but_never_the_last() {
        let route = Route::default();
        assert_eq!(route.next(0, |_| true), 0);
        assert_eq!(route.next(0, |step| step.role != StepRole::Head), 1, "no head in this department");
        assert_eq!(route.next(0, |_| false), 1, "the office has the last word");
        assert_eq!(route.next(1, |_| true), 1);
        assert_eq!(route.next(2, |_| true), 2);
        assert!(route.is_over(route.next(2, |_| false)));
    }

    #[test]
    fn a_stage_follows_from_the_last_act() {
        let route = Route::default();
        assert_eq!(Act::Submitted.leads_to(0, &route), Stage::Waiting(0));
        assert_eq!(Act::Agreed.leads_to(1, &route), Stage::Waiting(1));
        assert_eq!(Act::Agreed.leads_to(2, &route), Stage::Agreed);
        assert_eq!(Act::Returned.leads_to(0, &route), Stage::Returned);
        assert_eq!(Act::Withdrawn.leads_to(0, &route), Stage::Unwritten);
        assert_eq!(Act::Corrected.leads_to(2, &route), Stage::Published);
        for act in Act::ALL {
            assert_eq!(Act::named(act.name()), Some(act));
        }
    }

    #[test]
    fn the_days_of_a_round_come_in_order() {
        let year = FiscalYear::new(2026);
        let ok = day_faults(year, day("2027-03-01"), day("2027-04-24"), day("2027-05-15"));
        assert_eq!(ok, []);
        let none = day_faults(year, day("2026-03-31"), day("2026-03-30"), day("2026-03-29"));
        assert_eq!(none, [DayFault::BeforeTheYear, DayFault::DueBeforeOpening, DayFault::DecidedBeforeDue]);
    }

    #[test]
    fn a_placeholder_stands_for_the_departments_named_this_year() {
        let known = |key: &str, placeholder| Department { key: key.to_owned(), placeholder, ..Department::default() };
        let known = [known("kyodo", false), known("all", true)];
        let node = Node { departments: vec!["kyodo".to_owned(), "all".to_owned()], ..Node::default() };
        let mut round = Round {
            id: 1,
            year: FiscalYear::new(2026),
            opens_on: day("2027-03-01"),
            due_on: day("2027-04-24"),
            decide_on: day("2027-05-15"),
            note: String::new(),
            frozen_at: None,
            members: HashMap::new(),
        };
        assert_eq!(round.departments(&node, &known), ["kyodo"]);
        round.members.insert("all".to_owned(), vec!["kyodo".to_owned(), "zaisei".to_owned()]);
        assert_eq!(round.departments(&node, &known), ["kyodo", "zaisei"]);
        assert_eq!(round.days_late(day("2027-04-24")), 0);
        assert_eq!(round.days_late(day("2027-05-01")), 7);
    }

    #[test]
    fn what_is_missing_or_unknown_in_a_report_is_named() {
        use crate::plan::Grade;
        use crate::schedule::{Mark, Schedule};
        let outline = Outline {
            marks: vec![Mark { name: "実施".to_owned(), rank: 3, ends: false }],
            grades: vec![Grade { name: "A".to_owned(), text: String::new() }],
            ..Outline::default()
        };
        let schedule = Schedule::of_printed([(FiscalYear::new(2026), "実施".to_owned())]);
        let node = Node { schedule, ..Node::default() };
        let missing = [ContentFault::NoMark, ContentFault::NoGrade, ContentFault::NoText];
        assert_eq!(Content::default().faults(&node, &outline), missing);
        let good = Content {
            mark: Some("実施".to_owned()),
            grade: Some("A".to_owned()),
            text: "開きました。".to_owned(),
            next: String::new(),
        };
        assert_eq!(good.faults(&node, &outline), []);
        let wrong = Content {
            mark: Some("実施・踊る".to_owned()),
            grade: Some("Z".to_owned()),
            text: "折".repeat(MOST_TEXT + 2),
            next: "折".repeat(MOST_NEXT + 1),
        };
        let told = [
            ContentFault::UnknownMark("実施・踊る".to_owned()),
            ContentFault::UnknownGrade("Z".to_owned()),
            ContentFault::LongText(2),
            ContentFault::LongNext(1),
        ];
        assert_eq!(wrong.faults(&node, &outline), told);
        assert_eq!(Content::default().faults(&Node::default(), &outline)[0], ContentFault::NoGrade, "no grid, no mark");
    }
}
