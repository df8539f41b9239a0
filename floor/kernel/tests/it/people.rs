//! Accounts, duties from day to day, sessions, drafts, notices, limits, and posting once.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use kyodo_db::Db;
use kyodo_kernel::people::{
    self, AccountFilter, AccountId, Actor, Method, NewAccount, NewDuty, NewSession, Role, Sight, Standing,
};
use kyodo_kernel::throttle::{self, Limit};
use kyodo_kernel::{Clock, clock, drafts, notices, once};
use kyodo_testkit::{RunningHouse, TestHouse};

async fn house() -> RunningHouse {
    TestHouse::new(Vec::new()).with_city("mihon").build().await
}

fn now() -> DateTime<Utc> {
    "2026-11-20T03:00:00Z".parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

async fn opened(db: &Db, name: &str, kana: &str, email: &str) -> AccountId {
    let new = NewAccount {
        name: name.to_owned(),
        kana: kana.to_owned(),
        email: Some(email.to_owned()),
        ..NewAccount::default()
    };
    let mut tx = db.begin().await.unwrap();
    let id = people::open(&mut tx, &new, now()).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn holds(db: &Db, id: AccountId, duty: NewDuty) -> i64 {
    let mut tx = db.begin().await.unwrap();
    let number = people::give(&mut tx, id, &duty, now()).await.unwrap();
    tx.commit().await.unwrap();
    number
}

async fn signed_in(db: &Db, account: AccountId, token: &str) {
    let new = NewSession {
        account,
        token: token.to_owned(),
        method: Method::Password,
        agent: "Firefox".to_owned(),
        idle: Duration::minutes(60),
        lasts: Duration::hours(12),
        half: false,
    };
    let mut tx = db.begin().await.unwrap();
    people::begin(&mut tx, &new, now()).await.unwrap();
    tx.commit().await.unwrap();
}

fn is_live(sight: &Sight) -> bool {
    matches!(sight, Sight::Live(..))
}

#[tokio::test]
async fn a_duty_is_held_from_its_first_day_to_its_last() {
    let house = house().await;
    let db = house.city("mihon").db().clone();
    let hana = opened(&db, "佐藤花", "さとうはな", "hana@mihon.example").await;
    let mut duty = NewDuty::new(Role::Reporter, day("2026-04-01")).of("orizuru");
    duty.ends_on = Some(day("2027-03-31"));
    holds(&db, hana, duty).await;
    signed_in(&db, hana, "t").await;
    for (today, held) in [("2026-03-31", false), ("2026-04-01", true), ("2027-03-31", true), ("2027-04-01", false)] {
        let sight = people::session_of(&db, "t", now(), day(today)).await.unwrap();
        let Actor::Person(person) = sight.actor() else { panic!("{today}: {sight:?}") };
        assert_eq!(person.holds(Role::Reporter), held, "{today}");
        assert_eq!(person.writes_for("orizuru"), held, "{today}");
        assert!(!person.writes_for("other") && !person.holds(Role::Head));
        let holders = people::holders(&db, Role::Reporter, Some("orizuru"), day(today)).await.unwrap();
        assert_eq!(holders.len(), usize::from(held), "{today}");
    }
}

#[tokio::test]
async fn ending_a_duty_ends_those_who_stand_in() {
    let house = house().await;
    let db = house.city("mihon").db().clone();
    let (hana, taro) = (
        opened(&db, "佐藤花", "さとうはな", "hana@mihon.example").await,
        opened(&db, "鈴木太郎", "すずきたろう", "taro@mihon.example").await,
    );
    let own = holds(&db, hana, NewDuty::new(Role::Head, day("2026-04-01")).of("orizuru")).await;
    let mut deputy = NewDuty::new(Role::Head, day("2026-11-01")).of("orizuru");
    deputy.deputy_of = Some(own);
    holds(&db, taro, deputy).await;
    let mut tx = db.begin().await.unwrap();
    assert_eq!(people::end_duty(&mut tx, own, day("2026-11-10")).await.unwrap(), 2);
    tx.commit().await.unwrap();
    assert!(people::holders(&db, Role::Head, Some("orizuru"), day("2026-11-11")).await.unwrap().is_empty());
    assert_eq!(people::holders(&db, Role::Head, Some("orizuru"), day("2026-11-10")).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_session_ends_unused_at_its_end_and_when_it_is_ended() {
    let house = house().await;
    let db = house.city("mihon").db().clone();
    let hana = opened(&db, "佐藤花", "さとうはな", "hana@mihon.example").await;
    signed_in(&db, hana, "t").await;
    let today = day("2026-11-20");
    let at = async |minutes| people::session_of(&db, "t", now() + Duration::minutes(minutes), today).await.unwrap();
    assert!(matches!(people::session_of(&db, "other", now(), today).await.unwrap(), Sight::Unknown));
    assert!(is_live(&at(59).await) && !is_live(&at(60).await));
    // In use it lives on, but not for ever.
    for minutes in (59..12 * 60).step_by(59) {
        let sight = at(minutes).await;
        let Sight::Live(person, _) = sight else { panic!("{minutes}: {sight:?}") };
        let mut tx = db.begin().await.unwrap();
        people::saw(&mut tx, person.session, now() + Duration::minutes(minutes)).await.unwrap();
        tx.commit().await.unwrap();
    }
    assert!(is_live(&at(12 * 60 - 1).await) && matches!(at(12 * 60).await, Sight::Over(account) if account == hana));

    signed_in(&db, hana, "u").await;
    let sessions = people::sessions(&db, hana, now()).await.unwrap();
    assert_eq!(sessions.len(), 2);
    let other = opened(&db, "鈴木太郎", "すずきたろう", "taro@mihon.example").await;
    let mut tx = db.begin().await.unwrap();
    assert!(!people::end(&mut tx, other, sessions[0].id, now()).await.unwrap(), "nobody ends another's session");
    assert!(people::end(&mut tx, hana, sessions[0].id, now()).await.unwrap());
    assert_eq!(people::end_all(&mut tx, hana, None, now()).await.unwrap(), 1);
    tx.commit().await.unwrap();
    assert!(!is_live(&people::session_of(&db, "u", now(), today).await.unwrap()));
}

#[tokio::test]
async fn closing_an_account_ends_everything_and_frees_its_address() {
    let house = house().await;
    let db = house.city("mihon").db().clone();
    let hana = opened(&db, "佐藤花", "さとうはな", "Hana@Mihon.example").await;
    holds(&db, hana, NewDuty::new(Role::Resident, day("2026-04-01"))).await;
    signed_in(&db, hana, "t").await;
    assert_eq!(people::account_named(&db, " ＨＡＮＡ@mihon.example").await.unwrap().map(|a| a.id), Some(hana));
    let mut tx = db.begin().await.unwrap();
    assert!(people::close(&mut tx, hana, day("2026-11-20"), now()).await.unwrap());
    assert!(!people::close(&mut tx, hana, day("2026-11-20"), now()).await.unwrap());
    tx.commit().await.unwrap();
    assert!(matches!(people::session_of(&db, "t", now(), day("2026-11-20")).await.unwrap(), Sight::Over(_)));
    assert!(people::account_named(&db, "hana@mihon.example").await.unwrap().is_none());
    assert_ne!(opened(&db, "別の花", "べつのはな", "hana@mihon.example").await, hana);
}

#[tokio::test]
async fn people_are_listed_by_kana_page_by_page_and_found_by_what_is_asked() {
    let house = house().await;
    let db = house.city("mihon").db().clone();
    for (n, (name, kana)) in
        [("佐藤花", "さとうはな"), ("伊藤翼", "いとうつばさ"), ("鈴木太郎", "スズキタロウ"), ("青木空", "あおきそら")]
            .into_iter()
            .enumerate()
    {
        let id = opened(&db, name, kana, &format!("p{n}@mihon.example")).await;
        if n != 3 {
            holds(&db, id, NewDuty::new(Role::Reporter, day("2026-04-01")).of(format!("d{}", n % 2))).await;
        }
    }
    let today = day("2026-11-20");
    let all = AccountFilter { today, keeper: true, ..AccountFilter::default() };
    let names = async |filter: &AccountFilter| -> Vec<String> {
        let listed = people::list(&db, filter, None, 10).await.unwrap();
        assert_eq!(people::count(&db, filter).await.unwrap(), i64::try_from(listed.len()).unwrap());
        listed.into_iter().map(|listed| listed.account.name).collect()
    };
    assert_eq!(names(&all).await, ["青木空", "伊藤翼", "佐藤花", "鈴木太郎"]);
    let first = people::list(&db, &all, None, 2).await.unwrap();
    assert_eq!(first[1].duties.len(), 1);
    let after = first.last().map(|last| (last.kana_key.clone(), last.account.id.0));
    let rest = people::list(&db, &all, after, 10).await.unwrap();
    assert_eq!(rest.iter().map(|l| l.account.name.as_str()).collect::<Vec<_>>(), ["佐藤花", "鈴木太郎"]);
    let asked = |q: &str| AccountFilter { q: q.to_owned(), ..all.clone() };
    assert_eq!(names(&asked("すずき")).await, ["鈴木太郎"]);
    assert_eq!(names(&asked("藤 はな")).await, ["佐藤花"]);
    assert_eq!(names(&asked("100%")).await, Vec::<String>::new());
    assert_eq!(names(&AccountFilter { department: Some("d1".to_owned()), ..all.clone() }).await, ["伊藤翼"]);
    let reporters = AccountFilter { role: Some(Role::Reporter), department: Some("d0".to_owned()), ..asked("ろう") };
    assert_eq!(names(&reporters).await, ["鈴木太郎"]);
    assert_eq!(names(&AccountFilter { standing: Standing::WithoutDuty, ..all.clone() }).await, ["青木空"]);
    assert_eq!(names(&AccountFilter { standing: Standing::Closed, ..all }).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_form_that_is_sent_twice_happens_once_even_at_the_same_moment() {
    let house = house().await;
    let db = house.city("mihon").db().clone();
    let send = async || {
        let mut tx = db.begin().await.unwrap();
        let before = once::take(&mut tx, "token", now()).await.unwrap();
        if before.is_none() {
            once::settle(&mut tx, "token", "/desk/people/1").await.unwrap();
            tx.commit().await.unwrap();
        }
        before
    };
    let answers = futures_util::future::join_all((0..8).map(|_| send())).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_none()).count(), 1);
    assert!(answers.iter().flatten().all(|answer| answer == "/desk/people/1"), "{answers:?}");
    // What failed did not happen: the token is free again.
    let mut tx = db.begin().await.unwrap();
    assert_eq!(once::take(&mut tx, "other", now()).await.unwrap(), None);
    drop(tx);
    let mut tx = db.begin().await.unwrap();
    assert_eq!(once::take(&mut tx, "other", now()).await.unwrap(), None);
}

#[tokio::test]
async fn tries_are_counted_by_all_and_forgotten_in_time() {
    let house = house().await;
    let db = house.city("mihon").db().clone();
    let limit = Limit { most: 3, minutes: 15 };
    let tries = async |at: DateTime<Utc>| {
        let mut tx = db.begin().await.unwrap();
        let until = throttle::count(&mut tx, "sign-in:x", limit, at).await.unwrap();
        tx.commit().await.unwrap();
        until
    };
    let answers = futures_util::future::join_all((0..5).map(|_| tries(now()))).await;
    assert_eq!(answers.iter().filter(|until| until.is_none()).count(), 3);
    let until = answers.into_iter().flatten().next().unwrap();
    assert!(tries(until).await.is_none(), "the next window is a new one");
    let mut tx = db.begin().await.unwrap();
    throttle::forget(&mut tx, "sign-in:x").await.unwrap();
    tx.commit().await.unwrap();
    assert!(tries(now()).await.is_none());
}

#[tokio::test]
async fn a_draft_is_its_writers_own_and_others_are_told_of_it() {
    let house = house().await;
    let db = house.city("mihon").db().clone();
    let hana = opened(&db, "佐藤花", "さとうはな", "hana@mihon.example").await;
    let taro = opened(&db, "鈴木太郎", "すずきたろう", "taro@mihon.example").await;
    let fields = vec![("text".to_owned(), "神﨑さんの折り鶴\n二行目".to_owned())];
    for (who, based_on) in [(hana, "a"), (hana, "b"), (taro, "a")] {
        let mut tx = db.begin().await.unwrap();
        drafts::save(&mut tx, who, "measure:1-1", based_on, &fields, now()).await.unwrap();
        tx.commit().await.unwrap();
    }
    let own = drafts::of(&db, hana, "measure:1-1").await.unwrap().unwrap();
    assert_eq!((own.based_on.as_str(), &own.fields), ("b", &fields));
    assert_eq!(drafts::mine(&db, hana).await.unwrap().len(), 1);
    let about = drafts::about(&db, hana, "measure:1-1").await.unwrap();
    assert_eq!(about.own.map(|draft| draft.id), Some(own.id));
    assert_eq!(about.others, [("鈴木太郎".to_owned(), now())]);
    assert!(drafts::draft(&db, taro, own.id).await.unwrap().is_none(), "a draft is its writer's own");
    let mut tx = db.begin().await.unwrap();
    drafts::drop(&mut tx, hana, "measure:1-1").await.unwrap();
    tx.commit().await.unwrap();
    assert!(drafts::of(&db, hana, "measure:1-1").await.unwrap().is_none());
}

#[tokio::test]
async fn notices_are_read_up_to_one() {
    let house = house().await;
    let db = house.city("mihon").db().clone();
    let hana = opened(&db, "佐藤花", "さとうはな", "hana@mihon.example").await;
    let mut tx = db.begin().await.unwrap();
    for n in 0..3 {
        let title = n.to_string();
        notices::tell(&mut tx, hana, "said-saved", &[("title", &title)], "/desk", now()).await.unwrap();
    }
    tx.commit().await.unwrap();
    let told = notices::told(&db, hana, None, 10).await.unwrap();
    assert_eq!(told[0].said["title"], "2");
    let mut tx = db.begin().await.unwrap();
    assert_eq!(notices::read(&mut tx, hana, told[1].id, now()).await.unwrap(), 2);
    tx.commit().await.unwrap();
    assert_eq!(notices::latest(&db, hana, 10).await.unwrap().1, 1);
    assert_eq!(notices::told(&db, hana, Some(told[1].id), 10).await.unwrap().len(), 1);
}

#[test]
fn a_moment_is_shown_as_the_citys_clocks_show_it() {
    assert_eq!(clock::local("2026-11-20T15:30:00Z".parse().unwrap()).to_string(), "2026-11-21 00:30:00");
    assert_eq!(Clock::OnDay(day("2026-11-20")).today(), day("2026-11-20"));
}
