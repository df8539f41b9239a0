//! An account in the hands of its owner, whatever their role.

mod address;
mod closing;
mod codes;
mod looks;
mod passkeys;
mod password;
mod sessions;

use hmac::{Hmac, KeyInit, Mac};
use kyodo_kernel::audit::{self, Filter};
use kyodo_kernel::mail::{self, Mail};
use kyodo_kernel::people::{AccountId, Role};
use kyodo_testkit::{Page, TestCity, Visitor};
use sha1::Sha1;

use crate::world::{PASSWORD, house, opened};

const PAGES: [&str; 9] = [
    "/account",
    "/account/password",
    "/account/codes",
    "/account/passkeys",
    "/account/sessions",
    "/account/address",
    "/account/looks",
    "/account/closing",
    "/account/proof",
];

/// The made-up city, alone.
async fn mihon() -> TestCity {
    house().await.city("mihon")
}

/// Somebody with an address and a password who has just signed in.
async fn somebody(city: &TestCity, name: &str, email: &str, duties: &[(Role, Option<&str>)]) -> Visitor {
    let id = opened(city, name, email, duties).await;
    city.signed_in(name, id).await
}

/// A resident, signed in.
async fn hana(city: &TestCity) -> Visitor {
    somebody(city, "佐藤花", "hana@mihon.example", &[(Role::Resident, None)]).await
}

/// Somebody's proof was long ago.
async fn eleven_minutes_later(city: &TestCity, account: AccountId) {
    let then = city.house().house().clock.now() - chrono::Duration::minutes(11);
    let late = "UPDATE session SET proved_at = $2 WHERE account = $1";
    city.changes(async |tx| tx.ask(late).with(account.0).with(then).run().await).await;
}

/// How often something was written down about an account.
async fn noted(city: &TestCity, action: &str, account: AccountId) -> usize {
    let filter = Filter { action: Some(action.to_owned()), subject: Some(account.subject()), ..Filter::default() };
    audit::search(city.db(), &filter, None, 100).await.unwrap().len()
}

/// The letters to an account, the latest first.
async fn letters(city: &TestCity, account: AccountId) -> Vec<Mail> {
    mail::mails_of(city.db(), account.0, None, 50).await.unwrap()
}

/// The half minute of now, as apps count them.
fn half_minute() -> i64 {
    kyodo_kernel::Clock::Real.now().timestamp() / 30
}

/// What an app shows in a half minute for a key that was typed into it (RFC 6238).
fn code_of(spelled: &str, step: i64) -> String {
    let text: String = spelled.split_whitespace().collect();
    let key = data_encoding::BASE32_NOPAD.decode(text.as_bytes()).unwrap();
    let mut mac = Hmac::<Sha1>::new_from_slice(&key).unwrap();
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let at = usize::from(digest[19] & 15);
    let number = u32::from_be_bytes([digest[at] & 0x7f, digest[at + 1], digest[at + 2], digest[at + 3]]);
    format!("{:06}", number % 1_000_000)
}

/// Sets codes up and gives back the key, the half minute whose code was used, and the recovery codes.
async fn sets_codes_up(visitor: &Visitor) -> (String, i64, Vec<String>) {
    let page = visitor.gets("/account/codes").await;
    let page = visitor.is_led(&visitor.fills(&page, "/account/codes", &[]).await).await;
    let key = page.texts_of("code.key").remove(0);
    let step = half_minute();
    let kept = visitor.fills(&page, "/account/codes/confirmation", &[("code", &code_of(&key, step))]).await;
    kept.ok().says("確認コードを設定しました");
    let codes = kept.texts_of("ul.codes li");
    (key, step, codes)
}

async fn proves(visitor: &Visitor, page: &Page, fields: &[(&str, &str)]) -> Page {
    visitor.fills(page, "/account/proof", fields).await
}

