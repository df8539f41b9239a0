//! Figures entered by hand: who may, with which source, never overwritten; targets and the people of the city.

use kyodo_kernel::audit::{self, Filter};
use kyodo_kernel::people::Role;
use kyodo_testkit::{Page, TestCity, TestHouse, TestPack, Visitor};
use serde_json::json;

use crate::desk::writer;
use crate::languages::unmarked;
use crate::queries::grown;
use crate::world::{TODAY, city, fact, happened, items, keyed, observed, rooms, shown, table, times};

const LIST: &str = "/desk/plan/indicators";
/// しわの数, an indicator of a measure of 折り鶴課.
const WRINKLES: &str = "/desk/plan/indicators/wrinkles";
const FIGURES: &str = "/desk/plan/indicators/wrinkles/figures";
const FIGURES_BACK: &str = "/desk/plan/indicators/wrinkles/figures/removal";
/// An indicator of the whole plan.
const WHOLE: &str = "/desk/plan/indicators/cranes-per-person";
const TARGETS: &str = "/desk/plan/indicators/wrinkles/targets";
const POPULATION: &str = "/desk/plan/population";
const PUBLIC: &str = "/plan/indicators/wrinkles";

/// Enters a figure on a page that was opened before.
async fn enters(who: &Visitor, page: &Page, year: &str, value: &str, source: &str) -> Page {
    who.fills(page, FIGURES, &[("year", year), ("value", value), ("source", source)]).await
}

async fn trail(city: &TestCity, action: &str) -> Vec<audit::Row> {
    let filter = Filter { action: Some(action.to_owned()), ..Filter::default() };
    audit::search(city.db(), &filter, None, 100).await.unwrap()
}

#[tokio::test]
async fn a_department_enters_a_figure_with_its_source_and_residents_see_both() {
    let city = city("mihon").await;
    let hana = writer(&city, "佐藤花").await;
    let list = hana.gets(LIST).await;
    list.ok().says("一番新しい1年分の数字がまだない指標が、2件あります。").says("2025年度の数字なし");
    let page = hana.follows(&list, "広場の紙のしわの数").await;
    page.ok().says("入力できるのは、折り鶴課の協働推進員と所属長、計画の担当です。").says("まだ何も入力していません。");
    let answer = enters(&hana, &page, "2025", "　５８０本 ", "見本市のしわ調べ（令和8年1月）").await;
    let page = hana.is_led(&answer).await;
    page.ok().says("入力しました。市民のページに出ています。");
    page.says("2025年度 580本 見本市のしわ調べ（令和8年1月） 折り鶴課 佐藤花");

    let public = shown(&city, PUBLIC).await;
    public.says("2025年度は580本でした。").says("順調");
    public.says("2025年度 580本 見本市のしわ調べ（令和8年1月） 折り鶴課 令和8年11月20日（金）").does_not_say("佐藤花");
    let figures = items(&city, "/api/v1/plan/indicators").await;
    let entered = json!([{"fiscal_year": 2025, "value": 580.0, "source": "entered"}]);
    assert_eq!(keyed(&figures, "wrinkles")["observations"], entered);
    let told = trail(&city, "observation.entered").await;
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].subject.as_str(), told[0].actor.clone()), ("indicator:wrinkles", hana.account().subject()));
    hana.gets(LIST).await.says("一番新しい1年分の数字がまだない指標が、1件あります。");
}

#[tokio::test]
async fn a_correction_is_a_record_of_its_own_and_the_earlier_one_stays() {
    let city = city("mihon").await;
    let (hana, all) = (writer(&city, "佐藤花").await, city.holder("山本折", Role::Coordinator).await);
    let page = hana.gets(WRINKLES).await;
    enters(&hana, &page, "2025", "580", "しわ調べ").await.is(303);
    // The page of a year has what stands filled in.
    let page = all.follows(&all.gets(WRINKLES).await, "直す").await;
    assert_eq!(crate::desk::field(&page, FIGURES, "value"), "580");
    assert_eq!(crate::desk::field(&page, FIGURES, "source"), "しわ調べ");
    let answer = all.fills(&page, FIGURES, &[("value", "591")]).await;
    let page = all.is_led(&answer).await;
    page.says("直しました。前の数字も残っています。");
    let rows = page.texts_of("section[aria-labelledby=figure] tbody tr");
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert!(rows[0].starts_with("2025年度 591本") && rows[0].contains("山本折"), "{rows:?}");
    assert!(rows[1].starts_with("2025年度 直す前 580本") && rows[1].contains("佐藤花"), "{rows:?}");
    shown(&city, PUBLIC).await.says("2025年度は591本でした。").says("直す前は580本");
    // The same again changes nothing.
    let page = hana.gets("/desk/plan/indicators/wrinkles?year=2025").await;
    hana.is_led(&hana.fills(&page, FIGURES, &[]).await).await.says("前と同じなので、何も変えていません。");
    assert_eq!(trail(&city, "observation.entered").await.len(), 2);
}

