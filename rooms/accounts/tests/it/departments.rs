//! A city whose document names no departments makes its own at the desk.

use kyodo_kernel::audit::{self, Filter};
use kyodo_kernel::people::{self, Role};
use kyodo_kernel::profile::Department;
use kyodo_testkit::{Page, RunningHouse, TestCity, TestHouse, TestPack, Visitor};
use kyodo_web::Room;

use crate::world::house;

const LIST: &str = "/desk/departments";
const NEW: &str = "/desk/departments/new";

/// 見本市, whose document names no departments here.
fn nameless() -> TestPack {
    let text = TestPack::named("mihon").text("city.toml");
    let (before, rest) = text.split_once("[contact]").unwrap();
    let (_, after) = rest.split_once("[about]").unwrap();
    TestPack::named("mihon").file("city.toml", format!("{before}[about]{after}"))
}

async fn bare() -> (TestCity, Visitor) {
    let house = TestHouse::new(vec![kyodo_accounts::room()]).with_city(nameless()).build().await;
    let city = house.city("mihon");
    let admin = city.holder("千葉明", Role::Administrator).await;
    (city, admin)
}

async fn makes(who: &Visitor, fields: &[(&str, &str)]) -> Page {
    let page = who.gets(NEW).await;
    who.fills(&page, NEW, fields).await
}

async fn known(city: &TestCity) -> Vec<Department> {
    city.city().state().await.unwrap().departments.clone()
}

/// The page of the one department of this name.
async fn page_of(city: &TestCity, name: &str) -> String {
    let found = known(city).await.into_iter().find(|one| one.name == name);
    format!("{LIST}/{}", found.unwrap_or_else(|| panic!("there is no {name}")).key)
}

async fn noted(city: &TestCity, action: &str) -> usize {
    let filter = Filter { action: Some(action.to_owned()), ..Filter::default() };
    audit::search(city.db(), &filter, None, 100).await.unwrap().len()
}

#[tokio::test]
async fn an_empty_list_teaches_and_the_first_department_takes_people() {
    let (city, admin) = bare().await;
    let people = admin.gets("/desk/people").await;
    let page = admin.follows(&people, "課の一覧").await;
    page.ok().says("まだ課がありません").says("計画の文書に課の名前がないとき");
    let page = admin.follows(&page, "課をつくる").await;
    let fields = [
        ("name", "まちづくり　課"),
        ("phone", "０００-１２３-４５６７"),
        ("email", "machi@mihon.example"),
        ("hours", "平日 9時から17時"),
    ];
    let page = admin.is_led(&admin.fills(&page, NEW, &fields).await).await;
    page.ok().says("課をつくりました").says("まちづくり 課").says("000-123-4567").says("0人").says("ここでつくった課");
    let made = &known(&city).await[0];
    assert!(made.own && made.key.starts_with("ka-"), "{made:?}");
    page.does_not_say(&made.key);
    // Whoever is invited can be a reporter there.
    let form = admin.gets("/desk/people/new").await;
    let fields =
        [("name", "佐藤 花"), ("email", "hana@mihon.example"), ("role", "reporter"), ("department", made.key.as_str())];
    let page = admin.is_led(&admin.fills(&form, "/desk/people", &fields).await).await;
    page.says("協働推進員（まちづくり 課）");
    admin.gets(LIST).await.says("1人");
    admin.gets("/desk/audit?q=department").await.ok();
    assert_eq!(noted(&city, "department.made").await, 1);
}

#[tokio::test]
async fn a_name_stands_once_and_what_is_wrong_is_said_beside_its_field() {
    let (city, admin) = bare().await;
    makes(&admin, &[("name", "ＡＢ課")]).await.is(303);
    makes(&admin, &[("name", "ab 課")]).await.is(422).says("「ＡＢ課」という課が、もうあります");
    let wrong =
        makes(&admin, &[("phone", "内線"), ("fax", "なし"), ("email", "花"), ("address", &"あ".repeat(101))]).await;
    wrong.is(422).says("課の名前を書いてください").says("数字で書いてください").says("メールアドレスの形で");
    wrong.says("100字までにしてください");
    assert_eq!(known(&city).await.len(), 1);
    assert_eq!(noted(&city, "department.made").await, 1);
}

