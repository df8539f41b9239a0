//! What a room offers to the house: its routes with their permissions, and its contributions.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::extract::Request;
use axum::handler::Handler;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use chrono::{DateTime, NaiveDate, Utc};
use http::Method;
use kyodo_db::Migration;
use kyodo_kernel::drafts::Draft;
use kyodo_kernel::facts::OnFacts;
use kyodo_kernel::pack::part::Part;
use kyodo_kernel::people::{AccountId, Role};
use kyodo_kernel::words::MessageFile;
use kyodo_kernel::{Actor, jobs};
use serde_json::Value;
use utoipa::openapi::OpenApi;

use crate::components::Status;
use crate::error::Refusal;
use crate::{Ctx, Error, House, Result, unsent};

/// A capability of a city. A room's `lib.rs` is the table of its contents.
#[derive(Default)]
pub struct Room {
    /// Its name in packs and folders.
    pub name: &'static str,
    /// Whether every city has it, whatever its pack says.
    pub always_on: bool,
    /// Its words in the three languages.
    pub messages: &'static [MessageFile],
    /// Its tables.
    pub migrations: &'static [Migration],
    /// Every sentence it asks, for the test that prepares them on both databases.
    pub sentences: Vec<String>,
    /// The kinds of facts it writes.
    pub writes: &'static [&'static str],
    /// What it keeps current as facts arrive, whichever room writes them.
    pub on_facts: Option<OnFacts>,
    /// Its addresses.
    pub routes: Routes,
    /// Beginnings of addresses that take a post from elsewhere than our own pages: mail programs.
    pub from_elsewhere: &'static [&'static str],
    /// What it adds to the navigation.
    pub navigation: &'static [NavItem],
    /// What it adds to the front page.
    pub front: Option<FrontBlock>,
    /// What it adds to the navigation of the desk.
    pub desk: &'static [DeskItem],
    /// What waits for somebody, and their dates.
    pub tasks: Option<Tasks>,
    /// What somebody handed in, and where it stands.
    pub sent: Option<HandedInBy>,
    /// What it keeps that somebody wrote, for the file of everything the city has of them.
    pub wrote: Option<Wrote>,
    /// Why a department cannot be removed, if the room needs it.
    pub needs: Option<Needs>,
    /// The kinds of jobs it puts into the queue.
    pub jobs: &'static [jobs::Kind],
    /// What it does at set times.
    pub schedules: &'static [jobs::Schedule],
    /// What it reads from a pack.
    pub pack: Option<&'static dyn Part>,
    /// Its part of the public API's description.
    pub api: Option<fn() -> OpenApi>,
}

impl std::fmt::Debug for Room {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Room").field("name", &self.name).finish_non_exhaustive()
    }
}

/// A line of the navigation.
#[derive(Clone, Copy, Debug)]
pub struct NavItem {
    /// Where it leads; every address below it counts as being there.
    pub path: &'static str,
    /// The message that names it.
    pub label: &'static str,
}

/// A block of the front page, rendered by its room.
pub type FrontBlock = for<'c> fn(&'c Ctx) -> Pin<Box<dyn Future<Output = Result<String>> + Send + 'c>>;

/// A line of the desk's navigation, for those who may go there.
#[derive(Clone, Copy, Debug)]
pub struct DeskItem {
    /// Where it leads.
    pub path: &'static str,
    /// The message that names it.
    pub label: &'static str,
    /// Who is shown it.
    pub access: Access,
}

/// Something that waits for somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Until when; none when there is no date.
    pub due: Option<NaiveDate>,
    /// What to do, in the reader's language.
    pub title: String,
    /// A few words more.
    pub note: String,
    /// Where to do it.
    pub address: String,
}

/// What of a room waits for the person who asks, who is writing these drafts.
pub type Tasks = for<'c> fn(&'c Ctx, &'c [Draft]) -> Pin<Box<dyn Future<Output = Result<Vec<Task>>> + Send + 'c>>;

/// Something that somebody handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandedIn {
    /// When it last moved.
    pub at: DateTime<Utc>,
    /// What it is.
    pub title: String,
    /// Where it stands.
    pub status: Status,
    /// A few words more.
    pub note: String,
    /// Where it is seen.
    pub address: String,
}

/// What the person who asks handed in in a room, the latest first.
pub type HandedInBy = for<'c> fn(&'c Ctx) -> Pin<Box<dyn Future<Output = Result<Vec<HandedIn>>> + Send + 'c>>;