#[tokio::test]
async fn whoever_comes_second_is_shown_both_and_decides() {
    let city = city("mihon").await;
    let (hana, ken) = (writer(&city, "佐藤花").await, writer(&city, "高橋健").await);
    let (of_hana, of_ken) = (hana.gets(WRINKLES).await, ken.gets(WRINKLES).await);
    // Ken is faster.
    enters(&ken, &of_ken, "2025", "580", "健の調べ").await.is(303);
    // Another year is nobody's business.
    let other = hana.gets(WRINKLES).await;
    enters(&hana, &other, "2024", "640", "花の調べ").await.is(303);
    let page = enters(&hana, &of_hana, "2025", "575", "花の調べ").await;
    page.is(409).says("さきに入力されています").says("いまの数字 折り鶴課 高橋健 580本 健の調べ");
    page.says("あなたの数字 佐藤花 575本 花の調べ まだ入力していません");
    shown(&city, PUBLIC).await.says("580本").does_not_say("575本");
    hana.is_led(&hana.fills(&page, FIGURES, &[]).await).await.says("直しました。").says("575本");
    shown(&city, PUBLIC).await.says("2025年度は575本でした。");
}

#[tokio::test]
async fn many_at_once_leave_one_first_record() {
    let city = city("mihon").await;
    let hana = writer(&city, "佐藤花").await;
    let mut pages = Vec::new();
    for _ in 0..4 {
        pages.push(hana.gets(WRINKLES).await);
    }
    let [one, two, three, four] =
        [0, 1, 2, 3].map(|at| enters(&hana, &pages[at], "2025", ["1", "2", "3", "4"][at], "調べ"));
    let (one, two, three, four) = tokio::join!(one, two, three, four);
    let codes: Vec<u16> = [one, two, three, four].iter().map(|page| page.status().as_u16()).collect();
    assert_eq!(codes.iter().filter(|code| **code == 303).count(), 1, "{codes:?}");
    assert_eq!(codes.iter().filter(|code| **code == 409).count(), 3, "{codes:?}");
    assert_eq!(trail(&city, "observation.entered").await.len(), 1);
}

#[tokio::test]
async fn posting_twice_enters_once() {
    let city = city("mihon").await;
    let hana = writer(&city, "佐藤花").await;
    let page = hana.gets(WRINKLES).await;
    for _ in 0..2 {
        assert_eq!(enters(&hana, &page, "2025", "580", "調べ").await.is(303).header("location"), WRINKLES);
    }
    assert_eq!(trail(&city, "observation.entered").await.len(), 1);
}

#[tokio::test]
async fn what_cannot_be_a_figure_is_named_beside_its_field_and_kept() {
    let city = city("mihon").await;
    let hana = writer(&city, "佐藤花").await;
    let page = hana.gets(WRINKLES).await;
    for (value, said) in [
        ("", "数字を入れてください。"),
        ("約580", "数字だけで書いてください。"),
        ("580.5", "小数点のない数字で書いてください。"),
        ("９９９９９９９９９９９９９９", "数字が大きすぎます。"),
    ] {
        let wrong = enters(&hana, &page, "2025", value, "しわ調べ").await;
        wrong.is(422).says(said);
        assert_eq!(crate::desk::field(&wrong, FIGURES, "source"), "しわ調べ");
        assert_eq!(crate::desk::field(&wrong, FIGURES, "value"), value);
    }
    enters(&hana, &page, "2025", "580", " ").await.is(422).says("どこから来た数字かを書いてください。");
    enters(&hana, &page, "2025", "580", &"あ".repeat(201)).await.is(422).says("200字までで書いてください。");
    enters(&hana, &page, "2031", "580", "調べ").await.is(422).says("年度を一覧から選んでください。");
    shown(&city, PUBLIC).await.says("1年分の数字は、まだありません。");
}

