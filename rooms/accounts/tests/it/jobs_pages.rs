//! What runs by itself, as those see it who look after it.

use std::sync::{Arc, Mutex};

use kyodo_kernel::audit::{self, Filter};
use kyodo_kernel::files::Store;
use kyodo_kernel::jobs::{self, New, Outside, Schedule, State, Work, put, work_off};
use kyodo_kernel::mail::{self, Bounce, Letter, Sent, Transport};
use kyodo_kernel::people::{self, AccountId, Method, NewSession, Role, Sight};
use kyodo_kernel::{Chance, Clock};
use kyodo_testkit::{TestCity, Visitor};
use serde_json::json;

use crate::world::house;

/// A process that works for the city on a day.
pub(crate) fn worker(city: &TestCity, name: &str, day: &str) -> (Work, Arc<Mutex<Vec<Sent>>>) {
    let (transport, sent) = Transport::memory();
    let work = Work {
        city: Arc::clone(city.city()),
        clock: Clock::OnDay(day.parse().unwrap()),
        chance: Chance::Real,
        outside: Arc::new(Outside {
            mail: transport,
            mail_from: "kyodo@mihon.example".parse().unwrap(),
            files: Store::memory(),
        }),
        process: name.to_owned(),
        address: "https://kyodo.mihon.example".to_owned(),
    };
    (work, sent)
}

async fn works_off(city: &TestCity, work: &Work) {
    let house = city.house().house();
    work_off(work, &house.job_kinds(), &house.schedules()).await.unwrap();
}

