//! The plans before the one that stands: what became of each of their lines, and how a plan becomes one of them.

use kyodo_kernel::FiscalYear;
use kyodo_kernel::people::Role;
use kyodo_plan::earlier::Source;
use kyodo_plan::store;
use kyodo_testkit::{Page, TestCity, TestPack, Visitor, told};

use crate::desk::field;
use crate::editing::{ADOPTION, DRAFT, LINE, Office, revising};
use crate::world::{city, report, reported, shown, table};

const EARLIER: &str = "/desk/plan/earlier";
const NEW: &str = "/desk/plan/earlier/new";
const NEXT: &str = "/desk/plan/draft/next";

/// The plan before the one of 見本市, as somebody writes it down.
const BEFORE: [(&str, &str); 5] = [
    ("title", "第0次見本市折り紙計画"),
    ("from", "2017"),
    ("to", "2021"),
    ("summary", "まず紙を配りました。"),
    ("lines", "(1)／紙に親しむ\n　3／鶴の練習／折り鶴課、広場課／百羽になった\n　4／紙飛行機の会\n切り紙"),
];

async fn office(city: &TestCity) -> Visitor {
    city.holder("田中恵", Role::Coordinator).await
}

async fn writes(office: &Visitor, fields: &[(&str, &str)]) -> Page {
    let page = office.gets(NEW).await;
    page.ok();
    office.fills(&page, NEW, fields).await
}

/// The fields of a form with one of them saying something else.
fn but<'f>(fields: &[(&'f str, &'f str)], name: &str, value: &'f str) -> Vec<(&'f str, &'f str)> {
    fields.iter().map(|(own, said)| (*own, if *own == name { value } else { *said })).collect()
}

#[tokio::test]
async fn a_pack_tells_what_became_of_the_plan_before() {
    let city = city("ichinoseki").await;
    let visitor = city.visitor("花");
    let overview = shown(&city, "/plan").await;
    let page = visitor.follows(&overview, "前の計画と、そのあと").await;
    page.ok().says("令和元年度から令和5年度まで");
    let page = visitor.follows(&page, "一関市地域協働推進計画（第2次）").await;
    page.ok().says("終わった計画です").says("5項目");
    let line = visitor.follows(&page, "(3) 地域の特性を活かした取組の推進").await;
    line.ok().says("30の市民センター").says("事業13 地域づくり交付金などによる支援");
    let measure = visitor.follows(&line, "事業18 地域による市民センターの管理").await;
    measure.ok().says("この項目のこれまで");
    visitor.follows(&measure, "(3) 地域の特性を活かした取組の推進").await.ok().says("30の市民センター");

    let own = "/plan/earlier/2019-2023";
    shown(&city, &format!("{own}?fate=ended"))
        .await
        .says("1項目")
        .says("地域人材の育成と確保")
        .does_not_say("企業の参画");
    shown(&city, &format!("{own}?q=ﾈﾂﾄ")).await.says("当てはまる項目はありません");
    shown(&city, &format!("{own}/2")).await.says("つながる項目の記録はありません");
    let rows = table(&shown(&city, &format!("{own}?format=csv")).await);
    assert_eq!(rows.len(), 5);
    assert_eq!(rows[4]["そのあと"], "事業8 事業者との連携");
    for address in ["/plan/earlier/2019-2024", "/plan/earlier/x", "/plan/earlier/2019-2023/9"] {
        visitor.gets(address).await.is(404);
    }
}

#[tokio::test]
async fn a_pack_that_names_lines_of_no_plan_is_refused() {
    let bad = |name: &str, words: &str, by: &str| {
        let mut faults = kyodo_kernel::pack::Faults::default();
        let files = TestPack::named("ichinoseki").replacing(name, words, by).read(&mut faults);
        let rooms = crate::world::rooms();
        let messages = kyodo_web::messages(&rooms).expect("the messages can be read");
        let parts = kyodo_web::pack_parts(&rooms);
        let _ = kyodo_kernel::pack::part::Reader::read(&files, &parts, &messages, &mut faults);
        told(faults).join("\n")
    };
    let file = "earlier-plans.toml";
    assert!(bad(file, "title = \"企業の参画促進\"", "title = \"会社\"").contains("2-1-8"));
    assert!(bad(file, "key = \"5\"", "key = \"4\"").contains("key「4」が二度あります"));
    assert!(bad(file, "key = \"5\"", "key = \"7-1\"").contains("上の段が、これより前にありません"));
    assert!(bad(file, "from = 2019", "from = 2029").contains("from から to まで"));
    assert!(bad(file, "一関市地域協働推進計画（第2次）", "第3次一関市協働推進計画").contains("いまの計画とちがう"));
}

