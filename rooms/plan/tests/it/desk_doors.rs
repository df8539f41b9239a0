//! Who may write what, who is told whom to ask, and a session that ends while somebody writes.

use kyodo_kernel::drafts;
use kyodo_kernel::people::{self, Role};

use crate::desk::{
    DRAFT, EDIT, PREVIEW, PUBLIC, PUBLICATION, RESTORATION, TEXTS, drafts as saves, field, opens, publishes, writer,
};
use crate::world::{city, now, shown};

const PAGES: [&str; 4] = ["/desk/plan", EDIT, PREVIEW, TEXTS];

#[tokio::test]
async fn a_visitor_is_led_to_sign_in_and_back() {
    let city = city("mihon").await;
    let visitor = city.visitor("通りがかり");
    for page in PAGES {
        let answer = visitor.gets(page).await;
        let to = page.replace('/', "%2F");
        assert_eq!(answer.is(303).header("location"), format!("/login?to={to}"));
    }
    for address in [DRAFT, PUBLICATION, RESTORATION] {
        let answer = visitor.posts(address, &[("text", "いたずら")]).await;
        answer.is(401).says("まだ送られていません");
    }
    shown(&city, PUBLIC).await.does_not_say("いたずら");
}

#[tokio::test]
async fn another_department_reads_and_is_told_who_writes() {
    let city = city("mihon").await;
    let hana = writer(&city, "佐藤花").await;
    let admin = city.holder("管理太郎", Role::Administrator).await;
    let other = city.person("鈴木舟", &[(Role::Reporter, Some("kamifusen"))]).await;
    let page = other.gets(EDIT).await;
    page.ok().says("この説明を書けるのは、折り鶴課の佐藤花さんです。").does_not_say("公開する");
    let sent = opens(&hana).await.form(PUBLICATION);
    let mut sent: Vec<(&str, &str)> = sent.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    sent.push(("number", "1"));
    for address in [DRAFT, PUBLICATION, RESTORATION, "/desk/plan/nodes/1-1-1-1/draft/removal"] {
        let answer = other.posts(address, &sent).await;
        answer.is(403).says("この操作ができる人").says("協働推進員、所属長").says("管理太郎");
        // The administrator keeps accounts, not texts.
        admin.posts(address, &sent).await.is(403);
    }
    // A measure of two departments is written by both.
    other.gets("/desk/plan/nodes/1-1-1-2").await.ok().says("公開する");
    hana.gets("/desk/plan/nodes/1-1-1-2").await.ok().says("公開する");
}

#[tokio::test]
async fn whoever_keeps_all_departments_writes_for_all() {
    let city = city("mihon").await;
    let all = city.holder("山本折", Role::Coordinator).await;
    publishes(&all, &[("text", "担当課が直しました。")]).await.is(303);
    shown(&city, PUBLIC).await.says("担当課が直しました。");
    // A line without departments is theirs alone.
    all.gets("/desk/plan/nodes/1").await.ok().says("公開する");
    let hana = writer(&city, "佐藤花").await;
    hana.gets("/desk/plan/nodes/1").await.ok().says("この説明を書けるのは、山本折さんです。");
}

#[tokio::test]
async fn an_auditor_reads_everything_and_changes_nothing() {
    let city = city("mihon").await;
    let hana = writer(&city, "佐藤花").await;
    publishes(&hana, &[("text", "一つ目。")]).await.is(303);
    let auditor = city.person("監査舟", &[(Role::Auditor, None), (Role::Reporter, Some("orizuru"))]).await;
    for page in PAGES {
        auditor.gets(page).await.ok().does_not_say("公開する").does_not_say("この版に戻す");
    }
    let sent = opens(&hana).await.form(PUBLICATION);
    let sent: Vec<(&str, &str)> = sent.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    for address in [DRAFT, PUBLICATION, RESTORATION] {
        auditor.posts(address, &sent).await.is(403);
    }
    let resident = city.holder("市民一", Role::Resident).await;
    for page in PAGES {
        resident.gets(page).await.is(403);
    }
}

#[tokio::test]
async fn a_session_that_ends_while_writing_loses_nothing() {
    let city = city("mihon").await;
    let hana = writer(&city, "佐藤花").await;
    let page = opens(&hana).await;
    city.changes(async |tx| people::end_all(tx, hana.account(), None, now()).await).await;
    let long = "書いていた文です。".repeat(100);
    let answer = hana.fills(&page, PUBLICATION, &[("text", &long)]).await;
    answer.is(401).says("入力した内容は、とってあります。");
    shown(&city, PUBLIC).await.does_not_say("書いていた文です。");
    let draft = drafts::of(city.db(), hana.account(), &format!("form:{PUBLICATION}")).await.unwrap().unwrap();
    let kept = |name: &str| draft.fields.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
    assert_eq!(kept("text"), Some(long.as_str()));
    assert!(kept("base").is_some() && kept("once").is_none());
    // What the page saves by itself is not lost either.
    hana.saves(DRAFT, &[("text", "ひとりでに。")]).await.is(401);
    assert!(drafts::of(city.db(), hana.account(), &format!("form:{DRAFT}")).await.unwrap().is_some());
    // Signed in again, the words can be sent as they are.
    let again = city.signed_in("佐藤花", hana.account()).await;
    let mut sent: Vec<(&str, &str)> =
        draft.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    sent.push(("once", "another"));
    again.posts(PUBLICATION, &sent).await.is(303);
    shown(&city, PUBLIC).await.says("書いていた文です。");
}

#[tokio::test]
async fn what_does_not_exist_is_not_found_and_a_second_place_leads_to_the_first() {
    let city = city("mihon").await;
    let hana = writer(&city, "佐藤花").await;
    for beside in ["", "/preview", "/texts"] {
        hana.gets(&format!("/desk/plan/nodes/9-9{beside}")).await.is(404);
        let answer = hana.gets(&format!("/desk/plan/nodes/2-1-1-1{beside}")).await;
        assert_eq!(answer.is(303).header("location"), EDIT);
    }
    hana.posts("/desk/plan/nodes/9-9/publication", &[("once", "n")]).await.is(404);
    // A post to the second place changes the one record.
    let page = opens(&hana).await;
    let sent = page.form(PUBLICATION);
    let mut sent: Vec<(&str, &str)> = sent.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    sent.retain(|(name, _)| *name != "text");
    sent.push(("text", "再掲から。"));
    hana.posts("/desk/plan/nodes/2-1-1-1/publication", &sent).await.is(303);
    shown(&city, PUBLIC).await.says("再掲から。");
}

#[tokio::test]
async fn a_form_without_its_token_or_its_beginning_changes_nothing() {
    let city = city("mihon").await;
    let hana = writer(&city, "佐藤花").await;
    hana.posts(PUBLICATION, &[("text", "札がありません。")]).await.is(422);
    hana.posts(PUBLICATION, &[("once", "n"), ("text", "始まりがありません。")]).await.is(409);
    shown(&city, PUBLIC).await.does_not_say("ありません。札").does_not_say("始まりがありません。");
    saves(&hana, &[("base", ""), ("text", "始まりのない下書き")]).await.is(303);
    assert_eq!(field(&opens(&hana).await, PUBLICATION, "base"), "");
}
