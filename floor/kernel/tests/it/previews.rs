//! Installing a pack, and seeing beforehand what an update would change.

use std::sync::Arc;

use kyodo_db::Db;
use kyodo_kernel::pack::Faults;
use kyodo_kernel::pack::part::Reader;
use kyodo_kernel::words::Messages;
use kyodo_kernel::{City, Language, MIGRATIONS};
use kyodo_testkit::{TestDatabase, TestPack, told};

fn reader(pack: &TestPack) -> Reader {
    let mut faults = Faults::default();
    let files = pack.read(&mut faults);
    let reader = Reader::read(&files, &[], &Messages::default(), &mut faults);
    assert_eq!(told(faults), Vec::<String>::new());
    reader
}

async fn installs(db: &Db, pack: &TestPack) {
    reader(pack).install(db, false, "2026-11-20T00:00:00Z".parse().unwrap()).await.unwrap();
}

async fn changes(db: &Db, pack: &TestPack) -> Vec<String> {
    reader(pack).changes(db).await.unwrap().iter().map(ToString::to_string).collect()
}

#[tokio::test]
async fn what_is_installed_already_changes_nothing() {
    let database = TestDatabase::with(MIGRATIONS).await;
    let pack = TestPack::named("mihon");
    assert!(!changes(database.db(), &pack).await.is_empty(), "before the city stands, everything is new");
    installs(database.db(), &pack).await;
    assert_eq!(changes(database.db(), &pack).await, Vec::<String>::new());
}

#[tokio::test]
async fn the_preview_tells_each_change_and_changes_nothing() {
    let database = TestDatabase::with(MIGRATIONS).await;
    let pack = TestPack::named("mihon");
    installs(database.db(), &pack).await;
    let update = pack
        .clone()
        .replacing("city.toml", "name = \"紙風船課\"", "name = \"風船課\"")
        .replacing("city.toml", "[[departments]]\nkey = \"zenka\"\nname = \"全課\"\nplaceholder = true\n", "")
        .replacing("city.toml", "phone = \"000-000-0000\"", "phone = \"000-000-9999\"")
        .replacing("readings.csv", "市民,しみん", "市民,たみ")
        .replacing("terms.ftl", "-residents = 紙を持つ人", "-residents = 市民");
    let told = changes(database.db(), &update).await;
    for part in [
        "kamifusen › name: 紙風船課 → 風船課",
        "- departments › zenka",
        "000-000-0000 → 000-000-9999",
        "terms › ja",
        "readings › 市民: しみん → たみ",
    ] {
        assert!(told.iter().any(|change| change.contains(part)), "{part}: {told:#?}");
    }
    assert_eq!(changes(database.db(), &update).await, told, "looking changes nothing");
    installs(database.db(), &update).await;
    assert_eq!(changes(database.db(), &update).await, Vec::<String>::new());
}

#[tokio::test]
async fn an_update_is_seen_at_once_and_raises_the_revision() {
    let database = TestDatabase::with(MIGRATIONS).await;
    let pack = TestPack::named("mihon");
    installs(database.db(), &pack).await;
    let city = City::new(
        "mihon".to_owned(),
        database.db().clone(),
        Arc::new(Messages::default()),
        &kyodo_kernel::Secret::new([7; 32]),
    );
    let before = city.state().await.unwrap();
    assert!(Arc::ptr_eq(&before, &city.state().await.unwrap()), "what has not changed is not read again");
    installs(database.db(), &pack.replacing("city.toml", "name = \"見本市\"", "name = \"新見本市\"")).await;
    let after = city.state().await.unwrap();
    assert_eq!((before.profile.name.as_str(), after.profile.name.as_str()), ("見本市", "新見本市"));
    assert!(after.revision > before.revision);
    assert_eq!(after.departments.len(), 3);
    assert_eq!(after.words(Language::Japanese).language(), Language::Japanese);
}

#[tokio::test]
async fn every_shipped_pack_can_be_installed_as_it_is() {
    for name in TestPack::shipped() {
        let database = TestDatabase::with(MIGRATIONS).await;
        let pack = TestPack::named(&name);
        installs(database.db(), &pack).await;
        assert_eq!(changes(database.db(), &pack).await, Vec::<String>::new(), "{name}");
    }
}