#[tokio::test]
async fn the_office_writes_an_earlier_plan_down_and_lines_lead_there() {
    let here = revising("2026").await;
    writes(&here.office, &BEFORE).await.is(303);
    let list = here.office.gets(EARLIER).await;
    list.ok().says("前の計画を保存しました").says("2017年度から2021年度まで").says("4項目のうち0項目");
    // What is named and not there is told beside its field, and nothing is lost.
    let wrong = here.does(LINE, "", &[("title", "鶴の会"), ("earlier", "第０次見本市折り紙計画／3／鶴の稽古")]).await;
    wrong.is(422).says("「第0次見本市折り紙計画」に、その番号と名称の項目がありません");
    assert_eq!(field(&wrong, LINE, "title"), "鶴の会");
    here.does(LINE, "", &[("earlier", "第０次見本市折り紙計画／3／鶴の練習\n失われた計画／帯")]).await.is(303);
    here.adopts().await.is(303);

    let measure = shown(&here.city, "/plan/nodes/1-1-1-1").await;
    measure.says("3 鶴の練習").says("第0次見本市折り紙計画").says("失われた計画");
    let page = here.city.visitor("花").follows(&measure, "3 鶴の練習").await;
    page.ok().says("百羽になった").says("折り鶴課").says("折り方の会").says("(1) 紙に親しむ");
    here.office.gets(EARLIER).await.says("4項目のうち1項目").says("つながっていない項目").says("失われた計画／帯");
    assert_eq!(here.noted("plan.earlier-written").await, 1);
}

#[tokio::test]
async fn what_cannot_be_an_earlier_plan_is_said_beside_its_field() {
    let city = city("mihon").await;
    let office = office(&city).await;
    let wrong = writes(&office, &but(&BEFORE, "lines", "一つ目\n\n　　深い")).await;
    wrong.is(422).says("3行目：上の段の項目がありません");
    assert_eq!(field(&wrong, NEW, "summary"), "まず紙を配りました。");
    writes(&office, &but(&BEFORE, "title", "")).await.is(422).says("計画の名前を書いてください");
    writes(&office, &but(&BEFORE, "title", "第1次見本市折り紙計画")).await.is(422).says("いまの計画と同じ名前です");
    writes(&office, &but(&BEFORE, "to", "2016")).await.is(422).says("最初の年度より後に");
    writes(&office, &but(&BEFORE, "from", "1")).await.is(422).says("年度を選んでください");
    // Sent twice, it is written once.
    let page = office.gets(NEW).await;
    for _ in 0..2 {
        office.fills(&page, NEW, &BEFORE).await.is(303);
    }
    assert_eq!(store::earlier_plans(city.db(), 1).await.unwrap().len(), 1);
    writes(&office, &but(&BEFORE, "title", "別の計画")).await.is(422).says("同じ期間の前の計画があります");
    writes(&office, &but(&BEFORE, "to", "2020")).await.is(422).says("同じ名前の前の計画があります");
}

