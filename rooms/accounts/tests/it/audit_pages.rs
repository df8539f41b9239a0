//! What stands in the trail, as administrators, auditors and everybody see it.

use std::sync::Arc;

use kyodo_kernel::audit::{self, Entry, Filter, Trail};
use kyodo_kernel::people::Role;
use kyodo_kernel::secret::hex;
use kyodo_kernel::{Chance, Clock, clock};
use kyodo_testkit::{Page, TestCity, TestHouse, Visitor};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::world::house;

/// What somebody did on a day, at ten in the morning.
async fn did(city: &TestCity, actor: &str, day: &str, entry: Entry) {
    let trail = Trail {
        key: city.city().secret.derive("audit"),
        actor: actor.to_owned(),
        request: Arc::from("r1"),
        now: clock::at(day.parse().unwrap(), "10:00:00".parse().unwrap()),
        chance: Chance::Real,
    };
    let mut tx = city.db().begin().await.unwrap();
    trail.note(&mut tx, entry).await.unwrap();
    tx.commit().await.unwrap();
}

/// So many readings were changed, one after the other.
async fn readings_were_put(city: &TestCity, numbers: std::ops::Range<u32>) {
    for number in numbers {
        did(city, "command", "2026-11-19", Entry::new("reading.put", format!("reading:{number}"))).await;
    }
}

async fn sealed(city: &TestCity, day: &str) {
    let clock = Clock::OnDay(day.parse().unwrap());
    audit::seal(city.db(), &city.city().secret.derive("audit"), clock).await.unwrap();
}

async fn noted(city: &TestCity, action: &str) -> Vec<audit::Row> {
    let filter = Filter { action: Some(action.to_owned()), ..Filter::default() };
    audit::search(city.db(), &filter, None, 200).await.unwrap()
}

/// The looks at somebody that searching the trail was: the links to their page are followed by the test itself.
async fn looks_in_the_trail(city: &TestCity, subject: &str) -> Vec<audit::Row> {
    let looks = audit::looks_at(city.db(), subject, None, 50).await.unwrap();
    looks.into_iter().filter(|look| look.detail == r#"{"at":"audit"}"#).collect()
}

/// The cells of a column, as the page shows them.
fn column(page: &Page, number: usize) -> Vec<String> {
    page.texts_of(&format!(".list tbody tr:not(.group) > :nth-child({number})"))
}

/// The records of a CSV, without its heads. No cell of these tests holds a line end.
fn records(page: &Page) -> Vec<Vec<String>> {
    let text = page.ok().source();
    text.lines().skip(1).map(cells).collect()
}

fn cells(line: &str) -> Vec<String> {
    let (mut cells, mut quoted) = (vec![String::new()], false);
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        let cell = cells.last_mut().unwrap();
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => cell.extend(letters.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            other => cell.push(other),
        }
    }
    cells
}

async fn administrator(city: &TestCity) -> Visitor {
    city.holder("管理花子", Role::Administrator).await
}

