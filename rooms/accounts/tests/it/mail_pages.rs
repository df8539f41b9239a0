//! Mail that somebody gets, and ends with one click.

use axum::body::Body;
use http::{Request, StatusCode};
use kyodo_kernel::Chance;
use kyodo_kernel::audit::{self, Filter};
use kyodo_kernel::mail::{self, Letter};
use kyodo_kernel::people::{AccountId, Role};
use kyodo_kernel::{jobs, notices};
use kyodo_testkit::TestCity;
use tower::ServiceExt;

use crate::jobs_pages::worker;
use crate::world::{house, opened};

/// A letter of many to somebody; the token that ends them.
async fn written(city: &TestCity, account: AccountId) -> String {
    let letter = Letter::new("hana@example.jp".parse().unwrap(), "今週の<お知らせ>", "本文")
        .for_account(account.0, "佐藤花")
        .about("notices");
    let mut tx = city.db().begin().await.unwrap();
    let id = mail::post(&mut tx, &letter, city.house().house().clock.now(), Chance::Real).await.unwrap();
    tx.commit().await.unwrap();
    mail::mail(city.db(), id).await.unwrap().unwrap().token.unwrap()
}

/// What a mail program sends: no origin, no referer, no cookie.
async fn clicked(city: &TestCity, address: &str, kind: &str, body: &'static str) -> StatusCode {
    let request = Request::post(address).header("host", city.host()).header("content-type", kind);
    let Ok(response) = city.house().router().oneshot(request.body(Body::from(body)).unwrap()).await;
    response.status()
}

async fn is_wanted(city: &TestCity, account: AccountId) -> bool {
    mail::is_wanted(city.db(), account.0, "notices").await.unwrap()
}

async fn noted(city: &TestCity, action: &str) -> Vec<audit::Row> {
    let filter = Filter { action: Some(action.to_owned()), ..Filter::default() };
    audit::search(city.db(), &filter, None, 200).await.unwrap()
}

const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn a_mail_program_ends_a_subscription_with_one_click() {
    let city = house().await.city("mihon");
    let hana = city.holder("佐藤花", Role::Resident).await.account();
    let address = mail::subscription_path(&written(&city, hana).await);
    for _ in 0..2 {
        assert_eq!(clicked(&city, &address, FORM, "List-Unsubscribe=One-Click").await, 204);
        assert!(!is_wanted(&city, hana).await);
    }
    let told = noted(&city, "subscription.ended").await;
    assert_eq!((told.len(), told[0].subject.as_str(), told[0].actor.as_str()), (1, &*hana.subject(), "visitor"));
    // No other address takes what comes from elsewhere.
    assert_eq!(clicked(&city, "/account/mail", FORM, "topic=notices").await, 403);
}

#[tokio::test]
async fn a_mail_program_may_send_its_field_in_parts() {
    let city = house().await.city("mihon");
    let hana = city.holder("佐藤花", Role::Resident).await.account();
    let address = mail::subscription_path(&written(&city, hana).await);
    let body = "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n";
    assert_eq!(clicked(&city, &address, "multipart/form-data; boundary=x", body).await, 204);
    assert!(!is_wanted(&city, hana).await);
}

#[tokio::test]
async fn a_reader_ends_mail_on_its_page_and_gets_it_again() {
    let city = house().await.city("mihon");
    let hana = city.holder("佐藤花", Role::Resident).await.account();
    let address = mail::subscription_path(&written(&city, hana).await);
    let visitor = city.visitor("花");
    let page = visitor.gets(&address).await;
    page.ok().says("「お知らせのまとめ」のメールを止めますか").does_not_say("佐藤花");
    assert_eq!(page.header("cache-control"), "private, no-store");
    assert!(is_wanted(&city, hana).await, "reading ends nothing: mail programs look at links beforehand");
    let ended = visitor.fills(&page, &address, &[]).await;
    let page = visitor.is_led(&ended).await;
    page.ok().says("メールを止めました").says("「お知らせのまとめ」のメールは");
    assert!(!is_wanted(&city, hana).await);
    let resumed = visitor.fills(&page, &address, &[]).await;
    visitor.is_led(&resumed).await.ok().says("メールをもう一度送ります").says("止めますか");
    assert!(is_wanted(&city, hana).await);
    assert_eq!(noted(&city, "subscription.resumed").await.len(), 1);
}

