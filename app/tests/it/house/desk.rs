//! Everybody's own desk: what waits, what they were told, the days to know of, and forms that could not be sent.

use chrono::NaiveDate;
use kyodo_kernel::notices;
use kyodo_kernel::people::{self, AccountId, NewAccount, NewDuty, Role};
use kyodo_testkit::{Page, TestCity, TestHouse, Visitor};
use kyodo_web::{Ctx, Result, Room, Task};

use super::TODAY;

async fn mihon() -> TestCity {
    TestHouse::new(kyodo::rooms()).on(TODAY).with_city("mihon").build().await.city("mihon")
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

/// What waits in a room made up for this test; 2026-11-20 is a Friday.
async fn made_up(ctx: &Ctx) -> Result<Vec<Task>> {
    let task = |due: Option<&str>, title: &str| Task {
        due: due.map(day),
        title: title.to_owned(),
        note: format!("{}のこと", ctx.person().map_or("だれか", |person| &person.name)),
        address: "/desk/people".to_owned(),
    };
    Ok(vec![
        task(None, "いつか"),
        task(Some("2027-04-02"), "来年"),
        task(Some("2026-11-23"), "来週"),
        task(Some("2026-11-22"), "日曜まで"),
        task(Some("2026-11-20"), "今日まで出す"),
        task(Some("2026-11-18"), "おくれた"),
    ])
}

async fn busy() -> TestCity {
    let mut rooms = kyodo::rooms();
    rooms.push(Room { name: "busy", always_on: true, tasks: Some(|ctx, _| Box::pin(made_up(ctx))), ..Room::default() });
    TestHouse::new(rooms).on(TODAY).with_city("mihon").build().await.city("mihon")
}

#[tokio::test]
async fn a_desk_shows_what_waits_by_its_date_in_words_and_shapes() {
    let city = busy().await;
    let page = city.holder("佐藤花", Role::Auditor).await.gets("/desk").await;
    page.ok().says("あなたを待っている仕事は6件です。").says("1件は期限をすぎています。");
    let headings = page.texts_of(".body h2");
    assert_eq!(headings, ["期限をすぎています 1件", "今週 2件", "これから 2件", "期限のないもの 1件"]);
    let titles = page.texts_of(".waits h3");
    assert_eq!(titles, ["おくれた", "今日まで出す", "日曜まで", "来週", "来年", "いつか"]);
    let standing = page.texts_of(".due .status");
    assert_eq!(standing, ["2日すぎています", "今日まで", "あと2日", "あと3日", "4か月先"]);
    assert_eq!(page.texts_of(".due .status--late"), ["2日すぎています"]);
    assert_eq!(page.texts_of(".due time")[..3], ["11月18日（水）", "11月20日（金）", "11月22日（日）"]);
    // The days to come, by month.
    assert_eq!(page.texts_of(".side h3"), ["11月", "令和9年4月"]);
    assert_eq!(page.texts_of(".agenda time"), ["20日（金）", "22日（日）", "23日（月）", "2日（金）"]);
    // The desk comes first in its own navigation.
    assert_eq!(page.texts_of(".desk-nav a").first().map(String::as_str), Some("机"));
}

#[tokio::test]
async fn an_empty_desk_teaches_in_three_languages() {
    let city = mihon().await;
    // Whoever keeps the plan together has a figure of last year to enter.
    let hana = city.holder("佐藤花", Role::CommitteeMember).await;
    let page = hana.gets("/desk").await;
    page.ok().says("いま、待っている仕事はありません").says("期限の近い順にここに並びます");
    assert!(page.links().iter().any(|link| link.href == "/desk/plan"), "{page:?}");
    hana.gets("/desk?lang=en").await.ok().says("Nothing is waiting for you");
    hana.gets("/desk?lang=ja-easy").await.ok().says("いま する 仕事は ありません");
}

#[tokio::test]
async fn a_desk_is_for_those_who_work_with_the_plan() {
    let city = mihon().await;
    let led = city.visitor("たび人").gets("/desk").await;
    assert_eq!(led.is(303).header("location"), "/login?to=%2Fdesk");
    let resident = city.holder("市民", Role::Resident).await;
    assert_eq!(resident.gets("/desk").await.is(303).header("location"), "/account");
    assert!(!resident.gets("/account").await.texts_of(".desk-nav a").iter().any(|label| label == "机"));
}

#[tokio::test]
async fn a_desk_names_the_ends_of_duties_and_the_handover() {
    let city = mihon().await;
    let hana = city.holder("佐藤花", Role::Administrator).await;
    let now = city.house().house().clock.now();
    let mut tx = city.db().begin().await.unwrap();
    let ending =
        NewDuty { ends_on: Some(day("2026-12-31")), ..NewDuty::new(Role::Reporter, day("2026-04-01")).of("orizuru") };
    let duty = people::give(&mut tx, hana.account(), &ending, now).await.unwrap();
    let far =
        NewDuty { ends_on: Some(day("2027-03-31")), ..NewDuty::new(Role::Head, day("2026-04-01")).of("kamifusen") };
    people::give(&mut tx, hana.account(), &far, now).await.unwrap();
    let new =
        NewAccount { name: "伊藤翼".to_owned(), kana: "いとうつばさ".to_owned(), ..NewAccount::default() };
    let tsubasa = people::open(&mut tx, &new, now).await.unwrap();
    let deputy = NewDuty { deputy_of: Some(duty), ends_on: Some(day("2026-11-30")), ..ending.clone() };
    people::give(&mut tx, tsubasa, &deputy, now).await.unwrap();
    tx.commit().await.unwrap();
    let page = hana.gets("/desk").await;
    page.ok();
    let told = page.texts_of(".agenda li");
    assert_eq!(
        told,
        [
            "30日（月） 伊藤翼さんの代理が終わります",
            "31日（木） 協働推進員（折り鶴課）の役割が終わります",
            "1日（木） 4月の引き継ぎ",
        ]
        .map(|line| line.replacen(' ', "", 1))
    );
    let page = city.signed_in("伊藤翼", tsubasa).await.gets("/desk").await;
    page.ok().says("協働推進員（折り鶴課）の代理が終わります").does_not_say("4月の引き継ぎ");
}

async fn tell(city: &TestCity, account: AccountId, day: &str) {
    let now = city.house().house().clock.now();
    let mut tx = city.db().begin().await.unwrap();
    let said = [("role", "委員"), ("place", "見本市"), ("day", day)];
    notices::tell(&mut tx, account, "notice-duty-given", &said, "/desk/people", now).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn notices_stand_there_until_they_are_read_and_a_few_after() {
    let city = mihon().await;
    let hana = city.holder("佐藤花", Role::Coordinator).await;
    tell(&city, hana.account(), "令和8年4月1日").await;
    let page = hana.gets("/desk").await;
    page.ok().says("未読1件");
    assert_eq!(page.texts_of(".unread").len(), 1);
    // What is told after the page was opened stays unread.
    tell(&city, hana.account(), "令和8年12月1日").await;
    let led = hana.fills(&page, "/desk/notices/reading", &[]).await;
    let page = hana.is_led(&led).await;
    page.ok().says("お知らせを読んだことにしました。").says("未読1件");
    assert_eq!(page.texts_of(".notices li").len(), 2);
    assert!(page.texts_of(".unread")[0].contains("12月1日"), "{page:?}");
    // Nobody reads for somebody else.
    let other = city.holder("伊藤翼", Role::Coordinator).await;
    other.gets("/desk").await.ok().does_not_say("未読");
}

/// Somebody types into a form, and their session is over when they send it.
async fn sent_too_late(city: &TestCity, hana: &Visitor, fields: &[(&str, &str)]) -> (Page, Visitor) {
    let form = hana.gets("/desk/people/new").await;
    let now = city.house().house().clock.now();
    city.changes(async |tx| people::end_all(tx, hana.account(), None, now).await).await;
    let over = hana.fills(&form, "/desk/people", fields).await;
    over.is(401).says("ログインの時間が切れました");
    let resume = over.links().into_iter().find(|link| link.href.starts_with("/login?to=")).unwrap().href;
    let address = resume.trim_start_matches("/login?to=").replace("%2F", "/");
    let again = city.signed_in("佐藤花", hana.account()).await;
    (again.gets(&address).await, again)
}

const SOMEBODY: [(&str, &str); 4] =
    [("name", "伊藤 翼"), ("kana", "いとう つばさ"), ("email", "tsubasa@mihon.example"), ("role", "coordinator")];

#[tokio::test]
async fn a_form_that_came_too_late_is_kept_and_sent_once() {
    let city = mihon().await;
    let hana = city.holder("佐藤花", Role::Administrator).await;
    let (kept, hana) = sent_too_late(&city, &hana, &SOMEBODY).await;
    kept.ok().says("「人と役割」への送れなかった入力").says("tsubasa@mihon.example").says("伊藤 翼");
    hana.gets("/desk").await.ok().says("送れなかった入力 1件").says("あなたを待っている仕事は1件です。");
    // Nobody else sees it.
    let other = city.holder("高橋健", Role::Administrator).await;
    other.gets(kept.url().path()).await.is(404);
    let done = hana.fills(&kept, "/desk/people", &[]).await;
    done.is(303);
    hana.is_led(&done).await.ok().says("伊藤 翼");
    // It was sent, so it is kept no more; sending the page once more leads to where the first led.
    hana.gets(kept.url().path()).await.is(404);
    assert_eq!(hana.fills(&kept, "/desk/people", &[]).await.header("location"), done.header("location"));
    hana.gets("/desk").await.ok().does_not_say("送れなかった入力");
}

#[tokio::test]
async fn what_is_refused_stays_kept_until_it_is_thrown_away() {
    let city = mihon().await;
    let hana = city.holder("佐藤花", Role::Administrator).await;
    let fields = SOMEBODY.map(|(name, value)| if name == "email" { (name, "wrong") } else { (name, value) });
    let (kept, hana) = sent_too_late(&city, &hana, &fields).await;
    hana.fills(&kept, "/desk/people", &[]).await.is(422).says("メールアドレス");
    let here = kept.url().path().to_owned();
    let kept = hana.gets(&here).await;
    let led = hana.fills(kept.ok(), &format!("{here}/removal"), &[]).await;
    hana.is_led(&led).await.ok().says("入力を捨てました。").does_not_say("送れなかった入力 1件");
    hana.gets(&here).await.is(404);
}
