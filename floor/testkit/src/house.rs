//! The house under test: rooms, cities in temporary databases, a chosen day.

use std::collections::HashSet;
use std::sync::{Arc, LazyLock, Mutex};

use axum::Router;
use chrono::NaiveDate;
use kyodo_db::{Db, Tx};
use kyodo_kernel::audit::{Entry, Trail};
use kyodo_kernel::pack::Faults;
use kyodo_kernel::pack::part::Reader;
use kyodo_kernel::people::{self, AccountId, Method, NewAccount, NewDuty, NewSession, Role};
use kyodo_kernel::words::Messages;
use kyodo_kernel::{Chance, Cities, City, Clock, Secret};
use kyodo_web::{House, Room, Settings, messages, migrations, pack_parts, record_metrics};

use crate::corridor::with_corridor;
use crate::{TestDatabase, TestPack, Visitor, told};

/// A house about to be built.
#[derive(Debug)]
pub struct TestHouse {
    rooms: Vec<Room>,
    clock: Clock,
    settings: Settings,
    packs: Vec<TestPack>,
    demo: bool,
    measuring: bool,
}

/// Metrics can be recorded once per process, whatever the number of houses in it.
static METRICS: LazyLock<metrics_exporter_prometheus::PrometheusHandle> = LazyLock::new(record_metrics);

impl TestHouse {
    /// A house with these rooms, on the day of the demo.
    #[must_use]
    pub fn new(rooms: Vec<Room>) -> Self {
        let house = Self {
            rooms: with_corridor(rooms),
            clock: Clock::Real,
            settings: Settings { doubting: true, ..Settings::default() },
            packs: Vec::new(),
            demo: false,
            measuring: false,
        };
        house.on("2026-11-20")
    }

    /// Sets the day, `2026-11-20`.
    #[must_use]
    pub fn on(mut self, day: &str) -> Self {
        self.clock = Clock::OnDay(day.parse::<NaiveDate>().expect("a day is written 2026-11-20"));
        self
    }

    /// Adds a city: the name of a pack, its folder, or its files.
    #[must_use]
    pub fn with_city(mut self, pack: impl Into<TestPack>) -> Self {
        self.packs.push(pack.into());
        self
    }

    /// Keeps public pages in memory.
    #[must_use]
    pub fn keeping_pages(mut self) -> Self {
        self.settings.keep_pages = true;
        self
    }

    /// Goes on with what is remembered, as a real house does, instead of reading it again and comparing.
    #[must_use]
    pub fn trusting(mut self) -> Self {
        self.settings.doubting = false;
        self
    }

    /// Shows what only developers need.
    #[must_use]
    pub fn development(mut self) -> Self {
        self.settings.development = true;
        self
    }

    /// Stands behind https.
    #[must_use]
    pub fn behind_https(mut self) -> Self {
        self.settings.https = true;
        self
    }

    /// Marks the cities as a demo, whose figures are made up.
    #[must_use]
    pub fn as_demo(mut self) -> Self {
        self.demo = true;
        self
    }

    /// Records metrics.
    #[must_use]
    pub fn measuring(mut self) -> Self {
        self.measuring = true;
        self
    }

    /// Builds the house; the packs must be free of faults.
    pub async fn build(self) -> RunningHouse {
        let messages = Arc::new(messages(&self.rooms).unwrap_or_else(|error| panic!("the messages: {error}")));
        let (mut cities, mut databases) = (Cities::default(), Vec::new());
        for pack in &self.packs {
            let database = TestDatabase::empty().await;
            let city = self.settle(pack, database.db().clone(), &messages).await;
            cities.add(city, []);
            databases.push(database);
        }
        let mut house = House::new(self.rooms, cities, self.clock, self.settings);
        house.metrics = self.measuring.then(|| METRICS.clone());
        let house = Arc::new(house);
        let router = Arc::clone(&house).router();
        RunningHouse(Arc::new(Standing { house, router, checked: Mutex::default(), _databases: databases }))
    }

    async fn settle(&self, pack: &TestPack, db: Db, messages: &Arc<Messages>) -> City {
        let mut faults = Faults::default();
        let files = pack.read(&mut faults);
        let reader = Reader::read(&files, &pack_parts(&self.rooms), messages, &mut faults);
        let (faults, slug) = (told(faults), reader.city.profile.slug.clone());
        assert!(faults.is_empty(), "the pack of {slug} has faults:\n{}", faults.join("\n"));
        let secret = Secret::new([7; 32]);
        let (city, now) = (City::new(slug, db, Arc::clone(messages), &secret), self.clock.now());
        city.migrate(&migrations(&self.rooms), now).await.expect("the migrations run");
        reader.install(&city.db, self.demo, now).await.expect("the pack can be installed");
        city
    }
}

