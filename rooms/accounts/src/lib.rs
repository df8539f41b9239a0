#![doc = include_str!("../README.md")]

pub mod actions;
pub mod chores;
pub mod codes;
pub mod handover;
pub mod letters;
pub mod locked;
pub mod oidc;
mod pages;
pub mod passkeys;
pub mod password;
pub mod rules;
pub mod stafflist;
pub mod store;

use kyodo_db::Migration;
use kyodo_kernel::Language;
use kyodo_kernel::people::Role;
use kyodo_kernel::words::MessageFile;
use kyodo_web::{Access, DESK, DeskItem, Room};

/// The providers of every city, by its slug: opened by the application at the start, kept by the house.
#[derive(Clone, Debug, Default)]
pub struct Gates(pub std::sync::Arc<std::collections::HashMap<String, Vec<oidc::Gate>>>);

/// Who keeps people and their duties.
pub const KEEPERS: &[Role] = &[Role::Administrator];

/// Who sees that what runs by itself does run.
pub const OPERATORS: &[Role] = &[Role::Administrator, Role::Coordinator];

/// The room: what it offers, in one table.
#[must_use]
pub fn room() -> Room {
    Room {
        name: "accounts",
        always_on: true,
        messages: MESSAGES,
        migrations: &[Migration {
            room: "accounts",
            name: "0001_accounts",
            sql: include_str!("../migrations/0001_accounts.sql"),
        }],
        sentences: store::sentences().into_iter().map(str::to_owned).collect(),
        routes: pages::routes(),
        from_elsewhere: &["/subscriptions/"],
        desk: &[
            DeskItem { path: "/desk/people", label: "nav-people", access: DESK },
            DeskItem { path: "/desk/audit", label: "nav-audit", access: Access::Roles(KEEPERS) },
            DeskItem { path: "/desk/jobs", label: "nav-jobs", access: Access::Roles(OPERATORS) },
        ],
        jobs: chores::JOBS,
        schedules: chores::SCHEDULES,
        pack: Some(&rules::RulesPart),
        ..Room::default()
    }
}

macro_rules! messages {
    ($($name:literal),*) => {
        &[$(
            MessageFile { language: Language::Japanese, text: include_str!(concat!("../messages/", $name, ".ja.ftl")) },
            MessageFile { language: Language::EasyJapanese, text: include_str!(concat!("../messages/", $name, ".ja-easy.ftl")) },
            MessageFile { language: Language::English, text: include_str!(concat!("../messages/", $name, ".en.ftl")) },
        )*]
    };
}

const MESSAGES: &[MessageFile] = messages!("sign-in", "own", "people", "departments", "stafflist", "records");