#[tokio::test]
async fn every_page_is_there_for_a_resident_a_reporter_and_an_auditor() {
    let city = mihon().await;
    opened(&city, "鈴木太郎", "taro@mihon.example", &[(Role::Administrator, None)]).await;
    let people = [
        ("佐藤花", "hana@mihon.example", Role::Resident, None, "市民"),
        ("高橋健", "ken@mihon.example", Role::Reporter, Some("orizuru"), "協働推進員"),
        ("千葉明", "akira@mihon.example", Role::Auditor, None, "監査"),
    ];
    for (name, email, role, department, said) in people {
        let visitor = somebody(&city, name, email, &[(role, department)]).await;
        for address in PAGES {
            let page = visitor.gets(address).await;
            // Whoever has just proved who they are is not asked again.
            if address == "/account/proof" {
                assert_eq!(page.is(303).header("location"), "/account");
                continue;
            }
            page.ok().does_not_say("鈴木太郎").does_not_say("taro@mihon.example");
            assert_eq!(page.header("cache-control"), "private, no-store", "{address}");
        }
        visitor.gets("/account").await.says(name).says(email).says(said).says("パスワード").says("担当中");
    }
}

#[tokio::test]
async fn every_page_speaks_english_and_easy_japanese() {
    let city = mihon().await;
    let id = opened(&city, "佐藤花", "hana@mihon.example", &[(Role::Resident, None)]).await;
    let english = city.signed_in("花", id).await.in_english();
    let easy = city.signed_in("花", id).await.in_easy_japanese();
    for address in PAGES.into_iter().filter(|address| *address != "/account/proof") {
        english.gets(address).await.ok().says("Ways to sign in");
        easy.gets(address).await.ok().says("ログインの しかた");
    }
    eleven_minutes_later(&city, id).await;
    english.gets("/account/proof").await.ok().says("Please prove once more");
    easy.gets("/account/proof").await.ok().says("もういちど");
}

#[tokio::test]
async fn nobody_sees_an_account_without_signing_in() {
    let city = mihon().await;
    let visitor = city.visitor("だれか");
    for address in PAGES.into_iter().chain(["/account/data.json"]) {
        let led = visitor.gets(address).await;
        assert!(led.is(303).header("location").starts_with("/login"), "{address}");
    }
    visitor.posts("/account/password", &[("password", "あたらしい 合言葉です")]).await.is(401);
}

#[tokio::test]
async fn after_ten_minutes_what_is_sensitive_asks_who_it_is() {
    let city = mihon().await;
    let hana = hana(&city).await;
    eleven_minutes_later(&city, hana.account()).await;
    hana.gets("/account").await.ok();
    hana.gets("/account/sessions").await.ok();
    for what in ["password", "codes", "passkeys", "address", "closing"] {
        let asked = hana.gets(&format!("/account/{what}")).await;
        assert_eq!(asked.is(303).header("location"), format!("/account/proof?to=/account/{what}"));
        let posted = hana.posts(&format!("/account/{what}"), &[("sure", "1")]).await;
        assert_eq!(posted.is(303).header("location"), format!("/account/proof?to=/account/{what}"));
    }
    let page = hana.gets("/account/proof?to=/account/password").await;
    page.ok().says("もう一度、ご本人の確認をします");
    proves(&hana, &page, &[("password", "ちがう合言葉です")]).await.is(422).says("パスワードが違います");
    assert_eq!(noted(&city, "account.proof-refused", hana.account()).await, 1);

    let answer = proves(&hana, &page, &[("password", PASSWORD)]).await;
    assert_eq!(answer.is(303).header("location"), "/account/password");
    let cookies = answer.headers().get_all("set-cookie").iter().filter_map(|cookie| cookie.to_str().ok());
    let renewed = cookies.filter(|cookie| cookie.starts_with("kyodo_session=")).count();
    assert_eq!(renewed, 1, "the session has no new token");
    hana.is_led(&answer).await.ok().says("確認しました");
    assert_eq!(noted(&city, "account.proved", hana.account()).await, 1);
}

#[tokio::test]
async fn proof_leads_back_into_the_city_only() {
    let city = mihon().await;
    let hana = hana(&city).await;
    for to in ["//evil.example", "https://evil.example", "/\\evil.example"] {
        eleven_minutes_later(&city, hana.account()).await;
        let address = format!("/account/proof?to={to}");
        let page = hana.gets(&address).await;
        let answer = proves(&hana, &page, &[("password", PASSWORD)]).await;
        assert_eq!(answer.is(303).header("location"), "/", "{to}");
    }
}

