//! Two tiny rooms to test the house with: notes that every city has, and mishaps that a city switches on.

use askama::Template;
use axum::Json;
use axum::response::{IntoResponse, Response};
use kyodo_db::{FromRow, Migration};
use kyodo_kernel::Language;
use kyodo_kernel::audit::Entry;
use kyodo_kernel::catalogue::kind_named;
use kyodo_kernel::facts::{NewFact, append};
use kyodo_kernel::people::Role;
use kyodo_kernel::search::{Cursor, Document, Hit, find, remember};
use kyodo_kernel::words::MessageFile;
use kyodo_testkit::{TestCity, TestPack};
use kyodo_web::api::{List, limit};
use kyodo_web::components::{Field, Wrongs};
use kyodo_web::{
    Access, Ctx, Error, Faults, Form, Frame, KeyPath, NavItem, Page, Params, Result, Room, Routes, Wrong, filters,
};

pub(crate) fn rooms() -> Vec<Room> {
    vec![notes(), mishaps()]
}

/// The made-up city with its mishaps switched on.
pub(crate) fn mihon() -> TestPack {
    TestPack::named("mihon").replacing("city.toml", "rooms = [\"plan\"]", "rooms = [\"mishaps\"]")
}

/// Another city, alike in everything but its names.
pub(crate) fn kagami() -> TestPack {
    mihon().called("kagami").replacing("city.toml", "見本", "鏡").replacing("terms.ftl", "見本", "鏡").replacing(
        "terms.ja-easy.ftl",
        "見本",
        "鏡",
    )
}

/// Writes a note, so that it can be read and found.
pub(crate) async fn writes(city: &TestCity, key: &str, text: &str) {
    let mut tx = city.db().begin().await.unwrap();
    tx.ask("INSERT INTO note (key, text) VALUES ($1, $2)").with(key).with(text).run().await.unwrap();
    let address = format!("/notes/{key}");
    let document = Document { address, kind: "note", title: text.to_owned(), body: format!("覚え書き {text}") };
    remember(&mut tx, "notes", &document).await.unwrap();
    kyodo_kernel::city::bump_revision(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
}

/// A course was held, which the list of notes counts.
pub(crate) async fn holds_a_course(city: &TestCity) {
    let held = NewFact::new(kind_named("course.held").unwrap(), "2026-11-20".parse().unwrap());
    let mut tx = city.db().begin().await.unwrap();
    append(&mut tx, &[held], &[], "2026-11-20T00:00:00Z".parse().unwrap()).await.unwrap();
    tx.commit().await.unwrap();
}

const MESSAGES: &[MessageFile] = &[
    MessageFile {
        language: Language::Japanese,
        text: "notes-title = 覚え書き\nnotes-lead = { -city }の協働の覚え書き\nnotes-courses = 講座{ NUMBER($n) }回\nnotes-key = 名前\nnotes-key-missing = 名前を書いてください\n",
    },
    MessageFile {
        language: Language::EasyJapanese,
        text: "notes-title = メモ\nnotes-lead = { -city }の メモ\nnotes-courses = 講座 { NUMBER($n) }回\nnotes-key = 名前\nnotes-key-missing = 名前を 書いてください\n",
    },
    MessageFile {
        language: Language::English,
        text: "notes-title = Notes\nnotes-lead = Notes of { -city }\nnotes-courses = { NUMBER($n) } courses\nnotes-key = Name\nnotes-key-missing = Please give it a name\n",
    },
];

/// Who writes notes.
const WRITERS: Access = Access::Roles(&[Role::Coordinator]);

fn notes() -> Room {
    Room {
        name: "notes",
        always_on: true,
        messages: MESSAGES,
        migrations: &[Migration {
            room: "notes",
            name: "0001_note",
            sql: "CREATE TABLE note (id {id}, key {text} NOT NULL UNIQUE, text {text} NOT NULL){strict};",
        }],
        sentences: [ALL, ONE, COURSES, WRITE].map(str::to_owned).to_vec(),
        routes: Routes::new()
            .get("/notes", Access::Public, list)
            .get("/notes/{key}", Access::Public, note)
            .get("/search", Access::Public, search)
            .get("/api/v1/notes", Access::Public, api)
            .get("/desk/notes/new", WRITERS, new)
            .post("/desk/notes", WRITERS, write),
        navigation: &[NavItem { path: "/notes", label: "notes-title" }],
        ..Room::default()
    }
}

fn mishaps() -> Room {
    Room {
        name: "mishaps",
        routes: Routes::new()
            .get("/mishaps/broken", Access::Public, broken)
            .get("/mishaps/panic", Access::Public, panics)
            .get("/mishaps/forbidden", Access::Public, forbidden)
            .get("/api/v1/mishaps/broken", Access::Public, broken)
            .get("/api/v1/mishaps/panic", Access::Public, panics),
        ..Room::default()
    }
}

const ALL: &str = "
SELECT key, text
FROM note
ORDER BY key";

const ONE: &str = "
SELECT key, text
FROM note
WHERE key = $1";

const WRITE: &str = "
INSERT INTO note (key, text)
VALUES ($1, $2)";

const COURSES: &str = "
SELECT COUNT(*) AS n
FROM fact
WHERE kind = 'course.held'";

#[derive(FromRow, serde::Serialize, utoipa::ToSchema)]
struct Note {
    key: String,
    text: String,
}

#[derive(FromRow)]
struct Number {
    n: i64,
}

#[derive(Template)]
#[template(
    source = "{% extends \"layout.html\" %}{% block content %}<h1>{{ f.title }}</h1><p class=\"lead\">{{ lead }}</p>\
              <p>{{ courses }}</p>\
              <ul>{% for note in notes %}<li><a href=\"/notes/{{ note.key }}\">{{ note.text }}</a></li>{% endfor %}</ul>\
              {% endblock %}",
    ext = "html"
)]
struct ListPage {
    f: Frame,
    lead: kyodo_web::Html,
    courses: String,
    notes: Vec<Note>,
}

