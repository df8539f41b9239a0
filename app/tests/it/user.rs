//! `kyodo user`: the first administrator of a city, and whoever else is let in from the command line.

use kyodo::data::DataFolder;
use kyodo_accounts::password::{Kept, fits};
use kyodo_accounts::store;
use kyodo_db::{Db, Pools};
use kyodo_kernel::audit::{self, Filter};
use kyodo_kernel::people;

use crate::world::{Told, World};

/// A world with one city.
fn city() -> (World, String) {
    let world = World::new();
    let pack = world.pack();
    let added = world.kyodo(&["city", "add", pack.path()]);
    assert_eq!(added.code, 0, "{}", added.err);
    (world, pack.slug)
}

fn user(world: &World, slug: &str, arguments: &[&str]) -> Told {
    world.kyodo(&[&["user", arguments[0], "--city", slug, "--today", "2026-11-20"], &arguments[1..]].concat())
}

fn in_database<T>(world: &World, slug: &str, ask: impl AsyncFnOnce(&Db) -> T) -> T {
    let data = DataFolder::new(world.path("data"));
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let db = data.place(&data.registered(slug).unwrap()).unwrap().open(Pools::default()).unwrap();
        let answer = ask(&db).await;
        db.close().await;
        answer
    })
}

const HANA: [&str; 7] = ["add", "--name", "佐藤 花", "--email", "Hana@mihon.example", "--role", "administrator"];

#[test]
fn the_first_administrator_comes_in_by_a_link() {
    let (world, slug) = city();
    assert!(user(&world, &slug, &["list"]).out.contains("アカウントはまだありません"));
    let server = world.start(&["serve", "--today", "2026-11-20"]);
    assert!(server.greeting.contains(&format!("kyodo user add --data ./data --city {slug}")), "{}", server.greeting);

    let told = user(&world, &slug, &HANA);
    assert_eq!(told.code, 0, "{}", told.err);
    assert!(told.out.contains("令和8年12月4日"), "{}", told.out);
    let link = told.out.lines().find_map(|line| line.trim().strip_prefix("http://")).unwrap();
    let (host, path) = link.split_once('/').unwrap();
    assert!(host.starts_with(&format!("{slug}.localhost")), "{link}");
    let answer = server.ask(&format!("{slug}.localhost"), &format!("/{path}"));
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    drop(server);
    assert!(!world.start(&["serve"]).greeting.contains("kyodo user add"));

    let actions = in_database(&world, &slug, async |db| {
        let rows = audit::search(db, &Filter::default(), None, 10).await.unwrap();
        rows.into_iter().map(|row| (row.action, row.actor)).collect::<Vec<_>>()
    });
    let wanted = ["account.invited", "duty.given", "account.opened"];
    let wanted: Vec<_> = wanted.map(|action| (action.to_owned(), "command".to_owned())).to_vec();
    assert_eq!(actions.iter().filter(|(action, _)| action != "people.exported").cloned().collect::<Vec<_>>(), wanted);
}

#[test]
fn a_password_is_read_from_where_nobody_looks_over_a_shoulder() {
    let (world, slug) = city();
    let arguments = [&["user"], &HANA[..], &["--city", &slug, "--password-from", "-"]].concat();
    let weak = world.kyodo_reads(&arguments, "hana\n");
    assert_eq!(weak.code, 1);
    assert!(weak.err.contains("12文字以上"), "{}", weak.err);
    let told = world.kyodo_reads(&arguments, "折り鶴を千羽つなぐ糸\u{3000}白い\n");
    assert_eq!(told.code, 0, "{}", told.err);
    assert!(told.out.contains("/login でログインできます"), "{}", told.out);
    let kept = in_database(&world, &slug, async |db| {
        let account = people::account_named(db, "hana@mihon.example").await.unwrap().unwrap();
        store::password(db, account.id).await.unwrap().unwrap().0
    });
    assert!(fits(&Kept::new(kept), "折り鶴を千羽つなぐ糸\u{3000}白い"));

    world.write("password.txt", "another-sheet-of-washi\r\n");
    let ken = ["add", "--name", "高橋 健", "--email", "ken@mihon.example", "--role", "auditor"];
    assert_eq!(user(&world, &slug, &[&ken[..], &["--password-from", "password.txt"]].concat()).code, 0);
    let nowhere = user(&world, &slug, &[&ken[..], &["--password-from", "nowhere.txt"]].concat());
    assert_eq!((nowhere.code, nowhere.err.contains("高橋 健 さんがもう使っています")), (1, true), "{}", nowhere.err);
}

