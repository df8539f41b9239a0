//! Page views: counted in memory, written as facts.

use chrono::NaiveDate;
use kyodo_db::FromRow;
use kyodo_kernel::views::{View, Views, write};
use kyodo_testkit::TestHouse;

fn view(city: &str, path: &str) -> View {
    let day = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
    View { city: city.to_owned(), day, path: path.to_owned() }
}

#[derive(FromRow, Debug, PartialEq)]
struct Viewed {
    subject: Option<String>,
    quantity: i64,
}

#[tokio::test]
async fn views_of_a_page_and_a_day_become_one_fact() {
    let house = TestHouse::new(Vec::new()).with_city("mihon").build().await;
    let views = Views::default();
    for path in ["/plan", "/plan", "/", "/plan"] {
        views.count(view("mihon", path));
    }
    views.count(view("other", "/"));
    let mut taken = views.take();
    assert!(views.take().is_empty(), "what was taken is counted no more");
    assert_eq!(taken.remove("other").unwrap().len(), 1);
    let db = house.city("mihon").db().clone();
    write(&db, &taken.remove("mihon").unwrap(), &[], "2026-11-20T03:00:00Z".parse().unwrap()).await.unwrap();
    let sql = "SELECT subject, quantity FROM fact WHERE kind = 'page.viewed' ORDER BY subject";
    let told = db.ask(sql).all::<Viewed>().await.unwrap();
    let viewed = |path: &str, quantity| Viewed { subject: Some(path.to_owned()), quantity };
    assert_eq!(told, [viewed("/", 1), viewed("/plan", 3)]);
}

#[test]
fn what_could_not_be_written_is_tried_again() {
    let views = Views::default();
    views.count(view("mihon", "/"));
    let taken = views.take().remove("mihon").unwrap();
    views.count(view("mihon", "/"));
    views.give_back(taken);
    assert_eq!(views.take().remove("mihon").unwrap(), [(view("mihon", "/"), 2)]);
}