async fn asked(city: &TestCity, new: New) -> i64 {
    let mut tx = city.db().begin().await.unwrap();
    put(&mut tx, new, city.house().house().clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    jobs::list(city.db(), None, None, 1).await.unwrap()[0].id
}

/// A job that no version of this house knows: it fails at once.
async fn a_failed_job(city: &TestCity) -> i64 {
    let id = asked(city, New::new("print", &json!({ "edition": 3 }))).await;
    works_off(city, &worker(city, "a", "2026-11-20").0).await;
    id
}

async fn state(city: &TestCity, id: i64) -> State {
    jobs::job(city.db(), id).await.unwrap().unwrap().state()
}

async fn noted(city: &TestCity, action: &str) -> Vec<audit::Row> {
    let filter = Filter { action: Some(action.to_owned()), ..Filter::default() };
    audit::search(city.db(), &filter, None, 200).await.unwrap()
}

async fn coordinator(city: &TestCity) -> Visitor {
    city.holder("協働花子", Role::Coordinator).await
}

async fn reached_at(city: &TestCity, account: AccountId, email: &str) {
    let mut tx = city.db().begin().await.unwrap();
    people::move_to(&mut tx, account, Some(email)).await.unwrap();
    tx.commit().await.unwrap();
}

/// A letter to somebody, and its key.
async fn written(city: &TestCity, account: AccountId, email: &str) -> String {
    let letter = Letter::new(email.parse().unwrap(), "お知らせ", "折り鶴が飛びました").for_account(account.0, "佐藤花");
    let mut tx = city.db().begin().await.unwrap();
    let id = mail::post(&mut tx, &letter, city.house().house().clock.now(), Chance::Real).await.unwrap();
    tx.commit().await.unwrap();
    mail::mail(city.db(), id).await.unwrap().unwrap().key
}

#[tokio::test]
async fn a_failed_job_is_seen_and_repeated_once_however_often_the_button_is_pressed() {
    let city = house().await.city("mihon");
    let hanako = coordinator(&city).await;
    let id = a_failed_job(&city).await;
    let list = hanako.gets("/desk/jobs").await;
    list.ok().says("失敗して止まっているものが1件").says("この仕事の種類は、もう使われていません");
    let page = hanako.follows(&list, "print").await;
    page.ok().says("失敗して止まった").says("版 3").says("試した回数 1回");

    let address = format!("/desk/jobs/{id}/repetition");
    let first = hanako.fills(&page, &address, &[]).await;
    let again = hanako.fills(&page, &address, &[]).await;
    assert_eq!(first.header("location"), again.is(303).header("location"));
    hanako.is_led(&first).await.ok().says("もう一度するように頼みました").says("待っている");
    assert_eq!(state(&city, id).await, State::Waiting);
    let told = noted(&city, "job.repeated").await;
    assert_eq!((told.len(), told[0].subject.as_str()), (1, format!("job:{id}").as_str()));
    assert_eq!(
        (told[0].actor.as_str(), told[0].detail.as_str()),
        (&*hanako.account().subject(), r#"{"kind":"print"}"#)
    );

    // Another page of the same list, opened before.
    let late = hanako.fills(&list, &address, &[]).await;
    late.is(422).says("この仕事は、いまはくり返せません");
    assert_eq!(noted(&city, "job.repeated").await.len(), 1);
}

#[tokio::test]
async fn a_job_that_waits_is_stopped_and_one_that_is_done_is_not() {
    let city = house().await.city("mihon");
    let hanako = coordinator(&city).await;
    let id = asked(&city, New::new("sweep", &json!(null))).await;
    let page = hanako.gets(&format!("/desk/jobs/{id}")).await;
    let stop = format!("/desk/jobs/{id}/stop");
    let stopped = hanako.fills(&page, &stop, &[]).await;
    hanako.is_led(&stopped).await.says("人が止めた");
    assert_eq!((state(&city, id).await, noted(&city, "job.stopped").await.len()), (State::Stopped, 1));

    let id = asked(&city, New::new("sweep", &json!(null))).await;
    let page = hanako.gets(&format!("/desk/jobs/{id}")).await;
    works_off(&city, &worker(&city, "a", "2026-11-20").0).await;
    hanako.fills(&page, &format!("/desk/jobs/{id}/stop"), &[]).await.is(422).says("もう終わっています");
    let page = hanako.gets(&format!("/desk/jobs/{id}")).await;
    page.ok().says("終わった").says("もう一度する");
    hanako.gets("/desk/jobs/999").await.is(404);
    hanako.gets("/desk/jobs/x").await.is(404);
}

#[tokio::test]
async fn an_auditor_looks_and_is_told_who_may_do_more() {
    let city = house().await.city("mihon");
    city.holder("管理花子", Role::Administrator).await;
    let (auditor, reporter) =
        (city.holder("監査太郎", Role::Auditor).await, city.holder("佐藤花", Role::Reporter).await);
    let id = a_failed_job(&city).await;
    auditor.gets("/desk/jobs").await.ok().says("print").does_not_say("もう一度する");
    auditor.gets(&format!("/desk/jobs/{id}")).await.ok().does_not_say("もう一度する").does_not_say("止める");
    for address in [format!("/desk/jobs/{id}/repetition"), format!("/desk/jobs/{id}/stop")] {
        let refused = auditor.posts(&address, &[("once", "t")]).await;
        refused.is(403).says("管理者").says("計画の担当課").says("管理花子");
        reporter.posts(&address, &[("once", "t")]).await.is(403);
    }
    reporter.gets("/desk/jobs").await.is(403).does_not_say("print");
    assert_eq!(state(&city, id).await, State::Failed);
}

#[tokio::test]
async fn jobs_are_listed_by_state_page_by_page() {
    let city = house().await.city("mihon");
    let hanako = coordinator(&city).await;
    hanako.gets("/desk/jobs?state=failed").await.ok().says("あてはまる仕事はありません");
    for number in 0..60 {
        let kind = if number % 2 == 0 { "sweep" } else { "forget" };
        asked(&city, New::new(kind, &json!(null))).await;
    }
    a_failed_job(&city).await;
    let page = hanako.gets("/desk/jobs?state=done").await;
    page.ok().says("いまの仕事：終わった").does_not_say("print");
    assert_eq!(page.texts_of("#jobs ~ .list tbody tr").len(), 50);
    let rest = hanako.follows(&page, "次を見る").await;
    assert_eq!(rest.texts_of("#jobs ~ .list tbody tr").len(), 10);
    rest.says("はじめから見る").says("使い終わった記録を消す");
    let page = hanako.gets("/desk/jobs").await;
    assert_eq!(page.texts_of(".counts b"), ["1", "0", "0", "60", "0"]);
    hanako.follows(&page, "失敗して止まった").await.ok().says("print");
}

#[tokio::test]
async fn the_schedules_stand_in_one_readable_list() {
    let city = house().await.city("mihon");
    let hanako = coordinator(&city).await;
    let page = hanako.gets("/desk/jobs").await;
    let rows = page.texts_of("#plan ~ .list tbody tr");
    assert_eq!(rows.len(), city.house().house().schedules().len());
    let seal = rows.iter().find(|row| row.contains("きのうの封印を監査へ送る")).unwrap();
    assert!(seal.contains("毎日 7:00") && seal.contains("まだありません"), "{seal}");
    assert!(rows.iter().any(|row| row.contains("毎日 3:20")), "{rows:?}");

    works_off(&city, &worker(&city, "a", "2026-11-20").0).await;
    works_off(&city, &worker(&city, "a", "2026-11-21").0).await;
    let page = hanako.gets("/desk/jobs").await;
    let rows = page.texts_of("#plan ~ .list tbody tr");
    assert!(rows.iter().all(|row| row.contains("終わった")), "{rows:?}");
    hanako.follows(&page, "11月21日").await.ok().says("終わった");
}

#[tokio::test]
async fn an_address_that_bounced_is_seen_and_tried_again() {
    let city = house().await.city("mihon");
    let (hanako, hana) = (coordinator(&city).await, city.holder("佐藤花", Role::Resident).await);
    hanako.gets("/desk/jobs/addresses").await.ok().says("届かないアドレスはありません");
    reached_at(&city, hana.account(), "hana@example.jp").await;
    let key = written(&city, hana.account(), "hana@example.jp").await;
    let bounce = Bounce {
        key,
        slug: "mihon".to_owned(),
        status: Some("5.1.1".to_owned()),
        said: Some("<b>No such user</b>".to_owned()),
        permanent: true,
    };
    let mut tx = city.db().begin().await.unwrap();
    mail::record_bounce(&mut tx, &bounce, city.house().house().clock.now()).await.unwrap();
    tx.commit().await.unwrap();

    let list = hanako.gets("/desk/jobs").await;
    let page = hanako.follows(&list, "届かないメールアドレス").await;
    page.ok().says("hana@example.jp").says("佐藤花").says("メールの宛先が見つかりません").says("<b>No such user</b>");
    let looks = audit::looks_at(city.db(), &hana.account().subject(), None, 10).await.unwrap();
    assert_eq!(looks[0].actor, hanako.account().subject());
    let auditor = city.holder("監査太郎", Role::Auditor).await;
    assert_eq!(auditor.gets("/desk/jobs/addresses").await.ok().texts_of("main button"), [""; 0]);
    auditor.posts("/desk/jobs/addresses/trial", &[("address", "hana@example.jp"), ("once", "t")]).await.is(403);

    let tried = hanako.fills(&page, "/desk/jobs/addresses/trial", &[]).await;
    hanako.is_led(&tried).await.ok().says("次のメールから、もう一度送ります").says("届かないアドレスはありません");
    let told = noted(&city, "address.tried").await;
    assert_eq!((told.len(), told[0].subject.as_str()), (1, &*hana.account().subject()));
    assert!(!told[0].detail.contains("hana@"), "an address can be erased");
    hanako.posts("/desk/jobs/addresses/trial", &[("address", "nobody"), ("once", "u")]).await.is(404);
}

#[tokio::test]
async fn the_job_of_a_letter_says_where_it_goes_and_its_reader_sees_who_looked() {
    let city = house().await.city("mihon");
    let (hanako, hana) = (coordinator(&city).await, city.holder("佐藤花", Role::Resident).await);
    written(&city, hana.account(), "hana@example.jp").await;
    let id = jobs::list(city.db(), None, None, 1).await.unwrap()[0].id;
    hanako.gets("/desk/jobs").await.ok().does_not_say("hana@example.jp");
    let before = audit::looks_at(city.db(), &hana.account().subject(), None, 10).await.unwrap().len();
    let page = hanako.gets(&format!("/desk/jobs/{id}")).await;
    page.ok().says("宛先 hana@example.jp").says("送るのを待っています").does_not_say("折り鶴が飛びました");
    let looks = audit::looks_at(city.db(), &hana.account().subject(), None, 10).await.unwrap();
    assert_eq!((looks.len(), looks[0].actor.as_str()), (before + 1, &*hanako.account().subject()));
}

#[tokio::test]
async fn who_looks_at_the_address_of_somebody_without_an_account_is_known_too() {
    let city = house().await.city("mihon");
    let hanako = coordinator(&city).await;
    let letter = Letter::new("kami@example.jp".parse().unwrap(), "お願い", "評価をお聞かせください");
    let mut tx = city.db().begin().await.unwrap();
    mail::post(&mut tx, &letter, city.house().house().clock.now(), Chance::Real).await.unwrap();
    tx.commit().await.unwrap();
    let id = jobs::list(city.db(), None, None, 1).await.unwrap()[0].id;
    hanako.gets(&format!("/desk/jobs/{id}")).await.ok().says("宛先 kami@example.jp");
    let looks = noted(&city, "account.looked").await;
    assert_eq!(looks[0].subject, format!("job:{id}"));
}

/// The schedule of this room's two jobs.
fn schedules(city: &TestCity) -> Vec<Schedule> {
    city.house().house().schedules()
}

#[tokio::test]
async fn the_auditors_get_the_seal_of_the_day_before_exactly_once() {
    let city = house().await.city("mihon");
    let kansa = city.person("監査太郎", &[(Role::Auditor, None), (Role::Auditor, None)]).await;
    let silent = city.holder("監査次郎", Role::Auditor).await;
    assert_ne!(kansa.account(), silent.account());
    reached_at(&city, kansa.account(), "kansa@mihon.example").await;
    city.holder("管理花子", Role::Administrator).await.gets("/desk/audit").await.ok();
    let key = city.city().secret.derive("audit");
    audit::seal(city.db(), &key, Clock::OnDay("2026-11-20".parse().unwrap())).await.unwrap();
    let hash = audit::days(city.db(), None, 1).await.unwrap()[0].hash.clone();

    let kinds = city.house().house().job_kinds();
    works_off(&city, &worker(&city, "a", "2026-11-20").0).await;
    let ((a, sent_by_a), (b, sent_by_b)) = (worker(&city, "a", "2026-11-21"), worker(&city, "b", "2026-11-21"));
    let planned = schedules(&city);
    let (first, second) = tokio::join!(work_off(&a, &kinds, &planned), work_off(&b, &kinds, &planned));
    assert!(first.unwrap() + second.unwrap() > 0);
    works_off(&city, &a).await;
    works_off(&city, &b).await;

    let mut sent: Vec<Sent> = sent_by_a.lock().unwrap().clone();
    sent.extend(sent_by_b.lock().unwrap().clone());
    assert_eq!(sent.iter().map(|sent| sent.to.to_string()).collect::<Vec<_>>(), ["kansa@mihon.example"]);
    let letters = mail::mails_of(city.db(), kansa.account().0, None, 10).await.unwrap();
    assert_eq!(letters.len(), 1);
    let letter = &letters[0];
    assert_eq!(letter.subject, "【記録の封印】令和8年11月20日（金）");
    assert!(
        letter.text.contains(&hash) && letter.text.contains("https://kyodo.mihon.example/seals"),
        "{}",
        letter.text
    );
    assert_eq!((&letter.topic, &letter.token), (&None, &None), "it cannot be ended");
    let told = noted(&city, "seal.sent").await;
    assert_eq!((told.len(), told[0].subject.as_str(), told[0].actor.as_str()), (1, "seal:2026-11-20", "system"));
    assert_eq!(told[0].detail, r#"{"letters":1,"position":1}"#);

    // The next day has its own.
    audit::seal(city.db(), &key, Clock::OnDay("2026-11-21".parse().unwrap())).await.unwrap();
    works_off(&city, &worker(&city, "a", "2026-11-22").0).await;
    assert_eq!(mail::mails_of(city.db(), kansa.account().0, None, 10).await.unwrap().len(), 2);
}

#[tokio::test]
async fn without_a_seal_nobody_is_written_to() {
    let city = house().await.city("mihon");
    let kansa = city.holder("監査太郎", Role::Auditor).await;
    reached_at(&city, kansa.account(), "kansa@mihon.example").await;
    let id = asked(&city, New::new("seal-mail", &json!(null))).await;
    works_off(&city, &worker(&city, "a", "2026-11-20").0).await;
    assert_eq!(state(&city, id).await, State::Done);
    assert_eq!(
        (mail::mails_of(city.db(), kansa.account().0, None, 10).await.unwrap(), noted(&city, "seal.sent").await),
        (Vec::new(), Vec::new())
    );
}

#[tokio::test]
async fn sessions_that_were_over_a_month_ago_are_forgotten_and_others_are_not() {
    let city = house().await.city("mihon");
    let hana = city.holder("佐藤花", Role::Resident).await;
    let clock = city.house().house().clock;
    let new = |token: &str, days: i64| NewSession {
        account: hana.account(),
        token: token.to_owned(),
        method: Method::Password,
        agent: String::new(),
        idle: chrono::Duration::hours(1),
        lasts: chrono::Duration::days(days),
        half: false,
    };
    let mut tx = city.db().begin().await.unwrap();
    for (token, days) in [("old", -31), ("late", -29)] {
        people::begin(&mut tx, &new(token, days), clock.now()).await.unwrap();
    }
    tx.commit().await.unwrap();
    asked(&city, New::new("forget", &json!(null))).await;
    works_off(&city, &worker(&city, "a", "2026-11-20").0).await;
    let sight = async |token: &str| people::session_of(city.db(), token, clock.now(), clock.today()).await.unwrap();
    assert!(matches!(sight("old").await, Sight::Unknown));
    assert!(matches!(sight("late").await, Sight::Over(_)));
    hana.gets("/account/mail").await.ok();
}
