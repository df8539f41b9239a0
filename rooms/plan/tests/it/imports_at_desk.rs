//! A plan comes in at the desk: upload, columns, preview, all or nothing.

use kyodo_kernel::audit::{self, Filter};
use kyodo_kernel::people::Role;
use kyodo_plan::import::tables;
use kyodo_testkit::{Page, TestCity, Visitor};
use kyodo_web::sheet::workbook;

use crate::desk::{field, found, publishes, writer};
use crate::imports::shapes::arrows;
use crate::imports::stands;
use crate::languages::unmarked;
use crate::world::{city, items, shown, word};

const IMPORT: &str = "/desk/plan/import";
const COLUMNS: &str = "/desk/plan/import/columns";
const PREVIEW: &str = "/desk/plan/import/preview";
const APPLICATION: &str = "/desk/plan/import/application";

async fn sends(who: &Visitor, name: &str, content: &[u8]) -> Page {
    let head = format!("--frame\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
    let body = [head.as_bytes(), content, b"\r\n--frame--\r\n"].concat();
    who.posts_body(IMPORT, "multipart/form-data; boundary=frame", body).await
}

/// The plan as an Excel file, changed as somebody would.
async fn book(city: &TestCity, change: impl Fn(&mut kyodo_plan::import::Document)) -> Vec<u8> {
    let mut known = stands(city).await;
    change(&mut known.document);
    workbook("計画", &tables(&known.document, &known.departments).sheets).unwrap().content
}

async fn coordinator(city: &TestCity) -> Visitor {
    city.holder("山本折", Role::Coordinator).await
}

async fn noted(city: &TestCity) -> usize {
    let filter = Filter { action: Some("plan.imported".to_owned()), ..Filter::default() };
    audit::search(city.db(), &filter, None, 100).await.unwrap().len()
}

#[tokio::test]
async fn what_went_out_as_excel_comes_in_as_nothing_new() {
    let city = city("mihon").await;
    let all = coordinator(&city).await;
    let list = all.gets("/desk/plan").await;
    let page = all.follows(&list, "計画の取り込みと書き出し").await;
    page.ok().says("いまの計画を書き出す");
    for (name, format) in [("計画.xlsx", "xlsx"), ("計画.csv", "csv")] {
        let file = all.gets(&format!("/desk/plan/export?format={format}")).await;
        let page = all.is_led(&sends(&all, name, file.bytes()).await).await;
        page.ok().says("変わるところはありません").does_not_say("計画に取り込む");
    }
    let json = all.gets("/desk/plan/export?format=json").await;
    assert_eq!(json.ok().json()["plan"]["title"], "第1次見本市折り紙計画");
    assert_eq!(noted(&city).await, 0);
}

#[tokio::test]
async fn a_changed_title_is_shown_before_it_is_public_and_sent_twice_happens_once() {
    let city = city("mihon").await;
    let all = coordinator(&city).await;
    let bytes = book(&city, |document| {
        document.plan.nodes.iter_mut().find(|node| node.key == "1-1-1-1").unwrap().title = "鶴の会".to_owned();
    });
    let page = all.is_led(&sends(&all, "計画.xlsx", &bytes.await).await).await;
    page.ok().says("折り方の会").says("鶴の会").says("まだ何も変えていません");
    shown(&city, "/plan/nodes/1-1-1-1").await.says("折り方の会");

    let unticked = all.fills(&page, APPLICATION, &[]).await;
    unticked.is(422).says("印を付けてください");
    let page = all.gets(PREVIEW).await;
    let once = field(&page, APPLICATION, "once");
    let version = field(&page, APPLICATION, "version");
    for _ in 0..2 {
        all.posts(APPLICATION, &[("once", &once), ("version", &version), ("seen", "yes")]).await.is(303);
    }
    shown(&city, "/plan/nodes/1-1-1-1").await.says("鶴の会の予定と実際").does_not_say("折り方の会の予定");
    assert_eq!(found(&city, "鶴の会").await, ["/plan/nodes/1-1-1-1"]);
    assert_eq!(noted(&city).await, 1);
    all.is_led(&all.gets(PREVIEW).await).await.ok().says("ファイルを選ぶ");
}

#[tokio::test]
async fn a_table_of_the_citys_own_is_mapped_once_and_remembered() {
    let city = city("honjo").await;
    let all = coordinator(&city).await;
    let page = all.is_led(&sends(&all, "進捗管理表.xlsx", &arrows()).await).await;
    page.ok()
        .says("言葉の意味を教えてください")
        .says("方向性")
        .says("課「折り鶴課」は")
        .says("C5")
        .says("表にない取組");
    let unsaid = all.fills(&page, COLUMNS, &[]).await;
    unsaid.is(422).says("表にない取組をどうするか");
    let mut page = page;
    for _ in 0..3 {
        let form = page.form(COLUMNS);
        let asked: Vec<(String, String)> =
            form.fields.iter().filter(|(name, _)| name.starts_with("asked-")).cloned().collect();
        let answers: Vec<(String, String)> = asked
            .iter()
            .map(|(name, word)| {
                let answer = match word.as_str() {
                    "mark:→" | "mark:■" => "実施",
                    "mark:検討" => "+1",
                    "mark:実施" => "+3",
                    _ => "+",
                };
                (name.replace("asked", "word"), answer.to_owned())
            })
            .collect();
        let mut sent: Vec<(&str, &str)> =
            answers.iter().map(|(name, answer)| (name.as_str(), answer.as_str())).collect();
        sent.push(("rest", "remove"));
        page = all.is_led(&all.fills(&page, COLUMNS, &sent).await).await;
        page.ok();
        if page.source().contains(APPLICATION) {
            break;
        }
    }
    page.says("新しい取組")
        .says("交流の機会をつくる")
        .says("なくなる取組")
        .says("新しい課: 折り鶴課")
        .says("交流会の参加者数");
    all.is_led(&all.fills(&page, APPLICATION, &[("seen", "yes")]).await).await.says("計画を取り込みました");
    let nodes = items(&city, "/api/v1/plan/nodes").await;
    assert_eq!(nodes.iter().map(|node| word(node, "key")).collect::<Vec<_>>(), ["1", "1-1", "1-2", "1-3", "2", "2-1"]);
    shown(&city, "/plan/nodes/1-1").await.says("交流の機会をつくる").says("紙風船課");

    // The same heads are known now, here and at the command line.
    let page = all.is_led(&sends(&all, "進捗管理表.xlsx", &arrows()).await).await;
    page.ok().says("変わるところはありません");
    let mapping = kyodo_plan::store::import::brought(city.db(), all.account()).await.unwrap().unwrap().mapping;
    assert!(mapping.words.contains_key("department:折り鶴課"));
}

#[tokio::test]
async fn bad_cells_are_told_by_sheet_and_cell_and_nothing_comes_in() {
    let city = city("mihon").await;
    let all = coordinator(&city).await;
    for (name, content, said) in [
        ("a.pdf", &b"%PDF-1.7\n\0\0"[..], "ファイルを選んでください"),
        ("a.xlsx", b"PK\x03\x04 no more", "ファイルを読めません"),
        ("a.csv", b"\r\n,,\r\n", "表に何も書かれていません"),
    ] {
        sends(&all, name, content).await.is(422).says(said);
    }
    all.posts(IMPORT, &[]).await.is(422).says("ファイルを選んでください");
    let csv = "種別,キー,名称,区分\n計画,1,まちを折る,旧\n計画,1-7-1,迷子,\n";
    let page = all.is_led(&sends(&all, "計画.csv", csv.as_bytes()).await).await;
    page.ok()
        .says("直すところが")
        .says("計画.csv D2")
        .says("新規・継続・拡充")
        .says("計画.csv B3")
        .does_not_say("計画に取り込む");
    let refused = all
        .posts(APPLICATION, &[("once", "00000000000000000000000000000000"), ("version", "x"), ("seen", "yes")])
        .await;
    assert!(refused.status().as_u16() >= 400, "{refused}");
    assert_eq!(noted(&city).await, 0);
}

#[tokio::test]
async fn a_text_from_the_desk_is_named_before_it_is_replaced_and_who_came_between_is_shown() {
    let city = city("mihon").await;
    let (all, hana) = (coordinator(&city).await, writer(&city, "佐藤花").await);
    publishes(&hana, &[("text", "毎週ひらきます。")]).await.is(303);
    let bytes = book(&city, |document| {
        let node = document.plan.nodes.iter_mut().find(|node| node.key == "1-1-1-1").unwrap();
        node.details.text = "月に二度ひらきます。".to_owned();
    })
    .await;
    let page = all.is_led(&sends(&all, "計画.xlsx", &bytes).await).await;
    page.ok().says("佐藤花さんが公開した文章が置きかわります").says("毎週ひらきます。");
    publishes(&hana, &[("text", "毎日ひらきます。")]).await.is(303);
    let late = all.fills(&page, APPLICATION, &[("seen", "yes")]).await;
    late.is(409).says("見ているあいだに").says("毎日ひらきます。");
    all.fills(&late, APPLICATION, &[("seen", "yes")]).await.is(303);
    shown(&city, "/plan/nodes/1-1-1-1").await.says("月に二度ひらきます。");
    hana.gets("/desk/plan/nodes/1-1-1-1/texts").await.ok().says("毎日").says("計画の更新から");
}

#[tokio::test]
async fn only_those_who_keep_the_plan_bring_one_in() {
    let city = city("mihon").await;
    let hana = writer(&city, "佐藤花").await;
    hana.gets("/desk/plan").await.ok().does_not_say("計画の取り込み");
    for address in [IMPORT, COLUMNS, PREVIEW] {
        hana.gets(address).await.is(403);
    }
    hana.gets("/desk/plan/export?format=xlsx").await.ok();
    let admin = city.holder("田中紙", Role::Administrator).await;
    admin.gets(IMPORT).await.ok();
    let english = coordinator(&city).await.in_english();
    let csv = "種別,キー,名称,区分\n計画,1,まちを折る,旧\n";
    let page = english.is_led(&sends(&english, "plan.csv", csv.as_bytes()).await).await;
    page.ok().says("to put right");
    let in_main = |page: &Page| unmarked(page).into_iter().filter(|words| words != "山本折").collect::<Vec<_>>();
    assert_eq!(in_main(&page), Vec::<String>::new());
    let bytes = book(&city, |document| document.plan.nodes[0].title = "紙を折る".to_owned()).await;
    let page = english.is_led(&sends(&english, "plan.xlsx", &bytes).await).await;
    assert_eq!(in_main(page.ok()), Vec::<String>::new());
    let table = english.gets("/desk/plan/import/changes?format=csv").await;
    table.ok().says("紙を折る");
}
