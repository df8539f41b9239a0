//! Coming in and going out.

use kyodo_accounts::codes::{TotpKey, recovery_mark};
use kyodo_accounts::store;
use kyodo_kernel::audit;
use kyodo_kernel::people::{self, Role};
use kyodo_testkit::{Page, TestCity, Visitor};

use crate::world::{PASSWORD, house, links_to, opened};

async fn signs_in(visitor: &Visitor, name: &str, password: &str) -> Page {
    let page = visitor.gets("/login").await;
    visitor.fills(&page, "/login", &[("name", name), ("password", password)]).await
}

async fn entries(city: &TestCity, action: &str) -> usize {
    let filter = audit::Filter { action: Some(action.to_owned()), ..audit::Filter::default() };
    audit::search(city.db(), &filter, None, 100).await.unwrap().len()
}

#[tokio::test]
async fn whoever_knows_the_password_comes_in_and_is_led_where_they_wanted() {
    let city = house().await.city("mihon");
    opened(&city, "佐藤花", "hana@mihon.example", &[(Role::Resident, None)]).await;
    let hana = city.visitor("花");
    let page = hana.gets("/login?to=/account").await;
    page.ok().says("ログイン");
    assert_eq!(page.header("cache-control"), "private, no-store");
    let answer = hana.fills(&page, "/login", &[("name", "ＨＡＮＡ@mihon.example "), ("password", PASSWORD)]).await;
    assert_eq!(answer.is(303).header("location"), "/account");
    let cookie = answer.header("set-cookie").to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    hana.is_led(&answer).await.ok().says("佐藤花").says("ログアウト");
    assert_eq!(entries(&city, "sign-in.done").await, 1);

    let out = hana.posts("/logout", &[]).await;
    out.is(303);
    hana.gets("/account").await.is(303);
}

#[tokio::test]
async fn staff_need_a_second_proof_before_their_desk_opens() {
    let city = house().await.city("mihon");
    opened(&city, "佐藤花", "hana@mihon.example", &[(Role::Administrator, None)]).await;
    let hana = city.visitor("花");
    let answer = signs_in(&hana, "hana@mihon.example", PASSWORD).await;
    assert_eq!(answer.header("location"), "/account/codes");
    // No other door of the desk opens meanwhile.
    assert_eq!(hana.gets("/desk/people").await.is(303).header("location"), "/account/codes");
}

#[tokio::test]
async fn the_wrong_password_and_the_unknown_name_get_the_same_answer() {
    let city = house().await.city("mihon");
    opened(&city, "佐藤花", "hana@mihon.example", &[(Role::Resident, None)]).await;
    let hana = city.visitor("花");
    let wrong = signs_in(&hana, "hana@mihon.example", "ちがう合言葉です").await;
    let unknown = signs_in(&hana, "taro@mihon.example", "ちがう合言葉です").await;
    for page in [&wrong, &unknown] {
        page.is(422).says("ログインできませんでした。メールアドレスかパスワードを確かめて");
    }
    assert!(wrong.source().contains("value=\"hana@mihon.example\""), "what was typed is gone");
    assert!(!wrong.source().contains("ちがう合言葉です"), "a password is never given back");
    assert_eq!(entries(&city, "sign-in.refused").await, 2);
}

#[tokio::test]
async fn after_too_many_tries_nobody_comes_in_for_a_while() {
    let city = house().await.city("mihon");
    opened(&city, "佐藤花", "hana@mihon.example", &[(Role::Resident, None)]).await;
    let thief = city.visitor("だれか");
    for _ in 0..10 {
        thief.posts("/login", &[("name", "hana@mihon.example"), ("password", "でたらめ")]).await.is(422);
    }
    let stopped = thief.posts("/login", &[("name", "hana@mihon.example"), ("password", PASSWORD)]).await;
    stopped.is(429).says("まで受け付けを止めています");
    // Others are not held up.
    opened(&city, "鈴木太郎", "taro@mihon.example", &[(Role::Resident, None)]).await;
    signs_in(&city.visitor("太郎"), "taro@mihon.example", PASSWORD).await.is(303);
}

