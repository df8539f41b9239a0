//! Reading `plan.toml`, `indicators.toml` and `earlier-plans.toml`, and putting them into the database.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, Utc};
use kyodo_db::{Db, Result, Tx};
use kyodo_kernel::FiscalYear;
use kyodo_kernel::catalogue::kind_named;
use kyodo_kernel::pack::city::CityPack;
use kyodo_kernel::pack::part::{Later, Part, Reading};
use kyodo_kernel::pack::{Faults, Pack, Toml};
use kyodo_kernel::search;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use toml::Spanned;

use crate::earlier::{EarlierLine, EarlierPlan, Found, KeyFault, Lineage, Said, Source, key_faults};
use crate::indicator::{Counted, Definition, Direction, How, Indicator, Value};
use crate::node::{Details, Earlier, Node, Role, Tag, level_of, parent_key};
use crate::plan::{Outline, Period, Plan};
use crate::round::{Route, Step};
use crate::schedule::{RowFault, Schedule};
use crate::store::figures::MOST_TAGS;
use crate::text::Contact;
use crate::{findable, store};

const PLAN_FILE: &str = "plan.toml";
const INDICATORS_FILE: &str = "indicators.toml";
const EARLIER_FILE: &str = "earlier-plans.toml";

/// What the plan room reads from packs.
#[derive(Debug)]
pub struct PlanPart;

/// A plan with its indicators, read and checked.
#[derive(Debug, Default, Serialize)]
pub struct PlanReading {
    /// The plan.
    pub plan: Plan,
    /// Its indicators.
    pub indicators: Vec<Indicator>,
    /// How many people live in the city at the ends of years, for figures per head.
    pub population: Vec<People>,
    /// The plans before it, the oldest first.
    pub earlier: Vec<EarlierPlan>,
}

impl Part for PlanPart {
    fn read(&self, pack: &Pack, city: &CityPack, faults: &mut Faults) -> Box<dyn Reading> {
        Box::new(read(pack, city, faults))
    }

    fn stored<'a>(&'a self, db: &'a Db) -> Later<'a, Result<Json>> {
        Box::pin(async move {
            let Some((id, mut plan)) = store::plan(db).await? else {
                return Ok(Json::Null);
            };
            // A pack knows no versions, and not since when a line is in the plan.
            plan.version = 1;
            plan.nodes = store::nodes(db, id).await?.into_iter().map(as_printed).collect();
            let indicators = store::indicators(db, id).await?;
            let population = store::entries(db, id).await?.population_of_documents();
            let mut earlier = store::earlier_plans(db, id).await?;
            earlier.retain(|plan| plan.source == Source::Pack);
            Ok(PlanReading { plan, indicators, population, earlier }.value())
        })
    }
}

/// A line as the pack has it: without what is written at the desk, a 再掲 without what it borrows from its node.
fn as_printed(mut node: Node) -> Node {
    node.since = None;
    node.away = Vec::new();
    if !node.is_alias() {
        node.details.contact = Contact::default();
        node.details.readings = Vec::new();
        if node.assigned {
            node.departments = Vec::new();
        }
        return node;
    }
    Node {
        title: String::new(),
        details: Details::default(),
        departments: Vec::new(),
        schedule: Schedule::default(),
        ..node
    }
}

impl Reading for PlanReading {
    fn value(&self) -> Json {
        serde_json::to_value(self).unwrap_or_default()
    }

