//! The plans before the one that stands, and what became of each of their lines: pure, without I/O.

use std::collections::{BTreeMap, HashMap};

use kyodo_jptext::search_key;
use kyodo_kernel::FiscalYear;
use serde::{Deserialize, Serialize};

use crate::editing::{Kind, Link};
use crate::node::{Earlier, Node, by_year};
use crate::plan::Period;
use crate::schedule::Schedule;

/// A plan before the one that stands. It runs no more; it is kept so that everybody can see what became of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EarlierPlan {
    /// As printed on its cover.
    pub title: String,
    /// The fiscal years in which it ran; no two plans have the same.
    pub period: Period,
    /// What it was about.
    pub summary: String,
    /// Its lines, parents before children.
    pub lines: Vec<EarlierLine>,
    /// Where it comes from.
    #[serde(skip)]
    pub source: Source,
}

/// Where an earlier plan comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The city's pack, which goes on saying what it was.
    Pack,
    /// Somebody at the desk wrote it down.
    Desk,
    /// It ran here, until the next plan took its place.
    Adopted,
}

impl Source {
    /// Every source.
    pub const ALL: [Self; 3] = [Self::Pack, Self::Desk, Self::Adopted];

    /// Its name in the database.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pack => "pack",
            Self::Desk => "desk",
            Self::Adopted => "adopted",
        }
    }

    /// The source of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.name() == name)
    }
}

/// A line of an earlier plan as it was in the end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct EarlierLine {
    /// The ordinals of its levels, e.g. `1-2`; a line that ran here keeps its key.
    pub key: String,
    /// As printed; empty where it had none.
    pub code: String,
    /// Its title.
    pub title: String,
    /// What else is known of it.
    #[serde(flatten)]
    pub said: Said,
    /// The key of the line here that it was, whose page has its reports.
    #[serde(skip)]
    pub node: Option<String>,
}

/// What is known of a line of an earlier plan besides its title.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Said {
    /// How deep it stood; 1 is the top.
    pub level: usize,
    /// What was to be done.
    pub text: String,
    /// What came of it.
    pub outcome: String,
    /// Who was in charge, as they were called then.
    pub departments: Vec<String>,
    /// What it was in plans before that one.
    pub earlier: Vec<Earlier>,
    /// The year grid as printed.
    #[serde(with = "by_year")]
    pub schedule: Schedule,
    /// The first fiscal year in which it was not in that plan any more, where it left it before the plan ended.
    pub retired_from: Option<i32>,
}

impl EarlierPlan {
    /// Its key in addresses: its years.
    #[must_use]
    pub fn key(&self) -> String {
        key_of(self.period)
    }

    /// The address of its page.
    #[must_use]
    pub fn address(&self) -> String {
        format!("/plan/earlier/{}", self.key())
    }
}

/// The key of the plan that ran in these years.
#[must_use]
pub fn key_of(period: Period) -> String {
    format!("{}-{}", period.from, period.to)
}

impl EarlierLine {
    /// The line that another was, when the plan of these years ends in which it stood; `names` says what its departments
    /// are called.
    #[must_use]
    pub fn of(node: &Node, period: Period, names: impl Fn(&str) -> Option<String>) -> Self {
        let details = &node.details;
        let said = Said {
            level: node.level,
            text: if details.purpose.is_empty() { details.text.clone() } else { details.purpose.clone() },
            outcome: String::new(),
            departments: node.departments.iter().filter_map(|key| names(key)).collect(),
            earlier: details.earlier.clone(),
            schedule: node.schedule.since(period.first()),
            retired_from: node.retired_from,
        };
        let (key, code, title) = (node.key.clone(), node.code.clone(), node.title.clone());
        Self { node: Some(key.clone()), key, code, title, said }
    }

    /// Code and title in one line.
    #[must_use]
    pub fn titled(&self) -> String {
        format!("{} {}", self.code, self.title).trim().to_owned()
    }
}

/// The lines of a plan that ends, 再掲 left out, which are printed twice and were done once.
#[must_use]
pub fn lines_of(nodes: &[Node], period: Period, names: impl Fn(&str) -> Option<String>) -> Vec<EarlierLine> {
    let own = nodes.iter().filter(|node| !node.is_alias() && was_in(node, period));
    own.map(|node| EarlierLine::of(node, period, &names)).collect()
}

/// Whether a line ever was in the plan of these years.
fn was_in(node: &Node, period: Period) -> bool {
    period.years().any(|year| node.is_in(year))
}