#[tokio::test]
async fn a_code_is_asked_for_and_is_good_once() {
    let city = house().await.city("mihon");
    let id = opened(&city, "佐藤花", "hana@mihon.example", &[(Role::Administrator, None)]).await;
    let secret = city.city().secret.derive("codes");
    let key = TotpKey::new([3; 20]);
    let mut tx = city.db().begin().await.unwrap();
    let now = kyodo_kernel::Clock::Real.now();
    store::put_code_app(&mut tx, id, &key.lock(&secret, [1; 24], id.0), 0, now).await.unwrap();
    let mark = recovery_mark(&secret, id.0, "7K3QV-9XM2D").unwrap();
    store::put_recovery_codes(&mut tx, id, &[mark]).await.unwrap();
    tx.commit().await.unwrap();

    let hana = city.visitor("花");
    let answer = signs_in(&hana, "hana@mihon.example", PASSWORD).await;
    assert_eq!(answer.is(303).header("location"), "/login/code");
    let page = hana.is_led(&answer).await;
    page.ok().says("6けたの数字");
    hana.fills(&page, "/login/code", &[("code", "12 34")]).await.is(422).says("確認コードが合いません");
    let answer = hana.fills(&page, "/login/code", &[("code", "7k3qv9xm2d")]).await;
    assert_eq!(answer.is(303).header("location"), "/desk");
    hana.gets("/desk/people").await.ok();

    // The recovery code was used up, and so was the step.
    let other = city.visitor("もう一人");
    let page = other.is_led(&signs_in(&other, "hana@mihon.example", PASSWORD).await).await;
    other.fills(&page, "/login/code", &[("code", "7K3QV-9XM2D")]).await.is(422);
    // Without a first step there is no second.
    assert_eq!(city.visitor("だれか").gets("/login/code").await.is(303).header("location"), "/login");
}

#[tokio::test]
async fn a_session_is_worth_nothing_in_another_city() {
    let house = kyodo_testkit::TestHouse::new(vec![kyodo_accounts::room()])
        .with_city("mihon")
        .with_city(kyodo_testkit::TestPack::named("mihon").called("kagami"))
        .build()
        .await;
    let hana = house.city("mihon").holder("花", Role::Administrator).await;
    hana.gets("/account").await.ok();
    let elsewhere = hana.at(&house.city("kagami").host());
    elsewhere.gets("/account").await.is(303);
}

#[tokio::test]
async fn what_another_site_posts_is_refused() {
    let city = house().await.city("mihon");
    let hana = city.holder("花", Role::Resident).await;
    for headers in [
        vec![("origin", "https://evil.example")],
        vec![("origin", "http://mihon.localhost"), ("sec-fetch-site", "cross-site")],
        vec![("origin", "null")],
        vec![("origin", "http://mihon.localhost.evil.example")],
    ] {
        let page = hana.sends(http::Method::POST, "/logout", &headers).await;
        page.is(403).says("送信を受け付けられません");
    }
    hana.gets("/account").await.ok();
}

#[tokio::test]
async fn an_invitation_leads_to_a_password_once() {
    let city = house().await.city("mihon");
    let id = opened(&city, "佐藤花", "hana@mihon.example", &[(Role::Resident, None)]).await;
    let hana = city.visitor("花");
    let page = hana.gets("/reset").await;
    hana.fills(&page, "/reset", &[("email", "hana@mihon.example")]).await.ok().says("メールを確かめてください");
    hana.fills(&page, "/reset", &[("email", "nobody@mihon.example")]).await.ok().says("メールを確かめてください");
    let link = links_to(&city, id).await.into_iter().find(|link| link.starts_with("/reset/")).expect("a link was sent");

    let page = hana.gets(&link).await;
    page.ok().says("佐藤花さんのアカウントです").says("12文字以上");
    hana.fills(&page, &link, &[("password", "みじかい")]).await.is(422).says("12文字以上にしてください");
    let answer = hana.fills(&page, &link, &[("password", "あたらしい 合言葉 2つめ")]).await;
    hana.is_led(&answer).await.ok().says("パスワードを決めました");
    // A link is good once.
    hana.gets(&link).await.is(410).says("このリンクは使えません");
    signs_in(&hana, "hana@mihon.example", PASSWORD).await.is(422);
    signs_in(&hana, "hana@mihon.example", "あたらしい 合言葉 2つめ").await.is(303);
}

#[tokio::test]
async fn a_closed_account_lets_nobody_in() {
    let city = house().await.city("mihon");
    let id = opened(&city, "佐藤花", "hana@mihon.example", &[(Role::Resident, None)]).await;
    let hana = city.visitor("花");
    signs_in(&hana, "hana@mihon.example", PASSWORD).await.is(303);
    let (now, today) = (city.house().house().clock.now(), city.house().house().clock.today());
    let mut tx = city.db().begin().await.unwrap();
    people::close(&mut tx, id, today, now).await.unwrap();
    tx.commit().await.unwrap();
    hana.gets("/account").await.is(303);
    signs_in(&hana, "hana@mihon.example", PASSWORD).await.is(422);
}
