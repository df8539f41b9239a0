//! Who may do what: somebody is invited, gets duties and deputies, and goes.

use kyodo_kernel::audit::{self, Filter};
use kyodo_kernel::mail;
use kyodo_kernel::notices;
use kyodo_kernel::people::{self, AccountId, Role};
use kyodo_testkit::{Page, TestCity, Visitor};

use crate::world::{house, opened};

const LIST: &str = "/desk/people";

async fn mihon() -> (TestCity, Visitor) {
    let city = house().await.city("mihon");
    let admin = city.holder("千葉明", Role::Administrator).await;
    (city, admin)
}

fn page_of(id: AccountId) -> String {
    format!("{LIST}/{}", id.0)
}

/// Invites 佐藤花 as a reporter.
async fn invites_hana(admin: &Visitor) -> Page {
    let page = admin.gets("/desk/people/new").await;
    let fields = [
        ("name", "佐藤　花"),
        ("kana", "さとう はな"),
        ("email", "Hana@mihon.example"),
        ("number", "００４２１３"),
        ("role", "reporter"),
        ("department", "orizuru"),
        ("from", "令和8年4月1日"),
    ];
    admin.fills(&page, LIST, &fields).await
}

async fn account(city: &TestCity, name: &str) -> people::Account {
    people::account_named(city.db(), name).await.unwrap().unwrap()
}

async fn noted(city: &TestCity, action: &str) -> usize {
    let filter = Filter { action: Some(action.to_owned()), ..Filter::default() };
    audit::search(city.db(), &filter, None, 100).await.unwrap().len()
}

#[tokio::test]
async fn somebody_is_invited_with_a_first_duty() {
    let (city, admin) = mihon().await;
    let page = admin.is_led(&invites_hana(&admin).await).await;
    page.ok().says("招待のメールを送りました").says("佐藤 花").says("協働推進員（折り鶴課）").says("令和8年4月1日");
    page.says("004213").says("hana@mihon.example").says("返事待ち");

    let hana = account(&city, "004213").await;
    let mails = mail::mails_of(city.db(), hana.id.0, None, 10).await.unwrap();
    assert_eq!(mails.len(), 1);
    assert!(mails[0].text.contains("/invitation/"), "{}", mails[0].text);
    let told = notices::told(city.db(), hana.id, None, 10).await.unwrap();
    assert_eq!(told[0].message, "notice-duty-given");
    for action in ["account.opened", "account.invited", "duty.given", "account.looked"] {
        assert_eq!(noted(&city, action).await, 1, "{action}");
    }
    admin.gets(LIST).await.ok().says("2人").says("佐藤 花").says("招待中").says("千葉明");
    // Once more: the earlier link is worthless.
    let address = format!("{}/invitation", page_of(hana.id));
    admin.is_led(&admin.fills(&page, &address, &[]).await).await.says("もう一度送りました");
    assert_eq!(mail::mails_of(city.db(), hana.id.0, None, 10).await.unwrap().len(), 2);
}

#[tokio::test]
async fn what_is_wrong_stands_beside_the_field_and_names_who_has_it() {
    let (city, admin) = mihon().await;
    invites_hana(&admin).await.is(303);
    let again = invites_hana(&admin).await;
    again.is(422).says("このメールアドレスは、佐藤 花さんが使っています").says("この職員番号は、佐藤 花さんのものです");
    let page = admin.gets("/desk/people/new").await;
    let fields = [("email", "花"), ("role", "head"), ("from", "平成32年4月1日"), ("to", "2020-01-01")];
    let page = admin.fills(&page, LIST, &fields).await;
    page.is(422).says("名前を書いてください").says("例：hana@example.jp").says("課を選んでください").says("令和2年");
    assert_eq!(noted(&city, "account.opened").await, 1);
}