#[tokio::test]
async fn a_figure_that_should_not_stand_is_taken_back_and_its_record_stays() {
    let city = city("mihon").await;
    let (hana, ken) = (writer(&city, "佐藤花").await, writer(&city, "高橋健").await);
    let page = hana.gets(WRINKLES).await;
    enters(&hana, &page, "2024", "580", "調べ").await.is(303);
    let (of_hana, of_ken) = (hana.gets(WRINKLES).await, ken.gets(WRINKLES).await);
    let page = hana.is_led(&hana.fills(&of_hana, FIGURES_BACK, &[]).await).await;
    page.says("取り消しました。記録は残っています。").says("取り消し").says("直す前 580本");
    shown(&city, PUBLIC).await.says("1年分の数字は、まだありません。").does_not_say("580本");
    ken.is_led(&ken.fills(&of_ken, FIGURES_BACK, &[]).await).await.says("ほかの人がさきに変えていました。");
    assert_eq!(trail(&city, "observation.taken-back").await.len(), 1);
    enters(&hana, &page, "2024", "581", "調べ直し").await.is(303);
    shown(&city, PUBLIC).await.says("2024年度は581本でした。").says("直す前は580本");
}

#[tokio::test]
async fn only_those_in_charge_enter_and_the_others_read() {
    let city = city("mihon").await;
    let hana = writer(&city, "佐藤花").await;
    let other = city.person("鈴木舟", &[(Role::Reporter, Some("kamifusen"))]).await;
    let all = city.holder("山本折", Role::Coordinator).await;
    let page = hana.gets(WRINKLES).await;
    let sent = page.form(FIGURES);
    let mut fields: Vec<(&str, &str)> =
        sent.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.extend([("value", "1"), ("source", "いたずら")]);
    other.gets(WRINKLES).await.ok().does_not_say("この数字を入力する");
    for address in [FIGURES, FIGURES_BACK, TARGETS] {
        other.posts(address, &fields).await.is(403);
        city.visitor("通りがかり").posts(address, &fields).await.is(401);
    }
    city.holder("委員", Role::CommitteeMember).await.gets(WRINKLES).await.ok().does_not_say("この数字を入力する");
    // An indicator of the whole plan belongs to whoever keeps it together.
    hana.gets(WHOLE).await.ok().does_not_say("この数字を入力する").says("折り鶴課の協働推進員");
    let page = all.gets(WHOLE).await;
    let address = format!("{WHOLE}/figures");
    all.fills(&page, &address, &[("year", "2025"), ("value", "２．５"), ("source", "数えた")]).await.is(303);
    shown(&city, "/plan/indicators/cranes-per-person").await.says("2025年度は2.50羽でした。");
}

#[tokio::test]
async fn an_indicator_of_a_policy_is_entered_by_the_departments_of_the_measures_below() {
    let pack = TestPack::named("mihon").replacing("indicators.toml", "node = \"2-2-1-1\"", "node = \"1-1\"");
    let city = city(pack).await;
    for department in ["orizuru", "kamifusen"] {
        let one = city.person(department, &[(Role::Head, Some(department))]).await;
        one.gets(WRINKLES).await.ok().says("折り鶴課、紙風船課").says("この数字を入力する");
    }
    let own = writer(&city, "佐藤花").await.gets("/desk/plan/indicators?department=kamifusen").await;
    own.says("1件の指標").says("広場の紙のしわの数");
}

#[tokio::test]
async fn the_list_is_narrowed_and_downloaded() {
    let city = city("mihon").await;
    observed(&city, "cranes-per-person", &[(2025, 3.0)]).await;
    let hana = writer(&city, "佐藤花").await;
    hana.gets(LIST).await.says("3件の指標").says("2025年度 3.00羽");
    hana.gets("/desk/plan/indicators?state=missing").await.says("1件の指標").says("しわの数");
    hana.gets("/desk/plan/indicators?state=counted").await.says("1件の指標").says("折り方の会の回数");
    hana.gets("/desk/plan/indicators?state=entered&q=鶴").await.says("1件の指標");
    hana.gets("/desk/plan/indicators?q=いない").await.says("あてはまるものがありません。");
    let rows = table(&hana.gets("/desk/plan/indicators?state=missing&format=csv").await);
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["残っていること"], "2025年度の数字なし");
}