/// Why lines that somebody typed or printed cannot be an earlier plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyFault {
    /// The key is no row of ordinals.
    Shape,
    /// There is no line above it before it.
    NoParent,
    /// It stands there twice.
    Twice,
}

/// What is wrong with the keys of lines, by their place.
#[must_use]
pub fn key_faults(keys: &[&str]) -> Vec<(usize, KeyFault)> {
    let mut seen: Vec<&str> = Vec::new();
    let mut faults = Vec::new();
    for (at, key) in keys.iter().enumerate() {
        let fault = if !key.split('-').all(|part| part.parse::<u32>().is_ok_and(|n| n > 0)) {
            Some(KeyFault::Shape)
        } else if seen.contains(key) {
            Some(KeyFault::Twice)
        } else if crate::node::parent_key(key).is_some_and(|parent| !seen.contains(&parent)) {
            Some(KeyFault::NoParent)
        } else {
            None
        };
        faults.extend(fault.map(|fault| (at, fault)));
        seen.push(key);
    }
    faults
}

/// A line of an earlier plan: which plan, the oldest first, and which of its lines.
pub type Spot = (usize, usize);

/// A line that a line of an earlier plan went on in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heir {
    /// Where it stands.
    pub at: Place,
    /// How it goes on there, where a revision said so; none where it is the same line, or was only named.
    pub kind: Option<Kind>,
}

/// Where a line stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// In the plan that stands; its key.
    Standing(String),
    /// In an earlier plan.
    Earlier(Spot),
}

/// What a line said to have been in an earlier plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// This line.
    Line(Spot),
    /// The plan is known, but has no such line.
    NoSuchLine(usize),
    /// No plan here is called so.
    NoSuchPlan,
}

/// All earlier plans with what became of each line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lineage {
    /// The plans, the oldest first.
    pub plans: Vec<EarlierPlan>,
    names: Names,
    heirs: HashMap<Spot, Vec<Heir>>,
    forebears: HashMap<Place, Vec<Spot>>,
}

/// How plans and their lines are called, so that what is written in another width is found.
#[derive(Clone, Debug, Default, PartialEq)]
struct Names {
    plans: HashMap<String, usize>,
    titles: HashMap<(usize, String), Vec<usize>>,
}

impl Lineage {
    /// Works out what became of each line of these plans: `nodes` are all lines that the plan here ever had, `first` is the
    /// first fiscal year of the plan that stands, `links` what its revisions made of which.
    #[must_use]
    pub fn of(mut plans: Vec<EarlierPlan>, nodes: &[Node], first: Option<i32>, links: &[Link]) -> Self {
        plans.sort_by_key(|plan| (plan.period.to, plan.period.from));
        let mut lineage = Self { names: Names::of(&plans), plans, ..Self::default() };
        // What left with a plan before the one that stands is in this one no more.
        let stands = |node: &&Node| node.retired_from.zip(first).is_none_or(|(from, first)| from > first);
        let present: Vec<&Node> = nodes.iter().filter(stands).collect();
        let mut found: Vec<(Spot, Heir)> = Vec::new();
        for at in 0..lineage.plans.len() {
            lineage.own_heirs(at, &present, links, &mut found);
            for (own, line) in lineage.plans[at].lines.iter().enumerate() {
                let older = line.node.as_deref().and_then(|key| lineage.before(at, key));
                for spot in lineage.named(&line.said.earlier, older) {
                    found.push((spot, Heir { at: Place::Earlier((at, own)), kind: None }));
                }
            }
        }
        for node in present.iter().filter(|node| !node.is_alias()) {
            let older = lineage.before(lineage.plans.len(), &node.key);
            for spot in lineage.named(&node.details.earlier, older) {
                found.push((spot, Heir { at: Place::Standing(node.key.clone()), kind: None }));
            }
        }
        for (spot, heir) in found {
            let heirs = lineage.heirs.entry(spot).or_default();
            if !heirs.iter().any(|known| known.at == heir.at) {
                lineage.forebears.entry(heir.at.clone()).or_default().push(spot);
                heirs.push(heir);
            }
        }
        lineage
    }

    /// What became of the lines of a plan that ran here: they stand in the next plan themselves, or in what a revision
    /// made of them.
    fn own_heirs(&self, at: usize, present: &[&Node], links: &[Link], found: &mut Vec<(Spot, Heir)>) {
        let own = self.places(at);
        let next = match self.plans.get(at + 1) {
            Some(_) => self.places(at + 1),
            None => present.iter().map(|node| (node.key.as_str(), Place::Standing(node.key.clone()))).collect(),
        };
        for (key, place) in &own {
            let Place::Earlier(spot) = *place else { continue };
            if let Some(same) = next.get(key) {
                found.push((spot, Heir { at: same.clone(), kind: None }));
            }
            for link in links.iter().filter(|link| link.from == *key) {
                // What left before its plan ended goes on beside it there.
                let left = self.plans[at].lines[spot.1].said.retired_from.is_some();
                let heir = if left { &own } else { &next }.get(link.to.as_str());
                found.extend(heir.map(|at| (spot, Heir { at: at.clone(), kind: Some(link.kind) })));
            }
        }
    }

