//! Forms that bring files, and files on their way out.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::FromRequest;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Request};
use kyodo_kernel::Chance;
use kyodo_kernel::files::{Audience, File, Incoming, Place, Refusal, attach, by_key, keep};
use kyodo_testkit::{RunningHouse, TestCity, TestHouse};
use kyodo_web::{Access, Ctx, Error, FileAnswer, KeyPath, Result, Room, Routes, Upload};

use crate::rooms::mihon;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n0123456789";

/// A room that gives out files.
fn drawer() -> Room {
    Room {
        name: "drawer",
        always_on: true,
        routes: Routes::new()
            .get("/files/{key}", Access::Public, download)
            .get("/pictures/{key}", Access::Public, picture)
            .get("/too-large", Access::Public, too_large),
        ..Room::default()
    }
}

async fn found(ctx: &Ctx, key: &str) -> Result<File> {
    by_key(&ctx.db, key).await?.ok_or(Error::NotFound)
}

async fn download(ctx: Ctx, headers: HeaderMap, KeyPath(key): KeyPath) -> Result<FileAnswer> {
    FileAnswer::of(&ctx, found(&ctx, &key).await?, &headers).await
}

async fn picture(ctx: Ctx, headers: HeaderMap, KeyPath(key): KeyPath) -> Result<FileAnswer> {
    Ok(FileAnswer::of(&ctx, found(&ctx, &key).await?, &headers).await?.shown_in_page())
}

async fn too_large() -> Result<Response> {
    Err(Error::TooLarge)
}

async fn house() -> RunningHouse {
    TestHouse::new(vec![drawer()]).with_city(mihon()).build().await
}

async fn receives(city: &TestCity, name: &str, content: &[u8], audience: Audience) -> File {
    let (db, now) = (city.db(), "2026-11-20T01:00:00Z".parse().unwrap());
    let shelf = city.house().house().files.of("mihon");
    let incoming = Incoming::of(name, content.to_vec(), 1024).unwrap();
    let kept = keep(db, &shelf, incoming, now).await.unwrap();
    let mut tx = db.begin().await.unwrap();
    let place = Place { subject: "measure:1", audience, uploaded_by: None };
    let file = attach(&mut tx, &kept, &place, Chance::Real, now).await.unwrap();
    tx.commit().await.unwrap();
    file
}

#[tokio::test]
async fn a_file_is_a_download_in_which_nothing_runs() {
    let house = house().await;
    let city = house.city("mihon");
    let hana = city.visitor("花");
    let text = "職員番号,氏名\n".repeat(40);
    let file = receives(&city, "名簿 \"夏\".csv", text.as_bytes(), Audience::Desk).await;
    for path in [format!("/files/{}", file.key), format!("/pictures/{}", file.key)] {
        let answer = hana.gets_with(&path, &[("accept-encoding", "br")]).await;
        assert_eq!(answer.ok().bytes(), text.as_bytes());
        assert_eq!(answer.header("content-type"), "text/csv");
        assert_eq!(
            answer.header("content-disposition"),
            "attachment; filename=\"kyodo.csv\"; filename*=UTF-8''%E5%90%8D%E7%B0%BF%20_%E5%A4%8F_.csv"
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("content-length"), text.len().to_string());
        assert!(!answer.headers().contains_key("content-encoding"));
        let policy = answer.header("content-security-policy");
        assert_eq!(policy, "sandbox; default-src 'none'; frame-ancestors 'none'");
        assert_eq!(answer.header("cache-control"), "private, no-store");
        assert!(!answer.headers().contains_key("etag"));
    }
    hana.gets("/files/none").await.is(404);
}

#[tokio::test]
async fn only_a_picture_is_shown_in_a_page() {
    let house = house().await;
    let city = house.city("mihon");
    let file = receives(&city, "図.png", PNG, Audience::Public).await;
    let hana = city.visitor("花");
    let shown = hana.gets(&format!("/pictures/{}", file.key)).await;
    assert!(shown.ok().header("content-disposition").starts_with("inline; "));
    assert!(shown.header("content-security-policy").starts_with("sandbox"));
    let kept = hana.gets(&format!("/files/{}", file.key)).await;
    assert!(kept.ok().header("content-disposition").starts_with("attachment; "));
}

#[tokio::test]
async fn a_public_file_is_not_sent_to_who_has_it() {
    let house = house().await;
    let city = house.city("mihon");
    let file = receives(&city, "図.png", PNG, Audience::Public).await;
    let (hana, path) = (city.visitor("花"), format!("/files/{}", file.key));
    let first = hana.gets(&path).await;
    assert_eq!(first.ok().header("cache-control"), "no-cache");
    let etag = first.header("etag").to_owned();
    assert_eq!(etag, format!("\"{}\"", file.hash.as_str()));
    for known in [etag.clone(), format!("\"a\", W/{etag}")] {
        let again = hana.gets_with(&path, &[("if-none-match", &known)]).await;
        assert!(again.is(304).bytes().is_empty());
    }
    hana.gets_with(&path, &[("if-none-match", "\"other\"")]).await.ok();
}