    fn install<'a>(&'a self, tx: &'a mut Tx, now: DateTime<Utc>) -> Later<'a, Result<()>> {
        Box::pin(async move {
            let is_whole = store::put_plan_of_pack(tx, &self.plan, &self.indicators, now).await?;
            store::put_population(tx, &self.population, now).await?;
            store::put_earlier_of_pack(tx, 1, &self.earlier).await?;
            if is_whole {
                search::replace(tx, "plan", &findable::documents(&self.plan, &self.indicators)).await?;
            }
            Ok(())
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NodeEntry {
    key: Spanned<String>,
    #[serde(default)]
    code: String,
    title: Option<String>,
    #[serde(default)]
    heading: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    purpose: String,
    #[serde(default)]
    situation: String,
    #[serde(default)]
    completion: String,
    tag: Option<Tag>,
    #[serde(default)]
    departments: Vec<Spanned<String>>,
    #[serde(default)]
    implementers: Vec<String>,
    #[serde(default)]
    targets: Vec<Spanned<String>>,
    other_target: Option<Spanned<String>>,
    roles: Option<Spanned<BTreeMap<String, Role>>>,
    #[serde(default)]
    related: Vec<String>,
    schedule: Option<Spanned<Vec<String>>>,
    #[serde(default)]
    tools: Vec<String>,
    #[serde(default)]
    earlier: Vec<Earlier>,
    alias_of: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IndicatorEntry {
    key: Spanned<String>,
    name: String,
    short: Option<String>,
    unit: String,
    #[serde(default)]
    decimals: u8,
    node: Option<Spanned<String>>,
    group: Option<String>,
    direction: Direction,
    baseline: Option<Value>,
    targets: Option<Spanned<Vec<Value>>>,
    #[serde(default)]
    note: String,
    #[serde(default)]
    about: String,
    counted: Option<Spanned<Counted>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PeopleEntry {
    year: Spanned<i32>,
    people: u32,
    #[serde(default)]
    source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EarlierEntry {
    title: Spanned<String>,
    period: Spanned<Period>,
    #[serde(default)]
    summary: String,
    #[serde(default)]
    lines: Vec<EarlierLineEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EarlierLineEntry {
    key: Spanned<String>,
    #[serde(default)]
    code: String,
    title: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    outcome: String,
    #[serde(default)]
    departments: Vec<String>,
    #[serde(default)]
    earlier: Vec<Earlier>,
}

/// How many people live in the city at the end of a year.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct People {
    /// The year, by the Western year it begins in.
    pub year: i32,
    /// How many.
    pub people: u32,
    /// Where the number comes from.
    pub source: String,
}

/// Reads and checks the room's files of a pack.
pub fn read(pack: &Pack, city: &CityPack, faults: &mut Faults) -> PlanReading {
    let Some(mut file) = pack.toml(PLAN_FILE, faults) else {
        return PlanReading::default();
    };
    let status: Option<Spanned<String>> = file.maybe("status", faults);
    if let Some(status) = status.as_ref().filter(|status| !matches!(status.get_ref().as_str(), "draft" | "adopted")) {
        let text = format!("status「{}」は draft か adopted にしてください。", status.get_ref());
        faults.add(PLAN_FILE, file.line(status.span().start), text);
    }
    let mut plan = Plan {
        title: file.must("title", faults).unwrap_or_default(),
        status: status.map_or_else(|| "adopted".to_owned(), Spanned::into_inner),
        version: 1,
        outline: Outline {
            summary: file.maybe("summary", faults).unwrap_or_default(),
            period: period(&mut file, "period", faults),
            action_period: period(&mut file, "action_period", faults),
            levels: file.must("levels", faults).unwrap_or_default(),
            grid: period(&mut file, "grid", faults),
            inferred_schedule: file.maybe("inferred_schedule", faults).unwrap_or_default(),
            schedule_note: file.maybe("schedule_note", faults).unwrap_or_default(),
            parties: file.maybe("parties", faults).unwrap_or_default(),
            targets: file.maybe("targets", faults).unwrap_or_default(),
            party_words: file.maybe("party_words", faults).unwrap_or_default(),
            marks: entries(file.list("marks", faults)),
            grades: entries(file.list("grades", faults)),
            bodies: entries(file.list("bodies", faults)),
            route: route(entries(file.list("route", faults))),
        },
        nodes: Vec::new(),
    };
    let nodes: Vec<(usize, NodeEntry)> = file.list("nodes", faults);
    if faults.is_empty() || !nodes.is_empty() {
        plan.nodes = read_nodes(nodes, &plan.outline, city, &file, faults);
    }
    file.finish(faults);
    let (indicators, population) = read_indicators(pack, &plan, faults);
    let earlier = read_earlier(pack, &plan, faults);
    PlanReading { plan, indicators, population, earlier }
}

fn period(file: &mut Toml<'_>, name: &'static str, faults: &mut Faults) -> Option<Period> {
    let written: Spanned<Period> = file.maybe(name, faults)?;
    let Period { from, to } = *written.get_ref();
    // A plan of more than thirty years is a slip of the pen.
    if !(0..=30).contains(&to.saturating_sub(from)) {
        let text = format!("{name} は from から to までの年度（30年以内）で書いてください。");
        faults.add(PLAN_FILE, file.line(written.span().start), text);
    }
    Some(written.into_inner())
}

/// The way of reports; a plan that says nothing has the usual one.
fn route(steps: Vec<Step>) -> Route {
    if steps.is_empty() { Route::default() } else { Route(steps) }
}

fn entries<T>(list: Vec<(usize, T)>) -> Vec<T> {
    list.into_iter().map(|(_, entry)| entry).collect()
}

fn read_nodes(
    list: Vec<(usize, NodeEntry)>,
    outline: &Outline,
    city: &CityPack,
    file: &Toml<'_>,
    faults: &mut Faults,
) -> Vec<Node> {
    let mut seen: HashSet<String> = HashSet::new();
    let real = list.iter().filter(|(_, entry)| entry.alias_of.is_none());
    let real: HashSet<String> = real.map(|(_, entry)| entry.key.get_ref().clone()).collect();
    let years: Vec<FiscalYear> = outline.grid.map(|grid| grid.years().collect()).unwrap_or_default();
    let mut nodes = Vec::new();
    for (position, (_, entry)) in (1_i64..).zip(list) {
        let mut fault = |at: usize, text: String| faults.add(PLAN_FILE, file.line(at), text);
        let (at_key, key) = (entry.key.span().start, entry.key.get_ref().clone());
        if !key.split('-').all(|part| part.parse::<u32>().is_ok_and(|n| n > 0)) {
            fault(at_key, format!("key「{key}」は、各段の番号を - でつないで書いてください（例 1-2-4）。"));
            continue;
        }
        if level_of(&key) > outline.levels.len() {
            fault(at_key, format!("key「{key}」は、levels の{}段より深いところにあります。", outline.levels.len()));
        }
        if let Some(parent) = parent_key(&key)
            && !seen.contains(parent)
        {
            fault(at_key, format!("key「{key}」の上の段「{parent}」が、これより前にありません。"));
        }
        if !seen.insert(key.clone()) {
            fault(at_key, format!("key「{key}」が二度あります。"));
        }
        match &entry.alias_of {
            Some(other) if !real.contains(other.get_ref()) => {
                let text = format!("再掲のもと「{}」がないか、それも再掲です。", other.get_ref());
                fault(other.span().start, text);
            }
            None if entry.title.as_deref().unwrap_or_default().trim().is_empty() => {
                fault(at_key, format!("「{key}」に title がありません。"));
            }
            _ => {}
        }
        check_words(&entry, outline, city, &mut fault);
        let schedule = match &entry.schedule {
            Some(cells) if years.is_empty() => {
                fault(cells.span().start, "schedule には、grid の年度が要ります。".to_owned());
                Schedule::default()
            }
            Some(cells) => Schedule::read(&years, cells.get_ref(), &outline.marks).unwrap_or_else(|wrong| {
                for wrong in &wrong {
                    fault(cells.span().start, row_fault(wrong));
                }
                Schedule::default()
            }),
            None => Schedule::default(),
        };
        nodes.push(into_node(entry, position, schedule));
    }
    nodes
}

fn check_words(entry: &NodeEntry, outline: &Outline, city: &CityPack, fault: &mut impl FnMut(usize, String)) {
    for department in &entry.departments {
        if !city.departments.iter().any(|known| known.key == *department.get_ref()) {
            let text = format!("課「{}」が city.toml の departments にありません。", department.get_ref());
            fault(department.span().start, text);
        }
    }
    if let Some(roles) = &entry.roles {
        for party in roles.get_ref().keys().filter(|party| !outline.parties.contains(party)) {
            fault(roles.span().start, format!("主体「{party}」が parties にありません。"));
        }
    }
    for target in entry.targets.iter().filter(|target| !outline.targets.contains(target.get_ref())) {
        fault(target.span().start, format!("対象「{}」が targets にありません。", target.get_ref()));
    }
    if let Some(other) = &entry.other_target
        && !entry.targets.iter().any(|target| target.get_ref() == "その他")
    {
        fault(other.span().start, "other_target は、targets に「その他」があるときに書きます。".to_owned());
    }
}

fn row_fault(fault: &RowFault) -> String {
    match fault {
        RowFault::Length { years, cells } => {
            format!("schedule は{years}年分で書いてください（いまは{cells}）。")
        }
        RowFault::ArrowWithoutMark(year) => {
            format!("{year}年度の「→」の前に、続ける段階がありません。")
        }
        RowFault::UnknownMark(year, mark) => {
            format!("{year}年度の段階「{mark}」が marks にありません。")
        }
    }
}

fn into_node(entry: NodeEntry, position: i64, schedule: Schedule) -> Node {
    let key = entry.key.into_inner();
    let plain = |words: Vec<Spanned<String>>| words.into_iter().map(Spanned::into_inner).collect();
    Node {
        id: 0,
        parent: parent_key(&key).map(str::to_owned),
        level: level_of(&key),
        position,
        key,
        code: entry.code,
        alias_of: entry.alias_of.map(Spanned::into_inner),
        title: entry.title.unwrap_or_default(),
        details: Details {
            heading: entry.heading,
            text: entry.text,
            purpose: entry.purpose,
            situation: entry.situation,
            completion: entry.completion,
            tag: entry.tag,
            implementers: entry.implementers,
            targets: plain(entry.targets),
            other_target: entry.other_target.map(Spanned::into_inner),
            roles: entry.roles.map(Spanned::into_inner).unwrap_or_default(),
            related: entry.related,
            tools: entry.tools,
            earlier: entry.earlier,
            ..Details::default()
        },
        departments: plain(entry.departments),
        assigned: false,
        schedule,
        since: None,
        retired_from: None,
        away: Vec::new(),
    }
}

fn read_indicators(pack: &Pack, plan: &Plan, faults: &mut Faults) -> (Vec<Indicator>, Vec<People>) {
    if pack.file(INDICATORS_FILE).is_none() {
        return Default::default();
    }
    let Some(mut file) = pack.toml(INDICATORS_FILE, faults) else {
        return Default::default();
    };
    let list: Vec<(usize, IndicatorEntry)> = file.list("indicators", faults);
    let mut indicators: Vec<Indicator> = Vec::new();
    for (_, entry) in list {
        let mut fault = |at: usize, text: String| faults.add(INDICATORS_FILE, file.line(at), text);
        let (at_key, key) = (entry.key.span().start, entry.key.get_ref());
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if key.is_empty() || !key.chars().all(fits) {
            fault(at_key, format!("key「{key}」は英小文字・数字・- で書いてください。"));
        }
        if indicators.iter().any(|known| known.key == *key) {
            fault(at_key, format!("key「{key}」が二度あります。"));
        }
        if let Some(node) = &entry.node
            && !plan.nodes.iter().any(|known| known.key == *node.get_ref())
        {
            fault(node.span().start, format!("取組「{}」が plan.toml にありません。", node.get_ref()));
        }
        if let Some(targets) = &entry.targets
            && !targets.get_ref().is_sorted_by(|one, next| one.year < next.year)
        {
            fault(targets.span().start, "targets は年度の順に、一年度に一つずつ書いてください。".to_owned());
        }
        if let Some(rule) = &entry.counted {
            check_rule(rule.get_ref(), &mut |text| fault(rule.span().start, text));
        }
        indicators.push(into_indicator(entry));
    }
    let population = read_population(&mut file, faults);
    file.finish(faults);
    (indicators, population)
}

fn read_population(file: &mut Toml<'_>, faults: &mut Faults) -> Vec<People> {
    let list: Vec<(usize, PeopleEntry)> = file.list("population", faults);
    let mut population: Vec<People> = Vec::new();
    for (_, entry) in list {
        let (at, year) = (file.line(entry.year.span().start), entry.year.into_inner());
        if entry.people == 0 {
            faults.add(INDICATORS_FILE, at, format!("{year}年度の people は1以上にしてください。"));
        }
        if population.last().is_some_and(|before| before.year >= year) {
            faults.add(INDICATORS_FILE, at, "population は年度の順に、一年度に一つずつ書いてください。".to_owned());
        }
        population.push(People { year, people: entry.people, source: entry.source });
    }
    population
}

fn read_earlier(pack: &Pack, plan: &Plan, faults: &mut Faults) -> Vec<EarlierPlan> {
    if pack.file(EARLIER_FILE).is_none() {
        return Vec::new();
    }
    let Some(mut file) = pack.toml(EARLIER_FILE, faults) else {
        return Vec::new();
    };
    let list: Vec<(usize, EarlierEntry)> = file.list("plans", faults);
    let mut plans: Vec<EarlierPlan> = Vec::new();
    for (_, entry) in list {
        let mut fault = |at: usize, text: String| faults.add(EARLIER_FILE, file.line(at), text);
        let (at_title, at_years) = (entry.title.span().start, entry.period.span().start);
        let (title, period) = (entry.title.into_inner(), entry.period.into_inner());
        if title.trim().is_empty() || title == plan.title {
            fault(at_title, "title は、いまの計画とちがう、前の計画の名前にしてください。".to_owned());
        }
        if !(0..=30).contains(&period.to.saturating_sub(period.from)) {
            fault(at_years, "period は from から to までの年度（30年以内）で書いてください。".to_owned());
        }
        if plans.last().is_some_and(|before| (before.period.to, before.period.from) >= (period.to, period.from)) {
            fault(at_years, "plans は、終わった年度の古い順に、同じ年度のものがないように書いてください。".to_owned());
        }
        let keys: Vec<&str> = entry.lines.iter().map(|line| line.key.get_ref().as_str()).collect();
        for (at, wrong) in key_faults(&keys) {
            fault(entry.lines[at].key.span().start, key_fault(keys[at], wrong));
        }
        for line in entry.lines.iter().filter(|line| line.title.trim().is_empty()) {
            fault(line.key.span().start, format!("「{}」に title がありません。", line.key.get_ref()));
        }
        let lines = entry.lines.into_iter().map(into_earlier_line).collect();
        plans.push(EarlierPlan { title, period, summary: entry.summary, lines, source: Source::Pack });
    }
    file.finish(faults);
    let lineage = Lineage::of(plans, &[], None, &[]);
    let named = plan.nodes.iter().flat_map(|node| node.details.earlier.iter().map(|one| (PLAN_FILE, &node.key, one)));
    let older = lineage.plans.iter().flat_map(|plan| &plan.lines);
    let older = older.flat_map(|line| line.said.earlier.iter().map(|one| (EARLIER_FILE, &line.key, one)));
    for (name, key, one) in named.chain(older).filter(|(_, _, one)| matches!(lineage.find(one), Found::NoSuchLine(_))) {
        let text = format!("「{key}」の earlier「{}」が {EARLIER_FILE} にないか、一つに決まりません。", one.written());
        faults.add(name, 0, text);
    }
    lineage.plans
}

fn key_fault(key: &str, fault: KeyFault) -> String {
    match fault {
        KeyFault::Shape => format!("key「{key}」は、各段の番号を - でつないで書いてください（例 1-2-4）。"),
        KeyFault::NoParent => format!("key「{key}」の上の段が、これより前にありません。"),
        KeyFault::Twice => format!("key「{key}」が二度あります。"),
    }
}

fn into_earlier_line(entry: EarlierLineEntry) -> EarlierLine {
    let key = entry.key.into_inner();
    let said = Said {
        level: level_of(&key),
        text: entry.text,
        outcome: entry.outcome,
        departments: entry.departments,
        earlier: entry.earlier,
        ..Said::default()
    };
    EarlierLine { key, code: entry.code, title: entry.title, said, node: None }
}

fn check_rule(rule: &Counted, fault: &mut impl FnMut(String)) {
    for kind in std::iter::once(&rule.kind).chain(&rule.less).filter(|kind| kind_named(kind).is_none()) {
        fault(format!("記録の種類「{kind}」はありません。"));
    }
    if rule.how != How::Net && (rule.less.is_some() || rule.start.is_some() || rule.start_year.is_some()) {
        fault("less・start・start_year は how = \"net\" のときに書きます。".to_owned());
    }
    if rule.how != How::Share && rule.of.is_some() {
        fault("of は how = \"share\" のときに書きます。".to_owned());
    }
    let tags = rule.all_tags();
    if rule.how == How::Share && tags.is_empty() && rule.subject.is_none() {
        fault("how = \"share\" には、割合を出す記録を tag・tags・subject のどれかで書いてください。".to_owned());
    }
    if rule.per_head && matches!(rule.how, How::Share | How::Distinct) {
        fault("per_head は how = \"count\"・\"sum\"・\"net\" のときに書きます。".to_owned());
    }
    if rule.tag.is_some() && !rule.tags.is_empty() {
        fault("tag と tags は、どちらか一方にしてください。".to_owned());
    }
    if tags.len() > MOST_TAGS {
        fault(format!("tags は{MOST_TAGS}個までにしてください（いまは{}個）。", tags.len()));
    }
    // These signs tell the parts of a figure apart.
    for tag in tags.iter().filter(|tag| tag.is_empty() || tag.contains([',', '^', '='])) {
        fault(format!("tag「{tag}」は、「,」「^」「=」のない言葉で書いてください。"));
    }
    if rule.subject.as_deref() == Some("") {
        fault("subject は、数える記録の対象の初めの文字を書いてください（例 \"/news\"）。".to_owned());
    }
}

fn into_indicator(entry: IndicatorEntry) -> Indicator {
    Indicator {
        id: 0,
        key: entry.key.into_inner(),
        name: entry.name,
        node: entry.node.map(Spanned::into_inner),
        definition: Definition {
            short: entry.short,
            unit: entry.unit,
            decimals: entry.decimals,
            group: entry.group,
            direction: entry.direction,
            baseline: entry.baseline,
            targets: entry.targets.map(Spanned::into_inner).unwrap_or_default(),
            note: entry.note,
            about: entry.about,
            counted: entry.counted.map(Spanned::into_inner),
        },
    }
}