    /// Where the lines of a plan that ran here stand, by their keys.
    fn places(&self, at: usize) -> BTreeMap<&str, Place> {
        let lines = self.plans[at].lines.iter().enumerate();
        lines.filter_map(|(own, line)| Some((line.node.as_deref()?, Place::Earlier((at, own))))).collect()
    }

    /// The line with this key in the last plan before another that ran here.
    fn before(&self, plan: usize, key: &str) -> Option<&EarlierLine> {
        let before = self.plans[..plan].iter().rev().find(|plan| plan.source == Source::Adopted)?;
        before.lines.iter().find(|line| line.node.as_deref() == Some(key))
    }

    /// The lines that are named, without those that the same line named in the plan before.
    fn named<'l>(&'l self, named: &'l [Earlier], older: Option<&'l EarlierLine>) -> impl Iterator<Item = Spot> + 'l {
        let own = named.iter().filter(move |one| older.is_none_or(|older| !older.said.earlier.contains(one)));
        own.filter_map(|one| match self.find(one) {
            Found::Line(spot) => Some(spot),
            Found::NoSuchLine(_) | Found::NoSuchPlan => None,
        })
    }

    /// Which line a line means that names one of an earlier plan: its plan by title or years, itself by its title, with
    /// the code where several have that title.
    #[must_use]
    pub fn find(&self, named: &Earlier) -> Found {
        let Some(plan) = self.names.plans.get(&search_key(&named.plan)).copied() else { return Found::NoSuchPlan };
        let lines = self.names.titles.get(&(plan, search_key(&named.title))).map_or(&[][..], Vec::as_slice);
        let code = search_key(&named.code);
        let fits = |line: &&usize| code.is_empty() || search_key(&self.plans[plan].lines[**line].code) == code;
        let mut fitting = lines.iter().filter(fits);
        match (fitting.next(), fitting.next()) {
            (Some(line), None) => Found::Line((plan, *line)),
            _ => Found::NoSuchLine(plan),
        }
    }

    /// The earlier plan that ran here in a fiscal year.
    #[must_use]
    pub fn ran_in(&self, year: FiscalYear) -> Option<&EarlierPlan> {
        self.plans.iter().find(|plan| plan.source == Source::Adopted && plan.period.contains(year))
    }

    /// The place of a plan in the order of plans.
    #[must_use]
    pub fn plan(&self, key: &str) -> Option<usize> {
        self.plans.iter().position(|plan| plan.key() == key)
    }

    /// A line of an earlier plan.
    #[must_use]
    pub fn line(&self, (plan, line): Spot) -> Option<(&EarlierPlan, &EarlierLine)> {
        let plan = self.plans.get(plan)?;
        Some((plan, plan.lines.get(line)?))
    }

    /// The address of a line's page.
    #[must_use]
    pub fn address(&self, spot: Spot) -> String {
        self.line(spot).map_or_else(String::new, |(plan, line)| format!("{}/{}", plan.address(), line.key))
    }

    /// What a line of an earlier plan went on in; nothing where it ended with its plan.
    #[must_use]
    pub fn heirs(&self, spot: Spot) -> &[Heir] {
        self.heirs.get(&spot).map_or(&[], Vec::as_slice)
    }

    /// The lines of earlier plans that went on in this one.
    #[must_use]
    pub fn forebears(&self, place: &Place) -> &[Spot] {
        self.forebears.get(place).map_or(&[], Vec::as_slice)
    }

    /// What is named as a line of an earlier plan and is none that is kept here.
    pub fn unknown<'e>(&self, named: &'e [Earlier]) -> impl Iterator<Item = &'e Earlier> {
        named.iter().filter(|one| !matches!(self.find(one), Found::Line(_)))
    }
}