#[tokio::test]
async fn an_administrator_finds_what_was_done_under_its_day() {
    let city = house().await.city("mihon");
    let (admin, hana) = (administrator(&city).await, city.holder("佐藤花", Role::Reporter).await);
    let hana = hana.account().subject();
    let entry = Entry::new("measure.published", "measure:1-2-4").detail(json!({ "edition": 3, "role": "reporter" }));
    did(&city, &hana, "2026-11-18", entry).await;
    did(&city, "system", "2026-11-19", Entry::new("seal.sent", "seal:2026-11-18")).await;
    did(&city, "visitor", "2026-11-19", Entry::new("pigeon.flown", "pigeon:7")).await;

    let page = admin.gets("/desk/audit").await;
    page.ok().says("令和8年11月18日（水）").says("版：3").says("役割：協働推進員").says("封印はまだありません");
    assert_eq!(column(&page, 1), ["10:00:00", "10:00:00", "10:00:00"]);
    assert_eq!(column(&page, 2), ["ログインしていない人", "自動の仕事", "佐藤花"]);
    assert_eq!(column(&page, 3), ["pigeon.flown", "きのうの封印を監査へ送った", "説明を公開した"]);
    assert_eq!(column(&page, 4), ["pigeon:7", "封印 2026-11-18", "計画の項目 1-2-4"]);
    assert_eq!(page.header("cache-control"), "private, no-store");

    // Who looks is told too, with what they looked for.
    admin.gets("/desk/audit?what=seal.&from=R8.11.19").await.ok().does_not_say("pigeon:7").says("封印 2026-11-18");
    let searches = noted(&city, "audit.searched").await;
    let narrow = searches.iter().filter(|row| row.detail != "{}").collect::<Vec<_>>();
    assert_eq!((narrow.len(), narrow[0].detail.as_str()), (1, r#"{"action":"seal.","from":"2026-11-19"}"#));
    assert_eq!(narrow[0].actor, admin.account().subject());
    admin.gets("/desk/audit").await.says("記録をさがした").says("したこと：封印");
}

#[tokio::test]
async fn a_search_narrows_by_day_person_action_subject_and_words() {
    let city = house().await.city("mihon");
    let admin = administrator(&city).await;
    let (hana, ichiro) = (city.holder("佐藤花", Role::Reporter).await, city.holder("佐藤一郎", Role::Head).await);
    did(&city, &hana.account().subject(), "2026-11-17", Entry::new("account.closed", "pigeon:1")).await;
    did(&city, &ichiro.account().subject(), "2026-11-18", Entry::new("account.opened", "pigeon:2")).await;
    let told = Entry::new("measure.published", "measure:1-2-4").detail(json!({ "note": "まつり" }));
    did(&city, "command", "2026-11-19", told).await;

    for (asked, found) in [
        ("from=R8.11.18&to=2026-11-18", &["pigeon:2"][..]),
        ("to=令和8年11月18日", &["pigeon:2", "pigeon:1"]),
        ("who=佐藤花", &["pigeon:1"]),
        ("who=サーバーの操作", &["計画の項目 1-2-4"]),
        ("who=command", &["計画の項目 1-2-4"]),
        ("what=account.", &["pigeon:2", "pigeon:1"]),
        ("what=account.opened", &["pigeon:2"]),
        ("about=measure：1-2-4", &["計画の項目 1-2-4"]),
        ("text=まつり", &["計画の項目 1-2-4"]),
        ("text=100%25", &[]),
    ] {
        let page = admin.gets(&format!("/desk/audit?{asked}")).await;
        let about = column(page.ok(), 4);
        let about: Vec<&str> = about.iter().map(String::as_str).filter(|about| *about != "記録").collect();
        assert_eq!(about, found, "{asked}");
    }
    // A word that was looked for may be a name: it can be erased.
    let searches = noted(&city, "audit.searched").await;
    let words = searches.iter().find(|row| row.personal.contains_key("text")).unwrap();
    assert!(!words.detail.contains("まつり") && !words.detail.contains("100"), "{words:?}");
}

#[tokio::test]
async fn a_name_that_several_have_is_chosen_and_one_that_nobody_has_is_said() {
    let city = house().await.city("mihon");
    let admin = administrator(&city).await;
    let hana = city.holder("佐藤花", Role::Reporter).await;
    city.holder("佐藤一郎", Role::Head).await;
    did(&city, &hana.account().subject(), "2026-11-17", Entry::new("account.closed", "pigeon:1")).await;

    let page = admin.gets("/desk/audit?who=佐藤").await;
    page.ok().says("どの人ですか").says("佐藤一郎").says("所属長").does_not_say("pigeon:1");
    admin.follows(&page, "佐藤花").await.ok().says("佐藤花さんがしたことだけ").says("pigeon:1");

    admin.gets("/desk/audit?who=鈴木").await.ok().says("その名前の人は見つかりません").does_not_say("pigeon:1");
    let wrong = admin.gets("/desk/audit?from=きのう").await;
    wrong.ok().says("日にちは「R8.11.1」").does_not_say("pigeon:1");
    assert_eq!(wrong.form("/desk/audit").fields[0], ("from".to_owned(), "きのう".to_owned()));
    // Nothing was shown otherwise, so nothing is told (the test itself follows the links it is shown).
    let told = noted(&city, "audit.searched").await;
    assert!(told.iter().all(|row| row.detail == "{}" || row.detail.contains("account:")), "{told:?}");
}

#[tokio::test]
async fn personal_values_are_shown_to_who_asks_and_their_owner_sees_that() {
    let city = house().await.city("mihon");
    let (admin, hana) = (administrator(&city).await, city.holder("佐藤花", Role::Resident).await);
    let subject = hana.account().subject();
    let entry = || Entry::new("account.moved", &*subject).personal("email", "hana@example.jp");
    did(&city, &subject, "2026-11-17", entry()).await;

    let page = admin.gets("/desk/audit?what=account.moved").await;
    page.ok().says("メールアドレス：（表示していません）").does_not_say("hana@example.jp");
    assert_eq!(looks_in_the_trail(&city, &subject).await, []);
    admin.gets("/desk/audit?what=account.moved&personal=on").await.ok().says("メールアドレス：hana@example.jp");
    let looks = looks_in_the_trail(&city, &subject).await;
    assert_eq!((looks.len(), looks[0].actor.as_str()), (1, admin.account().subject().as_str()));

    let file = admin.gets("/desk/audit?what=account.moved&personal=on&format=csv").await;
    file.ok().says("メールアドレス：hana@example.jp");
    assert_eq!(looks_in_the_trail(&city, &subject).await.len(), 2);
    admin.gets("/desk/audit?what=account.moved&format=csv").await.ok().does_not_say("hana@example.jp");
    assert_eq!(looks_in_the_trail(&city, &subject).await.len(), 2);

    let mut tx = city.db().begin().await.unwrap();
    audit::erase_personal(&mut tx, &subject).await.unwrap();
    tx.commit().await.unwrap();
    admin.gets("/desk/audit?what=account.moved&personal=on").await.ok().says("メールアドレス：消去済み");
}

#[tokio::test]
async fn pages_follow_each_other_by_key_and_a_file_has_exactly_what_they_show() {
    let city = house().await.city("mihon");
    let admin = administrator(&city).await;
    readings_were_put(&city, 0..120).await;

    let mut page = admin.gets("/desk/audit?what=reading.put").await;
    let mut shown = column(page.ok(), 4);
    while page.links().iter().any(|link| link.text == "次を見る") {
        // What comes meanwhile stands before the first page and moves nothing.
        did(&city, "command", "2026-11-20", Entry::new("reading.put", "reading:new")).await;
        page = admin.follows(&page, "次を見る").await;
        page.ok().says("はじめから見る");
        shown.extend(column(&page, 4));
    }
    let expected: Vec<String> = (0..120).rev().map(|number| format!("reading:{number}")).collect();
    assert_eq!(shown, expected);

    let address = "/desk/audit?what=reading.put&to=2026-11-19&format=";
    let file = admin.gets(&format!("{address}csv")).await;
    assert!(file.header("content-disposition").starts_with("attachment"), "{}", file.header("content-disposition"));
    let subjects: Vec<String> = records(&file).into_iter().map(|mut record| record.remove(7)).collect();
    assert_eq!(subjects, expected);
    let excel = admin.gets(&format!("{address}xlsx")).await;
    assert!(excel.ok().bytes().starts_with(b"PK"));
    let exports = noted(&city, "audit.exported").await;
    assert_eq!(exports.len(), 2);
    assert_eq!(exports[1].detail, r#"{"action":"reading.put","format":"csv","to":"2026-11-19"}"#);
    assert_eq!(admin.gets("/desk/audit?what=reading.put&after=1&format=csv").await.source().lines().count(), 123);
}

#[tokio::test]
async fn a_page_asks_the_same_number_of_sentences_for_three_entries_and_for_fifty() {
    let house = TestHouse::new(vec![kyodo_accounts::room()]).with_city("mihon").development().build().await;
    let city = house.city("mihon");
    let admin = administrator(&city).await;
    let asked = async || admin.gets("/desk/audit?what=reading.put").await.header("x-kyodo-queries").to_owned();
    readings_were_put(&city, 0..3).await;
    let few = asked().await;
    readings_were_put(&city, 3..60).await;
    assert_eq!(asked().await, few);
    assert!(few.parse::<u32>().unwrap() <= 10, "{few}");
}

#[tokio::test]
async fn an_auditor_reads_and_exports_and_a_reporter_does_not() {
    let city = house().await.city("mihon");
    administrator(&city).await;
    let (auditor, reporter) =
        (city.holder("監査太郎", Role::Auditor).await, city.holder("佐藤花", Role::Reporter).await);
    readings_were_put(&city, 0..3).await;
    auditor.gets("/desk/audit").await.ok().says("reading:2");
    assert_eq!(records(&auditor.gets("/desk/audit?what=reading.put&format=csv").await).len(), 3);
    for address in ["/desk/audit", "/desk/audit?format=csv", "/desk/audit/chain"] {
        let refused = reporter.gets(address).await;
        refused.is(403).says("管理者").says("管理花子").does_not_say("reading:2");
    }
    city.visitor("誰か").gets("/desk/audit").await.is(303);
}

#[tokio::test]
async fn whatever_an_entry_holds_is_text() {
    let city = house().await.city("mihon");
    let admin = administrator(&city).await;
    let entry = Entry::new("account.moved", "pigeon:<b>1</b>")
        .detail(json!({ "<i>key</i>": "<script>alert(1)</script>", "list": ["<u>x</u>", null, { "y": true }] }))
        .personal("name", "<img src=x onerror=alert(1)>");
    did(&city, "<s>who</s>", "2026-11-17", entry).await;
    let page = admin.gets("/desk/audit?personal=on&text=\"><script>").await;
    assert!(!page.source().contains("\"><script>"));
    let page = admin.gets("/desk/audit?personal=on").await;
    page.ok().says("<script>alert(1)</script>").says("<img src=x onerror=alert(1)>").says("<i>key</i>");
    page.says("<s>who</s>").says("pigeon:<b>1</b>").says("list：<u>x</u>、—、y：はい");
    assert!(!page.source().contains("<script>alert") && !page.source().contains("<img src=x"));
}

#[tokio::test]
async fn the_seals_are_public_and_whoever_recounts_the_chain_finds_them() {
    let city = house().await.city("mihon");
    let (visitor, admin) = (city.visitor("誰か"), administrator(&city).await);
    visitor.gets("/seals").await.ok().says("封印はまだありません");
    readings_were_put(&city, 0..3).await;
    sealed(&city, "2026-11-18").await;
    readings_were_put(&city, 3..5).await;
    sealed(&city, "2026-11-19").await;
    let days = audit::days(city.db(), None, 10).await.unwrap();

    let page = visitor.gets("/seals").await;
    page.ok().says("令和8年11月19日（木）").says("令和8年11月18日（水）").does_not_say("次を見る");
    let (seal, hash) = (&page.texts_of(".list code")[0], &days[0].hash);
    assert_eq!(seal.len(), 64 + 15, "in groups of four");
    assert_eq!(&seal.replace(' ', ""), hash);
    assert_eq!(page.texts_of(".list td.num"), ["5", "3"]);
    let file = records(&visitor.gets("/seals?format=csv").await);
    assert_eq!(file[0], ["2026-11-19", "5", hash]);
    assert_eq!(file.len(), 2);
    admin.gets("/desk/audit").await.ok().says("令和8年11月19日（木）に、5番の記録まで封印しました");
    readings_were_put(&city, 5..6).await;
    admin.gets("/desk/audit").await.ok().says("封印を待つ記録が2件");

    // As the page says, with nothing but the file.
    let mut before = "0".repeat(64);
    for record in records(&admin.gets("/desk/audit/chain").await) {
        before = hex(&Sha256::digest(format!("{before}{}", record[4])));
        assert_eq!(before, record[3]);
    }
    assert_eq!(&before, hash);
}

#[tokio::test]
async fn many_days_of_seals_follow_each_other_by_day() {
    let city = house().await.city("mihon");
    let visitor = city.visitor("誰か");
    for day in 1..=30 {
        readings_were_put(&city, 0..1).await;
        sealed(&city, &format!("2026-09-{day:02}")).await;
    }
    for day in 1..=10 {
        sealed(&city, &format!("2026-10-{day:02}")).await;
    }
    let first = visitor.gets("/seals").await;
    assert_eq!(first.ok().texts_of(".list code").len(), 31);
    let second = visitor.follows(&first, "次を見る").await;
    assert_eq!(second.ok().texts_of(".list code").len(), 9);
    second.says("令和8年9月1日").says("はじめから見る");
    assert_eq!(records(&visitor.gets("/seals?format=csv").await).len(), 40);
}

#[tokio::test]
async fn the_pages_speak_three_languages_and_names_of_accounts_lead_to_their_people() {
    let city = house().await.city("mihon");
    let admin = administrator(&city).await;
    did(&city, "system", "2026-11-18", Entry::new("account.closed", admin.account().subject())).await;
    let page = admin.gets("/desk/audit").await;
    assert!(page.links().iter().any(|link| link.href == format!("/desk/people/{}", admin.account().0)));
    let english = admin.in_english();
    english.gets("/desk/audit").await.ok().says("Closed an account").says("By itself");
    english.gets("/seals").await.ok().says("Seals of the records");
    let easy = city.holder("監査太郎", Role::Auditor).await.in_easy_japanese();
    easy.gets("/desk/audit").await.ok().says("アカウントを とじた");
}
