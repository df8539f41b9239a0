//! Codes from an app.

use kyodo_kernel::people::Role;

use super::{code_of, eleven_minutes_later, half_minute, hana, letters, mihon, noted, proves, sets_codes_up, somebody};

#[tokio::test]
async fn codes_are_set_up_by_a_first_code_and_recovery_codes_are_shown_once() {
    let city = mihon().await;
    let hana = hana(&city).await;
    let page = hana.gets("/account/codes").await;
    let page = hana.is_led(&hana.fills(&page, "/account/codes", &[]).await).await;
    page.says("認証アプリで読み取る");
    assert!(page.source().contains("<svg"), "there is no picture");
    let key = page.texts_of("code.key").remove(0);
    // Whoever opens the page again finds the same key.
    assert_eq!(hana.gets("/account/codes").await.texts_of("code.key"), std::slice::from_ref(&key));
    let address = "/account/codes/confirmation";
    hana.fills(&page, address, &[("code", "12 34")]).await.is(422).says("確認コードが合いません");
    assert_eq!(noted(&city, "account.codes-set", hana.account()).await, 0);

    let code = code_of(&key, half_minute());
    let kept = hana.fills(&page, address, &[("code", &code)]).await;
    kept.ok().says("確認コードを設定しました").says("もう見られません");
    let codes = kept.texts_of("ul.codes li");
    assert_eq!(codes.len(), 10);
    // The same form again shows nothing of it.
    let again = hana.fills(&page, address, &[("code", &code)]).await;
    assert_eq!(again.is(303).header("location"), "/account/codes");
    hana.is_led(&again).await.ok().says("予備のコードの残り 10個").does_not_say(&codes[0]).does_not_say(&key);
    assert_eq!(noted(&city, "account.codes-set", hana.account()).await, 1);
    assert!(letters(&city, hana.account()).await[0].text.contains("確認コードを使うように"));
}

#[tokio::test]
async fn a_code_proves_who_it_is_and_not_twice() {
    let city = mihon().await;
    let hana = hana(&city).await;
    let (key, step, _) = sets_codes_up(&hana).await;
    eleven_minutes_later(&city, hana.account()).await;
    let page = hana.gets("/account/proof?to=/account/codes").await;
    page.says("どちらか1つを入れてください");
    proves(&hana, &page, &[("code", &code_of(&key, step))]).await.is(422).says("確認コードが合いません");
    let next = code_of(&key, step + 1);
    proves(&hana, &page, &[("code", &next)]).await.is(303);
    eleven_minutes_later(&city, hana.account()).await;
    let page = hana.gets("/account/proof").await;
    proves(&hana, &page, &[("code", &next)]).await.is(422);
}

#[tokio::test]
async fn new_recovery_codes_replace_the_old() {
    let city = mihon().await;
    let hana = hana(&city).await;
    let (_, _, old) = sets_codes_up(&hana).await;
    let page = hana.gets("/account/codes").await;
    let made = hana.fills(&page, "/account/codes/recovery", &[]).await;
    let new = made.ok().says("作り直しました").texts_of("ul.codes li");
    assert!(new.iter().all(|code| !old.contains(code)));
    eleven_minutes_later(&city, hana.account()).await;
    let page = hana.gets("/account/proof").await;
    proves(&hana, &page, &[("code", &old[0])]).await.is(422);
    proves(&hana, &page, &[("code", &new[0])]).await.is(303);
    hana.gets("/account/codes").await.says("予備のコードの残り 9個");
    // Without an app there are none.
    let taro = somebody(&city, "鈴木太郎", "taro@mihon.example", &[(Role::Resident, None)]).await;
    taro.posts("/account/codes/recovery", &[("once", "b")]).await.is(404);
}

#[tokio::test]
async fn a_resident_may_stop_and_staff_keep_a_second_proof() {
    let city = mihon().await;
    let hana = hana(&city).await;
    sets_codes_up(&hana).await;
    let page = hana.gets("/account/codes").await;
    let answer = hana.fills(&page, "/account/codes/removal", &[]).await;
    hana.is_led(&answer).await.says("確認コードをやめました").says("設定をはじめる");
    assert_eq!(noted(&city, "account.codes-removed", hana.account()).await, 1);

    let ken = somebody(&city, "高橋健", "ken@mihon.example", &[(Role::Reporter, Some("orizuru"))]).await;
    sets_codes_up(&ken).await;
    ken.gets("/account/codes").await.says("パスキーを登録すると、確認コードをやめられます");
    let refused = ken.posts("/account/codes/removal", &[("once", "c")]).await;
    refused.is(422).says("もう1つの確認が必要です");
    ken.gets("/account/codes").await.says("予備のコードの残り 10個");
}

#[tokio::test]
async fn whoever_stops_on_the_way_begins_anew() {
    let city = mihon().await;
    let hana = hana(&city).await;
    let page = hana.gets("/account/codes").await;
    let page = hana.is_led(&hana.fills(&page, "/account/codes", &[]).await).await;
    let stopped = hana.fills(&page, "/account/codes/confirmation", &[("stop", "1")]).await;
    hana.is_led(&stopped).await.says("設定をやめました").says("設定をはじめる");
    let late = hana.posts("/account/codes/confirmation", &[("once", "d"), ("code", "123456")]).await;
    hana.is_led(&late).await.says("はじめからやり直してください");
}