// --- targets -----------------------------------------------------------------------------------------------

#[tokio::test]
async fn a_target_of_a_year_is_added_after_the_plan_was_adopted() {
    let city = city("mihon").await;
    let hana = writer(&city, "佐藤花").await;
    observed(&city, "wrinkles", &[(2025, 500.0)]).await;
    // The printed way: 580 are due in 2025.
    shown(&city, PUBLIC).await.says("順調").says("2025年度の線は580.0");
    let page = hana.gets(WRINKLES).await;
    let target = [("target-year", "2025"), ("target-value", "450"), ("target-source", "推進会議（令和8年6月）")];
    hana.is_led(&hana.fills(&page, TARGETS, &target).await).await.says("入力しました。").says("450本");
    let public = shown(&city, PUBLIC).await;
    public.says("遅れている").says("2025年度の線は450.0").says("計画のあとに加えた目標").says("推進会議（令和8年6月）");
    let figures = items(&city, "/api/v1/plan/indicators").await;
    let targets = json!([{"fiscal_year": 2025, "value": 450.0}, {"fiscal_year": 2026, "value": 500.0}, {"fiscal_year": 2030, "value": 90.0}]);
    assert_eq!(keyed(&figures, "wrinkles")["targets"], targets);
    // What the plan printed cannot be chosen.
    let page = hana.gets(WRINKLES).await;
    let printed = [("target-year", "2026"), ("target-value", "1"), ("target-source", "x")];
    hana.fills(&page, TARGETS, &printed).await.is(422).says("年度を一覧から選んでください。");
    // A pack that says nothing of it changes nothing of it.
    assert_eq!(crate::update::changes(&city, &TestPack::named("mihon")).await, Vec::<String>::new());
    let back = "/desk/plan/indicators/wrinkles/targets/removal";
    hana.is_led(&hana.fills(&page, back, &[]).await).await.says("取り消しました。");
    shown(&city, PUBLIC).await.says("順調").does_not_say("推進会議（令和8年6月）");
}

// --- the people of the city --------------------------------------------------------------------------------

fn per_head() -> TestPack {
    let old = "counted = { how = \"count\", kind = \"course.held\" }";
    TestPack::named("mihon")
        .replacing("indicators.toml", old, "counted = { how = \"sum\", kind = \"place.used\", per_head = true }")
        .replacing(
            "indicators.toml",
            "unit = \"回\"\ndecimals = 0\nnode = \"1-1-1-1\"",
            "unit = \"回/年\"\ndecimals = 2\nnode = \"1-1-1-1\"",
        )
}

#[tokio::test]
async fn a_figure_per_head_is_divided_by_the_people_at_the_end_of_the_year() {
    let city = city(per_head()).await;
    let used = |n, on| kyodo_kernel::facts::NewFact { quantity: n, ..fact("place.used", on) };
    happened(&city, &[used(900, "2025-05-01"), used(300, "2026-05-01")]).await;
    let address = "/plan/indicators/folding-classes";
    shown(&city, address).await.says("1年分の数字は、まだありません。");
    let (hana, all) = (writer(&city, "佐藤花").await, city.holder("山本折", Role::Coordinator).await);
    hana.gets(POPULATION).await.ok().does_not_say("この人口を入力する");
    let page = all.follows(&all.gets("/desk/plan/indicators/folding-classes").await, "年度末の人口").await;
    page.says("まだ人口を入力していません。");
    let people = [("year", "2025"), ("value", "３００人"), ("source", "住民基本台帳（令和8年3月末）")];
    all.fills(&page, POPULATION, &[("year", "2025"), ("value", "0"), ("source", "x")])
        .await
        .is(422)
        .says("1人より多い数");
    all.is_led(&all.fills(&page, POPULATION, &people).await).await.says("300人");
    let page = shown(&city, address).await;
    page.says("2025年度は3.00回でした。").says("記録を足した数を、一番新しい年度末の人口で割っています。");
    page.says("今年度 11月20日までの記録 300人 2025年度末の人口 ÷ 300人 今年度ここまで 1.00回");
    assert_eq!(trail(&city, "population.entered").await.len(), 1);
}

