//! A new password.

use kyodo_kernel::people::Role;

use super::{hana, letters, mihon, noted};
use crate::world::PASSWORD;

const NEW: &str = "ゆきのみちに ガマの穂ひとつ";

#[tokio::test]
async fn a_new_password_signs_every_other_device_out() {
    let city = mihon().await;
    let hana = hana(&city).await;
    let phone = city.signed_in("花の電話", hana.account()).await;
    let page = hana.gets("/account/password").await;
    page.says("12文字以上").says("ほかの端末はすべてログアウトします");
    let fields = [("current-password", PASSWORD), ("password", NEW)];
    let answer = hana.fills(&page, "/account/password", &fields).await;
    hana.is_led(&answer).await.ok().says("ほかの端末はログアウトしました");
    phone.gets("/account").await.is(303);
    assert_eq!(noted(&city, "account.password-set", hana.account()).await, 1);
    let told = letters(&city, hana.account()).await;
    assert!(told[0].text.contains("パスワードを変えました"), "{}", told[0].text);
    assert_eq!(told[0].address, "hana@mihon.example");

    // The form sent twice happens once.
    hana.fills(&page, "/account/password", &fields).await;
    assert_eq!(noted(&city, "account.password-set", hana.account()).await, 1);

    let visitor = city.visitor("花");
    let page = visitor.gets("/login").await;
    visitor.fills(&page, "/login", &[("name", "hana@mihon.example"), ("password", PASSWORD)]).await.is(422);
    visitor.fills(&page, "/login", &[("name", "hana@mihon.example"), ("password", NEW)]).await.is(303);
}

#[tokio::test]
async fn what_is_wrong_stands_beside_its_field() {
    let city = mihon().await;
    let hana = hana(&city).await;
    let page = hana.gets("/account/password").await;
    let wrong = [
        ("でたらめ", NEW, "パスワードが違います", "current-password-wrong"),
        (PASSWORD, "みじかい", "12文字以上にしてください", "password-wrong"),
        (PASSWORD, "hana@mihon.example", "推測できます", "password-wrong"),
        (PASSWORD, PASSWORD, "いまと同じパスワードです", "password-wrong"),
    ];
    for (current, new, said, beside) in wrong {
        let fields = [("current-password", current), ("password", new)];
        let page = hana.fills(&page, "/account/password", &fields).await;
        page.is(422).says(said);
        assert!(page.texts_of(&format!("#{beside}")).concat().contains(said), "{page:?}");
        assert!(!page.source().contains(NEW), "a password is never given back");
    }
    assert_eq!(noted(&city, "account.password-set", hana.account()).await, 0);
}

#[tokio::test]
async fn a_former_password_does_not_come_again_where_the_city_says_so() {
    let city = mihon().await;
    let mut rules = kyodo_accounts::rules::Rules::default();
    rules.password.refuse_reuse = 3;
    let mut tx = city.db().begin().await.unwrap();
    kyodo_accounts::store::put_rules(&mut tx, &rules).await.unwrap();
    tx.commit().await.unwrap();
    let hana = hana(&city).await;
    let page = hana.gets("/account/password").await;
    page.says("前に使った3回分のパスワードは使えません");
    hana.fills(&page, "/account/password", &[("current-password", PASSWORD), ("password", NEW)]).await.is(303);
    let page = hana.gets("/account/password").await;
    let again = hana.fills(&page, "/account/password", &[("current-password", NEW), ("password", PASSWORD)]).await;
    again.is(422).says("前に使ったパスワードです");
}

#[tokio::test]
async fn whoever_has_none_yet_is_not_asked_for_it() {
    let city = mihon().await;
    let ken = city.person("高橋健", &[(Role::Reporter, Some("orizuru"))]).await;
    let page = ken.gets("/account/password").await;
    page.ok().does_not_say("いまのパスワード");
    ken.fills(&page, "/account/password", &[("password", NEW)]).await.is(303);
    ken.gets("/account/password").await.says("いまのパスワード");
}
