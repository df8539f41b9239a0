//! Search over everything public.

use std::collections::BTreeSet;

use kyodo_db::Db;
use kyodo_kernel::MIGRATIONS;
use kyodo_kernel::search::{Cursor, Document, Hits, find, remember, replace};
use kyodo_testkit::TestDatabase;

fn document(address: &str, title: &str, body: &str) -> Document {
    Document { address: address.to_owned(), kind: "node", title: title.to_owned(), body: body.to_owned() }
}

async fn library() -> TestDatabase {
    let database = TestDatabase::with(MIGRATIONS).await;
    let documents = [
        document("/1", "協働のまちづくり", "市民と市がいっしょに進めます。"),
        document("/2", "ラウンドテーブル", "話し合いの場です。雪の日は休みます。"),
        document("/3", "ボランティアに参加したい", "相談の窓口へ。協働の形もあります。"),
        document("/4", "NPO法人の登録", "ＮＰＯ法人 𠮷田 葛\u{e0100}飾"),
        document("/5", "予算", "1,234,000円 and \"quoted\" text OR more"),
    ];
    let mut tx = database.db().begin().await.unwrap();
    replace(&mut tx, "plan", &documents).await.unwrap();
    tx.commit().await.unwrap();
    database
}

async fn addresses(db: &Db, words: &str) -> Vec<String> {
    let hits = find(db, words, Cursor::START, 50).await.unwrap();
    assert_eq!(usize::try_from(hits.total).unwrap(), hits.items.len(), "「{words}」");
    assert!(hits.next.is_none());
    hits.items.into_iter().map(|hit| hit.address).collect()
}

#[tokio::test]
async fn words_are_found_however_they_are_typed() {
    let library = library().await;
    let found = [
        ("協働", &["/1", "/3"][..]),
        ("ラウンドテーブル", &["/2"]),
        ("ﾗｳﾝﾄﾞﾃｰﾌﾞﾙ", &["/2"]),
        ("らうんどてーぶる", &["/2"]),
        ("テーブル", &["/2"]),
        ("ボランティア", &["/3"]),
        ("ﾎﾞﾗﾝﾃｨｱ", &["/3"]),
        ("npo", &["/4"]),
        ("ＮＰＯ法人", &["/4"]),
        ("予算", &["/5"]),
        ("雪", &["/2"]),
        ("円", &["/5"]),
        ("𠮷田", &["/4"]),
        ("葛飾", &["/4"]),
        ("葛\u{e0100}飾", &["/4"]),
        ("協働　相談", &["/3"]),
        ("ボランティア 窓口", &["/3"]),
    ];
    for (words, addresses_wanted) in found {
        assert_eq!(addresses(library.db(), words).await, addresses_wanted, "「{words}」");
    }
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let library = library().await;
    for words in ["宇宙", "ルブーテ", "協働体", "雪国", "協働 宇宙", "", "　", "、。", "*", "()"] {
        assert_eq!(addresses(library.db(), words).await, Vec::<String>::new(), "「{words}」");
    }
}

#[tokio::test]
async fn quotes_and_operators_are_only_text() {
    let library = library().await;
    let harmless = [
        "\"",
        "'",
        "\\",
        "'; DROP TABLE city; --",
        "協働\"",
        "協働'",
        "協働 OR 予算",
        "NOT 協働",
        "協働*",
        "title:協働",
        "{title} : 協働",
        "NEAR(協働 予算)",
        "(協働",
        "協働 & | !",
        "<->",
        ":*",
        "^協働",
        "-協働",
        "+協働",
        "%_",
        "\0",
        "協\u{0}働",
        "a\u{301}",
        "\u{e0100}",
        "🦀",
    ];
    for words in harmless {
        find(library.db(), words, Cursor::START, 10).await.unwrap_or_else(|error| panic!("「{words}」: {error}"));
    }
    assert_eq!(addresses(library.db(), "\"協働\"").await, ["/1", "/3"]);
    assert_eq!(addresses(library.db(), "text OR more").await, ["/5"]);
}

async fn pages(db: &Db, words: &str, most: i64) -> Vec<Hits> {
    let (mut pages, mut from) = (Vec::new(), Cursor::START);
    loop {
        let hits = find(db, words, from, most).await.unwrap();
        let next = hits.next.map(|next| Cursor::parse(&next.to_string()).expect("a cursor survives its address"));
        pages.push(hits);
        match next {
            Some(next) => from = next,
            None => return pages,
        }
    }
}

#[tokio::test]
async fn paging_gives_every_hit_once_and_titles_first() {
    let database = TestDatabase::with(MIGRATIONS).await;
    let mut tx = database.db().begin().await.unwrap();
    for n in 0..30 {
        // In the title, in the text, in both, in neither; by turns.
        let (title, body) = [("協働の会", "話"), ("会", "協働の話"), ("協働の会", "協働の話"), ("会", "話")][n % 4];
        remember(&mut tx, "plan", &document(&format!("/{n}"), title, body)).await.unwrap();
    }
    tx.commit().await.unwrap();
    for most in [1, 4, 7, 8, 15, 22, 23, 100] {
        let pages = pages(database.db(), "協働", most).await;
        let hits: Vec<_> = pages.iter().flat_map(|page| &page.items).collect();
        let addresses: BTreeSet<&str> = hits.iter().map(|hit| hit.address.as_str()).collect();
        assert_eq!((hits.len(), addresses.len()), (23, 23), "{most} a page");
        assert!(pages.iter().all(|page| page.total == 23 && page.items.len() <= usize::try_from(most).unwrap()));
        assert!(pages.iter().rev().skip(1).all(|page| page.items.len() == usize::try_from(most).unwrap()));
        let in_title: Vec<bool> = hits.iter().map(|hit| hit.title.contains("協働")).collect();
        assert!(in_title.is_sorted_by(|a, b| a >= b), "titles come first");
    }
}

#[tokio::test]
async fn words_may_stand_partly_in_the_title_and_partly_in_the_text() {
    let database = TestDatabase::with(MIGRATIONS).await;
    let mut tx = database.db().begin().await.unwrap();
    remember(&mut tx, "plan", &document("/1", "協働の会", "雪まつり")).await.unwrap();
    remember(&mut tx, "plan", &document("/2", "雪の会", "夏まつり")).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(addresses(database.db(), "協働 まつり").await, ["/1"]);
    assert_eq!(addresses(database.db(), "会雪").await, Vec::<String>::new(), "a word does not run over the edge");
}

#[tokio::test]
async fn a_room_replaces_its_own_documents_and_no_others() {
    let library = library().await;
    let mut tx = library.db().begin().await.unwrap();
    remember(&mut tx, "about", &document("/about", "協働とは", "")).await.unwrap();
    replace(&mut tx, "plan", &[document("/9", "新しい計画", "雪")]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(addresses(library.db(), "協働").await, ["/about"]);
    assert_eq!(addresses(library.db(), "雪").await, ["/9"]);
    assert_eq!(addresses(library.db(), "テーブル").await, Vec::<String>::new());
}