#[tokio::test]
async fn a_token_that_nobody_has_is_a_link_that_had_its_time() {
    let city = house().await.city("mihon");
    city.visitor("誰か").gets("/subscriptions/0123456789abcdef").await.is(410).says("このリンクは使えません");
    assert_eq!(clicked(&city, "/subscriptions/x", FORM, "List-Unsubscribe=One-Click").await, 410);
}

#[tokio::test]
async fn somebody_chooses_their_mail_and_sees_what_was_sent() {
    let city = house().await.city("mihon");
    let (hana, ken) = (city.holder("佐藤花", Role::Resident).await, city.holder("高橋健", Role::Resident).await);
    hana.gets("/account/mail").await.ok().says("この1年に送ったメールはありません");
    written(&city, hana.account()).await;
    let page = hana.gets("/account/mail").await;
    page.ok().says("今週の<お知らせ>").says("hana@example.jp").says("送るのを待っています").says("お知らせのまとめ");
    ken.gets("/account/mail").await.ok().does_not_say("今週の");

    // Without the tick.
    let token = page.form("/account/mail").fields.into_iter().find(|(name, _)| name == "once").unwrap().1;
    let chosen = hana.posts("/account/mail", &[("once", token.as_str())]).await;
    hana.is_led(&chosen).await.ok().says("受け取るメールを保存しました");
    assert!(!is_wanted(&city, hana.account()).await);
    let page = hana.gets("/account/mail").await;
    assert!(page.form("/account/mail").fields.iter().all(|(name, _)| name != "topic"));
    let chosen = hana.fills(&page, "/account/mail", &[("topic", "notices")]).await;
    chosen.is(303);
    assert!(is_wanted(&city, hana.account()).await);
    assert_eq!(noted(&city, "subscription.chosen").await.len(), 2);
    // What nobody is written to about cannot be chosen.
    let chosen = hana.posts("/account/mail", &[("once", "x"), ("topic", "notices"), ("topic", "pigeons")]).await;
    chosen.is(303);
    assert_eq!(mail::subscriptions(city.db(), hana.account().0).await.unwrap().len(), 1);
    city.visitor("誰か").gets("/account/mail").await.is(303);
}

/// The morning's letters are written, by any number of processes.
async fn morning(city: &TestCity) {
    let (work, _) = worker(city, "morning", "2026-11-20");
    let now = city.house().house().clock.now();
    let mut tx = city.db().begin().await.unwrap();
    jobs::put(&mut tx, jobs::New::new("digest", &()), now).await.unwrap();
    tx.commit().await.unwrap();
    jobs::work_off(&work, &city.house().house().job_kinds(), &[]).await.unwrap();
}

async fn told(city: &TestCity, account: AccountId) {
    let now = city.house().house().clock.now();
    let mut tx = city.db().begin().await.unwrap();
    notices::tell(&mut tx, account, "notice-duty-given", &[("role", "監査"), ("day", "4月1日")], "/desk", now)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn letters(city: &TestCity, account: AccountId) -> Vec<mail::Mail> {
    mail::mails_of(city.db(), account.0, None, 20).await.unwrap()
}

#[tokio::test]
async fn what_nobody_has_read_comes_in_one_letter_never_empty_and_never_twice() {
    let city = house().await.city("mihon");
    let account = opened(&city, "佐藤花", "hana@mihon.example", &[(Role::Coordinator, None)]).await;
    let before = letters(&city, account).await.len();
    morning(&city).await;
    assert_eq!(letters(&city, account).await.len(), before, "no news, no letter");
    told(&city, account).await;
    told(&city, account).await;
    morning(&city).await;
    let sent = letters(&city, account).await;
    assert_eq!(sent.len(), before + 1);
    assert_eq!(sent[0].text.matches("監査").count(), 2, "{}", sent[0].text);
    assert!(sent[0].topic.as_deref() == Some("notices") && sent[0].token.is_some());
    morning(&city).await;
    assert_eq!(letters(&city, account).await.len(), before + 1, "no news comes twice");
    told(&city, account).await;
    let newest = notices::told(city.db(), account, None, 1).await.unwrap()[0].id;
    let mut tx = city.db().begin().await.unwrap();
    notices::read(&mut tx, account, newest, city.house().house().clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    morning(&city).await;
    assert_eq!(letters(&city, account).await.len(), before + 1, "what was read needs no letter");
}
