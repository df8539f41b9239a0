//! `/desk`: what waits for whoever works with the plan, what they were told, and the days they should know of.

use std::cmp::Ordering;

use askama::Template;
use axum::response::{IntoResponse, Response};
use chrono::{Datelike, Days, NaiveDate, Weekday};
use http::Method;
use kyodo_kernel::Language;
use kyodo_kernel::drafts::{self, Draft};
use kyodo_kernel::notices::{self, Notice};
use kyodo_kernel::people::{self, Duty, Person, Role};
use kyodo_wareki::{Wareki, long_date_with_weekday};
use kyodo_web::components::{Shape, Status};
use kyodo_web::form::seen_at;
use kyodo_web::unsent::UNSENT;
use kyodo_web::{Ctx, DESK, Error, Form, Frame, HandedIn, HandedInBy, Page, Result, Task, Tasks, filters, format};

use super::{is_answered, unsent};

/// So far ahead the end of a duty is told.
const AHEAD: Days = Days::new(60);
/// A due day that is further off is told in months.
const FAR: i64 = 60;
/// So many notices are looked through for those not read.
const NOTICES: i64 = 50;
/// So many that were read still stand there.
const READ: usize = 5;

/// Somebody's desk.
#[derive(Template)]
#[template(path = "desk.html")]
struct DeskPage {
    f: Frame,
    groups: Vec<Group>,
    unsent: Vec<Unsent>,
    sent: Vec<(HandedIn, String)>,
    notices: Vec<Told>,
    unread: i64,
    /// The number of the newest notice.
    newest: i64,
    months: Vec<Month>,
}

/// What waits with much the same urgency.
struct Group {
    id: &'static str,
    label: &'static str,
    waits: Vec<Wait>,
}

struct Wait {
    due: Option<Due>,
    task: Task,
}

/// Until when: for machines, for people, and how it stands.
struct Due {
    iso: String,
    day: String,
    status: Status,
}

/// A form whose sender's session was over.
struct Unsent {
    address: String,
    iso: String,
    when: String,
    title: String,
}

struct Told {
    is_new: bool,
    iso: String,
    when: String,
    text: String,
    address: String,
}

/// What somebody is writing, and what they were told last, with how much of it they have not read.
#[derive(Debug, PartialEq)]
struct Own {
    drafts: Vec<Draft>,
    notices: Vec<Notice>,
    unread: i64,
}

/// Who stands in for somebody, each with their last day.
#[derive(Debug, PartialEq)]
struct StandIns(Vec<(String, Option<NaiveDate>)>);

struct Month {
    name: String,
    dates: Vec<Date>,
}

/// A day to know of.
struct Date {
    day: NaiveDate,
    said: String,
    text: String,
    address: Option<String>,
}

/// Whoever is signed in, completely: the proof that the city asks for is not missing.
pub(super) fn somebody(ctx: &Ctx) -> Result<&Person> {
    let person = ctx.person()?;
    if person.is_half { Err(Error::Half) } else { Ok(person) }
}

pub(super) async fn desk(ctx: Ctx) -> Result<Response> {
    let person = somebody(&ctx)?;
    // Residents keep their own things on the page of their account.
    if DESK.admits(&ctx.actor, &Method::GET).is_err() {
        return Ok(seen_at("/account"));
    }
    let (reader, own) = (ctx.reader()?, own(&ctx, person));
    let own = ctx.briefly(&reader, own).await?;
    let tasks = tasks(&ctx, &own.drafts).await?;
    let stand_ins = async { Ok(StandIns(people::stand_ins(&ctx.db, person.id, ctx.today).await?)) };
    let stand_ins = ctx.remembered(&reader, stand_ins).await?;
    let dates = dates(&ctx, person, &tasks, &stand_ins);
    let page = DeskPage {
        unsent: own.drafts.iter().filter_map(|draft| Unsent::new(&ctx, draft)).collect(),
        sent: sent(&ctx).await?,
        newest: own.notices.first().map_or(0, |notice| notice.id),
        notices: told(&ctx, &own.notices),
        unread: own.unread,
        months: months(&ctx, dates),
        groups: groups(&ctx, tasks),
        f: ctx.frame(ctx.words().say("mydesk-title")).at_desk(),
    };
    Ok(Page(page).into_response())
}

async fn own(ctx: &Ctx, person: &Person) -> Result<Own> {
    let drafts = drafts::mine(&ctx.db, person.id).await?;
    let (notices, unread) = notices::latest(&ctx.db, person.id, NOTICES).await?;
    Ok(Own { drafts, notices, unread })
}

