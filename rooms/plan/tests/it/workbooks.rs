//! Departments that do not sign in report in Excel: a workbook goes out, comes back filled in, is looked at and taken in.

use kyodo_kernel::Language;
use kyodo_kernel::audit::{self, Filter, Row};
use kyodo_kernel::people::Role;
use kyodo_kernel::{FiscalYear, notices};
use kyodo_plan::store;
use kyodo_plan::store::workbooks::Brought;
use kyodo_plan::workbooks::{Ground, Verdict, fuzz, read, unpack, write};
use kyodo_testkit::{Book, Page, TestCity, TestPack, Visitor};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::desk::field;
use crate::languages::unmarked;
use crate::world::{city, day, now, observed, report, reported, shown};

const ROUND: &str = "/desk/plan/rounds/2026";
const WORKBOOKS: &str = "/desk/plan/rounds/2026/workbooks";
const FILE: &str = "/desk/plan/rounds/2026/workbooks/files/orizuru";
const PREVIEW: &str = "/desk/plan/rounds/2026/workbooks/preview";
const APPLICATION: &str = "/desk/plan/rounds/2026/workbooks/application";
/// 折り方の会, the first measure of 折り鶴課: row 6 of its workbook.
const ITEM: &str = "/desk/plan/rounds/2026/1-1-1-1";

/// The office with a year open, and the writers of 折り鶴課.
struct Hall {
    city: TestCity,
    office: Visitor,
    hana: Visitor,
    head: Visitor,
}

async fn hall() -> Hall {
    hall_of(TestPack::named("mihon")).await
}

async fn hall_of(pack: TestPack) -> Hall {
    let city = city(pack).await;
    let here = Hall {
        office: city.person("田中恵", &[(Role::Coordinator, None)]).await,
        hana: city.person("佐藤花", &[(Role::Reporter, Some("orizuru"))]).await,
        head: city.person("鈴木誠", &[(Role::Head, Some("orizuru"))]).await,
        city,
    };
    let page = here.office.gets("/desk/plan/rounds").await;
    let days = [("year", "2026"), ("opens", "2026-11-01"), ("due", "2026-12-11"), ("decide", "2026-12-25")];
    here.office.fills(&page, "/desk/plan/rounds", &days).await.is(303);
    here
}

