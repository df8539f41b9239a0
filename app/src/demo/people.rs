//! The people of a demo: an account for each role, with names that seeded chance gives, one password for all, and what
//! they did lately. They exist in no other mode.

use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use kyodo_accounts::password::{keep, two_at_a_time};
use kyodo_accounts::store as proofs;
use kyodo_db::Tx;
use kyodo_kernel::audit::{self, Entry, Trail};
use kyodo_kernel::files::Store;
use kyodo_kernel::jobs::{self, Claim, Kind, Later, Outcome, Outside, Work};
use kyodo_kernel::mail::{self, Address, Letter, Transport};
use kyodo_kernel::pack::Pack;
use kyodo_kernel::people::{self, AccountId, NewAccount, NewDuty, Role};
use kyodo_kernel::{Chance, Cities, City, CityState, Clock, FiscalYear, clock, drafts, notices, search};
use kyodo_plan::evaluation::committee;
use kyodo_plan::node::Node;
use kyodo_plan::pages::adopt_unseen;
use kyodo_plan::partner::{fingerprint, token};
use kyodo_plan::text::{Contact, Text};
use kyodo_plan::{findable, store};
use kyodo_web::{Ctx, House, Settings};
use rand::RngExt;
use serde_json::{Value, json};

use super::{chance, others, reports, review, revision, round, voices};
use crate::failure::{OrTell, Result};
use crate::people::Keeper;

/// The password of every account of a demo, as the greeting prints it.
pub const PASSWORD: &str = "mihon-no-tobira-2026";

/// An account of a demo.
#[derive(Debug)]
pub struct Seat {
    /// What stands before the @ of its address.
    pub local: &'static str,
    /// The role it holds.
    pub role: Role,
    /// In which of the departments that own most measures, where it is held in one.
    department: Option<usize>,
    /// Whether it only stands in for the first reporter.
    pub stands_in: bool,
}

impl Seat {
    const fn new(local: &'static str, role: Role, department: Option<usize>) -> Self {
        Self { local, role, department, stands_in: false }
    }

    /// The address by which somebody signs in.
    #[must_use]
    pub fn email(&self, slug: &str) -> String {
        format!("{}@{slug}.example", self.local)
    }
}

/// One account for each role, a reporter of another department, and somebody who stands in.
pub const SEATS: [Seat; 10] = [
    Seat::new("kanri", Role::Administrator, None),
    Seat::new("tanto", Role::Coordinator, None),
    Seat::new("suishin", Role::Reporter, Some(0)),
    Seat::new("suishin2", Role::Reporter, Some(1)),
    Seat { stands_in: true, ..Seat::new("dairi", Role::Reporter, Some(0)) },
    Seat::new("shozokucho", Role::Head, Some(0)),
    Seat::new("iin", Role::CommitteeMember, None),
    Seat::new("center", Role::CentreStaff, None),
    Seat::new("kansa", Role::Auditor, None),
    Seat::new("shimin", Role::Resident, None),
];

/// Surnames that many people have, with their kana.
const SURNAMES: [(&str, &str); 20] = [
    ("佐藤", "さとう"),
    ("鈴木", "すずき"),
    ("高橋", "たかはし"),
    ("田中", "たなか"),
    ("伊藤", "いとう"),
    ("渡辺", "わたなべ"),
    ("山本", "やまもと"),
    ("中村", "なかむら"),
    ("小林", "こばやし"),
    ("加藤", "かとう"),
    ("吉田", "よしだ"),
    ("佐々木", "ささき"),
    ("松本", "まつもと"),
    ("井上", "いのうえ"),
    ("木村", "きむら"),
    ("斎藤", "さいとう"),
    ("清水", "しみず"),
    ("阿部", "あべ"),
    ("池田", "いけだ"),
    ("橋本", "はしもと"),
];

const GIVEN_NAMES: [(&str, &str); 20] = [
    ("花", "はな"),
    ("健", "けん"),
    ("翼", "つばさ"),
    ("恵", "めぐみ"),
    ("誠", "まこと"),
    ("彩", "あや"),
    ("大輔", "だいすけ"),
    ("美咲", "みさき"),
    ("直樹", "なおき"),
    ("陽子", "ようこ"),
    ("拓也", "たくや"),
    ("由美", "ゆみ"),
    ("翔", "しょう"),
    ("真由", "まゆ"),
    ("和夫", "かずお"),
    ("幸子", "さちこ"),
    ("亮", "りょう"),
    ("千尋", "ちひろ"),
    ("剛", "つよし"),
    ("明", "あきら"),
];