#[tokio::test]
async fn sending_twice_gives_one_account_and_one_duty() {
    let (city, admin) = mihon().await;
    let form = admin.gets("/desk/people/new").await.form(LIST);
    let mut fields: Vec<(&str, &str)> =
        vec![("name", "佐藤花"), ("email", "hana@mihon.example"), ("role", "auditor"), ("kana", ""), ("number", "")];
    fields.extend(
        form.fields.iter().filter(|(name, _)| name == "once").map(|(name, value)| (name.as_str(), value.as_str())),
    );
    let first = admin.posts(LIST, &fields).await;
    let second = admin.posts(LIST, &fields).await;
    assert_eq!(first.is(303).header("location"), second.is(303).header("location"));
    let hana = account(&city, "hana@mihon.example").await;
    assert_eq!(people::duties(city.db(), hana.id).await.unwrap().len(), 1);

    let address = format!("{}/duties", page_of(hana.id));
    let form = admin.gets(&address).await.form(&address);
    let mut fields: Vec<(&str, &str)> = vec![("role", "coordinator")];
    fields.extend(
        form.fields.iter().filter(|(name, _)| name == "once").map(|(name, value)| (name.as_str(), value.as_str())),
    );
    admin.posts(&address, &fields).await.is(303);
    admin.posts(&address, &fields).await.is(303);
    assert_eq!(people::duties(city.db(), hana.id).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_duty_is_given_and_ended_and_its_holder_is_told() {
    let (city, admin) = mihon().await;
    let hana = city.person("佐藤花", &[(Role::Reporter, Some("orizuru"))]).await;
    let address = format!("{}/duties", page_of(hana.account()));
    let form = admin.gets(&address).await;
    let same = admin.fills(&form, &address, &[("role", "reporter"), ("department", "orizuru")]).await;
    same.is(422).says("同じ役割を").says("令和8年4月1日（水）から");
    let fields = [("role", "reporter"), ("department", "kamifusen"), ("to", "Ｒ９．３．３１"), ("note", "兼務")];
    let page = admin.is_led(&admin.fills(&form, &address, &fields).await).await;
    page.says("役割を加えました").says("協働推進員（紙風船課）").says("令和9年3月31日").says("兼務");

    let duties = people::duties(city.db(), hana.account()).await.unwrap();
    let (old, new) = (&duties[1], &duties[0]);
    let ending = |id: i64| format!("{}/endings?duty={id}", page_of(hana.account()));
    let address = format!("{}/endings", page_of(hana.account()));
    let form = admin.gets(&ending(old.id)).await;
    admin.fills(&form, &address, &[("last", "令和8年3月31日")]).await.is(422).says("それより前には終えられません");
    admin.fills(&form, &address, &[("last", "来年")]).await.is(422).says("読み取れない");
    admin
        .is_led(&admin.fills(&form, &address, &[("last", "令和8年12月31日")]).await)
        .await
        .says("役割の終わりを決めました");
    let form = admin.gets(&ending(new.id)).await;
    admin.fills(&form, &address, &[("last", "令和9年4月30日")]).await.is(422).says("もう令和9年3月31日");

    let ended = people::duties(city.db(), hana.account()).await.unwrap();
    assert_eq!(ended[1].ends_on, Some("2026-12-31".parse().unwrap()));
    let told = notices::told(city.db(), hana.account(), None, 10).await.unwrap();
    assert_eq!(
        told.iter().map(|notice| notice.message.as_str()).collect::<Vec<_>>(),
        ["notice-duty-ended", "notice-duty-given"]
    );
    assert_eq!(told[0].said["role"], "協働推進員");
}

#[tokio::test]
async fn what_has_not_begun_may_be_called_off() {
    let (city, admin) = mihon().await;
    let hana = city.person("佐藤花", &[(Role::Reporter, Some("orizuru"))]).await;
    let address = format!("{}/duties", page_of(hana.account()));
    let form = admin.gets(&address).await;
    let fields = [("role", "head"), ("department", "orizuru"), ("from", "令和9年4月1日")];
    admin.fills(&form, &address, &fields).await.is(303);
    let duty = people::duties(city.db(), hana.account()).await.unwrap()[0].id;
    let form = admin.gets(&format!("{}/endings?duty={duty}", page_of(hana.account()))).await;
    let address = format!("{}/endings", page_of(hana.account()));
    let page = admin.is_led(&admin.fills(&form, &address, &[]).await).await;
    page.says("これまでの役割").says("始まる前に取りやめ");
}

#[tokio::test]
async fn a_deputy_holds_the_role_for_a_time_and_ends_with_it() {
    let (city, admin) = mihon().await;
    let hana = city.person("佐藤花", &[(Role::Head, Some("orizuru"))]).await;
    let ken = opened(&city, "高橋健", "ken@mihon.example", &[(Role::Reporter, Some("orizuru"))]).await;
    let duty = people::duties(city.db(), hana.account()).await.unwrap()[0].id;
    let form = admin.gets(&format!("{}/deputies?duty={duty}", page_of(hana.account()))).await;
    let address = format!("{}/deputies", page_of(hana.account()));
    let wrong = admin.fills(&form, &address, &[("who", "nobody"), ("from", "令和8年3月1日")]).await;
    wrong.is(422).says("先に招待してください").says("日付を書いてください");
    let fields = [("who", "ken@mihon.example"), ("from", "令和8年11月20日"), ("to", "令和9年1月31日")];
    let page = admin.is_led(&admin.fills(&form, &address, &fields).await).await;
    page.says("代理を決めました").says("高橋健（令和8年11月20日（金）から令和9年1月31日（日）まで）");
    admin.fills(&form, &address, &fields).await.is(303);
    let form = admin.gets(&format!("{}/deputies?duty={duty}", page_of(hana.account()))).await;
    admin.fills(&form, &address, &fields).await.is(422).says("もう令和8年11月20日");
    admin.gets(&page_of(ken)).await.says("所属長（折り鶴課）").says("佐藤花さんの代理");

    let form = admin.gets(&format!("{}/endings?duty={duty}", page_of(hana.account()))).await;
    admin.fills(&form, &format!("{}/endings", page_of(hana.account())), &[("last", "令和8年11月30日")]).await.is(303);
    let duties = people::duties(city.db(), ken).await.unwrap();
    assert_eq!(duties[0].ends_on, Some("2026-11-30".parse().unwrap()));
    let told = notices::told(city.db(), ken, None, 10).await.unwrap();
    assert_eq!(
        told.iter().map(|notice| notice.message.as_str()).collect::<Vec<_>>(),
        ["notice-duty-ended", "notice-deputy-named"]
    );
}

#[tokio::test]
async fn the_last_administrator_stays() {
    let (city, admin) = mihon().await;
    let own = page_of(admin.account());
    let duty = people::duties(city.db(), admin.account()).await.unwrap()[0].id;
    let form = admin.gets(&format!("{own}/endings?duty={duty}")).await;
    let ending = format!("{own}/endings");
    admin.fills(&form, &ending, &[]).await.is(422).says("あとを続けられる管理者がいません");
    let form = admin.gets(&format!("{own}/closure")).await;
    admin.fills(&form, &format!("{own}/closure"), &[]).await.is(422).says("あとを続けられる管理者がいません");

    city.holder("菊池望", Role::Administrator).await;
    let form = admin.gets(&format!("{own}/endings?duty={duty}")).await;
    admin.fills(&form, &ending, &[]).await.is(303);
}

#[tokio::test]
async fn a_closed_account_is_out_at_once_and_its_address_is_free() {
    let (city, admin) = mihon().await;
    let ken = opened(&city, "高橋健", "ken@mihon.example", &[(Role::Reporter, Some("orizuru"))]).await;
    let browser = city.signed_in("高橋健", ken).await;
    browser.gets(LIST).await.ok();
    let page = admin.gets(&page_of(ken)).await;
    page.says("1件");
    let closure = admin.follows(&page, "アカウントを閉じる").await;
    let page = admin.is_led(&admin.fills(&closure, &format!("{}/closure", page_of(ken)), &[]).await).await;
    page.says("アカウントを閉じました").says("に閉じたアカウントです").does_not_say("役割を加える");
    browser.gets(LIST).await.is(303);
    assert!(people::account_named(city.db(), "ken@mihon.example").await.unwrap().is_none());
    assert!(kyodo_accounts::store::password(city.db(), ken).await.unwrap().is_none());
    assert_eq!(noted(&city, "account.closed").await, 1);
    admin.gets("/desk/people?standing=closed").await.says("高橋健").says("閉じた");
    admin.gets(&format!("{}/duties", page_of(ken))).await.is(410);
}

#[tokio::test]
async fn all_sessions_of_somebody_end_and_they_sign_in_again() {
    let (city, admin) = mihon().await;
    let hana = city.person("佐藤花", &[(Role::Reporter, Some("orizuru"))]).await;
    let page = admin.gets(&page_of(hana.account())).await;
    let address = format!("{}/sessions/end", page_of(hana.account()));
    admin.is_led(&admin.fills(&page, &address, &[]).await).await.says("ログアウトさせました").says("0件");
    hana.gets(LIST).await.is(303);
}

#[tokio::test]
async fn only_those_who_keep_people_change_them_and_see_addresses() {
    let (city, admin) = mihon().await;
    let ken = opened(&city, "高橋健", "ken@mihon.example", &[(Role::Reporter, Some("orizuru"))]).await;
    let minori = opened(&city, "菅原みのり", "minori@mihon.example", &[(Role::Resident, None)]).await;
    let hana = city.person("佐藤花", &[(Role::Reporter, Some("kamifusen"))]).await;
    // Colleagues see names, roles and departments; residents are nobody's colleagues.
    let list = hana.gets(LIST).await;
    list.ok()
        .says("高橋健")
        .says("協働推進員（折り鶴課）")
        .does_not_say("菅原みのり")
        .does_not_say("招待する")
        .does_not_say("CSV");
    hana.gets("/desk/people?q=ken@mihon.example").await.says("あてはまる人はいません");
    admin.gets("/desk/people?q=Ken@mihon.example").await.says("1人").says("高橋健");
    hana.gets(&page_of(ken)).await.ok().does_not_say("ken@mihon.example").does_not_say("アカウントを閉じる");
    hana.gets(&page_of(minori)).await.is(404);
    hana.gets("/desk/people?format=csv").await.is(403).says("管理者");
    hana.gets("/desk/people/new").await.is(403);
    hana.posts(&format!("{}/closure", page_of(ken)), &[]).await.is(403);

    let auditor = city.holder("及川進", Role::Auditor).await;
    auditor.gets(&page_of(ken)).await.ok().says("ken@mihon.example").does_not_say("アカウントを閉じる");
    auditor.gets(LIST).await.says("菅原みのり").does_not_say("招待する");
    auditor.posts(&format!("{}/duties", page_of(ken)), &[("role", "head")]).await.is(403);
    city.visitor("だれか").gets(LIST).await.is(303);
    let resident = city.signed_in("菅原みのり", minori).await;
    resident.gets(LIST).await.is(403);
}

#[tokio::test]
async fn the_list_is_filtered_paged_and_taken_away_as_a_file() {
    let (city, admin) = mihon().await;
    let now = city.house().house().clock.now();
    let mut tx = city.db().begin().await.unwrap();
    for n in 0..60 {
        let new = people::NewAccount {
            name: format!("山田{n:02}"),
            kana: format!("やまだ {n:02}"),
            staff_number: Some(format!("7{n:02}")),
            ..people::NewAccount::default()
        };
        let id = people::open(&mut tx, &new, now).await.unwrap();
        let duty = people::NewDuty::new(Role::Reporter, "2026-04-01".parse().unwrap()).of("orizuru");
        people::give(&mut tx, id, &duty, now).await.unwrap();
    }
    tx.commit().await.unwrap();
    city.person("佐藤花", &[(Role::Head, Some("kamifusen"))]).await;
    let page = admin.gets("/desk/people?role=reporter&department=orizuru").await;
    page.ok().says("60人").says("山田00").does_not_say("佐藤花").does_not_say("山田55");
    let next = admin.follows(&page, "次を見る").await;
    next.ok().says("60人").says("山田55").does_not_say("山田00").does_not_say("次を見る");
    admin.follows(&next, "はじめから見る").await.says("山田00");
    admin.gets("/desk/people?q=やまだ 07").await.says("1人").says("山田07");
    admin.gets("/desk/people?q=ヤマダ　７０７").await.says("1人").says("山田07");
    admin.gets("/desk/people?q=だれも").await.ok().says("あてはまる人はいません");

    let csv = admin.gets("/desk/people?role=reporter&format=csv").await.ok().text();
    assert_eq!(csv.lines().count(), 61, "{csv}");
    assert!(csv.contains("山田59,やまだ 59,協働推進員（折り鶴課）,令和8年4月1日（水）から,使える"), "{csv}");
    assert!(admin.gets("/desk/people?format=xlsx").await.ok().bytes().starts_with(b"PK"));
    assert_eq!(noted(&city, "people.exported").await, 2);
    admin.in_english().gets(LIST).await.ok().says("62 people");
}