#[tokio::test]
async fn sending_twice_makes_one() {
    let (city, admin) = bare().await;
    let form = admin.gets(NEW).await.form(NEW);
    let mut fields: Vec<(&str, &str)> = vec![("name", "福祉課")];
    fields.extend(form.fields.iter().filter(|(name, _)| name == "once").map(|(n, v)| (n.as_str(), v.as_str())));
    admin.posts(NEW, &fields).await.is(303);
    admin.posts(NEW, &fields).await.is(303);
    assert_eq!(known(&city).await.len(), 1);
}

#[tokio::test]
async fn a_department_is_renamed_and_those_who_work_there_stay() {
    let (city, admin) = bare().await;
    makes(&admin, &[("name", "福祉課"), ("phone", "000-000-0000")]).await.is(303);
    let page = page_of(&city, "福祉課").await;
    let key = known(&city).await[0].key.clone();
    let hana = city.person("佐藤花", &[(Role::Reporter, Some(&key))]).await;
    let form = admin.gets(&page).await;
    let fields = [("name", "福祉こども課"), ("phone", ""), ("address", "本庁舎1階")];
    admin.is_led(&admin.fills(&form, &page, &fields).await).await.says("変えました").says("福祉こども課");
    let changed = &known(&city).await[0];
    assert_eq!((changed.phone.as_deref(), changed.address.as_deref()), (None, Some("本庁舎1階")));
    hana.gets("/desk/people?role=reporter").await.says("協働推進員（福祉こども課）");
    let form = admin.gets(&page).await;
    admin.is_led(&admin.fills(&form, &page, &[]).await).await.says("何も変えていません");
    assert_eq!(noted(&city, "department.changed").await, 1);
}

#[tokio::test]
async fn one_that_nobody_worked_in_can_go_and_others_say_why_they_stay() {
    let (city, admin) = bare().await;
    for name in ["まちがい課", "福祉課"] {
        makes(&admin, &[("name", name)]).await.is(303);
    }
    let (wrong, welfare) = (page_of(&city, "まちがい課").await, page_of(&city, "福祉課").await);
    let before = admin.gets(&welfare).await;
    let form = admin.gets(&wrong).await;
    let page = admin.is_led(&admin.fills(&form, &format!("{wrong}/removal"), &[]).await).await;
    page.says("課を消しました").does_not_say("まちがい課");
    assert_eq!(noted(&city, "department.removed").await, 1);
    admin.gets(&wrong).await.is(404);

    let key = known(&city).await[0].key.clone();
    let hana = city.person("佐藤花", &[(Role::Reporter, Some(&key))]).await;
    // The page was opened before anybody worked there.
    let refused = admin.fills(&before, &format!("{welfare}/removal"), &[]).await;
    refused.is(422).says("この課で役割を持つ人がいるので、消せません").does_not_say("この課を消す");
    let duty = people::duties(city.db(), hana.account()).await.unwrap()[0].id;
    let mut tx = city.db().begin().await.unwrap();
    people::end_duty(&mut tx, duty, "2026-10-31".parse().unwrap()).await.unwrap();
    assert!(!kyodo_kernel::city::drop_department(&mut tx, &key).await.unwrap());
    tx.commit().await.unwrap();
    admin.gets(&welfare).await.says("この課で働いた人の記録が残っているので、消せません");
    assert_eq!(known(&city).await.len(), 1);
}