#[tokio::test]
async fn the_people_may_come_with_the_pack_and_are_corrected_at_the_desk() {
    let text = per_head().text("indicators.toml");
    let people = |n: u32| format!("{text}\n[[population]]\nyear = 2025\npeople = {n}\nsource = \"国勢調査\"\n");
    let city = city(per_head().file("indicators.toml", people(300))).await;
    let used = |n, on| kyodo_kernel::facts::NewFact { quantity: n, ..fact("place.used", on) };
    happened(&city, &[used(900, "2025-05-01")]).await;
    shown(&city, "/plan/indicators/folding-classes").await.says("2025年度は3.00回でした。");
    let all = city.holder("山本折", Role::Coordinator).await;
    let page = all.gets("/desk/plan/population?year=2025").await;
    page.says("国勢調査").says("計画の資料から");
    all.fills(&page, POPULATION, &[("value", "450"), ("source", "住民基本台帳")]).await.is(303);
    // A pack that says the same again leaves it; one that knows better corrects it.
    assert_eq!(
        crate::update::changes(&city, &per_head().file("indicators.toml", people(300))).await,
        Vec::<String>::new()
    );
    crate::update::install(&city, &per_head().file("indicators.toml", people(300))).await.unwrap();
    shown(&city, "/plan/indicators/folding-classes").await.says("2025年度は2.00回でした。");
    let better = per_head().file("indicators.toml", people(900));
    assert_eq!(crate::update::changes(&city, &better).await.len(), 1);
    crate::update::install(&city, &better).await.unwrap();
    shown(&city, "/plan/indicators/folding-classes").await.says("2025年度は1.00回でした。");
}

// --- many --------------------------------------------------------------------------------------------------

#[tokio::test]
async fn these_pages_ask_as_often_for_many_rows_as_for_few() {
    let house = TestHouse::new(rooms()).on(TODAY).development().with_city("mihon").with_city(grown()).build().await;
    let (small, large) = (house.city("mihon"), house.city("oomihon"));
    happened(&large, &times(300, "course.held", "2026-05-01")).await;
    let (few, many) = (writer(&small, "佐藤花").await, writer(&large, "佐藤花").await);
    let page = many.gets(WRINKLES).await;
    enters(&many, &page, "2025", "580", "調べ").await.is(303);
    let records = "/desk/plan/indicators/folding-classes/records";
    for address in [LIST, "/desk/plan/indicators/folding-classes", records, POPULATION] {
        let mut asked = Vec::new();
        for who in [&few, &many] {
            who.gets(address).await.ok();
            asked.push(who.gets(address).await.header("x-kyodo-queries").parse::<u32>().expect("it says how often"));
        }
        assert!(asked[0] == asked[1] && asked[0] <= 14, "{address} asks {asked:?} times");
    }
}

// --- languages ---------------------------------------------------------------------------------------------

#[tokio::test]
async fn these_pages_speak_three_languages_and_mark_what_stays_japanese() {
    let city = city("mihon").await;
    happened(&city, &times(2, "course.held", "2026-05-01")).await;
    let hana = writer(&city, "佐藤花").await;
    let page = hana.gets(WRINKLES).await;
    enters(&hana, &page, "2025", "580", "しわ調べ").await.is(303);
    let records = "/desk/plan/indicators/folding-classes/records";
    let pages = [LIST, WRINKLES, "/desk/plan/indicators/folding-classes", records, POPULATION, PUBLIC];
    let english = hana.in_english();
    for address in pages {
        let page = english.gets(address).await;
        page.ok();
        let words: Vec<String> = unmarked(&page).into_iter().filter(|words| words != "佐藤花").collect();
        // Examples in the hints are what a clerk would write.
        let words: Vec<String> = words.into_iter().filter(|words| !words.contains("e.g.")).collect();
        assert_eq!(words, Vec::<String>::new(), "{page}");
    }
    let easy = writer(&city, "リン").await.in_easy_japanese();
    for address in pages {
        easy.gets(address).await.ok();
    }
}