/// `POST /desk/notices/reading`: everything up to a notice was read.
pub(super) async fn read(ctx: Ctx, form: Form) -> Result<Response> {
    let person = somebody(&ctx)?;
    let up_to = form.text("up-to").parse().map_err(|_| Error::Invalid { field: "up-to", reason: "form-token" })?;
    let mut change = ctx.change(&form).await?;
    notices::read(&mut change.tx, person.id, up_to, ctx.now).await?;
    change.done("/desk", "said-notices-read").await
}

/// What waits in all rooms, in their order.
async fn tasks(ctx: &Ctx, drafts: &[Draft]) -> Result<Vec<Task>> {
    let rooms: Vec<Tasks> = ctx.house.rooms_of(&ctx.state.profile).filter_map(|room| room.tasks).collect();
    let mut tasks = Vec::new();
    for room in rooms {
        tasks.extend(room(ctx, drafts).await?);
    }
    Ok(tasks)
}

/// What was handed in in all rooms, the latest first, with when it last moved.
async fn sent(ctx: &Ctx) -> Result<Vec<(HandedIn, String)>> {
    let rooms: Vec<HandedInBy> = ctx.house.rooms_of(&ctx.state.profile).filter_map(|room| room.sent).collect();
    let mut sent = Vec::new();
    for room in rooms {
        sent.extend(room(ctx).await?);
    }
    sent.sort_by_key(|one| std::cmp::Reverse(one.at));
    Ok(sent
        .into_iter()
        .map(|one| {
            let when = format::moment(one.at, ctx.language);
            (one, when)
        })
        .collect())
}

// --- what waits --------------------------------------------------------------------------------------------

fn groups(ctx: &Ctx, mut tasks: Vec<Task>) -> Vec<Group> {
    tasks.sort_by(|one, other| match (one.due, other.due) {
        (Some(one), Some(other)) => one.cmp(&other),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    });
    let sunday = ctx.today.week(Weekday::Mon).last_day();
    let mut groups = [
        Group { id: "over", label: "mydesk-over", waits: Vec::new() },
        Group { id: "week", label: "mydesk-week", waits: Vec::new() },
        Group { id: "later", label: "mydesk-later", waits: Vec::new() },
        Group { id: "undated", label: "mydesk-undated", waits: Vec::new() },
    ];
    for task in tasks {
        let at = match task.due {
            Some(due) if due < ctx.today => 0,
            Some(due) if due <= sunday => 1,
            Some(_) => 2,
            None => 3,
        };
        groups[at].waits.push(Wait { due: task.due.map(|due| Due::new(ctx, due)), task });
    }
    groups.into_iter().filter(|group| !group.waits.is_empty()).collect()
}

impl Due {
    fn new(ctx: &Ctx, due: NaiveDate) -> Self {
        let days = (due - ctx.today).num_days();
        let said = |key: &str, n: i64| ctx.words().with(key, [("n", n)]);
        let (shape, word) = match days {
            ..0 => (Shape::Late, said("mydesk-late", -days)),
            0 => (Shape::Part, ctx.words().say("mydesk-today")),
            1..=7 => (Shape::Part, said("mydesk-days-left", days)),
            8..=FAR => (Shape::None, said("mydesk-days-left", days)),
            _ => (Shape::None, said("mydesk-months-left", days / 30)),
        };
        Self { iso: due.to_string(), day: short_day(ctx, due), status: Status { shape, word } }
    }
}

impl Unsent {
    fn new(ctx: &Ctx, draft: &Draft) -> Option<Self> {
        let meant_for = draft.subject.strip_prefix(UNSENT)?;
        Some(Self {
            address: format!("/desk/unsent/{}", draft.id),
            iso: draft.saved_at.to_rfc3339(),
            when: format::moment(draft.saved_at, ctx.language),
            title: unsent::title(ctx, meant_for),
        })
    }
}

// --- notices -----------------------------------------------------------------------------------------------

/// What was not read stands first, and a few that were after it.
fn told(ctx: &Ctx, notices: &[Notice]) -> Vec<Told> {
    let (new, read): (Vec<&Notice>, Vec<&Notice>) = notices.iter().partition(|notice| notice.read_at.is_none());
    let shown = new.into_iter().chain(read.into_iter().take(READ));
    // One that an older Kyodo told, in words that are gone, is passed over.
    let shown = shown.filter(|notice| ctx.words().has(&notice.message));
    shown
        .map(|notice| Told {
            is_new: notice.read_at.is_none(),
            iso: notice.told_at.to_rfc3339(),
            when: format::moment(notice.told_at, ctx.language),
            text: ctx
                .words()
                .with(&notice.message, notice.said.iter().map(|(name, value)| (name.as_str(), value.as_str()))),
            address: notice.address.clone(),
        })
        .collect()
}

// --- the days ----------------------------------------------------------------------------------------------