#[tokio::test]
async fn what_a_room_needs_cannot_go() {
    let needing = Room {
        name: "needing",
        always_on: true,
        needs: Some(|_, _| Box::pin(async { Ok(Some("折り紙の部屋が使っています。".to_owned())) })),
        ..Room::default()
    };
    let house: RunningHouse = TestHouse::new(vec![kyodo_accounts::room(), needing]).with_city(nameless()).build().await;
    let city = house.city("mihon");
    let admin = city.holder("千葉明", Role::Administrator).await;
    makes(&admin, &[("name", "福祉課")]).await.is(303);
    let page = page_of(&city, "福祉課").await;
    let shown = admin.gets(&page).await;
    shown.says("折り紙の部屋が使っています。").does_not_say("この課を消す");
    let token = shown.form(&page).fields.into_iter().find(|(name, _)| name == "once").unwrap().1;
    admin.posts(&format!("{page}/removal"), &[("once", &token)]).await.is(422).says("折り紙の部屋が使っています。");
    assert_eq!(known(&city).await.len(), 1);
}

#[tokio::test]
async fn a_department_of_the_document_keeps_its_name_and_can_be_reached() {
    let city = house().await.city("mihon");
    let all = city.holder("山本折", Role::Coordinator).await;
    all.gets(LIST).await.ok().says("2課").says("紙風船課").says("計画の文書にある課").does_not_say("全課");
    let page = format!("{LIST}/kamifusen");
    let form = all.gets(&page).await;
    form.says("名前は変えられません").says("計画の文書にある課は消せません").does_not_say("この課を消す");
    assert!(!form.form(&page).names.iter().any(|name| name == "name"));
    all.fills(&form, &page, &[("phone", "000-222-2222")]).await.is(303);
    let token = all.gets(&page).await.form(&page).fields.into_iter().find(|(name, _)| name == "once").unwrap().1;
    all.posts(&page, &[("once", &token), ("name", "勝手な課"), ("phone", "000-333-3333")]).await.is(303);
    let departments = known(&city).await;
    let kept = departments.iter().find(|one| one.key == "kamifusen").unwrap();
    assert_eq!((kept.name.as_str(), kept.phone.as_deref(), kept.own), ("紙風船課", Some("000-333-3333"), false));
    let token = all.gets(&page).await.form(&page).fields.into_iter().find(|(name, _)| name == "once").unwrap().1;
    all.posts(&format!("{page}/removal"), &[("once", &token)]).await.is(422).says("消せません");
    all.gets("/desk/departments/zenka").await.is(404);
}

#[tokio::test]
async fn colleagues_read_and_only_those_who_keep_people_or_the_plan_change() {
    let (city, admin) = bare().await;
    makes(&admin, &[("name", "福祉課")]).await.is(303);
    let page = page_of(&city, "福祉課").await;
    let hana = city.person("佐藤花", &[(Role::Reporter, None)]).await;
    hana.gets(LIST).await.ok().says("福祉課").does_not_say("課をつくる");
    let all = city.holder("山本折", Role::Coordinator).await;
    let token = all.gets(NEW).await.form(NEW).fields.into_iter().find(|(name, _)| name == "once").unwrap().1;
    let sent = [("once", token.as_str()), ("name", "いたずら課")];
    let auditor = city.person("及川進", &[(Role::Auditor, None), (Role::Coordinator, None)]).await;
    auditor.gets(&page).await.ok().does_not_say("保存する").does_not_say("消す");
    auditor.gets(LIST).await.ok().does_not_say("課をつくる");
    for who in [&hana, &auditor] {
        who.posts(NEW, &sent).await.is(403);
        who.posts(&page, &sent).await.is(403);
        who.posts(&format!("{page}/removal"), &sent).await.is(403);
    }
    hana.gets(NEW).await.is(403);
    hana.gets(&page).await.is(403);
    let resident = city.holder("菅原みのり", Role::Resident).await;
    resident.gets(LIST).await.is(403);
    city.visitor("だれか").gets(LIST).await.is(303);
    assert_eq!(known(&city).await.len(), 1);
    // Whoever runs the plan makes them too, in every language.
    all.posts(NEW, &sent).await.is(303);
    all.gets("/desk/departments?lang=en").await.ok().says("2 departments").says("Added here");
    let easy = all.in_easy_japanese();
    easy.gets(LIST).await.ok().says("課の 一覧");
}