/// What somebody wrote in a room, for themselves.
pub type Wrote = for<'c> fn(&'c Ctx, AccountId) -> Pin<Box<dyn Future<Output = Result<Value>> + Send + 'c>>;

/// Who may use a route. Denied by default: a route without it cannot be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody.
    Public,
    /// Everybody who is signed in.
    SignedIn,
    /// Whoever holds one of these roles today. Who reads everything may also read here.
    Roles(&'static [Role]),
}

/// Everybody who works with the plan behind the pages: whoever has a desk.
pub const DESK: Access = Access::Roles(&[
    Role::Administrator,
    Role::Coordinator,
    Role::Reporter,
    Role::Head,
    Role::CommitteeMember,
    Role::CentreStaff,
    Role::Auditor,
]);

/// A sentence in the reader's language that says why the department of a key cannot be removed; none when it can.
pub type Needs = for<'c> fn(&'c Ctx, &'c str) -> Pin<Box<dyn Future<Output = Result<Option<String>>> + Send + 'c>>;

impl Access {
    /// Whether this actor may pass with a request that only reads, or that changes something.
    pub fn admits(self, actor: &Actor, method: &Method) -> Result<()> {
        match (self, actor.person()) {
            (Self::Public, _) | (Self::SignedIn, Some(_)) => Ok(()),
            (Self::SignedIn | Self::Roles(_), None) => Err(Error::SignIn),
            (Self::Roles(_), Some(person)) if person.is_half => Err(Error::Half),
            (Self::Roles(roles), Some(person)) => {
                let reads = method.is_safe() && person.duties.iter().any(|duty| duty.role.reads_everything());
                // Somebody who audits holds no other power at the same time, whatever else they are.
                let audits = !method.is_safe() && person.holds(Role::Auditor);
                if reads || (person.holds_any(roles) && !audits) {
                    Ok(())
                } else {
                    Err(Error::Forbidden(Refusal { roles }))
                }
            }
        }
    }
}

/// A room's addresses.
#[derive(Default)]
pub struct Routes(Vec<Route>);

/// One address with its permission.
pub struct Route {
    /// Reading or changing.
    pub method: Method,
    /// The path with `{variables}`.
    pub path: &'static str,
    /// Who may use it.
    pub access: Access,
    pub(crate) handler: MethodRouter<Arc<House>>,
}

impl Routes {
    /// No addresses yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A page or a document to read.
    #[must_use]
    pub fn get<H, T>(mut self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, Arc<House>>,
        T: 'static,
    {
        self.0.push(Route { method: Method::GET, path, access, handler: get(handler) });
        self
    }

    /// A change. What comes from another site's page is refused at the door.
    #[must_use]
    pub fn post<H, T>(mut self, path: &'static str, access: Access, handler: H) -> Self
    where
        H: Handler<T, Arc<House>>,
        T: 'static,
    {
        self.0.push(Route { method: Method::POST, path, access, handler: post(handler) });
        self
    }

    /// The addresses of another list after these.
    #[must_use]
    pub fn and(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }

    /// The addresses, to walk through in tests.
    pub fn iter(&self) -> impl Iterator<Item = &Route> {
        self.0.iter()
    }
}

impl Route {
    /// The handler behind its permission: the room must be on in the city, and the actor admitted.
    pub(crate) fn guarded(&self, room: &Room) -> MethodRouter<Arc<House>> {
        let (name, always_on, access) = (room.name, room.always_on, self.access);
        self.handler.clone().layer(from_fn(move |ctx: Ctx, request: Request, next: Next| async move {
            pass(name, always_on, access, &ctx, request, next).await
        }))
    }
}

async fn pass(room: &str, always_on: bool, access: Access, ctx: &Ctx, request: Request, next: Next) -> Response {
    if !always_on && !ctx.state.profile.rooms.iter().any(|on| on == room) {
        return Error::NotFound.into_response();
    }
    match access.admits(&ctx.actor, request.method()) {
        Ok(()) => {
            let mut response = next.run(request).await;
            if access == Access::Public {
                response.extensions_mut().insert(Shown);
            }
            response
        }
        Err(Error::SignIn) if !request.method().is_safe() => unsent::keep(ctx, request).await.into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

/// Marks an answer that everybody may see: only such pages are kept and counted as views.
#[derive(Clone, Copy)]
pub(crate) struct Shown;
