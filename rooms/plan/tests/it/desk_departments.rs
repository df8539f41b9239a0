//! Who is in charge of what, decided at the desk where the document names nobody.

use kyodo_kernel::audit::{self, Filter};
use kyodo_kernel::people::Role;
use kyodo_kernel::profile::Department;
use kyodo_kernel::{city as kernel_city, notices};
use kyodo_plan::store;
use kyodo_testkit::{Page, TestCity, TestPack, Visitor};

use crate::desk::{EDIT, PUBLIC};
use crate::languages::unmarked;
use crate::update::{changes, install};
use crate::world::{city, shown};

const CHARGE: &str = "/desk/plan/nodes/1-1-1-1/departments";
const MANY: &str = "/desk/plan/departments";

/// 見本市, whose document names nobody: neither departments nor who is in charge.
fn nameless() -> TestPack {
    let text = TestPack::named("mihon").text("city.toml");
    let (before, rest) = text.split_once("[contact]").unwrap();
    let (_, after) = rest.split_once("[about]").unwrap();
    let pack = TestPack::named("mihon").file("city.toml", format!("{before}[about]{after}"));
    let plan = pack.text("plan.toml");
    let lines = plan.lines().filter(|line| !line.starts_with("departments")).collect::<Vec<_>>();
    pack.file("plan.toml", lines.join("\n"))
}

