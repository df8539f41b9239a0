//! Leaving.

use kyodo_kernel::audit::{self, Filter};
use kyodo_kernel::mail;
use kyodo_kernel::people::{self, AccountId, Role};
use kyodo_kernel::{drafts, notices};
use kyodo_testkit::TestCity;

use super::{hana, letters, mihon, noted, somebody};
use crate::world::{PASSWORD, opened};

/// The personal values that are left of what was written down about an account.
async fn personal(city: &TestCity, account: AccountId) -> Vec<String> {
    let filter = Filter { subject: Some(account.subject()), ..Filter::default() };
    let rows = audit::search(city.db(), &filter, None, 100).await.unwrap();
    rows.into_iter().flat_map(|row| row.personal.into_values().flatten()).collect()
}

#[tokio::test]
async fn a_resident_leaves_and_what_was_theirs_is_gone() {
    let city = mihon().await;
    let hana = hana(&city).await;
    let id = hana.account();
    let now = city.house().house().clock.now();
    let mut tx = city.db().begin().await.unwrap();
    drafts::save(&mut tx, id, "form:/x", "", &vec![("text".to_owned(), "書きかけ".to_owned())], now).await.unwrap();
    notices::tell(&mut tx, id, "said-saved", &[], "/", now).await.unwrap();
    tx.commit().await.unwrap();
    let page = hana.gets("/account/address").await;
    hana.fills(&page, "/account/address", &[("email", "hana2@mihon.example")]).await.is(303);
    assert_eq!(personal(&city, id).await, ["hana2@mihon.example"]);

    let page = hana.gets("/account/closing").await;
    page.says("記録に書かれた連絡先などは消します").says("hana@mihon.example へお知らせします");
    hana.fills(&page, "/account/closing", &[]).await.is(422).says("印をつけてください");
    let phone = city.signed_in("花の電話", id).await;
    let left = hana.fills(&page, "/account/closing", &[("sure", "1")]).await;
    assert_eq!(left.is(303).header("location"), "/");
    hana.gets("/account").await.is(303);
    phone.gets("/account").await.is(303);

    let account = people::account(city.db(), id).await.unwrap().unwrap();
    assert!(account.closed_at.is_some() && account.email.is_none());
    assert!(kyodo_accounts::store::password(city.db(), id).await.unwrap().is_none());
    assert!(drafts::mine(city.db(), id).await.unwrap().is_empty());
    assert!(notices::told(city.db(), id, None, 10).await.unwrap().is_empty());
    assert_eq!(personal(&city, id).await, Vec::<String>::new());
    let told: Vec<String> = letters(&city, id).await.into_iter().map(|mail| mail.text).collect();
    assert!(told.len() == 1 && told[0].contains("アカウントを閉じました"), "{told:?}");
    assert_eq!(mail::mails_of(city.db(), id.0, None, 10).await.unwrap()[0].address, "hana@mihon.example");
    assert_eq!(noted(&city, "account.closed", id).await, 1);

    let visitor = city.visitor("花");
    let page = visitor.gets("/login").await;
    visitor.fills(&page, "/login", &[("name", "hana@mihon.example"), ("password", PASSWORD)]).await.is(422);
}

#[tokio::test]
async fn the_last_administrator_cannot_leave() {
    let city = mihon().await;
    let taro = somebody(&city, "鈴木太郎", "taro@mihon.example", &[(Role::Administrator, None)]).await;
    taro.gets("/account/closing").await.ok().says("先に、ほかの人を管理者にしてください");
    taro.posts("/account/closing", &[("once", "m"), ("sure", "1")]).await.is(422).says("管理者があなただけ");
    taro.gets("/account").await.ok();

    opened(&city, "高橋健", "ken@mihon.example", &[(Role::Administrator, None)]).await;
    let page = taro.gets("/account/closing").await;
    taro.fills(&page, "/account/closing", &[("sure", "1")]).await.is(303);
    taro.gets("/account").await.is(303);
}

#[tokio::test]
async fn what_somebody_did_at_work_stays_the_citys_record() {
    let city = mihon().await;
    let ken = somebody(&city, "高橋健", "ken@mihon.example", &[(Role::Reporter, Some("orizuru"))]).await;
    let page = ken.gets("/account/address").await;
    ken.fills(&page, "/account/address", &[("email", "ken2@mihon.example")]).await.is(303);
    let page = ken.gets("/account/closing").await;
    page.says("仕事でしたことの記録は");
    ken.fills(&page, "/account/closing", &[("sure", "1")]).await.is(303);
    assert_eq!(personal(&city, ken.account()).await, ["ken2@mihon.example"]);
}