#[test]
fn roles_are_given_and_ended() {
    let (world, slug) = city();
    assert_eq!(user(&world, &slug, &HANA).code, 0);
    let reporter = ["role", "hana@mihon.example", "reporter"];
    let where_ = user(&world, &slug, &reporter);
    assert_eq!(where_.code, 2);
    assert!(where_.err.contains("orizuru（折り鶴課）") && !where_.err.contains("zenka"), "{}", where_.err);
    let given = [&reporter[..], &["--department", "orizuru", "--from", "R8.12.1", "--to", "2027-03-31"]].concat();
    let told = user(&world, &slug, &given);
    assert_eq!(
        told.out, "佐藤 花 さんに協働推進員（折り鶴課）を渡しました（2026-12-01 から 2027-03-31 まで）。\n",
        "{}",
        told.err
    );
    assert_eq!(user(&world, &slug, &given).code, 1);
    let listed = user(&world, &slug, &["list"]).out;
    assert!(listed.contains("管理者、協働推進員（折り鶴課） 2026-12-01 から"), "{listed}");
    let ended = user(&world, &slug, &["role", "hana@mihon.example", "administrator", "--end"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert!(ended.out.contains("2026-11-20 で終わります") && ended.out.contains("管理者がいません"), "{}", ended.out);
    let again = user(&world, &slug, &["role", "hana@mihon.example", "coordinator", "--end"]);
    assert_eq!((again.code, again.err.contains("持っていません")), (1, true), "{}", again.err);
}

#[test]
fn what_cannot_be_is_refused_in_words() {
    let (world, slug) = city();
    assert_eq!(user(&world, &slug, &HANA).code, 0);
    let cases: [(&[&str], i32, &str); 6] = [
        (&["add", "--name", "x", "--email", "x@x.example", "--role", "mayor"], 2, "「mayor」という役割"),
        (&["add", "--name", "x", "--email", "nowhere", "--role", "auditor"], 2, "「nowhere」は使えません"),
        (&["add", "--name", " ", "--email", "x@x.example", "--role", "auditor"], 2, "--name"),
        (&["add", "--name", "x", "--email", "hana@mihon.example", "--role", "auditor"], 1, "佐藤 花 さんが"),
        (&["role", "ken@mihon.example", "auditor"], 1, "「ken@mihon.example」のアカウント"),
        (&["role", "hana@mihon.example", "auditor", "--from", "2026-12-01", "--to", "2026-11-30"], 2, "--to"),
    ];
    for (arguments, code, words) in cases {
        let told = user(&world, &slug, arguments);
        assert_eq!((told.code, told.err.contains(words)), (code, true), "{arguments:?}: {}", told.err);
    }
    assert_eq!(world.kyodo(&["user", "list", "--city", "nowhere"]).code, 1);
    assert_eq!(world.kyodo(&["user"]).code, 2);
}

/// Accounts that anybody knows the password of exist in a demo, and nowhere else.
#[test]
fn a_real_city_begins_without_accounts() {
    let (world, slug) = city();
    let found = in_database(&world, &slug, async |db| {
        people::count(db, &people::AccountFilter { keeper: true, ..people::AccountFilter::default() }).await.unwrap()
    });
    assert_eq!(found, 0);
}