/// A house that stands. Cloning it gives the same house.
#[derive(Clone)]
pub struct RunningHouse(Arc<Standing>);

struct Standing {
    house: Arc<House>,
    router: Router,
    /// The links that were followed before; each is followed once.
    checked: Mutex<HashSet<String>>,
    _databases: Vec<TestDatabase>,
}

impl std::fmt::Debug for RunningHouse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.house.fmt(f)
    }
}

impl RunningHouse {
    /// A city by its slug.
    #[must_use]
    pub fn city(&self, slug: &str) -> TestCity {
        let city = self.house().cities.named(slug).unwrap_or_else(|| panic!("there is no city 「{slug}」"));
        TestCity { house: self.clone(), city: Arc::clone(city) }
    }

    /// Somebody who comes to a host, whoever answers there.
    #[must_use]
    pub fn visitor_at(&self, host: &str, name: &str) -> Visitor {
        Visitor::new(self.clone(), host, name)
    }

    /// The house itself.
    #[must_use]
    pub fn house(&self) -> &Arc<House> {
        &self.0.house
    }

    /// The house as a service, for requests that no visitor can make.
    pub fn router(&self) -> Router {
        self.0.router.clone()
    }

    /// Whether a link is followed for the first time.
    pub(crate) fn is_new(&self, link: &str) -> bool {
        self.0.checked.lock().expect("no test panics with the list in hand").insert(link.to_owned())
    }
}

/// A city of the house.
#[derive(Clone, Debug)]
pub struct TestCity {
    house: RunningHouse,
    city: Arc<City>,
}

impl TestCity {
    /// Somebody who comes to the city's own host.
    #[must_use]
    pub fn visitor(&self, name: &str) -> Visitor {
        self.house.visitor_at(&self.host(), name)
    }

    /// Somebody who is signed in and holds these duties from the first of the fiscal year on.
    pub async fn person(&self, name: &str, duties: &[(Role, Option<&str>)]) -> Visitor {
        let house = self.house.house();
        let (now, today) = (house.clock.now(), house.clock.today());
        let mut tx = self.db().begin().await.expect("the city takes a change");
        let new = NewAccount { name: name.to_owned(), kana: name.to_owned(), ..NewAccount::default() };
        let id = people::open(&mut tx, &new, now).await.expect("an account can be opened");
        for (role, department) in duties {
            let mut duty = NewDuty::new(*role, kyodo_kernel::FiscalYear::of(today).first_day());
            duty.department = department.map(str::to_owned);
            people::give(&mut tx, id, &duty, now).await.expect("a duty can be given");
        }
        tx.commit().await.expect("the change is permanent");
        self.signed_in(name, id).await
    }

    /// Somebody who holds one role in the whole city.
    pub async fn holder(&self, name: &str, role: Role) -> Visitor {
        self.person(name, &[(role, None)]).await
    }

    /// The holder of an account, who has just signed in.
    pub async fn signed_in(&self, name: &str, account: AccountId) -> Visitor {
        let house = self.house.house();
        let token = kyodo_kernel::secret::hex(&Chance::Real.bytes());
        let (cookie, value, kept) = kyodo_web::session::held(&token, house.settings.https);
        let new = NewSession {
            account,
            token: kept,
            method: Method::Password,
            agent: "Firefox".to_owned(),
            idle: chrono::Duration::hours(1),
            lasts: chrono::Duration::hours(12),
            half: false,
        };
        let mut tx = self.db().begin().await.expect("the city takes a change");
        people::begin(&mut tx, &new, house.clock.now()).await.expect("a session can begin");
        tx.commit().await.expect("the change is permanent");
        self.visitor(name).known_as(account).carrying(&cookie, &value)
    }

    /// Changes something by hand and notes it, because what is read once stands until the next entry of the trail.
    pub async fn changes<T>(&self, change: impl AsyncFnOnce(&mut Tx) -> kyodo_db::Result<T>) -> T {
        let mut tx = self.db().begin().await.expect("the city takes a change");
        let changed = change(&mut tx).await.expect("the change is good");
        let trail = Trail {
            key: self.city.secret.derive("audit"),
            actor: "command".to_owned(),
            request: Arc::from(""),
            now: self.house.house().clock.now(),
            chance: Chance::Real,
        };
        trail.note(&mut tx, Entry::new("account.changed", "test")).await.expect("the trail takes an entry");
        tx.commit().await.expect("the change is permanent");
        changed
    }

    /// The city's host name.
    #[must_use]
    pub fn host(&self) -> String {
        format!("{}.localhost", self.city.slug)
    }

    /// The city's database.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.city.db
    }

    /// The city as the kernel knows it.
    #[must_use]
    pub fn city(&self) -> &Arc<City> {
        &self.city
    }

    /// The house it is in.
    #[must_use]
    pub fn house(&self) -> &RunningHouse {
        &self.house
    }
}