/// Somebody who sits on a seat.
pub(super) struct Somebody {
    pub(super) id: AccountId,
    pub(super) seat: &'static Seat,
    name: String,
    pub(super) department: Option<String>,
    duty: i64,
}

/// What everything that is told here needs to know.
pub(super) struct Story {
    city: Arc<City>,
    state: Arc<CityState>,
    pub(super) today: NaiveDate,
}

/// Brings the people of a demo into a city that was just created, up to `today`.
pub async fn populate(city: Arc<City>, pack: &Pack, today: NaiveDate) -> Result<()> {
    let state = city.state().await?;
    let story = Story { city, state, today };
    let nodes = story.measures().await?;
    let departments = story.departments(&nodes);
    // One hash for all of a city's accounts: the password is printed anyway, and each hash would cost the start-up.
    let salt: [u8; 16] = std::array::from_fn(|at| Chance::Real.bytes()[at]);
    let kept = two_at_a_time(move || keep(PASSWORD, salt)).await;

    let mut tx = story.city.db.begin().await?;
    let people = story.employ(&mut tx, &departments).await?;
    for somebody in &people {
        proofs::put_password(&mut tx, somebody.id, kept.as_str(), story.in_april()).await?;
    }
    story.write(&mut tx, &people, &nodes).await?;
    story.write_to(&mut tx, &people).await?;
    if let Some((id, plan)) = store::plan(&story.city.db).await? {
        let (progress, evaluations) = reports(pack)?;
        round::tell(&mut tx, &story, &people, (id, &plan), &nodes, &progress).await?;
        review::tell(&mut tx, &story, &people, (id, &plan), &nodes, (&progress, &evaluations)).await?;
        revision::tell(&mut tx, &story, &people, (id, &plan), &nodes).await?;
        voices::tell(&mut tx, &story, &people, id, &nodes, &others(pack)?).await?;
    }
    tx.commit().await?;
    if let Some(office) = people.iter().find(|one| one.seat.role == Role::Coordinator) {
        story.adopt(office).await?;
    }
    story.fail_once().await?;
    audit::seal(&story.city.db, &story.city.secret.derive("audit"), Clock::OnDay(today)).await?;
    Ok(())
}

impl Story {
    /// Last year's report was adopted when the summer was over.
    async fn adopt(&self, office: &Somebody) -> Result<()> {
        let year = self.year().previous();
        let on = year.last_day() + Days::new(163);
        let Some((id, plan)) = store::plan(&self.city.db).await? else { return Ok(()) };
        let frozen = store::round(&self.city.db, id, year).await?.is_some_and(|round| round.frozen_at.is_some());
        if !frozen || on > self.today {
            return Ok(());
        }
        let house = House::new(crate::rooms(), Cities::default(), Clock::OnDay(self.today), Settings::default());
        let ctx = Ctx::apart(Arc::new(house), Arc::clone(&self.city)).await?;
        let morning = NaiveTime::from_hms_opt(10, 20, 0).unwrap_or_default();
        let trail = self.trail(&office.id.subject(), clock::at(on, morning));
        let body = committee(&plan.outline).unwrap_or_default().to_owned();
        let mut tx = self.city.db.begin().await?;
        let adopted = adopt_unseen(&ctx, &mut tx, (year, on), body, (office.id, &trail)).await;
        if adopted.or_tell(|| "見本の報告書を採択できません。".to_owned())? {
            tx.commit().await?;
        }
        Ok(())
    }

    pub(super) fn year(&self) -> FiscalYear {
        FiscalYear::of(self.today)
    }

    /// So many days ago, at this time of day.
    fn ago(&self, days: u64, hour: u32, minute: u32) -> DateTime<Utc> {
        let time = NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default();
        clock::at(self.today - Days::new(days), time)
    }

    /// The first morning of the fiscal year, when duties are handed over.
    pub(super) fn in_april(&self) -> DateTime<Utc> {
        let morning = NaiveTime::from_hms_opt(8, 45, 0).unwrap_or_default();
        clock::at(self.year().first_day(), morning)
    }

    pub(super) fn trail(&self, actor: &str, now: DateTime<Utc>) -> Trail {
        Trail {
            key: self.city.secret.derive("audit"),
            actor: actor.to_owned(),
            request: Arc::from("demo"),
            now,
            chance: Chance::Real,
        }
    }

    /// What the database keeps of a partner's link.
    pub(super) fn link(&self, seed: &str) -> String {
        fingerprint(&token(&self.city.secret, seed))
    }