async fn list(ctx: Ctx) -> Result<Page<ListPage>> {
    let notes = ctx.db.ask(ALL).all().await?;
    let held = ctx.db.ask(COURSES).one::<Number>().await?.n;
    let f = ctx.frame(ctx.words().say("notes-title"));
    Ok(Page(ListPage { lead: f.say("notes-lead"), courses: f.n("notes-courses", held), notes, f }))
}

#[derive(Template)]
#[template(
    source = "{% extends \"layout.html\" %}{% block content %}<h1>{{ f.title }}</h1>{{ self.wrongs() }}\
              <form action=\"/desk/notes\" method=\"post\">{{ f.token() }}{{ key }}{{ text }}\
              <button>{{ f.title }}</button></form>{% endblock %}",
    ext = "html"
)]
struct NewPage {
    f: Frame,
    faults: Faults,
    key: Field,
    text: Field,
}

impl NewPage {
    fn new(ctx: &Ctx, form: &Form, faults: Faults) -> Self {
        let f = ctx.frame(ctx.words().say("notes-title")).at_desk();
        let key = Field::line("key", f.t("notes-key")).need(&f).heard(form, &faults);
        let text = Field::lines("text", f.t("notes-title"), 4).heard(form, &faults);
        Self { f, faults, key, text }
    }

    fn wrongs(&self) -> Wrongs<'_> {
        Wrongs { f: &self.f, faults: &self.faults }
    }
}

async fn new(ctx: Ctx) -> Page<NewPage> {
    Page(NewPage::new(&ctx, &Form::default(), Faults::default()))
}

async fn write(ctx: Ctx, form: Form) -> Result<Response> {
    let mut faults = Faults::default();
    if form.text("key").is_empty() {
        faults.add("key", ctx.words().say("notes-key-missing"));
        return Ok(Wrong(NewPage::new(&ctx, &form, faults)).into_response());
    }
    let mut change = ctx.change(&form).await?;
    change.tx.ask(WRITE).with(form.text("key").to_owned()).with(form.text("text").to_owned()).run().await?;
    ctx.trail().note(&mut change.tx, Entry::new("note.written", form.text("key"))).await?;
    kyodo_kernel::city::bump_revision(&mut change.tx).await?;
    change.done("/notes", "said-saved").await
}

#[derive(Template)]
#[template(
    source = "{% extends \"layout.html\" %}{% block content %}<h1>{{ f.title }}</h1>{% endblock %}",
    ext = "html"
)]
struct NotePage {
    f: Frame,
}

async fn note(ctx: Ctx, KeyPath(key): KeyPath) -> Result<Page<NotePage>> {
    let note = ctx.db.ask(ONE).with(key).maybe::<Note>().await?.ok_or(Error::NotFound)?;
    Ok(Page(NotePage { f: ctx.frame(note.text).japanese().crumb("/notes", "notes-title") }))
}

#[derive(Template)]
#[template(
    source = "{% extends \"layout.html\" %}{% block content %}<h1>{{ f.title }}</h1><p>{{ total }}</p>\
              <ul>{% for hit in hits %}<li><a href=\"{{ hit.address }}\">{{ hit.title }}</a></li>{% endfor %}</ul>\
              {% endblock %}",
    ext = "html"
)]
struct SearchPage {
    f: Frame,
    total: String,
    hits: Vec<Hit>,
}

async fn search(ctx: Ctx, params: Params) -> Result<Page<SearchPage>> {
    let found = find(&ctx.db, params.get("q").unwrap_or_default(), Cursor::START, 10).await?;
    let f = ctx.frame(ctx.words().say("search-button"));
    Ok(Page(SearchPage { total: f.how_many(found.total), hits: found.items, f }))
}

async fn api(ctx: Ctx, params: Params) -> Result<Json<List<Note>>> {
    limit(&params)?;
    Ok(Json(List { items: ctx.db.ask(ALL).all().await?, next: None }))
}

async fn broken(ctx: Ctx) -> Result<Response> {
    ctx.db.ask("SELECT n FROM no_table_of_ours").one::<Number>().await?;
    Err(Error::NotFound)
}

async fn panics() -> Result<Response> {
    panic!("this is a test of panicking")
}

async fn forbidden() -> Result<Response> {
    Err(Error::Forbidden(kyodo_web::Refusal { roles: &[Role::Coordinator] }))
}
