//! The devices somebody is signed in on.

use kyodo_kernel::people::{self, Role};

use super::{hana, mihon, noted, somebody};

#[tokio::test]
async fn one_device_is_ended_or_all_others() {
    let city = mihon().await;
    let hana = hana(&city).await;
    let phone = city.signed_in("花の電話", hana.account()).await;
    let tablet = city.signed_in("花のタブレット", hana.account()).await;
    let page = hana.gets("/account/sessions").await;
    page.ok().says("3台").says("いま使っている端末").says("Firefox");
    let now = city.house().house().clock.now();
    let sessions = people::sessions(city.db(), hana.account(), now).await.unwrap();
    let oldest = sessions.iter().map(|session| session.id).min().unwrap();
    let latest = sessions.iter().map(|session| session.id).max().unwrap();
    assert!(oldest < latest);
    let ended = hana.fills(&page, "/account/sessions/endings", &[("session", &latest.to_string())]).await;
    hana.is_led(&ended).await.says("端末を止めました").says("2台");
    tablet.gets("/account").await.is(303);
    phone.gets("/account").await.ok();
    assert_eq!(noted(&city, "account.session-ended", hana.account()).await, 1);

    let ended = hana.posts("/account/sessions/endings", &[("once", "i"), ("others", "1")]).await;
    hana.is_led(&ended).await.says("ほかの端末をすべて止めました").says("1台").does_not_say("すべて止める");
    phone.gets("/account").await.is(303);
    hana.gets("/account").await.ok();
}

#[tokio::test]
async fn the_session_of_somebody_else_goes_on() {
    let city = mihon().await;
    let hana = hana(&city).await;
    let taro = somebody(&city, "鈴木太郎", "taro@mihon.example", &[(Role::Administrator, None)]).await;
    let now = city.house().house().clock.now();
    let session = people::sessions(city.db(), hana.account(), now).await.unwrap()[0].id.to_string();
    taro.posts("/account/sessions/endings", &[("once", "j"), ("session", &session)]).await.is(303);
    taro.posts("/account/sessions/endings", &[("once", "k"), ("others", "1")]).await.is(303);
    taro.posts("/account/sessions/endings", &[("once", "l"), ("session", "x")]).await.is(404);
    hana.gets("/account").await.ok();
    assert_eq!(noted(&city, "account.session-ended", hana.account()).await, 0);
    assert_eq!(noted(&city, "account.session-ended", taro.account()).await, 0);
}