    pub(super) fn keeper(&self, actor: &str, now: DateTime<Utc>) -> Keeper<'_> {
        Keeper { state: &self.state, trail: self.trail(actor, now) }
    }

    /// The plan's measures as they are written by departments: no parts above them, no second places.
    async fn measures(&self) -> Result<Vec<Node>> {
        let Some((id, plan)) = store::plan(&self.city.db).await? else {
            return Ok(Vec::new());
        };
        let mut nodes = store::all_nodes(&self.city.db, id).await?;
        nodes.retain(|node| node.level == plan.outline.levels.len() && !node.is_alias());
        Ok(nodes)
    }

    /// The departments that lead most measures first. A plan that names none has none.
    fn departments(&self, nodes: &[Node]) -> Vec<String> {
        let mut counted: Vec<(usize, String)> = Vec::new();
        for department in self.state.departments.iter().filter(|department| !department.placeholder) {
            let owned = nodes.iter().filter(|node| node.departments.contains(&department.key)).count();
            if owned > 0 {
                counted.push((owned, department.key.clone()));
            }
        }
        counted.sort_by_key(|(owned, _)| std::cmp::Reverse(*owned));
        counted.into_iter().map(|(_, key)| key).collect()
    }

    /// Opens the accounts and gives everybody their duty, as on the first of April.
    async fn employ(&self, tx: &mut Tx, departments: &[String]) -> Result<Vec<Somebody>> {
        let mut chance = chance(&self.city.slug, "people");
        let (mut surnames, mut given_names) = (SURNAMES.to_vec(), GIVEN_NAMES.to_vec());
        let (first_day, now) = (self.year().first_day(), self.in_april());
        let mut people: Vec<Somebody> = Vec::new();
        for seat in &SEATS {
            let surname = surnames.swap_remove(chance.random_range(0..surnames.len()));
            let given = given_names.swap_remove(chance.random_range(0..given_names.len()));
            let new = NewAccount {
                name: format!("{} {}", surname.0, given.0),
                kana: format!("{} {}", surname.1, given.1),
                email: Some(seat.email(&self.city.slug)),
                staff_number: None,
                example: true,
            };
            // The first came in by the command line, the others were let in by them.
            let actor = people.first().map_or_else(|| "command".to_owned(), |first| first.id.subject());
            let id = self.keeper(&actor, now).open(tx, &new).await?;
            let department = seat.department.and_then(|at| departments.get(at).or(departments.first())).cloned();
            let mut duty = NewDuty {
                department,
                given_by: people.first().map(|first| first.id),
                ..NewDuty::new(seat.role, first_day)
            };
            let mut given_at = now;
            if seat.stands_in {
                duty.starts_on = self.today - Days::new(10);
                duty.ends_on = Some(self.today + Days::new(20));
                duty.deputy_of = people.iter().find(|one| one.seat.role == seat.role).map(|one| one.duty);
                given_at = self.ago(12, 10, 5);
            }
            let number = self.keeper(&actor, given_at).give(tx, (id, &new.name), &duty).await?;
            if !seat.stands_in {
                // What was told in April was read long ago.
                notices::read(tx, id, i64::MAX, now + TimeDelta::hours(1)).await?;
            }
            people.push(Somebody { id, seat, name: new.name, department: duty.department, duty: number });
        }
        // Whoever runs the plan now reported for a department until March.
        if let Some(coordinator) = people.iter().find(|one| one.seat.role == Role::Coordinator) {
            let last_year = self.year().previous();
            let past = NewDuty {
                department: departments.get(1).cloned(),
                ends_on: Some(last_year.last_day()),
                ..NewDuty::new(Role::Reporter, last_year.first_day())
            };
            people::give(tx, coordinator.id, &past, now).await?;
        }
        Ok(people)
    }

    /// A department says of one measure whom to ask, and is about to say it of the next.
    async fn write(&self, tx: &mut Tx, people: &[Somebody], nodes: &[Node]) -> Result<()> {
        let holder = |role: Role| people.iter().find(|one| one.seat.role == role);
        let (Some(coordinator), Some(reporter), Some(head)) =
            (holder(Role::Coordinator), holder(Role::Reporter), holder(Role::Head))
        else {
            return Ok(());
        };
        // Where the plan names no departments, whoever runs the plan writes for all of them.
        let (writer, publisher) = if head.department.is_some() { (reporter, head) } else { (coordinator, coordinator) };
        let own = |node: &&Node| head.department.as_ref().is_none_or(|key| node.departments.contains(key));
        let mut open = nodes.iter().filter(own).filter(|node| !node.details.contact.is_known());
        let Some(node) = open.next() else {
            return Ok(());
        };
        let now = self.ago(1, 16, 20);
        let mut node = node.clone();
        let text = Text { contact: self.contact(), ..Text::of(&node) };
        let number = store::put_text(tx, &mut node, &text, publisher.id, now).await?;
        let entry = Entry::new("measure.published", node.subject()).detail(json!({ "number": number }));
        self.trail(&publisher.id.subject(), now).note(tx, entry).await?;
        search::update(tx, "plan", &findable::document(&node)).await?;
        let said = [("who", publisher.name.as_str()), ("title", node.title.as_str())];
        let address = format!("/desk/plan/nodes/{}/texts", node.real_key());
        for colleague in people.iter().filter(|one| one.id != publisher.id && one.seat.role.writes_for_department()) {
            if colleague.department == publisher.department {
                notices::tell(tx, colleague.id, "notice-text-published", &said, &address, now).await?;
            }
        }
        if let Some(next) = open.next() {
            let public = Text::of(next);
            let text = Text { contact: self.contact(), ..public.clone() };
            let fields = text.fields().map(|(name, value)| (name.to_owned(), value)).collect();
            drafts::save(tx, writer.id, &next.subject(), &public.fingerprint(), &fields, self.ago(1, 17, 5)).await?;
        }
        Ok(())
    }

    fn contact(&self) -> Contact {
        let known = &self.state.profile.contact;
        Contact {
            phone: known.phone.clone().unwrap_or_default(),
            hours: known.hours.clone().unwrap_or_default(),
            ..Contact::default()
        }
    }

    /// A letter that waits to be sent, and looks at data that the trail tells of.
    async fn write_to(&self, tx: &mut Tx, people: &[Somebody]) -> Result<()> {
        let holder = |role: Role| people.iter().find(|one| one.seat.role == role);
        if let (Some(keeper), Some(resident)) = (holder(Role::Administrator), holder(Role::Resident)) {
            let looked = Entry::new("account.looked", resident.id.subject());
            self.trail(&keeper.id.subject(), self.ago(2, 13, 15)).note(tx, looked).await?;
        }
        let member = holder(Role::CommitteeMember);
        if let Some((member, to)) =
            member.and_then(|member| Some((member, member.seat.email(&self.city.slug).parse::<Address>().ok()?)))
        {
            let text = format!(
                "{} 様\n\nいつもお世話になっています。次の会議の日が決まりましたら、このアドレスへお知らせします。\n\n\
                 この手紙は見本です。だれにも送られず、データフォルダの mail に置かれます。\n",
                member.name
            );
            let letter = Letter::new(to, "会議のお知らせについて", text).for_account(member.id.0, member.name.clone());
            mail::post(tx, &letter, self.ago(1, 9, 0), Chance::Real).await?;
        }
        Ok(())
    }

    /// A job that failed in the night, to be seen at the desk and repeated there.
    async fn fail_once(&self) -> Result<()> {
        // Recorded by the job itself, so that the log, which tells of real failures, is silent.
        fn fail<'w>(work: &'w Work, claim: &'w Claim, _: Value) -> Later<'w, Outcome> {
            Box::pin(async {
                let mut tx = work.db().begin().await?;
                claim.fail(&mut tx, "database or disk is full", work.now() - TimeDelta::days(2)).await?;
                Ok(tx.commit().await?)
            })
        }
        const NIGHTLY: &str = "sweep";
        let kinds = [Kind { name: NIGHTLY, label: "job-sweep", attempts: 1, repeatable: true, run: fail }];
        let night = self.ago(2, 3, 20);
        let mut tx = self.city.db.begin().await?;
        jobs::put(&mut tx, jobs::New::new(NIGHTLY, &Value::Null), night).await?;
        tx.commit().await?;
        let folder = Transport::Folder(std::path::PathBuf::new());
        let work = Work {
            city: Arc::clone(&self.city),
            clock: Clock::OnDay(self.today),
            chance: Chance::Real,
            // Nothing leaves here: the one job that is due does not send.
            outside: Arc::new(Outside { mail: folder, mail_from: Address::nobody(), files: Store::memory() }),
            process: "demo".to_owned(),
            address: String::new(),
        };
        jobs::work_one(&work, &kinds).await?;
        Ok(())
    }
}
