//! The rooms put together: one router, one state, for every city of the process.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use kyodo_db::Migration;
use kyodo_kernel::facts::OnFacts;
use kyodo_kernel::jobs;
use kyodo_kernel::pack::part::Part;
use kyodo_kernel::profile::Profile;
use kyodo_kernel::views::Views;
use kyodo_kernel::words::{MessageFile, Messages};
use kyodo_kernel::{Chance, Cities, Clock};
use metrics_exporter_prometheus::PrometheusHandle;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, Predicate};
use utoipa::openapi::OpenApi;

use crate::keep::Kept;
use crate::phrases::Phrases;
use crate::{Error, MESSAGES, NavItem, Room, assets, door, file, keep, operation};

/// What an operator chooses for the whole process.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Settings {
    /// Shows what only developers need, e.g. the number of sentences a page asked.
    pub development: bool,
    /// Whether the addresses are https, so that browsers are told to stay there.
    pub https: bool,
    /// Whether public pages are kept in memory.
    pub keep_pages: bool,
    /// Whether tries are not limited: for benchmarks, which say so.
    pub unlimited: bool,
    /// Whether what is remembered is read again each time and compared, so that tests find what changes unnoted.
    pub doubting: bool,
}

impl Settings {
    /// Whether tries are limited.
    #[must_use]
    pub fn limits_tries(self) -> bool {
        !self.unlimited
    }
}

/// The house: rooms, cities, clock.
pub struct House {
    /// Its rooms, in the order of the navigation.
    pub rooms: Vec<Room>,
    /// The cities of this process.
    pub cities: Cities,
    /// The time.
    pub clock: Clock,
    /// Chance.
    pub chance: Chance,
    /// What the operator chose.
    pub settings: Settings,
    /// The address to give to people, by a city's slug, where it is not `<slug>.localhost`.
    pub addresses: HashMap<String, String>,
    /// Page views not yet written.
    pub views: Views,
    /// Where files lie.
    pub files: kyodo_kernel::files::Store,
    /// The recorded metrics, if this process records any.
    pub metrics: Option<PrometheusHandle>,
    /// What a room keeps for the whole process, by its type; put there by the application at the start.
    pub extensions: http::Extensions,
    pub(crate) kept: Kept,
    pub(crate) phrases: Phrases,
}

impl std::fmt::Debug for House {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("House").field("rooms", &self.rooms).finish_non_exhaustive()
    }
}

impl House {
    /// A house with these rooms and cities.
    #[must_use]
    pub fn new(rooms: Vec<Room>, cities: Cities, clock: Clock, settings: Settings) -> Self {
        Self {
            rooms,
            cities,
            clock,
            chance: Chance::Real,
            settings,
            addresses: HashMap::new(),
            views: Views::default(),
            files: kyodo_kernel::files::Store::default(),
            metrics: None,
            extensions: http::Extensions::new(),
            kept: Kept::default(),
            phrases: Phrases::default(),
        }
    }

    /// The navigation of a city: what its rooms offer.
    pub(crate) fn navigation(&self, profile: &Profile) -> impl Iterator<Item = &'static NavItem> {
        self.rooms_of(profile).flat_map(|room| room.navigation)
    }

    /// The rooms that are on in a city.
    pub fn rooms_of(&self, profile: &Profile) -> impl Iterator<Item = &Room> {
        let on: Vec<String> = profile.rooms.clone();
        self.rooms.iter().filter(move |room| room.always_on || on.iter().any(|name| name == room.name))
    }

    /// Every kind of job: the kernel's own, and those of the rooms.
    #[must_use]
    pub fn job_kinds(&self) -> Vec<jobs::Kind> {
        jobs::KINDS.iter().chain(self.rooms.iter().flat_map(|room| room.jobs)).copied().collect()
    }

    /// Everything that is done at set times, as one list.
    #[must_use]
    pub fn schedules(&self) -> Vec<jobs::Schedule> {
        jobs::SCHEDULES.iter().chain(self.rooms.iter().flat_map(|room| room.schedules)).copied().collect()
    }

    /// Who hears of facts as they are written.
    #[must_use]
    pub fn hearers(&self) -> Vec<OnFacts> {
        hearers(&self.rooms)
    }

    /// Where people reach a city, without a slash at the end: for links in letters, which must not lead where a request
    /// pretends to come from.
    #[must_use]
    pub fn address_of(&self, slug: &str) -> String {
        let known = self.addresses.get(slug).map(|address| address.trim_end_matches('/').to_owned());
        known.unwrap_or_else(|| format!("{}://{slug}.localhost", if self.settings.https { "https" } else { "http" }))
    }

    /// The description of the public API: the parts of all rooms in one.
    #[must_use]
    pub fn api(&self) -> OpenApi {
        let mut all = OpenApi::default();
        for part in self.rooms.iter().filter_map(|room| room.api) {
            all.merge(part());
        }
        all.info = utoipa::openapi::InfoBuilder::new()
            .title("Kyodo")
            .version("v1")
            .description(Some("協働の計画の公開データ。Public data of a city's collaboration plan; no sign-in."))
            .build();
        all
    }

    /// The whole house as a service.
    pub fn router(self: Arc<Self>) -> Router {
        let mut pages: Router<Arc<Self>> = Router::new()
            .route("/assets/{name}/{fingerprint}", get(assets::asset))
            .route("/accent/{file}", get(assets::accent));
        for room in &self.rooms {
            for route in room.routes.iter() {
                pages = pages.route(route.path, route.guarded(room));
            }
        }
        pages
            .fallback(|| async { Error::NotFound })
            .layer(CatchPanicLayer::custom(door::panicked))
            .layer(from_fn(door::dress))
            .layer(CompressionLayer::new().compress_when(DefaultPredicate::new().and(file::may_be_packed)))
            .layer(from_fn_with_state(Arc::clone(&self), keep::keep))
            .layer(from_fn_with_state(Arc::clone(&self), door::enter))
            .route("/healthz", get(operation::healthz))
            .route("/readyz", get(operation::readyz))
            .route("/metrics", get(operation::figures))
            .layer(from_fn_with_state(Arc::clone(&self), door::guard))
            .with_state(self)
    }
}

/// The words of all rooms and the frame.
pub fn messages(rooms: &[Room]) -> Result<Messages, String> {
    let files: Vec<MessageFile> = rooms.iter().flat_map(|room| room.messages).chain(MESSAGES).copied().collect();
    Messages::parse(files)
}

/// The tables of the kernel and all rooms, in order.
#[must_use]
pub fn migrations(rooms: &[Room]) -> Vec<Migration> {
    kyodo_kernel::MIGRATIONS.iter().chain(rooms.iter().flat_map(|room| room.migrations)).copied().collect()
}

/// Who of the rooms hears of facts as they are written.
#[must_use]
pub fn hearers(rooms: &[Room]) -> Vec<OnFacts> {
    rooms.iter().filter_map(|room| room.on_facts).collect()
}

/// What the rooms read from packs.
#[must_use]
pub fn pack_parts(rooms: &[Room]) -> Vec<&'static dyn Part> {
    rooms.iter().filter_map(|room| room.pack).collect()
}