/// Due days from today on, duties that end soon, and the handover for those who prepare it.
fn dates(ctx: &Ctx, person: &Person, tasks: &[Task], stand_ins: &StandIns) -> Vec<Date> {
    let date = |day, text, address| Date { day, said: day_in_month(ctx, day), text, address };
    let words = ctx.words();
    let due = |task: &Task| Some(date(task.due?, task.title.clone(), Some(task.address.clone())));
    let mut dates: Vec<Date> = tasks.iter().filter_map(due).filter(|date| date.day >= ctx.today).collect();
    let soon = ctx.today + AHEAD;
    let ends_soon = |day: &NaiveDate| (ctx.today..=soon).contains(day);
    for duty in &person.duties {
        if let Some(last) = duty.ends_on.filter(ends_soon) {
            let key = if duty.deputy_of.is_some() { "mydesk-standing-in-ends" } else { "mydesk-duty-ends" };
            dates.push(date(last, words.with(key, [("role", role(ctx, duty))]), Some("/account".to_owned())));
        }
    }
    for (name, last) in &stand_ins.0 {
        if let Some(last) = last.filter(ends_soon) {
            dates.push(date(last, words.with("mydesk-deputy-ends", [("name", name.as_str())]), None));
        }
    }
    if person.holds(Role::Administrator) {
        let next = ctx.fiscal_year().last_day() + Days::new(1);
        let address = is_answered(ctx, HANDOVER).then(|| HANDOVER.to_owned());
        dates.push(date(next, words.say("mydesk-handover"), address));
    }
    dates.sort_by_key(|date| date.day);
    dates
}

/// Where one list of staff hands everything over.
const HANDOVER: &str = "/desk/people/handover";

/// A role with the department it is held in.
fn role(ctx: &Ctx, duty: &Duty) -> String {
    let role = ctx.words().say(duty.role.message());
    match duty.department.as_deref().and_then(|key| ctx.state.department(key)) {
        Some(department) => {
            ctx.words().with("mydesk-role-in", [("role", role), ("department", department.name.clone())])
        }
        None => role,
    }
}

fn months(ctx: &Ctx, dates: Vec<Date>) -> Vec<Month> {
    let mut months: Vec<Month> = Vec::new();
    for date in dates {
        let name = month(ctx, date.day);
        match months.last_mut().filter(|month| month.name == name) {
            Some(month) => month.dates.push(date),
            None => months.push(Month { name, dates: vec![date] }),
        }
    }
    months
}

/// 11月; of another year 令和9年4月.
fn month(ctx: &Ctx, day: NaiveDate) -> String {
    let is_this_year = day.year() == ctx.today.year();
    match ctx.language {
        Language::English if is_this_year => day.format("%B").to_string(),
        Language::English => day.format("%B %Y").to_string(),
        _ if is_this_year => format!("{}月", day.month()),
        Language::EasyJapanese => format!("{}年{}月", day.year(), day.month()),
        Language::Japanese => match Wareki::of(day) {
            Some(year) => format!("{year}{}月", day.month()),
            None => format!("{}年{}月", day.year(), day.month()),
        },
    }
}

/// 11月18日（水）; of another year with the year.
fn short_day(ctx: &Ctx, day: NaiveDate) -> String {
    if day.year() != ctx.today.year() {
        return format::day(day, ctx.language);
    }
    match ctx.language {
        Language::English => day.format("%-d %B").to_string(),
        _ => format!("{}{}", format::day_and_month(day, ctx.language), weekday(day)),
    }
}

/// 18日（水）, under the name of its month.
fn day_in_month(ctx: &Ctx, day: NaiveDate) -> String {
    match ctx.language {
        Language::English => day.format("%a %-d").to_string(),
        _ => format!("{}日{}", day.day(), weekday(day)),
    }
}

/// （水）
fn weekday(day: NaiveDate) -> String {
    let long = long_date_with_weekday(day);
    long.find('（').map_or_else(String::new, |at| long[at..].to_owned())
}

impl DeskPage {
    /// How many wait.
    fn waiting(&self) -> usize {
        self.groups.iter().map(|group| group.waits.len()).sum::<usize>() + self.unsent.len()
    }

    /// How much is waiting, and how much of it too long.
    fn lead(&self) -> String {
        let late = self.groups.iter().find(|group| group.id == "over").map_or(0, |group| group.waits.len());
        let waiting = self.f.n("mydesk-lead", self.waiting());
        if late == 0 { waiting } else { format!("{waiting}{}", self.f.n("mydesk-lead-late", late)) }
    }

    /// Where else on the desk there is something to see.
    fn ways(&self) -> Vec<(&'static str, String)> {
        let desk = self.f.desk().into_iter().flat_map(|desk| desk.links);
        desk.filter(|link| link.path != "/desk").map(|link| (link.path, link.label)).take(3).collect()
    }
}