/// Sends files; what came back.
async fn sends(who: &Visitor, files: &[(&str, &[u8])]) -> Page {
    let mut body = Vec::new();
    for (name, content) in files {
        let head = format!("--frame\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
        body.extend([head.as_bytes(), content, b"\r\n"].concat());
    }
    body.extend(b"--frame--\r\n");
    who.posts_body(WORKBOOKS, "multipart/form-data; boundary=frame", body).await
}

impl Hall {
    async fn book(&self, who: &Visitor) -> Book {
        Book::of(who.gets(FILE).await.ok().bytes())
    }

    /// What the office sees after it chose a file.
    async fn looks(&self, book: &Book) -> Page {
        self.looks_as(&self.office, book).await
    }

    async fn looks_as(&self, who: &Visitor, book: &Book) -> Page {
        who.is_led(&sends(who, &[("折り鶴課.xlsx", &book.bytes())]).await).await
    }

    async fn noted(&self, action: &str) -> Vec<Row> {
        let filter = Filter { action: Some(action.to_owned()), ..Filter::default() };
        audit::search(self.city.db(), &filter, None, 100).await.expect("it can be searched")
    }

    async fn told(&self, who: &Visitor) -> Vec<String> {
        let told = notices::told(self.city.db(), who.account(), None, 20).await.expect("notices");
        told.into_iter().map(|notice| notice.message).collect()
    }

    async fn ground(&self) -> Ground {
        ground(&self.city).await
    }
}

async fn ground(city: &TestCity) -> Ground {
    let state = city.city().state().await.expect("the city has a state");
    let ground = Ground::gather(city.db(), &state, FiscalYear::new(2026)).await.expect("it can be read");
    ground.expect("the round is there")
}

fn detail(row: &Row) -> serde_json::Value {
    serde_json::from_str(&row.detail).expect("a detail is JSON")
}

/// A report filled in: row 6 of the sheet.
fn filled(book: Book) -> Book {
    book.says(1, "F6", "花").says(1, "G6", "舟").says(1, "H6", "鶴を千羽折りました。").says(1, "I6", "もっと折ります。")
}

#[tokio::test]
async fn a_department_reports_without_signing_in() {
    let here = hall().await;
    let page = here.office.gets(ROUND).await;
    let page = here.office.follows(&page, "Excelで集める").await;
    page.ok().says("折り鶴課").says("紙風船課").says("渡した日");
    let book = here.book(&here.office).await;
    here.office.gets(WORKBOOKS).await.says("11月20日");

    let page = here.looks(&filled(book)).await;
    page.ok().says("変わる報告").says("折り方の会").says("鶴を千羽折りました。").says("そろっています");
    page.says("折り鶴課.xlsx 報告 F6").says("まだ何も変えていません");
    here.office.gets(ITEM).await.does_not_say("鶴を千羽折りました。");
    here.office.fills(&page, APPLICATION, &[]).await.is(422).says("提出するか、書き込むだけにするか、選んでください。");

    let once = field(&page, APPLICATION, "once");
    let version = field(&page, APPLICATION, "version");
    for _ in 0..2 {
        let sent = [("once", once.as_str()), ("version", version.as_str()), ("then", "submit")];
        here.office.posts(APPLICATION, &sent).await.is(303);
    }
    let page = here.head.gets(ITEM).await;
    page.says("所属長の確認待ち").says("田中恵さんが出しました").says("折り鶴課のExcelから").says("もっと折ります。");
    assert_eq!(here.told(&here.head).await[0], "notice-reports-collected");
    let noted = here.noted("report.submitted").await;
    assert_eq!(noted.len(), 1, "sent twice, it happens once");
    assert_eq!(noted[0].subject, "report:2026/1-1-1-1");
    assert_eq!(detail(&noted[0])["workbook"], "orizuru");
    // The files are gone from the way.
    here.office.is_led(&here.office.gets(PREVIEW).await).await.says("課から届いたファイル");
}

#[tokio::test]
async fn what_is_begun_is_written_down_and_handed_in_later() {
    let here = hall().await;
    let book = here.book(&here.hana).await.says(1, "H6", "鶴を折りはじめました。");
    let page = here.looks(&book).await;
    page.says("書きかけ").says("まだの欄: この年度の段階、進み具合");
    let done = here.office.fills(&page, APPLICATION, &[("then", "submit")]).await;
    here.office.is_led(&done).await.says("Excelの報告を取り込みました");
    let page = here.hana.gets(ITEM).await;
    page.says("未提出");
    assert_eq!(field(&page, &format!("{ITEM}/submission"), "text"), "鶴を折りはじめました。");
    assert_eq!(detail(&here.noted("report.written").await[0])["workbook"], "orizuru");
    assert_eq!(here.noted("report.submitted").await.len(), 0);

    // The department goes on in its own copy, which is older by now than what stands.
    let page = here.looks(&filled(book)).await;
    page.ok().says("変わる報告").does_not_say("ファイルを渡したあとに変わったもの");
    here.office.fills(&page, APPLICATION, &[("then", "write")]).await.is(303);
    here.hana.gets(ITEM).await.says("未提出");
    let page = here.looks(&here.book(&here.office).await).await;
    page.says("いま書かれているまま出します。");
    here.office.fills(&page, APPLICATION, &[("then", "submit")]).await.is(303);
    here.head.gets(ITEM).await.says("所属長の確認待ち").says("鶴を千羽折りました。");
    here.looks(&here.book(&here.office).await).await.says("変わるところはありません");
}

#[tokio::test]
async fn what_a_copy_takes_back_after_it_was_taken_in_is_taken_back() {
    let here = hall().await;
    let empty = here.book(&here.office).await;
    let page = here.looks(&filled(empty.clone())).await;
    here.office.fills(&page, APPLICATION, &[("then", "write")]).await.is(303);
    // Back to what the copy said when it went out: that is no row which nobody touched.
    let page = here.looks(&empty).await;
    page.says("変わる報告").says("書きかけ").does_not_say("ファイルを渡したあとに変わったもの");
    here.office.fills(&page, APPLICATION, &[("then", "submit")]).await.is(303);
    assert_eq!(here.noted("report.submitted").await.len(), 0, "what was taken back is not handed in");
    let page = here.hana.gets(ITEM).await;
    assert_eq!(field(&page, &format!("{ITEM}/submission"), "text"), "");
    here.looks(&empty).await.says("変わるところはありません");
    // In another copy the same row is untouched, whatever the first one said since.
    let other = here.book(&here.office).await;
    let page = here.looks(&filled(empty)).await;
    here.office.fills(&page, APPLICATION, &[("then", "write")]).await.is(303);
    let page = here.looks(&other).await;
    page.says("いま書かれているまま出します。").says("そろっています");
}

#[tokio::test]
async fn a_figure_goes_back_to_what_it_was_in_the_same_copy() {
    let here = hall().await;
    let taken = async |book: &Book| {
        let page = here.looks(book).await;
        page.says("変わる数字").does_not_say("ファイルを渡したあとに変わったもの");
        here.office.fills(&page, APPLICATION, &[("then", "write")]).await.is(303);
    };
    let stands = async || {
        let ground = here.ground().await;
        let all = ground.items.iter().flat_map(|item| &item.figures);
        let one = all.into_iter().find(|one| one.indicator.key == "wrinkles").expect("it is entered");
        one.standing(FiscalYear::new(2026)).map(|(value, _)| value)
    };
    let empty = here.book(&here.office).await;
    let row = empty.row("数字", "広場の紙のしわの数").number;
    let (value, source) = (format!("F{row}"), format!("H{row}"));
    let twelve = empty.clone().counts(2, &value, 12.0).says(2, &source, "広場で数えた");
    taken(&twelve).await;
    here.looks(&empty).await.says("入っていた数字が消されています");
    let next = here.book(&here.office).await;
    taken(&next.clone().counts(2, &value, 15.0)).await;
    taken(&next).await;
    assert_eq!(stands().await, Some(12.0));
    // Once it is taken back at the desk, there is nothing left that a cleared cell could take away.
    let wrinkles = "/desk/plan/indicators/wrinkles";
    let page = here.hana.gets(wrinkles).await;
    here.hana.fills(&page, &format!("{wrinkles}/figures/removal"), &[]).await.is(303);
    assert_eq!(stands().await, None);
    let cleared = next.says(2, &value, "").says(2, &source, "");
    here.looks(&cleared).await.ok().says("変わるところはありません");
}

#[tokio::test]
async fn what_a_workbook_only_wrote_down_is_nobody_s_act() {
    let here = hall().await;
    let (older, other) = (here.book(&here.office).await, here.book(&here.office).await);
    let form = here.hana.gets(ITEM).await;
    let page = here.looks(&filled(older)).await;
    here.office.fills(&page, APPLICATION, &[("then", "write")]).await.is(303);
    let page = here.looks(&other.says(1, "H6", "別の人が書きました。")).await;
    page.says("ファイルを渡したあとに変わったもの").says("ほかのExcelから書き込まれた内容です。");
    let words = [("mark", "実"), ("grade", "鶴"), ("text", "机で書きました。"), ("next", "")];
    let late = here.hana.fills(&form, &format!("{ITEM}/submission"), &words).await;
    late.is(409).says("Excelで届いた報告が書き込まれました").says("鶴を千羽折りました。").says("机で書きました。");
}

#[tokio::test]
async fn a_year_that_is_frozen_in_this_very_moment_takes_nothing_in() {
    let here = hall().await;
    let page = here.looks(&filled(here.book(&here.office).await)).await;
    let ground = here.ground().await;
    let mut tx = here.city.db().begin().await.expect("a transaction begins");
    kyodo_kernel::city::bump_revision(&mut tx).await.expect("it can be raised");
    assert!(store::freeze(&mut tx, ground.round.id, now()).await.expect("it can be frozen"));
    let freezes = async {
        tokio::time::sleep(std::time::Duration::from_millis(400)).await;
        tx.commit().await.expect("the transaction ends well");
    };
    let (late, ()) = tokio::join!(here.office.fills(&page, APPLICATION, &[("then", "submit")]), freezes);
    late.is(409).says("の報告は確定済みなので、取り込めません。");
    assert_eq!(here.noted("report.submitted").await.len(), 0);
}

#[tokio::test]
async fn every_fault_is_told_at_once_by_sheet_and_cell_and_nothing_comes_in() {
    let here = hall().await;
    let book = filled(here.book(&here.office).await)
        .says(1, "F7", "踊る")
        .counts(1, "G7", 46_341.0)
        .says(1, "H7", &"折".repeat(602))
        .says(1, "F8", "#REF!")
        .says(1, "A9", "10");
    let rows = book.sheets()[0].rows.len();
    let last = u32::try_from(rows).unwrap() + 5;
    let book = book.copied(1, 6, last).says(2, "F6", "たくさん").says(2, "H6", "広場で数えた");
    let page = here.looks(&book).await;
    page.ok().says("直すところが").does_not_say("全部を取り込む");
    for (cell, said) in [
        ("報告 F7", "「踊る」は、この計画の段階にありません。使えるのは、芽、葉、花、実、畳む"),
        ("報告 G7", "「46341」は、この計画の進み具合にありません。使えるのは、鶴、舟、丸めです。"),
        ("報告 H7", "600字までです。2字減らしてください。"),
        ("報告 F8", "計算の誤り（#REF!）"),
        ("報告 A9", "番号か名前、または見えない列が変わっています"),
        (&format!("報告 A{last}") as &str, "A6と同じ項目の行です。"),
        ("数字 F6", "「たくさん」は数として読めません。"),
    ] {
        page.says(&format!("折り鶴課.xlsx {cell}")).says(said);
    }
    let sent = [("once", "0"), ("version", "x"), ("then", "submit")];
    here.office.posts(APPLICATION, &sent).await.is(409);
    assert_eq!(here.noted("report.submitted").await.len(), 0);
    here.hana.gets(ITEM).await.says("未提出");
}

#[tokio::test]
async fn a_file_that_is_not_the_one_handed_out_is_named() {
    let here = hall().await;
    let book = here.book(&here.office).await;
    let hidden = book.sheets().len();
    for (changed, said) in [
        (book.clone().says(hidden, "A1", "kyodo-workbook-0"), "いまの形と違います"),
        (book.clone().says(hidden, "A2", "yosomachi"), "ほかの自治体のファイルです"),
        (book.clone().says(hidden, "A3", "2025"), "2025年度のファイルです"),
        (book.clone().says(hidden, "A4", "soumu"), "この年度に報告する項目がありません"),
        (book.clone().says(hidden, "A4", "kamifusen"), "折り鶴課の項目です"),
        (book.clone().says(1, "G5", "評価"), "見出し「進み具合」が「評価」に変わっています"),
        (book.clone().says(1, "G5", ""), "見出し「進み具合」がなくなっています。"),
        (book.clone().without(1, 5), "5行目に見出しがありません"),
        (book.clone().says(1, "J6", "9-9"), "この年度の報告にない項目です"),
        (book.clone().says(1, "J6", ""), "この行は、渡したファイルにありません"),
    ] {
        here.looks(&changed).await.ok().says(said).says("折り鶴課.xlsx 報告");
    }
    let csv = sends(&here.office, &[("折り鶴課.csv", "番号,項目\n1,折り方の会\n".as_bytes())]).await;
    here.office.is_led(&csv).await.says("渡したファイルではありません");
    let pdf = sends(&here.office, &[("a.xlsx", b"%PDF-1.7\n\0\0")]).await;
    here.office.is_led(&pdf).await.says("直すところが1か所あります");
    here.office.posts(WORKBOOKS, &[]).await.is(422).says("ファイルを選んでください");
}

#[tokio::test]
async fn a_row_that_is_gone_is_no_fault_and_stays_as_it_is() {
    let here = hall().await;
    let book = filled(here.book(&here.office).await);
    let gone = book.row("報告", "2-2-1-1").number;
    let page = here.looks(&book.without(1, gone)).await;
    page.ok().says("ファイルにない項目").does_not_say("直すところが");
    here.office.fills(&page, APPLICATION, &[("then", "submit")]).await.is(303);
    here.hana.gets("/desk/plan/rounds/2026/2-2-1-1").await.says("未提出");
}

#[tokio::test]
async fn an_older_file_shows_what_stands_now_beside_what_it_says() {
    let here = hall().await;
    let book = filled(here.book(&here.office).await);
    let page = here.hana.gets(ITEM).await;
    let words = [("mark", "実"), ("grade", "鶴"), ("text", "机で書きました。"), ("next", "")];
    here.hana.fills(&page, &format!("{ITEM}/submission"), &words).await.is(303);
    let page = here.looks(&book).await;
    page.ok().says("ファイルを渡したあとに変わったもの").says("机で書きました。").says("鶴を千羽折りました。");
    page.says("佐藤花さんが進めました。");
    here.office.fills(&page, APPLICATION, &[("then", "submit")]).await.is(422).says("どちらを残すか、選んでください。");
    let page = here.office.gets(PREVIEW).await;
    here.office.fills(&page, APPLICATION, &[("then", "submit"), ("take-1-1-1-1", "file")]).await.is(303);
    here.head.gets(ITEM).await.says("鶴を千羽折りました。").says("所属長の確認待ち");
    // What nobody touched in an older file changes nothing.
    let old = here.book(&here.office).await;
    let page = here.head.gets(ITEM).await;
    here.head.fills(&page, &format!("{ITEM}/agreement"), &[]).await.is(303);
    here.looks(&old).await.says("変わるところはありません");
}

#[tokio::test]
async fn who_writes_between_looking_and_taking_in_is_shown() {
    let here = hall().await;
    let page = here.looks(&filled(here.book(&here.office).await)).await;
    let form = here.hana.gets(ITEM).await;
    let words = [("mark", "実"), ("grade", "鶴"), ("text", "机で書きました。"), ("next", "")];
    here.hana.fills(&form, &format!("{ITEM}/submission"), &words).await.is(303);
    let late = here.office.fills(&page, APPLICATION, &[("then", "submit")]).await;
    late.is(409).says("見ているあいだに、報告が変わりました").says("机で書きました。").says("鶴を千羽折りました。");
    here.office.fills(&late, APPLICATION, &[("then", "submit"), ("take-1-1-1-1", "stands")]).await.is(303);
    here.head.gets(ITEM).await.says("机で書きました。").does_not_say("鶴を千羽折りました。");
}

#[tokio::test]
async fn what_everybody_agreed_to_does_not_change_by_a_file() {
    let here = hall().await;
    let old = here.book(&here.office).await;
    let page = here.looks(&filled(old.clone())).await;
    here.office.fills(&page, APPLICATION, &[("then", "submit")]).await.is(303);
    for who in [&here.head, &here.office] {
        let page = who.gets(ITEM).await;
        who.fills(&page, &format!("{ITEM}/agreement"), &[]).await.is(303);
    }
    let page = here.looks(&old.says(1, "F6", "芽").says(1, "H6", "書きなおし")).await;
    page.says("この報告はもう承認済みなので、書き換えられません")
        .says("いま書かれていること: 花 ／ 舟 ／ 鶴を千羽折りました。");
    let closed = here.book(&here.office).await.xml(1);
    assert!(closed.contains("<sheetProtection"), "locked");
    let page = here.office.gets(ROUND).await;
    here.office.fills(&page, &format!("{ROUND}/freeze"), &[("sure", "yes")]).await.is(303);
    here.office.gets(WORKBOOKS).await.says("いまは書けません（確定済み）。").does_not_say("課から届いたファイル");
    let frozen = here.book(&here.office).await;
    here.looks(&frozen).await.says("の報告は確定済みなので、取り込めません。");
}

#[tokio::test]
async fn figures_come_with_their_source() {
    let here = hall().await;
    observed(&here.city, "wrinkles", &[(2025, 640.0)]).await;
    let book = here.book(&here.office).await;
    let row = book.row("数字", "広場の紙のしわの数");
    assert_eq!((row.text(3), row.text(4), row.text(6)), ("2025年度　640本", "2026年度　500本", "本"));
    let at = |column: &str| format!("{column}{}", row.number);
    let without = book.clone().counts(2, &at("F"), 480.0);
    here.looks(&without).await.says("出典を書いてください").says("数字 H6");
    // Full-width figures with their unit, as text.
    let book = book.says(2, &at("F"), "４８０本").says(2, &at("H"), "広場で数えた");
    let page = here.looks(&book).await;
    page.says("変わる数字").says("480本").says("広場で数えた");
    here.office.fills(&page, APPLICATION, &[("then", "write")]).await.is(303);
    shown(&here.city, "/plan/indicators/wrinkles").await.says("480");
    let noted = here.noted("observation.entered").await;
    let noted = detail(&noted[0]);
    assert_eq!((noted["workbook"].as_str(), noted["value"].as_f64()), (Some("orizuru"), Some(480.0)));
    // The same copy goes on; a cleared figure does not take anything back.
    let page = here.looks(&book.counts(2, &at("F"), 470.0)).await;
    page.says("加えた：470").does_not_say("ファイルを渡したあとに変わったもの");
    here.office.fills(&page, APPLICATION, &[("then", "write")]).await.is(303);
    let cleared = here.book(&here.office).await.says(2, &at("F"), "").says(2, &at("H"), "");
    here.looks(&cleared).await.says("入っていた数字が消されています");
}

#[tokio::test]
async fn words_typed_in_other_ways_are_understood() {
    let here = hall().await;
    let book = here.book(&here.office).await.says(1, "F6", " 花 ･ 実 ").says(1, "G6", "　舟").says(
        1,
        "H6",
        "折った \r\n折った　",
    );
    let page = here.looks(&book).await;
    page.ok().says("花・実").does_not_say("直すところが");
    here.office.fills(&page, APPLICATION, &[("then", "submit")]).await.is(303);
    let reports = here.ground().await.items;
    let one = reports.iter().find(|item| item.node.key == "1-1-1-1").unwrap();
    assert_eq!(one.report.content.mark.as_deref(), Some("花・実"));
    assert_eq!(one.report.content.text, "折った\n折った");
}

#[tokio::test]
async fn two_files_that_say_different_things_of_one_item_are_named() {
    let pack = TestPack::named("mihon");
    let shared = pack.text("plan.toml").replacen("[\"orizuru\"]", "[\"orizuru\", \"kamifusen\"]", 1);
    let here = hall_of(pack.file("plan.toml", shared)).await;
    let ours = Book::of(here.office.gets(FILE).await.ok().bytes());
    let theirs = Book::of(here.office.gets(&FILE.replace("orizuru", "kamifusen")).await.ok().bytes());
    let (at, its) = (ours.row("報告", "1-1-1-1").number, theirs.row("報告", "1-1-1-1").number);
    let ours = ours.says(1, &format!("H{at}"), "折り鶴課が書きました。");
    let other = theirs.clone().says(1, &format!("H{its}"), "紙風船課が書きました。");
    let both = |other: &Book| [("鶴.xlsx", ours.bytes()), ("風船.xlsx", other.bytes())];
    let send = async |other: &Book| {
        let files = both(other);
        let files: Vec<(&str, &[u8])> = files.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
        here.office.is_led(&sends(&here.office, &files).await).await
    };
    send(&other)
        .await
        .says(&format!("風船.xlsx 報告 H{its}"))
        .says(&format!("鶴.xlsx 報告 H{at}にも同じ項目が書かれていて"));
    send(&theirs).await.ok().says("折り鶴課が書きました。").does_not_say("直すところが");
}

#[tokio::test]
async fn departments_use_their_own_and_nobody_elses() {
    let here = hall().await;
    here.hana.gets(ROUND).await.says("Excelで集める");
    here.hana.gets(WORKBOOKS).await.ok().says("折り鶴課").does_not_say("紙風船課").does_not_say("まとめて");
    here.hana.gets(&FILE.replace("orizuru", "kamifusen")).await.is(403);
    here.hana.gets(&FILE.replace("orizuru", "nobody")).await.is(404);
    let theirs = Book::of(here.office.gets(&FILE.replace("orizuru", "kamifusen")).await.ok().bytes());
    here.looks_as(&here.hana, &theirs).await.says("取り込めるのは、自分の課のファイルだけです");
    let page = here.looks_as(&here.hana, &filled(here.book(&here.hana).await)).await;
    here.hana.fills(&page, APPLICATION, &[("then", "submit")]).await.is(303);
    here.head.gets(ITEM).await.says("佐藤花さんが出しました");
    let auditor = here.city.person("山本翔", &[(Role::Auditor, None)]).await;
    auditor.gets(ROUND).await.does_not_say("Excelで集める");
    auditor.gets(WORKBOOKS).await.ok().does_not_say("ダウンロード").does_not_say("課から届いたファイル");
    auditor.gets(FILE).await.is(403);
    auditor.posts(WORKBOOKS, &[]).await.is(403);
    let visitor = here.city.visitor("花");
    for address in [WORKBOOKS, FILE, PREVIEW] {
        visitor.gets(address).await.is(303);
    }
    let zip = here.office.gets(&format!("{WORKBOOKS}/files")).await;
    let archive = zip::ZipArchive::new(std::io::Cursor::new(zip.ok().bytes())).expect("an archive");
    assert!(
        archive.file_names().any(|name| name.is_ok_and(|name| name.ends_with("2026_折り鶴課.xlsx"))),
        "named by department"
    );
}

#[tokio::test]
async fn the_pages_are_said_in_english_too() {
    let here = hall().await;
    let english = here.city.person("高橋恵", &[(Role::Coordinator, None)]).await.in_english();
    english.gets(WORKBOOKS).await.ok().says("Collect in Excel");
    let book = Book::of(english.gets(FILE).await.ok().bytes());
    let page = here.looks_as(&english, &filled(book.clone()).says(1, "G7", "Z")).await;
    page.says("is no grade of this plan");
    let page = here.looks_as(&english, &filled(book)).await;
    let left: Vec<String> = unmarked(&page).into_iter().filter(|words| words != "高橋恵").collect();
    assert_eq!(left, Vec::<String>::new());
}

// --- every city ---------------------------------------------------------------------------------------------

/// A city with a round, and reports of the year before.
async fn reporting(name: &str) -> TestCity {
    let city = city(TestPack::named(name)).await;
    let (id, plan) = store::plan(city.db()).await.unwrap().unwrap();
    let nodes = store::nodes(city.db(), id).await.unwrap();
    let first = nodes.iter().rfind(|node| !node.is_alias()).unwrap().key.clone();
    let mark = plan.outline.marks.first().map(|mark| mark.name.clone());
    let one = report(Box::leak(first.into_boxed_str()), 2025, mark.as_deref().unwrap_or_default());
    let one = one.saying("一行目\n二行目、=SUM(A1)");
    reported(&city, &[if mark.is_some() { one } else { one.without_mark() }]).await;
    let days = store::RoundPlan {
        opens_on: day("2026-11-01"),
        due_on: day("2026-12-11"),
        decide_on: day("2026-12-25"),
        note: "よろしくお願いします。".to_owned(),
        members: Vec::new(),
    };
    let items: Vec<i64> = nodes.iter().filter(|node| !node.is_alias()).map(|node| node.id).collect();
    let mut tx = city.db().begin().await.unwrap();
    store::open_round(&mut tx, id, FiscalYear::new(2026), &days, &items).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    city
}

#[tokio::test]
async fn what_goes_out_comes_back_and_changes_nothing_in_every_city() {
    let names = TestPack::shipped();
    for name in names.iter().map(String::as_str).chain(["mihon"]) {
        let city = reporting(name).await;
        let state = city.city().state().await.unwrap();
        let words = state.words(Language::Japanese);
        let ground = ground(&city).await;
        let files: Vec<Brought> = ground
            .reporting()
            .map(|one| {
                let file = write(&ground, &one.key, words, now()).expect("it can be written");
                Brought { name: file.name, content: file.content }
            })
            .collect();
        // A guideline may name no department at all.
        assert_eq!(files.is_empty(), ground.items.iter().all(|item| item.departments.is_empty()), "{name}");
        let read = read(&unpack(&files), &ground, words, day("2026-11-20"), |_| true);
        assert_eq!(read.faults, [], "{name}");
        assert!(read.is_same() && read.missing.is_empty(), "{name}");
        let items = ground.items.iter().filter(|item| !item.departments.is_empty()).count();
        assert_eq!(read.reports.len(), items, "{name}");
        assert!(read.reports.iter().all(|one| one.verdict == Verdict::Same), "{name}");
    }
}

proptest! {
    #[test]
    fn whatever_stands_in_the_cells_is_a_change_or_a_fault(cells in vec(select(&WORDS[..]), 0..14), more in ".{0,40}") {
        fuzz(cells.join("\t").as_bytes());
        fuzz(format!("{more}\t{}", cells.join("\t")).as_bytes());
        fuzz(format!("!\t{}", cells.join("\t")).as_bytes());
    }

    #[test]
    fn any_bytes_are_a_workbook_or_faults(bytes in vec(any::<u8>(), 0..300)) {
        fuzz(&bytes);
    }
}

/// Words that mean something somewhere in a workbook.
const WORDS: [&str; 18] = [
    "",
    "",
    "実施",
    "検討・実施",
    "検討･実施",
    "Ａ",
    "A",
    "Z",
    "折りました。",
    "#REF!",
    "１２．５",
    "12.55",
    "0.30000000000000004",
    "2026-04-01",
    "広場で数えた",
    "1-1",
    "①",
    "会",
];
