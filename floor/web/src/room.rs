//! What a room offers to the house: its routes with their permissions, and its contributions.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::extract::Request;
use axum::handler::Handler;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use kyodo_db::Migration;
use kyodo_kernel::Actor;
use kyodo_kernel::pack::part::Part;
use kyodo_kernel::words::MessageFile;
use utoipa::openapi::OpenApi;

use crate::{Ctx, Error, House, Result};

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
    /// Its addresses.
    pub routes: Routes,
    /// What it adds to the navigation.
    pub navigation: &'static [NavItem],
    /// What it adds to the front page.
    pub front: Option<FrontBlock>,
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

/// Who may use a route. Denied by default: a route without it cannot be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody.
    Public,
}

impl Access {
    /// Whether this actor may pass.
    #[must_use]
    pub fn admits(self, actor: Actor) -> bool {
        match (self, actor) {
            (Self::Public, Actor::Visitor) => true,
        }
    }
}

/// A room's addresses.
#[derive(Default)]
pub struct Routes(Vec<Route>);

/// One address with its permission.
pub struct Route {
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
        self.0.push(Route { path, access, handler: get(handler) });
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
    if !access.admits(ctx.actor) {
        return Error::Forbidden.into_response();
    }
    next.run(request).await
}
