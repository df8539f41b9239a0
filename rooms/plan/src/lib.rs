#![doc = include_str!("../README.md")]

pub mod adoption;
pub mod api;
pub mod counting;
mod desk;
pub mod earlier;
pub mod editing;
pub mod entry;
pub mod evaluation;
pub mod findable;
pub mod folding;
mod ground;
pub mod import;
pub mod indicator;
mod kept;
pub mod node;
pub mod pack;
pub mod pages;
pub mod partner;
pub mod plan;
pub mod progress;
pub mod revision;
pub mod round;
pub mod schedule;
pub mod sheets;
pub mod store;
pub mod text;
mod view;
pub mod voice;
pub mod workbooks;

use kyodo_db::Migration;
use kyodo_kernel::Language;
use kyodo_kernel::words::MessageFile;
use kyodo_web::{Access, NavItem, Room, Routes};

/// What it says, in three languages.
const MESSAGES: &[MessageFile] = &[
    MessageFile { language: Language::Japanese, text: include_str!("../messages/ja.ftl") },
    MessageFile { language: Language::EasyJapanese, text: include_str!("../messages/ja-easy.ftl") },
    MessageFile { language: Language::English, text: include_str!("../messages/en.ftl") },
    MessageFile { language: Language::Japanese, text: include_str!("../messages/round.ja.ftl") },
    MessageFile { language: Language::EasyJapanese, text: include_str!("../messages/round.ja-easy.ftl") },
    MessageFile { language: Language::English, text: include_str!("../messages/round.en.ftl") },
    MessageFile { language: Language::Japanese, text: include_str!("../messages/figures.ja.ftl") },
    MessageFile { language: Language::EasyJapanese, text: include_str!("../messages/figures.ja-easy.ftl") },
    MessageFile { language: Language::English, text: include_str!("../messages/figures.en.ftl") },
    MessageFile { language: Language::Japanese, text: include_str!("../messages/editing.ja.ftl") },
    MessageFile { language: Language::EasyJapanese, text: include_str!("../messages/editing.ja-easy.ftl") },
    MessageFile { language: Language::English, text: include_str!("../messages/editing.en.ftl") },
    MessageFile { language: Language::Japanese, text: include_str!("../messages/earlier.ja.ftl") },
    MessageFile { language: Language::EasyJapanese, text: include_str!("../messages/earlier.ja-easy.ftl") },
    MessageFile { language: Language::English, text: include_str!("../messages/earlier.en.ftl") },
    MessageFile { language: Language::Japanese, text: include_str!("../messages/import.ja.ftl") },
    MessageFile { language: Language::EasyJapanese, text: include_str!("../messages/import.ja-easy.ftl") },
    MessageFile { language: Language::English, text: include_str!("../messages/import.en.ftl") },
    MessageFile { language: Language::Japanese, text: include_str!("../messages/yearly.ja.ftl") },
    MessageFile { language: Language::EasyJapanese, text: include_str!("../messages/yearly.ja-easy.ftl") },
    MessageFile { language: Language::English, text: include_str!("../messages/yearly.en.ftl") },
    MessageFile { language: Language::Japanese, text: include_str!("../messages/partners.ja.ftl") },
    MessageFile { language: Language::EasyJapanese, text: include_str!("../messages/partners.ja-easy.ftl") },
    MessageFile { language: Language::English, text: include_str!("../messages/partners.en.ftl") },
    MessageFile { language: Language::Japanese, text: include_str!("../messages/voices.ja.ftl") },
    MessageFile { language: Language::EasyJapanese, text: include_str!("../messages/voices.ja-easy.ftl") },
    MessageFile { language: Language::English, text: include_str!("../messages/voices.en.ftl") },
    MessageFile { language: Language::Japanese, text: include_str!("../messages/workbooks.ja.ftl") },
    MessageFile { language: Language::EasyJapanese, text: include_str!("../messages/workbooks.ja-easy.ftl") },
    MessageFile { language: Language::English, text: include_str!("../messages/workbooks.en.ftl") },
    MessageFile { language: Language::Japanese, text: include_str!("../messages/revision.ja.ftl") },
    MessageFile { language: Language::EasyJapanese, text: include_str!("../messages/revision.ja-easy.ftl") },
    MessageFile { language: Language::English, text: include_str!("../messages/revision.en.ftl") },
    MessageFile { language: Language::Japanese, text: include_str!("../messages/evaluation.ja.ftl") },
    MessageFile { language: Language::EasyJapanese, text: include_str!("../messages/evaluation.ja-easy.ftl") },
    MessageFile { language: Language::English, text: include_str!("../messages/evaluation.en.ftl") },
];

