//! A changed pack: what would change is told, what has the same key stays the same thing, all or nothing.

use kyodo_kernel::pack::Faults;
use kyodo_kernel::pack::part::Reader;
use kyodo_testkit::{TestCity, TestPack, told};
use kyodo_web::{messages, pack_parts};

use crate::world::{city, items, keyed, now, observed, report, reported, rooms, shown, word};

fn read(pack: &TestPack) -> Reader {
    let rooms = rooms();
    let mut faults = Faults::default();
    let files = pack.read(&mut faults);
    let messages = messages(&rooms).expect("the messages can be read");
    let reader = Reader::read(&files, &pack_parts(&rooms), &messages, &mut faults);
    assert_eq!(told(faults), Vec::<String>::new());
    reader
}

pub(crate) async fn changes(city: &TestCity, pack: &TestPack) -> Vec<String> {
    let changes = read(pack).changes(city.db()).await.expect("they can be compared");
    changes.iter().map(ToString::to_string).collect()
}

pub(crate) async fn install(city: &TestCity, pack: &TestPack) -> Result<(), kyodo_db::Error> {
    read(pack).install(city.db(), false, now()).await
}

fn mihon() -> TestPack {
    TestPack::named("mihon")
}

/// The fixture without a measure that nothing else points at.
fn without_wrinkle_box() -> TestPack {
    let text = mihon().text("plan.toml");
    let from = text.find("[[nodes]]\nkey = \"2-2-1-1\"").expect("it is the last");
    mihon().file("plan.toml", &text[..from]).replacing("indicators.toml", "node = \"2-2-1-1\"\n", "")
}

#[tokio::test]
async fn what_was_installed_is_what_the_pack_says() {
    let names = TestPack::shipped();
    for name in names.iter().map(String::as_str).chain(["mihon"]) {
        let pack = TestPack::named(name);
        let city = city(pack.clone()).await;
        assert_eq!(changes(&city, &pack).await, Vec::<String>::new(), "{name}");
        install(&city, &pack).await.expect("a pack can be installed again");
        assert_eq!(changes(&city, &pack).await, Vec::<String>::new(), "{name}, installed again");
    }
}

#[tokio::test]
async fn a_preview_names_every_change_and_changes_nothing() {
    let city = city("mihon").await;
    let pack = mihon()
        .replacing("plan.toml", "title = \"しわ箱\"", "title = \"しわの箱\"")
        .replacing("plan.toml", "[\"葉\", \"→\", \"花\", \"畳む\"", "[\"葉\", \"花\", \"花\", \"畳む\"")
        .replacing("indicators.toml", "value = 3.25", "value = 3.5");
    let told = changes(&city, &pack).await;
    assert_eq!(told.len(), 3, "{told:#?}");
    assert!(told.contains(&"~ plan › nodes › 2-2-1-1 › title: しわ箱 → しわの箱".to_owned()), "{told:#?}");
    assert!(told.iter().any(|change| change.contains("1-1-1-2 › schedule › 2023: → → 花")), "{told:#?}");
    assert!(told.iter().any(|change| change.contains("cranes-per-person") && change.contains("3.5")), "{told:#?}");
    assert_eq!(changes(&city, &pack).await, told, "looking changes nothing");
}

#[tokio::test]
async fn a_measure_with_the_same_key_keeps_its_reports_and_figures() {
    let city = city("mihon").await;
    reported(&city, &[report("2-2-1-1", 2026, "花").saying("箱を三つ置きました。")]).await;
    observed(&city, "wrinkles", &[(2025, 650.0)]).await;
    let pack = mihon()
        .replacing("plan.toml", "title = \"しわ箱\"", "title = \"しわの箱\"")
        .replacing("plan.toml", "title = \"大きな机の貸し出し\"", "title = \"机の貸し出し\"")
        .replacing("indicators.toml", "name = \"広場の紙のしわの数\"", "name = \"しわの数\"");
    install(&city, &pack).await.expect("it can be installed");
    let page = shown(&city, "/plan/nodes/2-2-1-1").await;
    page.says("しわの箱").says("箱を三つ置きました。").says("予定どおり").does_not_say("しわ箱");
    shown(&city, "/plan/indicators/wrinkles").await.says("2025年度は650本でした。");
    shown(&city, "/plan/schedule").await.says("机の貸し出し").does_not_say("大きな机");
}

#[tokio::test]
async fn new_measures_come_and_those_without_reports_go() {
    let city = city("mihon").await;
    install(&city, &without_wrinkle_box()).await.expect("nothing holds it");
    let nodes = items(&city, "/api/v1/plan/nodes").await;
    assert_eq!((nodes.len(), word(&nodes[19], "key")), (20, "2-2-1"));
    let added = "[[nodes]]\nkey = \"2-2-1-2\"\ncode = \"②\"\ntitle = \"しわのばし\"\ndepartments = [\"zenka\"]\n";
    let text = format!("{}\n{added}", mihon().text("plan.toml"));
    install(&city, &mihon().file("plan.toml", text)).await.expect("it can be installed");
    let nodes = items(&city, "/api/v1/plan/nodes").await;
    assert_eq!(nodes.len(), 22);
    assert_eq!(word(keyed(&nodes, "2-2-1-2"), "title"), "しわのばし");
}

#[tokio::test]
async fn a_measure_with_reports_cannot_go_and_nothing_of_the_update_is_applied() {
    let city = city("mihon").await;
    reported(&city, &[report("2-2-1-1", 2026, "花").saying("箱を三つ置きました。")]).await;
    let pack = without_wrinkle_box()
        .replacing("plan.toml", "title = \"第1次見本市折り紙計画\"", "title = \"第2次見本市折り紙計画\"")
        .replacing("city.toml", "name = \"見本市\"", "name = \"見本町\"");
    install(&city, &pack).await.expect_err("its reports hold it");
    let page = shown(&city, "/plan").await;
    page.says("第1次見本市折り紙計画").says("①しわ箱").does_not_say("第2次");
    shown(&city, "/plan/nodes/2-2-1-1").await.says("箱を三つ置きました。");
    assert_eq!(changes(&city, &mihon()).await, Vec::<String>::new());
}

#[tokio::test]
async fn an_indicator_with_figures_cannot_go() {
    let city = city("mihon").await;
    observed(&city, "wrinkles", &[(2025, 650.0)]).await;
    install(&city, &mihon().without("indicators.toml")).await.expect_err("its figures hold it");
    assert_eq!(items(&city, "/api/v1/plan/indicators").await.len(), 3);
    let other = mihon().replacing("indicators.toml", "key = \"cranes-per-person\"", "key = \"cranes\"");
    install(&city, &other).await.expect("it has no figures");
    let keys = items(&city, "/api/v1/plan/indicators").await;
    assert_eq!(
        keys.iter().map(|item| word(item, "key")).collect::<Vec<_>>(),
        ["wrinkles", "cranes", "folding-classes"]
    );
}

#[tokio::test]
async fn an_update_is_seen_at_once() {
    let house = kyodo_testkit::TestHouse::new(rooms()).on("2026-11-20").keeping_pages().with_city("mihon");
    let city = house.build().await.city("mihon");
    shown(&city, "/plan").await.says("①しわ箱");
    let pack = mihon().replacing("plan.toml", "title = \"しわ箱\"", "title = \"しわの箱\"");
    install(&city, &pack).await.expect("it can be installed");
    shown(&city, "/plan").await.says("①しわの箱");
}
