//! Who may use a route, what a form becomes, and what is kept of it: the ground under every page that changes something.

use http::Method;
use kyodo_kernel::people::{self, Role};
use kyodo_kernel::{audit, drafts};
use kyodo_testkit::{TestCity, TestHouse};

use crate::rooms::rooms;

async fn city() -> TestCity {
    TestHouse::new(rooms()).with_city("mihon").build().await.city("mihon")
}

/// How many notes the form has written.
async fn written(city: &TestCity) -> i64 {
    city.db().ask("SELECT COUNT(*) FROM note").one::<(i64,)>().await.unwrap().0
}

#[tokio::test]
async fn a_form_changes_something_once_and_says_so_once() {
    let city = city().await;
    let hana = city.person("佐藤花", &[(Role::Coordinator, None)]).await;
    let page = hana.gets("/desk/notes/new").await;
    page.ok().says("佐藤花");
    assert_eq!(page.header("cache-control"), "private, no-store");
    let answer = hana.fills(&page, "/desk/notes", &[("key", "a"), ("text", "折り鶴")]).await;
    let there = hana.is_led(&answer).await;
    there.ok().says("保存しました。");
    // Said once, and not again.
    hana.gets("/notes").await.ok().does_not_say("保存しました。");
    // The same form again: the same answer, and nothing happens.
    let again = hana.fills(&page, "/desk/notes", &[("key", "b"), ("text", "べつの折り鶴")]).await;
    assert_eq!(again.is(303).header("location"), answer.header("location"));
    assert_eq!(written(&city).await, 1);
    let told = audit::search(city.db(), &audit::Filter::default(), None, 10).await.unwrap();
    assert_eq!(told.iter().map(|entry| entry.action.as_str()).collect::<Vec<_>>(), ["note.written"]);
    assert_eq!(told[0].actor, hana.account().subject());
}

#[tokio::test]
async fn what_is_wrong_stands_beside_its_field_and_what_was_typed_stays() {
    let city = city().await;
    let hana = city.holder("佐藤花", Role::Coordinator).await;
    let page = hana.gets("/desk/notes/new").await;
    let wrong = hana.fills(&page, "/desk/notes", &[("key", ""), ("text", "<b>折り鶴</b> 神﨑 𠮷\n\n二行目")]).await;
    wrong.is(422).says("1か所を直してください").says("＊名前を書いてください");
    assert!(wrong.source().contains("aria-invalid=\"true\"") && wrong.source().contains("href=\"#key\""));
    assert!(wrong.source().contains("&#60;b&#62;折り鶴&#60;/b&#62; 神﨑 𠮷\n\n二行目"), "{}", wrong.source());
    // Corrected, the same form goes through.
    let answer = hana.fills(&wrong, "/desk/notes", &[("key", "a")]).await;
    answer.is(303);
    assert_eq!(written(&city).await, 1);
}

#[tokio::test]
async fn whoever_may_not_is_told_who_may_and_who_helps() {
    let city = city().await;
    city.holder("山田管理", Role::Administrator).await;
    let taro = city.person("鈴木太郎", &[(Role::Reporter, Some("orizuru"))]).await;
    let page = taro.gets("/desk/notes/new").await;
    page.is(403).says("この役割では使えません").says("計画の担当課").says("山田管理");
    taro.posts("/desk/notes", &[("key", "a"), ("text", "b"), ("once", "x")]).await.is(403);
    // Residents learn the roles, not the names.
    let resident = city.holder("市民花子", Role::Resident).await;
    resident.gets("/desk/notes/new").await.is(403).says("計画の担当課").does_not_say("山田管理");
    assert_eq!(written(&city).await, 0);
}

#[tokio::test]
async fn an_auditor_reads_everything_and_changes_nothing() {
    let city = city().await;
    let auditor = city.person("監査", &[(Role::Auditor, None), (Role::Coordinator, None)]).await;
    auditor.gets("/desk/notes/new").await.ok();
    auditor.posts("/desk/notes", &[("key", "a"), ("text", "b"), ("once", "x")]).await.is(403);
    assert_eq!(written(&city).await, 0);
}

#[tokio::test]
async fn a_visitor_is_led_to_the_sign_in_page_and_back() {
    let city = city().await;
    let somebody = city.visitor("だれか");
    let led = somebody.gets("/desk/notes/new?from=mail").await;
    assert_eq!(led.is(303).header("location"), "/login?to=%2Fdesk%2Fnotes%2Fnew%3Ffrom%3Dmail");
    // What was typed stands on the answer, to be sent again after signing in.
    let unsent = somebody.posts("/desk/notes", &[("key", "a"), ("text", "長い文章"), ("password", "ひみつ")]).await;
    unsent.is(401).says("まだ送られていません");
    let kept = unsent.form("/desk/notes").fields;
    assert!(kept.contains(&("text".to_owned(), "長い文章".to_owned())), "{kept:?}");
    assert!(!unsent.source().contains("ひみつ"));
    assert_eq!(written(&city).await, 0);
}

#[tokio::test]
async fn what_is_sent_after_the_session_ended_is_kept() {
    let city = city().await;
    let hana = city.holder("佐藤花", Role::Coordinator).await;
    let page = hana.gets("/desk/notes/new").await;
    let now = city.house().house().clock.now();
    city.changes(async |tx| people::end_all(tx, hana.account(), None, now).await).await;
    let token = page.form("/desk/notes").fields[0].1.clone();
    let typed = [("once", token.as_str()), ("key", "a"), ("text", "長い文章"), ("password", "ひみつ")];
    let over = hana.posts("/desk/notes", &typed).await;
    over.is(401).says("ログインの時間が切れました").says("とってあります");
    let kept = drafts::of(city.db(), hana.account(), "form:/desk/notes").await.unwrap().expect("the words are kept");
    let field = |name: &str| kept.fields.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
    assert_eq!((field("text"), field("password"), field("once")), (Some("長い文章"), None, None));
    assert!(over.source().contains(&format!("/login?to=%2Fdesk%2Funsent%2F{}", kept.id)), "{}", over.source());
    assert_eq!(written(&city).await, 0);
}

#[tokio::test]
async fn a_form_from_another_site_or_of_another_shape_is_refused() {
    let city = city().await;
    let hana = city.holder("佐藤花", Role::Coordinator).await;
    for origin in ["https://evil.example", "null", "http://mihon.localhost.evil.example", "http://kagami.localhost"] {
        hana.sends(Method::POST, "/desk/notes", &[("origin", origin)]).await.is(403).says("受け付けられません");
    }
    hana.posts_body("/desk/notes", "application/json", b"{}".to_vec()).await.is(422);
    let long = format!("text={}", "あ".repeat(200_000));
    hana.posts_body("/desk/notes", "application/x-www-form-urlencoded", long.into_bytes()).await.is(413);
    // Without the token of a form nothing is changed.
    hana.posts("/desk/notes", &[("key", "a"), ("text", "b")]).await.is(422);
    assert_eq!(written(&city).await, 0);
}

#[tokio::test]
async fn a_page_for_one_reader_is_kept_for_nobody_and_public_pages_know_who_reads() {
    let house = TestHouse::new(rooms()).with_city("mihon").keeping_pages().build().await;
    let city = house.city("mihon");
    let hana = city.holder("佐藤花", Role::Coordinator).await;
    hana.gets("/notes").await.ok().says("佐藤花");
    let somebody = city.visitor("だれか");
    somebody.gets("/notes").await.ok().does_not_say("佐藤花");
    hana.gets("/notes").await.ok().says("佐藤花");
}