#[tokio::test]
async fn whoever_tries_too_often_waits() {
    let city = mihon().await;
    let hana = hana(&city).await;
    eleven_minutes_later(&city, hana.account()).await;
    let page = hana.gets("/account/proof").await;
    for _ in 0..10 {
        proves(&hana, &page, &[("password", "でたらめ")]).await.is(422);
    }
    proves(&hana, &page, &[("password", PASSWORD)]).await.is(429).says("まで受け付けを止めています");
    // Others are not held up.
    let taro = somebody(&city, "鈴木太郎", "taro@mihon.example", &[(Role::Resident, None)]).await;
    eleven_minutes_later(&city, taro.account()).await;
    let page = taro.gets("/account/proof").await;
    proves(&taro, &page, &[("password", PASSWORD)]).await.is(303);
}

#[tokio::test]
async fn whoever_has_nothing_to_prove_themselves_with_is_told_how() {
    let city = mihon().await;
    let hana = city.person("佐藤花", &[(Role::Resident, None)]).await;
    eleven_minutes_later(&city, hana.account()).await;
    hana.gets("/account/proof").await.ok().says("もう一度ログインしてから");
    hana.posts("/account/proof", &[("password", ""), ("once", "a")]).await.is(422);
}

#[tokio::test]
async fn an_undeliverable_address_is_said() {
    let city = mihon().await;
    let hana = hana(&city).await;
    hana.gets("/account").await.does_not_say("メールが届いていません");
    let now = city.house().house().clock.now();
    let mut tx = city.db().begin().await.unwrap();
    tx.ask("INSERT INTO undeliverable (address, since, reason) VALUES ($1, $2, $3)")
        .with("hana@mihon.example")
        .with(now)
        .with("550 5.1.1 no such user")
        .run()
        .await
        .unwrap();
    tx.commit().await.unwrap();
    hana.gets("/account").await.says("メールが届いていません").says("550 5.1.1 no such user");
    // Its owner says that it works again.
    let page = hana.gets("/account/address").await;
    let answer = hana.fills(&page, "/account/address", &[("email", "hana@mihon.example")]).await;
    hana.is_led(&answer).await.says("またメールを送ります");
    hana.gets("/account").await.does_not_say("メールが届いていません");
}

#[tokio::test]
async fn the_file_has_everything_and_no_secret() {
    let city = mihon().await;
    let hana = hana(&city).await;
    let taro = opened(&city, "鈴木太郎", "taro@mihon.example", &[(Role::Administrator, None)]).await;
    looks::looks_at(&city, taro, hana.account(), "person").await;
    let (key, _, codes) = sets_codes_up(&hana).await;
    let page = hana.gets("/account/address").await;
    hana.fills(&page, "/account/address", &[("email", "hana2@mihon.example")]).await.is(303);
    let token = crate::world::links_to(&city, hana.account()).await;
    let token = token.iter().find_map(|link| link.strip_prefix("/address/")).unwrap().to_owned();

    let file = hana.gets("/account/data.json").await;
    assert!(file.ok().header("content-disposition").starts_with("attachment"));
    let data = file.json();
    assert_eq!(data["account"]["name"], "佐藤花");
    assert_eq!(data["account"]["email"], "hana@mihon.example");
    assert_eq!(data["duties"][0]["role"], "resident");
    assert_eq!(data["sign_in"]["recovery_codes_left"], 10);
    assert_eq!(data["sessions"][0]["agent"], "Firefox");
    assert_eq!(data["looks"][0]["by"], "鈴木太郎");
    assert!(data["written"].is_object(), "{data}");
    assert!(data["mails"].as_array().unwrap().len() >= 2, "{data}");
    let text = file.source();
    for secret in ["argon2", token.as_str(), key.as_str(), codes[0].as_str()] {
        assert!(!text.contains(secret), "the file tells {secret}");
    }
    assert!(!text.contains("taro@mihon.example"), "the file tells of somebody else");
    assert_eq!(noted(&city, "account.data-taken", hana.account()).await, 1);
}
