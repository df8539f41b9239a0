//! Who looked.

use kyodo_kernel::Chance;
use kyodo_kernel::audit::{Entry, Trail};
use kyodo_kernel::people::{AccountId, Role};
use kyodo_testkit::TestCity;
use serde_json::json;

use super::{hana, mihon};
use crate::world::opened;

/// Somebody looks at somebody.
pub(super) async fn looks_at(city: &TestCity, who: AccountId, whom: AccountId, at: &str) {
    let trail = Trail {
        key: city.city().secret.derive("audit"),
        actor: who.subject(),
        request: "r1".into(),
        now: city.house().house().clock.now(),
        chance: Chance::Real,
    };
    let mut tx = city.db().begin().await.unwrap();
    trail.note(&mut tx, Entry::new("account.looked", whom.subject()).detail(json!({ "at": at }))).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn whoever_looked_is_named_with_their_role_and_where() {
    let city = mihon().await;
    let hana = hana(&city).await;
    hana.gets("/account/looks").await.ok().says("まだだれも見ていません").says("記録の封印");
    let taro = opened(&city, "鈴木太郎", "taro@mihon.example", &[(Role::Administrator, None)]).await;
    let ken = opened(&city, "高橋健", "ken@mihon.example", &[(Role::Auditor, None)]).await;
    looks_at(&city, taro, hana.account(), "person").await;
    looks_at(&city, ken, hana.account(), "audit").await;
    // What somebody saw of others is not hers to know.
    looks_at(&city, taro, ken, "handover").await;
    let page = hana.gets("/account/looks").await;
    page.ok().says("鈴木太郎").says("管理者").says("人と役割").says("高橋健").says("監査").says("記録の検査");
    page.does_not_say("年度がわり").does_not_say("まだだれも");
    assert_eq!(page.texts_of("table.list tbody tr").len(), 2);
}

#[tokio::test]
async fn many_looks_are_read_page_by_page() {
    let city = mihon().await;
    let hana = hana(&city).await;
    let taro = opened(&city, "鈴木太郎", "taro@mihon.example", &[(Role::Administrator, None)]).await;
    for _ in 0..31 {
        looks_at(&city, taro, hana.account(), "people").await;
    }
    let first = hana.gets("/account/looks").await;
    assert_eq!(first.texts_of("table.list tbody tr").len(), 30);
    let second = hana.follows(&first, "次を見る").await;
    assert_eq!(second.texts_of("table.list tbody tr").len(), 1);
    second.says("はじめから見る").does_not_say("次を見る");
    hana.gets("/account/looks?after=x").await.ok();
}
