//! The people of a demo: each signs in with the printed password and finds what their role has to do.

use kyodo::demo::{PASSWORD, SEATS, populate};
use kyodo_kernel::pack::Faults;
use kyodo_kernel::people::Role;
use kyodo_kernel::{audit, jobs};
use kyodo_testkit::{TestCity, TestPack, Visitor};

use super::lively;

async fn peopled(slug: &str) -> TestCity {
    let city = lively(slug).await;
    let today = city.house().house().clock.today();
    let pack = TestPack::named(slug).read(&mut Faults::default());
    populate(city.city().clone(), &pack, today)
        .await
        .unwrap_or_else(|failure| panic!("the people of {slug}: {failure}"));
    city
}

/// Signs in as the greeting says.
async fn sits_down(city: &TestCity, email: &str) -> Visitor {
    let somebody = city.visitor(email);
    let page = somebody.gets("/login").await;
    let led = somebody.fills(page.ok(), "/login", &[("name", email), ("password", PASSWORD)]).await;
    led.is(303);
    somebody
}

#[tokio::test]
async fn everybody_signs_in_with_the_printed_password() {
    let city = peopled("yamaguchi").await;
    for seat in &SEATS {
        let somebody = sits_down(&city, &seat.email("yamaguchi")).await;
        let desk = somebody.gets("/desk").await;
        if seat.role == Role::Resident {
            assert_eq!(desk.is(303).header("location"), "/account");
        } else {
            desk.ok().says("わたしの机");
        }
    }
}

#[tokio::test]
async fn a_department_finds_its_work_on_the_desk() {
    let city = peopled("yamaguchi").await;
    let reporter = sits_down(&city, &SEATS[2].email("yamaguchi")).await.gets("/desk").await;
    // A draft was begun, a colleague published, and somebody stands in until December.
    reporter.ok().says("未読1件").says("代理が終わります");
    assert!(reporter.links().iter().any(|link| link.href.ends_with("/texts")), "{reporter:?}");
    assert_eq!(reporter.texts_of(".waits h3").len(), 1, "{reporter:?}");
    let stand_in = sits_down(&city, &SEATS[4].email("yamaguchi")).await.gets("/desk").await;
    stand_in.ok().says("未読2件");
}

#[tokio::test]
async fn a_city_whose_plan_names_no_department_has_its_people_too() {
    let city = peopled("ichinoseki").await;
    // The demo makes departments for it, so that its reporters have measures to write for.
    let reporter = sits_down(&city, &SEATS[2].email("ichinoseki")).await.gets("/desk").await;
    assert!(!reporter.ok().texts_of(".waits h3").is_empty(), "{reporter:?}");
}

#[tokio::test]
async fn halfway_through_its_plan_a_city_is_in_the_middle_of_a_review() {
    let city = peopled("ichinoseki").await;
    let desk_of = async |role: Role| {
        let seat = SEATS.iter().find(|seat| seat.role == role && !seat.stands_in).expect("a seat");
        sits_down(&city, &seat.email("ichinoseki")).await.gets("/desk").await
    };
    desk_of(Role::Reporter).await.ok().says("見直しの提案を書く：").says("見直しの提案：");
    desk_of(Role::Head).await.ok().says("見直しの提案を確認する：");
    let office = desk_of(Role::Coordinator).await;
    office.ok().says("事務局が決める見直しの提案 4件");
}

#[tokio::test]
async fn what_they_did_is_sealed_and_a_failed_job_waits_to_be_repeated() {
    let city = peopled("honjo").await;
    let clock = city.house().house().clock;
    let report = audit::verify(city.db(), &city.city().secret.derive("audit"), clock.now(), &[]).await.unwrap();
    assert!(report.is_fine() && report.sealed >= 20, "{report:?}");
    let failed = jobs::list(city.db(), Some(jobs::State::Failed), None, 10).await.unwrap();
    assert_eq!(failed.len(), 1, "{failed:?}");
    assert!(failed[0].may_be_repeated(jobs::KINDS));
}