/// Departments that were made at the desk.
async fn made(city: &TestCity, departments: &[(&str, &str)]) {
    let mut tx = city.db().begin().await.unwrap();
    for (key, name) in departments {
        let phone = Some(format!("000-{}", key.len()));
        let new = Department { key: (*key).to_owned(), name: (*name).to_owned(), phone, ..Department::default() };
        kernel_city::put_department(&mut tx, &new).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// A city with three departments of its own, and whoever keeps them together.
async fn with_departments() -> (TestCity, Visitor) {
    let city = city(nameless()).await;
    made(&city, &[("ka-1", "総務課"), ("ka-22", "福祉課"), ("ka-333", "教育課")]).await;
    let all = city.holder("山本折", Role::Coordinator).await;
    (city, all)
}

/// Decides who is in charge of 折り方の会.
async fn decides(who: &Visitor, page: &Page, lead: &str, others: &[&str]) -> Page {
    let mut sent: Vec<(String, String)> = page.form(CHARGE).fields;
    sent.retain(|(name, _)| name != "lead" && name != "others");
    sent.push(("lead".to_owned(), lead.to_owned()));
    sent.extend(others.iter().map(|key| ("others".to_owned(), (*key).to_owned())));
    let sent: Vec<(&str, &str)> = sent.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    who.posts(CHARGE, &sent).await
}

async fn in_charge(city: &TestCity, key: &str) -> Vec<String> {
    let (plan, _) = store::plan(city.db()).await.unwrap().unwrap();
    store::node(city.db(), plan, key).await.unwrap().unwrap().departments
}

async fn noted(city: &TestCity) -> usize {
    let filter = Filter { action: Some("measure.assigned".to_owned()), ..Filter::default() };
    audit::search(city.db(), &filter, None, 100).await.unwrap().len()
}

async fn told(city: &TestCity, who: &Visitor) -> Vec<String> {
    let told = notices::told(city.db(), who.account(), None, 10).await.unwrap();
    told.into_iter().map(|notice| notice.message).collect()
}

#[tokio::test]
async fn a_city_without_departments_is_led_to_make_some() {
    let city = city(nameless()).await;
    let all = city.holder("山本折", Role::Coordinator).await;
    for address in [CHARGE, MANY] {
        let page = all.gets(address).await;
        page.ok().says("まだ課がありません").does_not_say("担当を決める");
        all.follows(&page, "課の一覧へ進む").await.ok();
    }
}

#[tokio::test]
async fn a_department_is_put_in_charge_writes_and_is_shown_to_residents() {
    let (city, all) = with_departments().await;
    let hana = city.person("佐藤花", &[(Role::Reporter, Some("ka-22")), (Role::Head, Some("ka-22"))]).await;
    let ken = city.person("高橋健", &[(Role::Head, Some("ka-1"))]).await;
    hana.gets(EDIT).await.ok().does_not_say("公開する").does_not_say("担当の課を決める");
    let page = all.gets(EDIT).await;
    let page = all.follows(&page, "担当の課を決める").await;
    page.ok().says("折り方の会").says("まだ決めない").says("総務課");
    let page = all.is_led(&decides(&all, &page, "ka-22", &["ka-333", "ka-22"]).await).await;
    page.ok().says("担当の課を決めました");
    assert_eq!(in_charge(&city, "1-1-1-1").await, ["ka-22", "ka-333"]);

    shown(&city, PUBLIC).await.says("福祉課").says("000-5").says("教育課");
    hana.gets(EDIT).await.ok().says("公開する");
    assert_eq!(told(&city, &hana).await, ["notice-measure-assigned"], "once, whatever they are");
    assert_eq!(told(&city, &ken).await, Vec::<String>::new());
    assert_eq!(noted(&city).await, 1);
    hana.gets("/desk/plan").await.says("わたしの課の取組").says("福祉課、教育課");

    // Another department comes to it, and only its people are told.
    let page = all.gets(CHARGE).await;
    decides(&all, &page, "ka-22", &["ka-1", "ka-333"]).await.is(303);
    assert_eq!(in_charge(&city, "1-1-1-1").await, ["ka-22", "ka-333", "ka-1"], "those who were there stay before");
    assert_eq!((told(&city, &hana).await.len(), told(&city, &ken).await.len()), (1, 1));
    let page = all.gets(CHARGE).await;
    all.is_led(&all.fills(&page, CHARGE, &[]).await).await.says("担当は、前と同じです");
    assert_eq!(noted(&city).await, 2);
    // And nobody again.
    decides(&all, &all.gets(CHARGE).await, "", &[]).await.is(303);
    shown(&city, PUBLIC).await.does_not_say("福祉課");
}

#[tokio::test]
async fn what_cannot_be_decided_is_said() {
    let (city, all) = with_departments().await;
    let page = all.gets(CHARGE).await;
    decides(&all, &page, "", &["ka-1"]).await.is(422).says("中心になる課を選んでください");
    decides(&all, &page, "nowhere", &["gone"]).await.is(422).says("もうありません");
    // Somebody else decided while this page was open.
    let other = city.holder("別の人", Role::Coordinator).await;
    decides(&other, &other.gets(CHARGE).await, "ka-1", &[]).await.is(303);
    decides(&all, &page, "ka-22", &[]).await.is(422).says("ほかの人が担当を変えました");
    assert_eq!(in_charge(&city, "1-1-1-1").await, ["ka-1"]);
    all.gets("/desk/plan/nodes/9-9-9/departments").await.is(404);
}

#[tokio::test]
async fn many_measures_are_given_to_a_department_at_once() {
    let (city, all) = with_departments().await;
    let hana = city.person("佐藤花", &[(Role::Reporter, Some("ka-22"))]).await;
    decides(&all, &all.gets(CHARGE).await, "ka-1", &[]).await.is(303);
    let list = all.gets("/desk/plan?state=no-department").await;
    list.ok().says("7件の節");
    let page = all.follows(&list, "取組の担当をまとめて決める").await;
    page.ok().says("折り方の会（いまは総務課）");
    let empty = all.fills(&page, MANY, &[]).await;
    empty.is(422).says("課を選んでください").says("1つは印を付けてください");
    let sent = |page: &Page| {
        let token = page.form(MANY).fields.into_iter().find(|(name, _)| name == "once").unwrap().1;
        [("once", token), ("department", "ka-22".to_owned())]
    };
    let token = sent(&page);
    let mut fields: Vec<(&str, &str)> = token.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fields.extend([("measures", "1-1-1-1"), ("measures", "1-1-1-2"), ("measures", "9-9")]);
    all.is_led(&all.posts(MANY, &fields).await).await.says("担当の課を決めました");
    // Twice is once.
    all.posts(MANY, &fields).await.is(303);
    assert_eq!(in_charge(&city, "1-1-1-1").await, ["ka-1", "ka-22"]);
    assert_eq!(in_charge(&city, "1-1-1-2").await, ["ka-22"]);
    assert_eq!((told(&city, &hana).await, noted(&city).await), (vec!["notice-measures-assigned".to_owned()], 3));
    let token = sent(&all.gets(MANY).await);
    let mut fields: Vec<(&str, &str)> = token.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fields.push(("measures", "1-1-1-2"));
    all.is_led(&all.posts(MANY, &fields).await).await.says("担当は、前と同じです");
}

#[tokio::test]
async fn only_whoever_keeps_all_departments_together_decides() {
    let (city, all) = with_departments().await;
    let token = all.gets(CHARGE).await.form(CHARGE).fields.into_iter().find(|(name, _)| name == "once").unwrap().1;
    let sent =
        [("once", token.as_str()), ("base", ""), ("lead", "ka-1"), ("department", "ka-1"), ("measures", "1-1-1-1")];
    let hana = city.person("佐藤花", &[(Role::Reporter, Some("ka-1"))]).await;
    let admin = city.holder("管理太郎", Role::Administrator).await;
    let auditor = city.person("監査舟", &[(Role::Auditor, None), (Role::Coordinator, None)]).await;
    for who in [&hana, &admin, &auditor] {
        for address in [CHARGE, MANY] {
            who.posts(address, &sent).await.is(403);
        }
        who.gets("/desk/plan").await.ok().does_not_say("まとめて決める");
    }
    for address in [CHARGE, MANY] {
        hana.gets(address).await.is(403);
        auditor.gets(address).await.ok().does_not_say("担当を決める");
        city.visitor("だれか").gets(address).await.is(303);
    }
    assert_eq!(in_charge(&city, "1-1-1-1").await, Vec::<String>::new());
}

#[tokio::test]
async fn an_update_keeps_what_was_made_and_decided_at_the_desk_where_the_document_is_silent() {
    let (city, all) = with_departments().await;
    decides(&all, &all.gets(CHARGE).await, "ka-22", &[]).await.is(303);
    assert_eq!(changes(&city, &nameless()).await, Vec::<String>::new(), "the desk is no difference");
    install(&city, &nameless()).await.unwrap();
    assert_eq!(in_charge(&city, "1-1-1-1").await, ["ka-22"]);
    shown(&city, PUBLIC).await.says("福祉課");

    // The next document names departments and who is in charge: then it is right.
    let real = TestPack::named("mihon").replacing("city.toml", "key = \"kamifusen\"", "key = \"ka-22\"");
    let plan = real.text("plan.toml").replace("\"kamifusen\"", "\"ka-22\"");
    let real = real.file("plan.toml", plan);
    let told = changes(&city, &real).await;
    assert!(told.iter().any(|change| change.contains("1-1-1-1 › departments")), "{told:#?}");
    install(&city, &real).await.unwrap();
    assert_eq!(in_charge(&city, "1-1-1-1").await, ["orizuru"]);
    let state = city.city().state().await.unwrap();
    let names: Vec<(&str, bool)> = state.departments.iter().map(|one| (one.name.as_str(), one.own)).collect();
    assert_eq!(
        names,
        [("折り鶴課", false), ("紙風船課", false), ("全課", false), ("総務課", true), ("教育課", true)],
        "one of the same key is the document's now"
    );
    // What the desk knew of how to reach it stays, and is no difference.
    assert_eq!(state.department("ka-22").unwrap().phone.as_deref(), Some("000-5"));
    assert_eq!(changes(&city, &real).await, Vec::<String>::new());
    // When the document names it no more, it goes, and with it what it was in charge of.
    install(&city, &nameless()).await.unwrap();
    assert!(city.city().state().await.unwrap().department("ka-22").is_none());
    assert_eq!(in_charge(&city, "1-1-1-1").await, Vec::<String>::new());
}

#[tokio::test]
async fn a_department_in_charge_is_needed() {
    let (city, all) = with_departments().await;
    decides(&all, &all.gets(CHARGE).await, "ka-22", &[]).await.is(303);
    assert_eq!(store::measures_of(city.db(), "ka-22").await.unwrap(), 1);
    assert_eq!(store::measures_of(city.db(), "ka-1").await.unwrap(), 0);
    assert!(kyodo_plan::room().needs.is_some());
}

#[tokio::test]
async fn a_measure_printed_again_is_decided_at_its_own_place() {
    let city = city("mihon").await;
    let all = city.holder("山本折", Role::Coordinator).await;
    let (plan, _) = store::plan(city.db()).await.unwrap().unwrap();
    let nodes = store::nodes(city.db(), plan).await.unwrap();
    let again = nodes.iter().find(|node| node.is_alias()).expect("見本市 prints one again");
    let page = all.gets(&format!("/desk/plan/nodes/{}/departments", again.key)).await;
    assert_eq!(page.is(303).header("location"), format!("/desk/plan/nodes/{}/departments", again.real_key()));
}

#[tokio::test]
async fn the_pages_speak_three_languages() {
    let (city, all) = with_departments().await;
    decides(&all, &all.gets(CHARGE).await, "ka-22", &[]).await.is(303);
    let english = city.holder("John", Role::Coordinator).await.in_english();
    for address in [CHARGE, MANY] {
        let page = english.gets(address).await;
        page.ok();
        assert_eq!(unmarked(&page), Vec::<String>::new(), "{page}");
    }
    let easy = all.in_easy_japanese();
    for address in [CHARGE, MANY] {
        easy.gets(address).await.ok();
    }
}