#[tokio::test]
async fn whoever_comes_second_sees_both_texts_and_a_plan_is_deleted_by_somebody_who_is_sure() {
    let city = city("mihon").await;
    let (office, ken) = (office(&city).await, city.holder("田中健", Role::Coordinator).await);
    writes(&office, &BEFORE).await.is(303);
    let own = format!("{EARLIER}/2017-2021");
    let (first, second, third) = (office.gets(&own).await, ken.gets(&own).await, office.gets(&own).await);
    assert_eq!(field(&first, &own, "lines"), BEFORE[4].1);
    office.fills(&first, &own, &[("summary", "二人目より先です。")]).await.is(303);
    let overtaken = ken.fills(&second, &own, &[("summary", "一人目より後です。")]).await;
    overtaken.is(409).says("ほかの人が先に書き直しました").says("消した：二人目より先").says("加えた：一人目より後");
    assert_eq!(field(&overtaken, &own, "summary"), "一人目より後です。");
    // What is refused for a fault does not become what its writer has seen.
    let stale = office.fills(&third, &own, &[("summary", "三人目"), ("lines", "／")]).await;
    stale.is(422);
    office.fills(&stale, &own, &[("lines", "切り紙")]).await.is(409);
    ken.fills(&overtaken, &own, &[]).await.is(303);
    shown(&city, "/plan/earlier/2017-2021").await.says("一人目より後です");

    let removal = format!("{own}/removal");
    let page = ken.gets(&own).await;
    ken.is_led(&ken.fills(&page, &removal, &[]).await).await.says("印を付けてください");
    // Whoever saw less than there is now deletes nothing.
    let page_now = office.gets(&own).await;
    office.fills(&page_now, &own, &[("summary", "もう一文あります。")]).await.is(303);
    ken.is_led(&ken.fills(&page, &removal, &[("sure", "yes")]).await).await.says("ほかの人が先に書き直しました");
    let page = ken.gets(&own).await;
    page.says("もう一文あります。");
    // Pressed twice, it leads to the list twice.
    for _ in 0..2 {
        ken.fills(&page, &removal, &[("sure", "yes")]).await.is(303);
    }
    city.visitor("花").gets("/plan/earlier/2017-2021").await.is(404);
    office.gets(&own).await.is(404);
}

impl Office {
    /// Says that the draft is the next plan.
    async fn continues_as(&self, title: &str, to: &str) -> Page {
        let page = self.office.gets(NEXT).await;
        page.ok();
        self.office.fills(&page, NEXT, &[("title", title), ("to", to), ("summary", "次の五年です。")]).await
    }
}

#[tokio::test]
async fn the_next_plan_takes_the_place_of_this_one_which_stays_with_what_became_of_each_line() {
    let here = revising("2027").await;
    reported(&here.city, &[report("1-1-1-1", 2025, "花").saying("鶴を千羽折りました。")]).await;
    here.continues_as("第2次見本市折り紙計画", "2031").await.is(303);
    here.office.gets(DRAFT).await.says("次の計画「第2次見本市折り紙計画」（2027年度から2031年度まで）の案です");
    // The grid is the next plan's.
    here.does(LINE, "", &[("title", "鶴の会"), ("mark-2031", "実")]).await.is(303);
    here.does("/desk/plan/draft/lines/1-1-1-2", "/retirement", &[("into", "1-1-1-1"), ("kind", "merged")])
        .await
        .is(303);
    here.does("/desk/plan/draft/lines/2-2-1-1", "/retirement", &[]).await.is(303);
    let key = here.adds("1-1-1", &[("title", "舟の会")]).await;
    here.office.gets(ADOPTION).await.says("2026年度までの計画として「前の計画」に残り");
    here.adopts().await.is(303);

    let page = shown(&here.city, "/plan").await;
    page.says("第2次見本市折り紙計画").says("舟の会").does_not_say("しわ箱");
    let own = "/plan/earlier/2022-2026";
    let page = shown(&here.city, own).await;
    page.says("2026年度で終わる計画です")
        .says("第1次見本市折り紙計画")
        .says("2022年度から2026年度まで")
        .says("折り方の会")
        .does_not_say("舟の会");
    shown(&here.city, &format!("{own}/1-1-1-2")).await.says("鶴の会").says("統合先");
    shown(&here.city, &format!("{own}/2-2-1-1")).await.says("次の「第2次見本市折り紙計画」には続いていません");
    // As it was called then, with what was planned then.
    let line = shown(&here.city, &format!("{own}/1-1-1-1")).await;
    line.says("折り方の会").says("鶴の会").says("折り鶴課");
    let record = here.city.visitor("花").follows(&line, "この項目の報告と数値").await;
    record.ok().says("鶴を千羽折りました。").says("折り方の会").says("第1次見本市折り紙計画");
    shown(&here.city, &format!("/plan/nodes/{key}")).await.does_not_say("第1次見本市折り紙計画");
    let earlier = store::earlier_plans(here.city.db(), 1).await.unwrap();
    assert!(earlier.iter().all(|plan| plan.source == Source::Adopted && plan.lines.len() > 10), "{earlier:#?}");
    assert_eq!((here.noted("plan.ended").await, here.noted("plan.draft-next").await), (1, 1));

    // Its last year is reported when the next plan stands already.
    let rounds = here.office.gets("/desk/plan/rounds").await;
    rounds.ok().says("2026年度");
    let days = [("year", "2026"), ("opens", "2026-11-20"), ("due", "2027-04-20"), ("decide", "2027-05-20")];
    here.office.fills(&rounds, "/desk/plan/rounds", &days).await.is(303);
    let round = here.office.gets("/desk/plan/rounds/2026").await;
    round.ok().says("しわ箱").does_not_say("舟の会");
    here.office.gets(&format!("{EARLIER}/2022-2026")).await.is(404);
}