impl Names {
    fn of(plans: &[EarlierPlan]) -> Self {
        let mut names = Self::default();
        for (at, plan) in plans.iter().enumerate() {
            names.plans.insert(search_key(&plan.title), at);
            names.plans.insert(search_key(&plan.key()), at);
            for (own, line) in plan.lines.iter().enumerate() {
                names.titles.entry((at, search_key(&line.title))).or_default().push(own);
            }
        }
        names
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(key: usize, title: &str, earlier: Vec<Earlier>) -> EarlierLine {
        let said = Said { level: 1, earlier, ..Said::default() };
        EarlierLine { key: key.to_string(), title: title.to_owned(), said, ..EarlierLine::default() }
    }

    fn named(plan: &str, code: &str, title: &str) -> Earlier {
        Earlier { plan: plan.to_owned(), code: code.to_owned(), title: title.to_owned() }
    }

    fn plan(title: &str, from: i32, lines: Vec<EarlierLine>) -> EarlierPlan {
        let period = Period { from, to: from + 4 };
        EarlierPlan { title: title.to_owned(), period, summary: String::new(), lines, source: Source::Desk }
    }

    #[test]
    fn a_line_is_found_in_whatever_width_it_is_named() {
        let mut twice = line(2, "ネット", Vec::new());
        "②".clone_into(&mut twice.code);
        let plans =
            vec![plan("計画 第2次", 2019, vec![line(1, "ネット", Vec::new()), twice, line(3, "花壇", Vec::new())])];
        let lineage = Lineage::of(plans, &[], None, &[]);
        assert_eq!(lineage.find(&named("計画第２次", "", "花壇")), Found::Line((0, 2)));
        assert_eq!(lineage.find(&named("2019-2023", "", "花壇")), Found::Line((0, 2)));
        assert_eq!(lineage.find(&named("計画第2次", "②", "ﾈｯﾄ")), Found::Line((0, 1)));
        // Two are called so, and nothing says which.
        assert_eq!(lineage.find(&named("計画第2次", "", "ネット")), Found::NoSuchLine(0));
        assert_eq!(lineage.find(&named("計画第3次", "", "花壇")), Found::NoSuchPlan);
    }

    #[test]
    fn keys_of_lines_are_ordinals_below_one_another() {
        let faults = key_faults(&["1", "1-1", "1-1", "2-1", "x", "3-0"]);
        assert_eq!(faults, [(2, KeyFault::Twice), (3, KeyFault::NoParent), (4, KeyFault::Shape), (5, KeyFault::Shape)]);
    }

    /// Plans of three lines, each naming lines of the plan before by their place, and a plan that stands doing so.
    fn named_before() -> impl Strategy<Value = Vec<Vec<Vec<usize>>>> {
        prop::collection::vec(prop::collection::vec(prop::collection::vec(0_usize..4, 0..3), 3), 1..4)
    }

    proptest! {
        #[test]
        fn what_a_line_went_on_in_came_from_it(named_before in named_before()) {
            let refs = |at: usize, own: &[usize]| -> Vec<Earlier> {
                // The fourth is in no plan.
                own.iter().map(|to| named(&format!("計画{}", at - 1), "", &format!("項目{to}"))).collect()
            };
            let last = named_before.len();
            let plans: Vec<EarlierPlan> = (0..last).map(|at| {
                let lines = (0..3).map(|own| {
                    let earlier = if at == 0 { Vec::new() } else { refs(at, &named_before[at][own]) };
                    line(own + 1, &format!("項目{own}"), earlier)
                });
                plan(&format!("計画{at}"), 2000 + 5 * i32::try_from(at).unwrap(), lines.collect())
            }).collect();
            let nodes: Vec<Node> = (0..3).map(|own| {
                let mut node = Node { key: format!("{}", own + 1), ..Node::default() };
                node.details.earlier = refs(last, &named_before[0][own]);
                node
            }).collect();
            let lineage = Lineage::of(plans, &nodes, None, &[]);
            let mut heirs = 0;
            for at in 0..last {
                for own in 0..3 {
                    for heir in lineage.heirs((at, own)) {
                        heirs += 1;
                        prop_assert!(lineage.forebears(&heir.at).contains(&(at, own)));
                    }
                }
            }
            let standing = nodes.iter().map(|node| Place::Standing(node.key.clone()));
            let places = standing.chain((0..last).flat_map(|at| (0..3).map(move |own| Place::Earlier((at, own)))));
            let forebears: usize = places.map(|place| lineage.forebears(&place).len()).sum();
            prop_assert_eq!(heirs, forebears);
            // Everything that is named and there is led to.
            let all = (1..last).flat_map(|at| named_before[at].clone()).chain(named_before[0].clone());
            let distinct: usize = all.map(|own| own.into_iter().filter(|to| *to < 3).collect::<std::collections::BTreeSet<_>>().len()).sum();
            prop_assert_eq!(heirs, distinct);
        }
    }
}