/// Its tables.
const MIGRATIONS: &[Migration] = &[
    Migration { room: "plan", name: "0001_plan", sql: include_str!("../migrations/0001_plan.sql") },
    Migration { room: "plan", name: "0002_round", sql: include_str!("../migrations/0002_round.sql") },
    Migration { room: "plan", name: "0003_figures", sql: include_str!("../migrations/0003_figures.sql") },
    Migration { room: "plan", name: "0004_import", sql: include_str!("../migrations/0004_import.sql") },
    Migration { room: "plan", name: "0005_evaluation", sql: include_str!("../migrations/0005_evaluation.sql") },
    Migration { room: "plan", name: "0006_voices", sql: include_str!("../migrations/0006_voices.sql") },
    Migration { room: "plan", name: "0007_editing", sql: include_str!("../migrations/0007_editing.sql") },
    Migration { room: "plan", name: "0008_yearly", sql: include_str!("../migrations/0008_yearly.sql") },
    Migration { room: "plan", name: "0009_workbooks", sql: include_str!("../migrations/0009_workbooks.sql") },
    Migration { room: "plan", name: "0010_revision", sql: include_str!("../migrations/0010_revision.sql") },
    Migration { room: "plan", name: "0011_earlier", sql: include_str!("../migrations/0011_earlier.sql") },
];

/// The room: what it offers, in one table.
#[must_use]
pub fn room() -> Room {
    Room {
        name: "plan",
        messages: MESSAGES,
        migrations: MIGRATIONS,
        sentences: store::sentences().into_iter().map(str::to_owned).collect(),
        routes: Routes::new()
            .get("/plan", Access::Public, pages::overview)
            .get("/plan/schedule", Access::Public, pages::schedule)
            .get("/plan/matrix", Access::Public, pages::matrix)
            .get("/plan/nodes/{key}", Access::Public, pages::measure)
            .get("/plan/files/{key}", Access::Public, pages::document)
            .get("/plan/reports", Access::Public, pages::reports)
            .get("/plan/reports/{fiscal_year}", Access::Public, pages::report)
            .get("/plan/versions", Access::Public, pages::versions)
            .get("/plan/versions/{number}", Access::Public, pages::version)
            .get("/plan/earlier/{period}", Access::Public, pages::earlier_plan)
            .get("/plan/earlier/{period}/{key}", Access::Public, pages::earlier_line)
            .get("/plan/indicators", Access::Public, pages::indicators)
            .get("/plan/indicators/{key}", Access::Public, pages::indicator)
            .get("/api/v1/plan", Access::Public, api::plan)
            .get("/api/v1/plan/nodes", Access::Public, api::nodes)
            .get("/api/v1/plan/indicators", Access::Public, api::indicators)
            .and(pages::partner::routes())
            .and(pages::voice::routes())
            .and(desk::routes()),
        on_facts: Some(folding::on_facts),
        jobs: &[
            folding::FOLD,
            folding::CHECK,
            desk::REMINDING_JOB,
            desk::EVALUATION_JOB,
            desk::PARTNER_JOB,
            desk::FORGET_JOB,
        ],
        schedules: &[
            folding::OFTEN,
            folding::NIGHTLY,
            desk::REMINDING_SCHEDULE,
            desk::EVALUATION_SCHEDULE,
            desk::PARTNER_SCHEDULE,
            desk::FORGET_SCHEDULE,
        ],
        navigation: &[NavItem { path: "/plan", label: "nav-plan" }],
        front: Some(|ctx| Box::pin(pages::front(ctx))),
        desk: desk::ITEMS,
        sent: Some(|ctx| Box::pin(desk::sent(ctx))),
        tasks: Some(|ctx, drafts| Box::pin(desk::tasks(ctx, drafts))),
        wrote: Some(|ctx, account| Box::pin(desk::wrote(ctx, account))),
        needs: Some(|ctx, key| Box::pin(desk::needs(ctx, key))),
        pack: Some(&pack::PlanPart),
        api: Some(api::description),
        ..Room::default()
    }
}
