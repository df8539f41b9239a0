//! A department adds documents to its measure, residents download them, and what is removed is gone.

use std::io::{Cursor, Write};

use chrono::TimeDelta;
use kyodo_kernel::audit;
use kyodo_kernel::files::store::MOST;
use kyodo_kernel::files::{self, File, Hash};
use kyodo_kernel::people::Role;
use kyodo_testkit::{Page, TestCity, TestHouse, Visitor};
use serde_json::{Value, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::desk::{EDIT, PUBLIC, field, opens, writer};
use crate::world::{city, now, rooms, shown};

const DOCUMENTS: &str = "/desk/plan/nodes/1-1-1-1/documents";
const REMOVAL: &str = "/desk/plan/nodes/1-1-1-1/documents/removal";
/// A measure of two departments.
const OTHERS: &str = "/desk/plan/nodes/1-1-1-2/documents";
const SUBJECT: &str = "measure:1-1-1-1";

/// A name, and what the file holds.
type Sent<'s> = (&'s str, &'s [u8]);

fn pdf() -> Vec<u8> {
    let mut pdf = b"%PDF-1.7\n\x00\xff\r\n--xyz".to_vec();
    pdf.resize(348_000, b'p');
    pdf
}

/// The body of a form with a token and perhaps a file.
fn body(token: &str, file: Option<Sent<'_>>) -> Vec<u8> {
    let mut body = format!("--frame\r\nContent-Disposition: form-data; name=\"once\"\r\n\r\n{token}\r\n").into_bytes();
    let (name, content) = file.unwrap_or_default();
    let head = format!("--frame\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n");
    body.extend(head.bytes());
    body.extend(b"Content-Type: application/octet-stream\r\n\r\n");
    body.extend(content);
    body.extend(b"\r\n--frame--\r\n");
    body
}

async fn sends(who: &Visitor, address: &str, token: &str, file: Option<Sent<'_>>) -> Page {
    who.posts_body(address, "multipart/form-data; boundary=frame", body(token, file)).await
}

/// Opens the page of a measure's documents and adds one.
async fn adds(who: &Visitor, address: &str, name: &str, content: &[u8]) -> Page {
    let page = who.gets(address).await;
    let token = field(page.ok(), address, "once");
    sends(who, address, &token, Some((name, content))).await
}

/// Removes the first document of the measure.
async fn removes(who: &Visitor) -> Page {
    let page = who.gets(DOCUMENTS).await;
    who.fills(page.ok(), REMOVAL, &[]).await
}

async fn kept(city: &TestCity) -> Vec<File> {
    files::of_subject(city.db(), SUBJECT).await.unwrap()
}

async fn address(city: &TestCity) -> String {
    format!("/plan/files/{}", kept(city).await[0].key)
}

/// How many contents the city's database knows, and how many of them are doomed.
async fn blobs(city: &TestCity) -> (i64, i64) {
    city.db().ask("SELECT COUNT(*), COUNT(doomed_at) FROM blob").one::<(i64, i64)>().await.unwrap()
}

async fn actions(city: &TestCity) -> Vec<String> {
    let trail = audit::search(city.db(), &audit::Filter::default(), None, 10).await.unwrap();
    trail.into_iter().map(|row| row.action).collect()
}

/// Whether an answer sends its reader to sign in, at once or, where something was sent, with a link.
fn leads_to_sign_in(answer: &Page) -> bool {
    let linked = || answer.links().iter().any(|link| link.href.starts_with("/login"));
    answer.header("location").starts_with("/login") || (answer.status() == 401 && linked())
}

/// A document of Word with these parts beside its text.
fn docx(parts: &[&str]) -> Vec<u8> {
    let mut packed = ZipWriter::new(Cursor::new(Vec::new()));
    for part in ["[Content_Types].xml", "word/document.xml"].iter().chain(parts) {
        packed.start_file(*part, SimpleFileOptions::default()).unwrap();
        packed.write_all(b"<w/>").unwrap();
    }
    packed.finish().unwrap().into_inner()
}

#[tokio::test]
async fn residents_download_exactly_what_a_reporter_added() {
    let city = city("mihon").await;
    let hana = writer(&city, "佐藤花").await;
    shown(&city, PUBLIC).await.does_not_say("資料");
    let page = opens(&hana).await;
    page.says("資料を加える・消す（0件）");
    let page = hana.follows(&page, "資料を加える").await;
    page.ok().says("まだ資料がありません。").says("pdf、png、jpg").says("10MBまで");
    assert!(page.source().contains("enctype=\"multipart/form-data\"") && page.source().contains("accept=\".pdf,"));

    let answer = adds(&hana, DOCUMENTS, "折り方の会 募集<要項>.pdf", &pdf()).await;
    let page = hana.is_led(&answer).await;
    page.ok().says("資料を加えました。").says("1件の資料");
    let row: Vec<String> = page.texts_of("table.list tbody tr > :not(.act)");
    assert_eq!(row[..4], ["折り方の会 募集_要項_.pdf", "PDF", "340KB", "佐藤花"]);
    assert!(row[4].starts_with("令和8年11月20日（金） "), "{row:?}");
    opens(&hana).await.says("資料を加える・消す（1件）");

    let page = shown(&city, PUBLIC).await;
    let lines = page.texts_of("section[aria-labelledby=documents] li");
    assert_eq!(lines, ["折り方の会 募集_要項_.pdf（PDF、340KB）"]);
    let resident = city.visitor("市民");
    let file = resident.follows(&page, "募集").await;
    assert_eq!(file.ok().bytes(), pdf());
    assert_eq!(file.header("content-type"), "application/pdf");
    let name = "attachment; filename=\"kyodo.pdf\"; filename*=UTF-8''%E6%8A%98%E3%82%8A%E6%96%B9%E3%81%AE%E4%BC%9A%20\
                %E5%8B%9F%E9%9B%86_%E8%A6%81%E9%A0%85_.pdf";
    assert_eq!(file.header("content-disposition"), name);
    assert_eq!(file.header("x-content-type-options"), "nosniff");
    assert!(file.header("content-security-policy").starts_with("sandbox; default-src 'none'"));
    let etag = file.header("etag").to_owned();
    resident.gets_with(&address(&city).await, &[("if-none-match", &etag)]).await.is(304);
    // Its other place is the same measure, whatever the language.
    shown(&city, "/plan/nodes/2-1-1-1").await.says("募集_要項_.pdf");
    let page = city.visitor("John").in_english().gets(PUBLIC).await;
    page.ok().says("Documents").says("募集_要項_.pdf (PDF, 340 KB)");
    city.visitor("Nguyen").in_easy_japanese().gets(PUBLIC).await.ok().says("募集_要項_.pdf（PDF、340KB）");
}

#[tokio::test]
async fn the_trail_keeps_what_was_added_and_its_name_can_be_erased() {
    let city = city("mihon").await;
    let hana = writer(&city, "佐藤花").await;
    adds(&hana, DOCUMENTS, "佐藤花の申込書.pdf", &pdf()).await.is(303);
    removes(&hana).await.is(303);
    let trail = audit::search(city.db(), &audit::Filter::default(), None, 10).await.unwrap();
    let trail: Vec<_> = trail.iter().map(|row| (row.action.as_str(), row.subject.as_str())).collect();
    assert_eq!(trail, [("measure.document-removed", SUBJECT), ("measure.document-added", SUBJECT)]);
    let row = &audit::search(city.db(), &audit::Filter::default(), None, 1).await.unwrap()[0];
    let detail: Value = serde_json::from_str(&row.detail).unwrap();
    let hash = Hash::of(&pdf());
    assert_eq!(detail, json!({ "kind": "pdf", "size": 348_000, "hash": hash.as_str() }));
    assert_eq!(row.personal["name"].as_deref(), Some("佐藤花の申込書.pdf"));
}

#[tokio::test]
async fn the_same_content_is_kept_once_and_goes_with_its_last_document() {
    let city = city("mihon").await;
    let hana = writer(&city, "佐藤花").await;
    adds(&hana, DOCUMENTS, "要項.pdf", &pdf()).await.is(303);
    adds(&hana, DOCUMENTS, "募集要項.pdf", &pdf()).await.is(303);
    adds(&hana, OTHERS, "要項.pdf", &pdf()).await.is(303);
    assert_eq!((kept(&city).await.len(), blobs(&city).await), (2, (1, 0)));
    let addresses: Vec<_> = kept(&city).await.iter().map(|file| format!("/plan/files/{}", file.key)).collect();
    removes(&hana).await.is(303);
    let resident = city.visitor("市民");
    resident.gets(&addresses[0]).await.is(404);
    assert_eq!(resident.gets(&addresses[1]).await.ok().bytes(), pdf());
    removes(&hana).await.is(303);
    assert_eq!(blobs(&city).await, (1, 0), "another measure has it still");
    let page = hana.gets(OTHERS).await;
    hana.fills(&page, &format!("{OTHERS}/removal"), &[]).await.is(303);
    assert_eq!(blobs(&city).await, (1, 1));
    let shelf = city.house().house().files.of("mihon");
    assert!(shelf.read(&Hash::of(&pdf())).await.is_ok());
    files::sweep(city.db(), &shelf, now() + TimeDelta::days(2)).await.unwrap();
    assert_eq!(blobs(&city).await, (0, 0));
    assert!(shelf.read(&Hash::of(&pdf())).await.is_err());
}

#[tokio::test]
async fn what_is_no_document_is_refused_with_a_sentence_and_nothing_is_kept() {
    let city = city("mihon").await;
    let hana = writer(&city, "佐藤花").await;
    let revision = city.city().state().await.unwrap().revision;
    let refused: [(&str, &[u8], &str); 7] = [
        ("要項.docx", &pdf(), "名前の終わりを .pdf にするか"),
        ("要項.html", b"<!DOCTYPE html><script>alert(1)</script>", "この種類のファイルは受け取れません。"),
        ("図.svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "この種類のファイルは受け取れません。"),
        ("プログラム.pdf", b"MZ\x90\x00\x03", "この種類のファイルは受け取れません。"),
        ("要項.docx", &docx(&["word/vbaProject.bin"]), "マクロの入ったファイルは受け取れません。"),
        ("名簿.csv", "氏名,番号\n佐藤花,123456789018\n".as_bytes(), "マイナンバー"),
        ("空.pdf", b"", "空のファイルです。"),
    ];
    for (name, content, words) in refused {
        let answer = adds(&hana, DOCUMENTS, name, content).await;
        answer.is(422).says(words);
        let beside = answer.texts_of("#file-wrong");
        assert!(beside.len() == 1 && beside[0].contains(words), "{name}: {beside:?}");
    }
    let token = field(&hana.gets(DOCUMENTS).await, DOCUMENTS, "once");
    sends(&hana, DOCUMENTS, &token, None).await.is(422).says("加えるファイルを選んでください。");
    assert_eq!((kept(&city).await.len(), blobs(&city).await), (0, (0, 0)));
    assert_eq!(city.city().state().await.unwrap().revision, revision);
    assert!(actions(&city).await.is_empty());
    // What is wrong does not use up the form.
    sends(&hana, DOCUMENTS, &token, Some(("要項.docx", &docx(&[])))).await.is(303);
    shown(&city, PUBLIC).await.says("要項.docx（Word文書、");
}

#[tokio::test]
async fn too_large_a_file_is_refused_with_a_way_out() {
    let city = city("mihon").await;
    let hana = writer(&city, "佐藤花").await;
    let mut large = pdf();
    large.resize(MOST + 1, b'p');
    adds(&hana, DOCUMENTS, "写真集.pdf", &large).await.is(413).says("大きすぎて受け取れません");
    assert_eq!((kept(&city).await.len(), blobs(&city).await), (0, (0, 0)));
    large.truncate(MOST);
    adds(&hana, DOCUMENTS, "写真集.pdf", &large).await.is(303);
    shown(&city, PUBLIC).await.says("写真集.pdf（PDF、10.0MB）");
}

#[tokio::test]
async fn whoever_does_not_write_the_measure_only_reads() {
    let city = city("mihon").await;
    let hana = writer(&city, "佐藤花").await;
    adds(&hana, DOCUMENTS, "要項.pdf", &pdf()).await.is(303);
    let page = hana.gets(DOCUMENTS).await;
    let (token, number) = (field(&page, DOCUMENTS, "once"), field(&page, REMOVAL, "file"));
    let removal = [("once", token.as_str()), ("file", number.as_str())];
    let other = city.person("鈴木舟", &[(Role::Reporter, Some("kamifusen"))]).await;
    let auditor = city.person("監査舟", &[(Role::Auditor, None), (Role::Reporter, Some("orizuru"))]).await;
    let admin = city.holder("管理太郎", Role::Administrator).await;
    for reader in [&other, &auditor, &admin] {
        let page = reader.gets(DOCUMENTS).await;
        page.ok().says("要項.pdf").says("この説明を書ける人です。").does_not_say("消す").does_not_say("資料を加える");
        reader.gets(EDIT).await.ok().says("資料を見る（1件）");
        sends(reader, DOCUMENTS, &token, Some(("いたずら.pdf", &pdf()))).await.is(403).says("協働推進員、所属長");
        reader.posts(REMOVAL, &removal).await.is(403);
    }
    let resident = city.holder("市民一", Role::Resident).await;
    resident.gets(DOCUMENTS).await.is(403);
    sends(&resident, DOCUMENTS, &token, Some(("いたずら.pdf", &pdf()))).await.is(403);
    let visitor = city.visitor("通りがかり");
    assert!(visitor.gets(DOCUMENTS).await.is(303).header("location").starts_with("/login"));
    for answer in [
        sends(&visitor, DOCUMENTS, &token, Some(("いたずら.pdf", &pdf()))).await,
        visitor.posts(REMOVAL, &removal).await,
    ] {
        assert!(leads_to_sign_in(&answer), "{answer}");
    }
    assert_eq!((kept(&city).await.len(), kept(&city).await[0].name.as_str()), (1, "要項.pdf"));
    // Whoever keeps all departments together, and both departments of a measure, may.
    let all = city.holder("山本折", Role::Coordinator).await;
    adds(&all, DOCUMENTS, "要項2.pdf", &pdf()).await.is(303);
    adds(&other, OTHERS, "要項.pdf", &pdf()).await.is(303);
}

#[tokio::test]
async fn what_is_removed_is_gone_from_kept_pages_too() {
    let house = TestHouse::new(rooms()).on("2026-11-20").keeping_pages().with_city("mihon").build().await;
    let city = house.city("mihon");
    let hana = writer(&city, "佐藤花").await;
    shown(&city, PUBLIC).await.does_not_say("要項.pdf");
    adds(&hana, DOCUMENTS, "要項.pdf", &pdf()).await.is(303);
    shown(&city, PUBLIC).await.says("要項.pdf");
    let address = address(&city).await;
    let resident = city.visitor("市民");
    let etag = resident.gets(&address).await.ok().header("etag").to_owned();
    hana.gets(DOCUMENTS).await.says("消す（元に戻せません）");
    let answer = removes(&hana).await;
    hana.is_led(&answer).await.says("資料を消しました。").says("まだ資料がありません。");
    shown(&city, PUBLIC).await.does_not_say("要項.pdf").does_not_say("資料");
    resident.gets(&address).await.is(404);
    resident.gets_with(&address, &[("if-none-match", &etag)]).await.is(404);
    resident.gets("/plan/files/none").await.is(404);
}

#[tokio::test]
async fn sending_twice_adds_and_removes_once() {
    let city = city("mihon").await;
    let hana = writer(&city, "佐藤花").await;
    let token = field(&hana.gets(DOCUMENTS).await, DOCUMENTS, "once");
    let content = pdf();
    let file = Some(("要項.pdf", content.as_slice()));
    let (one, two) = tokio::join!(sends(&hana, DOCUMENTS, &token, file), sends(&hana, DOCUMENTS, &token, file));
    for answer in [one, two, sends(&hana, DOCUMENTS, &token, file).await] {
        assert_eq!(answer.is(303).header("location"), DOCUMENTS);
    }
    assert_eq!((kept(&city).await.len(), blobs(&city).await), (1, (1, 0)));
    assert_eq!(actions(&city).await, ["measure.document-added"]);
    // From two windows each with a form of its own.
    let (here, there) = (hana.gets(DOCUMENTS).await, hana.gets(DOCUMENTS).await);
    hana.fills(&here, REMOVAL, &[]).await.is(303);
    let answer = hana.fills(&there, REMOVAL, &[]).await;
    hana.is_led(&answer).await.says("この資料は、もう消されています。");
    assert_eq!(actions(&city).await, ["measure.document-removed", "measure.document-added"]);
}

#[tokio::test]
async fn a_document_of_another_measure_cannot_be_removed_from_here() {
    let city = city("mihon").await;
    let hana = writer(&city, "佐藤花").await;
    let other = city.person("鈴木舟", &[(Role::Reporter, Some("kamifusen"))]).await;
    adds(&hana, DOCUMENTS, "要項.pdf", &pdf()).await.is(303);
    let number = kept(&city).await[0].id.to_string();
    let removal = format!("{OTHERS}/removal");
    let answer = other.posts(&removal, &[("once", "n"), ("file", &number)]).await;
    other.is_led(&answer).await.says("この資料は、もう消されています。");
    assert_eq!(kept(&city).await.len(), 1);
    hana.posts(REMOVAL, &[("file", &number)]).await.is(422);
    sends(&hana, DOCUMENTS, "", Some(("札なし.pdf", &pdf()))).await.is(422);
    assert_eq!(kept(&city).await.len(), 1);
}

#[tokio::test]
async fn a_second_place_leads_to_the_first_and_what_does_not_exist_is_not_found() {
    let city = city("mihon").await;
    let hana = writer(&city, "佐藤花").await;
    let answer = hana.gets("/desk/plan/nodes/2-1-1-1/documents").await;
    assert_eq!(answer.is(303).header("location"), DOCUMENTS);
    hana.gets("/desk/plan/nodes/9-9/documents").await.is(404);
    let content = pdf();
    let file = Some(("要項.pdf", content.as_slice()));
    sends(&hana, "/desk/plan/nodes/9-9/documents", "n", file).await.is(404);
    sends(&hana, "/desk/plan/nodes/2-1-1-1/documents", "m", file).await.is(303);
    assert_eq!(kept(&city).await.len(), 1);
}

#[tokio::test]
async fn a_page_asks_as_often_for_many_documents_as_for_one() {
    let house = TestHouse::new(rooms()).on("2026-11-20").development().with_city("mihon").build().await;
    let city = house.city("mihon");
    let (hana, ken) = (writer(&city, "佐藤花").await, writer(&city, "高橋健").await);
    let mut asked = Vec::new();
    for name in ["一.pdf", "二.pdf", "三.pdf", "四.pdf"] {
        adds(if asked.len() % 2 == 0 { &hana } else { &ken }, DOCUMENTS, name, &pdf()).await.is(303);
        let pages = [city.visitor("市民").gets(PUBLIC).await, hana.gets(DOCUMENTS).await, hana.gets(EDIT).await];
        asked.push(pages.map(|page| page.ok().says("資料").header("x-kyodo-queries").to_owned()));
    }
    assert!(asked.iter().skip(1).all(|many| *many == asked[1]), "{asked:?}");
    let most = asked[1].iter().all(|asked| asked.parse::<u32>().unwrap() <= 18);
    assert!(most, "{asked:?}");
}

#[tokio::test]
async fn the_page_is_there_in_every_language() {
    let city = city("mihon").await;
    let john = writer(&city, "John").await.in_english();
    john.gets(DOCUMENTS).await.ok().says("There are no documents yet.").says("up to 10 MB");
    let answer = adds(&john, DOCUMENTS, "Guide.txt", b"Fold.").await;
    john.is_led(&answer).await.ok().says("The document is added.").says("5 bytes").says("Remove for good");
    let easy = writer(&city, "リン").await.in_easy_japanese();
    easy.gets(DOCUMENTS).await.ok().says("資料が 1件").says("けす（もどすことは できません）");
    writer(&city, "はな").await.with_furigana().gets(DOCUMENTS).await.ok();
}