#[tokio::test]
async fn the_third_plan_leads_to_the_second_and_that_to_the_first() {
    let here = revising("2027").await;
    here.continues_as("第2次計画", "2027").await.is(303);
    // Its first mark goes on from the last year of the plan before.
    here.does("/desk/plan/draft/lines/2-2-1-1", "", &[("title", "しわの箱")]).await.is(303);
    here.does(LINE, "", &[("title", "鶴の会")]).await.is(303);
    here.adopts().await.is(303);
    shown(&here.city, "/plan/schedule").await.does_not_say("すべて終わっています");
    here.begins("2028").await.is(303);
    here.continues_as("第3次計画", "2032").await.is(303);
    here.does(LINE, "/split", &[("parts", "大鶴の会\n小鶴の会")]).await.is(303);
    here.adopts().await.is(303);

    let visitor = here.city.visitor("花");
    let page = shown(&here.city, "/plan/earlier/2022-2026/1-1-1-1").await;
    let second = visitor.follows(&page, "① 鶴の会").await;
    second.ok().says("大鶴の会").says("小鶴の会").says("第1次見本市折り紙計画");
    let third = visitor.follows(&second, "大鶴の会").await;
    third.ok().says("第2次計画").does_not_say("第1次見本市折り紙計画");
    let versions = shown(&here.city, "/plan/versions").await;
    versions.says("第3次計画").says("第2次計画").says("第1次見本市折り紙計画");
}

#[tokio::test]
async fn a_pack_of_the_plan_that_ended_says_nothing_of_the_next() {
    let here = revising("2027").await;
    here.continues_as("第2次見本市折り紙計画", "2031").await.is(303);
    // Nothing of its lines is different, and yet it is another plan.
    here.adopts().await.is(303);
    crate::update::install(&here.city, &TestPack::named("mihon")).await.expect("it can be installed");
    let (_, plan) = store::plan(here.city.db()).await.unwrap().unwrap();
    assert_eq!(plan.title, "第2次見本市折り紙計画");
    assert_eq!(plan.outline.years().map(kyodo_plan::plan::Period::first), Some(FiscalYear::new(2027)));
    assert_eq!(store::earlier_plans(here.city.db(), 1).await.unwrap().len(), 1);
}

#[tokio::test]
async fn two_plans_of_the_same_years_are_refused_whichever_comes_first() {
    let here = revising("2027").await;
    here.continues_as("第2次見本市折り紙計画", "2031").await.is(303);
    let same = but(&but(&BEFORE, "from", "2022"), "to", "2026");
    writes(&here.office, &same).await.is(303);
    here.adopts().await.is(422).says("同じ期間の前の計画があります");
    here.continues_as("第3次見本市折り紙計画", "2031").await.is(422).says("同じ期間の前の計画があります");
    assert_eq!(store::plan(here.city.db()).await.unwrap().unwrap().1.title, "第1次見本市折り紙計画");
    here.office.gets(DRAFT).await.says("第2次見本市折り紙計画");
}

#[tokio::test]
async fn the_next_plan_is_refused_where_none_can_follow() {
    let here = revising("2027").await;
    let wrong = here.continues_as("第1次見本市折り紙計画", "2031").await;
    wrong.is(422).says("いまの計画と同じ名前です");
    assert_eq!(field(&wrong, NEXT, "summary"), "次の五年です。");
    here.continues_as("第2次計画", "2026").await.is(422).says("最後の年度を選んでください");
    here.continues_as(" ", "2031").await.is(422).says("次の計画の名前を書いてください");
    here.continues_as("第2次計画", "2031").await.is(303);
    let page = here.office.gets(NEXT).await;
    here.office.fills(&page, "/desk/plan/draft/next/removal", &[]).await.is(303);
    here.office.gets(DRAFT).await.does_not_say("の案です").says("いまの計画の改訂に戻しました");
    here.office.gets(ADOPTION).await.says("いまの計画と同じです");
}
