//! Passkeys, with a phone made of software.

use kyodo_kernel::people::Role;
use kyodo_testkit::{TestCity, TestHouse, Visitor};
use serde_json::Value;
use webauthn_authenticator_rs::WebauthnAuthenticator;
use webauthn_authenticator_rs::softpasskey::SoftPasskey;
use webauthn_rs::prelude::Url;

use super::{eleven_minutes_later, hana, letters, noted, proves, somebody};

/// Browsers give passkeys to pages over https only.
async fn mihon() -> TestCity {
    let house = TestHouse::new(vec![kyodo_accounts::room()]).with_city("mihon").behind_https().build().await;
    house.city("mihon")
}

struct Phone(SoftPasskey);

impl Phone {
    fn new() -> Self {
        Self(SoftPasskey::new(true))
    }

    fn makes(&mut self, options: Value) -> String {
        let options = serde_json::from_value(options).unwrap();
        let answer = self.0.do_registration(Url::parse("https://mihon.localhost").unwrap(), options).unwrap();
        serde_json::to_string(&answer).unwrap()
    }

    fn answers(&mut self, options: Value) -> String {
        let options = serde_json::from_value(options).unwrap();
        let answer = self.0.do_authentication(Url::parse("https://mihon.localhost").unwrap(), options).unwrap();
        serde_json::to_string(&answer).unwrap()
    }
}

async fn adds(visitor: &Visitor, phone: &mut Phone, name: &str) -> kyodo_testkit::Page {
    let page = visitor.gets("/account/passkeys").await;
    let options = visitor.posts("/account/passkeys/options", &[]).await;
    let answer = phone.makes(options.ok().json());
    visitor.fills(&page, "/account/passkeys", &[("name", name), ("answer", &answer)]).await
}

async fn first_of(city: &TestCity, visitor: &Visitor) -> i64 {
    kyodo_accounts::store::passkeys(city.db(), visitor.account()).await.unwrap()[0].id
}

#[tokio::test]
async fn a_passkey_is_made_named_and_removed() {
    let city = mihon().await;
    let hana = hana(&city).await;
    hana.gets("/account/passkeys").await.says("まだありません");
    let made = adds(&hana, &mut Phone::new(), "わたしの電話").await;
    hana.is_led(&made).await.says("パスキーを加えました").says("わたしの電話").says("まだ使っていません");
    hana.gets("/account").await.says("1個");
    assert_eq!(noted(&city, "account.passkey-made", hana.account()).await, 1);
    assert!(letters(&city, hana.account()).await[0].text.contains("パスキーを加えました"));

    let address = format!("/account/passkeys/{}/removal", first_of(&city, &hana).await);
    let page = hana.gets("/account/passkeys").await;
    let gone = hana.fills(&page, &address, &[]).await;
    hana.is_led(&gone).await.says("パスキーを消しました").does_not_say("わたしの電話");
    assert_eq!(noted(&city, "account.passkey-removed", hana.account()).await, 1);
}

#[tokio::test]
async fn a_passkey_without_a_name_is_called_after_its_device() {
    let city = mihon().await;
    let hana = hana(&city).await;
    let made = adds(&hana, &mut Phone::new(), " ").await;
    hana.is_led(&made).await.says("Linux の Firefox");
}

#[tokio::test]
async fn an_answer_is_good_once_and_for_its_own_question() {
    let city = mihon().await;
    let hana = hana(&city).await;
    let mut phone = Phone::new();
    let page = hana.gets("/account/passkeys").await;
    let first = phone.makes(hana.posts("/account/passkeys/options", &[]).await.json());
    // Another question was asked meanwhile.
    let second = hana.posts("/account/passkeys/options", &[]).await.json();
    let sent = [("name", "電話"), ("answer", first.as_str())];
    hana.fills(&page, "/account/passkeys", &sent).await.is(422).says("時間がたったので");
    // The question was answered, if wrongly: it is over.
    let late = phone.makes(second);
    hana.fills(&page, "/account/passkeys", &[("answer", &late)]).await.is(422).says("時間がたったので");
    hana.fills(&page, "/account/passkeys", &[("answer", "{}")]).await.is(422);
    assert_eq!(noted(&city, "account.passkey-made", hana.account()).await, 0);
}

#[tokio::test]
async fn a_passkey_proves_who_it_is() {
    let city = mihon().await;
    let hana = hana(&city).await;
    let mut phone = Phone::new();
    adds(&hana, &mut phone, "電話").await.is(303);
    eleven_minutes_later(&city, hana.account()).await;
    let page = hana.gets("/account/proof?to=/account/passkeys").await;
    page.says("パスキーで確認する");
    let options = hana.posts("/account/proof/options", &[]).await.ok().json();
    let answer = phone.answers(options);
    let form = page.form("/account/proof");
    let once = form.fields.iter().find(|(name, _)| name == "once").unwrap().1.clone();
    let sent = [("once", once.as_str()), ("to", "/account/passkeys"), ("answer", answer.as_str())];
    let proved = hana.posts("/account/proof", &sent).await;
    assert_eq!(proved.is(303).header("location"), "/account/passkeys");
    hana.is_led(&proved).await.ok().does_not_say("まだ使っていません");
    // The same answer proves nothing any more.
    eleven_minutes_later(&city, hana.account()).await;
    hana.posts("/account/proof", &[("once", "e"), ("answer", &answer)]).await.is(422).says("時間がたったので");
}

#[tokio::test]
async fn the_passkey_of_somebody_else_is_neither_removed_nor_taken_for_ones_own() {
    let city = mihon().await;
    let hana = hana(&city).await;
    let mut phone = Phone::new();
    adds(&hana, &mut phone, "花の電話").await.is(303);
    let taro = somebody(&city, "鈴木太郎", "taro@mihon.example", &[(Role::Resident, None)]).await;
    let address = format!("/account/passkeys/{}/removal", first_of(&city, &hana).await);
    taro.posts(&address, &[("once", "f")]).await.is(404);
    taro.gets("/account/passkeys").await.does_not_say("花の電話");
    adds(&taro, &mut Phone::new(), "太郎の電話").await.is(303);
    eleven_minutes_later(&city, taro.account()).await;
    let mut options = taro.posts("/account/proof/options", &[]).await.json();
    let known = hana.posts("/account/proof/options", &[]).await.json();
    options["publicKey"]["allowCredentials"] = known["publicKey"]["allowCredentials"].clone();
    let answer = phone.answers(options);
    let page = taro.gets("/account/proof").await;
    proves(&taro, &page, &[]).await.is(422);
    taro.posts("/account/proof", &[("once", "g"), ("answer", &answer)]).await.is(422).says("登録されていません");
}

#[tokio::test]
async fn the_last_way_to_sign_in_stays() {
    let city = mihon().await;
    let hana = city.person("佐藤花", &[(Role::Resident, None)]).await;
    adds(&hana, &mut Phone::new(), "電話").await.is(303);
    hana.gets("/account/passkeys").await.says("ログインの方法がこれしかないので");
    let address = format!("/account/passkeys/{}/removal", first_of(&city, &hana).await);
    hana.posts(&address, &[("once", "h")]).await.is(422).says("先にパスワードを決めるか");
    assert_eq!(noted(&city, "account.passkey-removed", hana.account()).await, 0);
}
