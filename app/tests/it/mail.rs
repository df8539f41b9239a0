//! Letters of the real binary: sent by the server, returned to `kyodo mail bounce`.

use std::time::{Duration, Instant};

use kyodo::data::DataFolder;
use kyodo_db::{Db, Pools};
use kyodo_kernel::mail::{self, Letter};
use kyodo_kernel::{Chance, Clock};

use crate::world::World;

/// A world with one city.
fn city() -> (World, String) {
    let world = World::new();
    let pack = world.pack();
    let added = world.kyodo(&["city", "add", pack.path()]);
    assert_eq!(added.code, 0, "{}", added.err);
    (world, pack.slug)
}

fn database(world: &World, slug: &str) -> Db {
    let data = DataFolder::new(world.path("data"));
    data.place(&data.registered(slug).unwrap()).unwrap().open(Pools::default()).unwrap()
}

/// Posts a letter; its key.
fn posted(world: &World, slug: &str) -> String {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let db = database(world, slug);
        let mut tx = db.begin().await.unwrap();
        let letter = Letter::new("hana@example.jp".parse().unwrap(), "お知らせ", "本文です。");
        let id = mail::post(&mut tx, &letter, Clock::Real.now(), Chance::Real).await.unwrap();
        tx.commit().await.unwrap();
        let key = mail::mail(&db, id).await.unwrap().unwrap().key;
        db.close().await;
        key
    })
}

fn notice(key: &str, slug: &str, status: &str) -> String {
    format!(
        "Return-Path: <>\nFrom: MAILER-DAEMON@relay.example.jp\nMIME-Version: 1.0\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n--x\nContent-Type: text/plain\n\n\
         Sorry.\n--x\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; relay.example.jp\n\n\
         Final-Recipient: rfc822; hana@example.jp\nAction: failed\nStatus: {status}\n\n--x\nContent-Type: message/rfc822\n\n\
         Message-ID: <{key}.{slug}@localhost>\n\ntext\n--x--\n"
    )
}

#[test]
fn a_letter_that_waits_leaves_when_the_server_begins() {
    let (world, slug) = city();
    let key = posted(&world, &slug);
    let _server = world.start(&["serve"]);
    let file = world.path("data/mail").join(format!("{key}.eml"));
    let begin = Instant::now();
    while !file.exists() {
        assert!(begin.elapsed() < Duration::from_mins(1), "{:?}", world.files("data/mail"));
        std::thread::yield_now();
    }
    let text = std::fs::read_to_string(file).unwrap();
    assert!(text.contains(&format!("Message-ID: <{key}.{slug}@localhost>")), "{text}");
}

#[test]
fn a_letter_that_came_back_is_recorded_for_its_city() {
    let (world, slug) = city();
    let key = posted(&world, &slug);
    let told = world.kyodo_reads(&["mail", "bounce"], &notice(&key, &slug, "5.1.1"));
    assert_eq!(told.code, 0, "{}", told.err);
    let wanted = format!(
        "{slug}: hana@example.jp 宛てのメールが届きませんでした（5.1.1）。このアドレスには、変わるまで送りません。\n"
    );
    assert_eq!(told.out, wanted);
    let full = world.kyodo_reads(&["mail", "bounce"], &notice(&key, &slug, "5.2.2"));
    assert!(full.out.contains("これからも送ります"), "{}", full.out);
}

#[test]
fn what_is_no_bounce_of_ours_is_told_apart() {
    let (world, slug) = city();
    let answer =
        world.kyodo_reads(&["mail", "bounce"], "From: hana@example.jp\nSubject: Re: お知らせ\n\nありがとう。\n");
    assert_eq!((answer.code, answer.out.contains("何も記録しませんでした")), (0, true), "{}", answer.err);
    let unknown = world.kyodo_reads(&["mail", "bounce"], &notice(&"0".repeat(32), &slug, "5.1.1"));
    assert_eq!((unknown.code, unknown.out.contains("記録がありません")), (0, true), "{}", unknown.err);
    let elsewhere = world.kyodo_reads(&["mail", "bounce"], &notice(&"0".repeat(32), "elsewhere", "5.1.1"));
    assert_eq!(elsewhere.code, 1);
    assert!(elsewhere.err.contains("「elsewhere」という自治体は"), "{}", elsewhere.err);
    assert_eq!(world.kyodo(&["mail"]).code, 2);
}