#[tokio::test]
async fn too_large_is_said_with_a_way_out() {
    let house = house().await;
    house.city("mihon").visitor("花").gets("/too-large").await.is(413).says("大きすぎて受け取れません");
    house.city("mihon").visitor("John").in_english().gets("/too-large").await.is(413).says("This is too large");
}

// --- forms --------------------------------------------------------------------------------------------------

/// Name, name of the file, content.
type Part<'p> = (&'p str, Option<&'p str>, &'p [u8]);

fn form(parts: &[Part<'_>]) -> Vec<u8> {
    let mut body = Vec::new();
    for (field, name, content) in parts {
        let name = name.map_or_else(String::new, |name| format!("; filename=\"{name}\""));
        body.extend(format!("--xyz\r\nContent-Disposition: form-data; name=\"{field}\"{name}\r\n\r\n").bytes());
        body.extend(*content);
        body.extend(b"\r\n");
    }
    body.extend(b"--xyz--\r\n");
    body
}

async fn sends<const FILES: usize>(limit: usize, body: Vec<u8>) -> Result<Upload<FILES>> {
    let house = house().await;
    let mut small = kyodo_web::House::new(
        Vec::new(),
        kyodo_kernel::Cities::default(),
        house.house().clock,
        kyodo_web::Settings::default(),
    );
    small.files = kyodo_kernel::files::Store::memory().with_limit(limit);
    let request = Request::post("/").header("content-type", "multipart/form-data; boundary=xyz").body(Body::from(body));
    Upload::<FILES>::from_request(request.unwrap(), &Arc::new(small)).await
}

#[tokio::test]
async fn fields_and_files_come_as_they_were_sent() {
    let body = form(&[
        ("note", None, "一行\r\n二行\0".as_bytes()),
        ("list", Some("名簿.csv"), "氏名,所属\n".as_bytes()),
        ("other", Some(""), b""),
        ("note", None, " もう一つ ".as_bytes()),
    ]);
    let upload = sends::<1>(1024, body).await.unwrap();
    assert_eq!(upload.text("note"), "一行\n二行");
    assert_eq!(upload.fields.len(), 2);
    let list = upload.file("list").unwrap().unwrap();
    assert_eq!((list.name.as_str(), list.kind.name), ("名簿.csv", "csv"));
    assert!(upload.file("other").is_none(), "nobody chose a file");
}

#[tokio::test]
async fn what_is_no_file_to_take_is_told_beside_its_field() {
    let body = form(&[("list", Some("名簿.csv"), b"MZ\x90\0\x03")]);
    assert_eq!(sends::<1>(1024, body).await.unwrap().file("list").unwrap().unwrap_err(), Refusal::NotTaken);
    // Every refusal has its words, and says the numbers it is about.
    let house = house().await;
    let state = house.city("mihon").city().state().await.unwrap();
    let words = state.words(kyodo_kernel::Language::Japanese);
    let refusal = Refusal::TooLarge { most: 10 * 1024 * 1024 };
    assert!(words.with(refusal.message(), refusal.variables()).starts_with("10MBまで"));
}

#[tokio::test]
async fn more_than_the_limit_is_refused_while_it_comes() {
    let large = vec![b'a'; 3000];
    let one = ("list", Some("a.txt"), &large[..1000]);
    for (body, fits) in [
        (form(&[one]), true),
        (form(&[one, one]), true),
        (form(&[("list", Some("a.txt"), &large)]), false),
        (form(&[one, one, one]), false),
        (form(&[("note", None, &large)]), false),
        (form(&[("note", None, &large[..1000])].repeat(600)), false),
    ] {
        match sends::<2>(1024, body).await {
            Ok(_) => assert!(fits),
            Err(error) => assert!(!fits && matches!(error, Error::TooLarge), "{error}"),
        }
    }
}

#[tokio::test]
async fn a_form_that_breaks_off_is_refused() {
    let mut body = form(&[("list", Some("a.txt"), b"abc")]);
    body.truncate(body.len() - 12);
    for body in [body, b"nothing of the kind".to_vec(), Vec::new()] {
        assert!(matches!(sends::<1>(1024, body).await, Err(Error::Invalid { .. })));
    }
}

#[test]
fn too_large_is_a_status_of_its_own() {
    assert_eq!(Error::TooLarge.into_response().status(), 413);
}
