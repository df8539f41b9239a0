//! Figures are kept current as facts arrive, and are always what the facts themselves say.

use chrono::{Days, NaiveDate};
use kyodo_kernel::facts::NewFact;
use kyodo_plan::counting::Tally;
use kyodo_plan::folding::{self, Difference};
use kyodo_plan::store::figures;
use kyodo_testkit::{TestCity, TestPack};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::world::{city, day, fact, folded, happened, now, shown, taken_back, times};

/// 見本市 with an indicator of every way of counting.
fn counting() -> TestPack {
    let pack = TestPack::named("mihon");
    let rules = [
        ("sums", r#"how = "sum", kind = "course.attended""#),
        ("several", r#"how = "count", kind = "course.attended", tags = ["a", "b"]"#),
        ("news", r#"how = "sum", kind = "page.viewed", subject = "/news""#),
        ("schools", r#"how = "distinct", kind = "course.attended""#),
        ("schools-a", r#"how = "distinct", kind = "course.attended", tag = "a""#),
        (
            "bank",
            r#"how = "net", kind = "talent.registered", less = "talent.withdrawn", start = 41, start_year = 2022"#,
        ),
        ("share", r#"how = "share", kind = "course.attended", tag = "a", of = "distinct""#),
    ];
    let indicators = rules.map(|(key, rule)| {
        let own = format!("key = \"{key}\"\nname = \"{key}\"\nunit = \"件\"\ndirection = \"up\"");
        format!("\n[[indicators]]\n{own}\ncounted = {{ {rule} }}\n")
    });
    let text = pack.text("indicators.toml");
    pack.file("indicators.toml", text + &indicators.concat())
}

async fn tallies(city: &TestCity) -> Vec<Tally> {
    let mut tallies = figures::tallies(city.db(), day("2026-11-20")).await.expect("they can be read");
    // What came and went leaves a row of nothing; counted from nothing there is no such row.
    tallies.retain(|tally| {
        *tally
            != Tally {
                n: 0,
                quantity: 0,
                n_by_today: 0,
                quantity_by_today: 0,
                reversed_by_today: 0,
                taken_by_today: 0,
                ..tally.clone()
            }
    });
    tallies
}

async fn recounted(city: &TestCity) -> Vec<Difference> {
    folding::recount(city.db(), now()).await.expect("everything can be recounted")
}

// --- for any course of events ------------------------------------------------------------------------------

/// Something that may happen.
#[derive(Clone, Debug)]
enum Step {
    /// Facts of one change: kind, days after the first, quantity, subject, tag.
    Facts(Vec<(usize, u64, i64, usize, usize)>),
    /// The n-th fact of all is taken back, if there is one.
    TakenBack(usize),
    Folded,
}

const KINDS: [&str; 4] = ["course.attended", "page.viewed", "talent.registered", "talent.withdrawn"];
const SUBJECTS: [Option<&str>; 5] = [None, Some("/news/1"), Some("/news/2"), Some("/plan"), Some("小学校")];
const TAGS: [Option<&str>; 4] = [None, Some("a"), Some("b"), Some("c")];

fn step() -> impl Strategy<Value = Step> {
    // From April 2024 to March 2027: three fiscal years, the last of them running.
    let fact = (0..KINDS.len(), 0..1095_u64, 1..9_i64, 0..SUBJECTS.len(), 0..TAGS.len());
    prop_oneof![
        5 => proptest::collection::vec(fact, 1..6).prop_map(Step::Facts),
        3 => (0..60_usize).prop_map(Step::TakenBack),
        2 => Just(Step::Folded),
    ]
}

fn fact_of((kind, after, quantity, subject, tag): (usize, u64, i64, usize, usize)) -> NewFact {
    let on = NaiveDate::from_ymd_opt(2024, 4, 1).expect("a day") + Days::new(after);
    let (subject, tag) = (SUBJECTS[subject].map(str::to_owned), TAGS[tag].map(str::to_owned));
    NewFact { quantity, subject, tag, ..fact(KINDS[kind], &on.to_string()) }
}

async fn goes(city: &TestCity, steps: &[Step]) {
    // A reversal has a number too, so the numbers of facts are remembered as they are told.
    let (mut standing, mut last): (Vec<i64>, i64) = (Vec::new(), 0);
    for step in steps {
        match step {
            Step::Facts(facts) => {
                let facts: Vec<NewFact> = facts.iter().copied().map(fact_of).collect();
                happened(city, &facts).await;
                for _ in facts {
                    last += 1;
                    standing.push(last);
                }
            }
            Step::TakenBack(nth) if !standing.is_empty() => {
                taken_back(city, standing.remove(nth % standing.len())).await;
                last += 1;
            }
            Step::TakenBack(_) => {}
            Step::Folded => {
                folded(city).await;
            }
        }
    }
}

#[test]
fn folded_and_unfolded_are_always_what_a_recount_from_nothing_says() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    // Each case builds a city of its own.
    let mut runner = TestRunner::new(Config { cases: 12, failure_persistence: None, ..Config::default() });
    runner
        .run(&proptest::collection::vec(step(), 1..30), |steps| {
            runtime.block_on(async {
                let city = city(counting()).await;
                goes(&city, &steps).await;
                prop_assert!(folding::is_right(city.db()).await.expect("they can be compared"), "before folding");
                let before = tallies(&city).await;
                folded(&city).await;
                // Folding moves nothing but the different subjects, which are counted then.
                let sums =
                    |all: &[Tally]| all.iter().filter(|one| !one.part.starts_with('=')).cloned().collect::<Vec<_>>();
                let after = tallies(&city).await;
                prop_assert_eq!(sums(&before), sums(&after));
                prop_assert_eq!(recounted(&city).await, Vec::new());
                folding::rebuild(city.db(), now()).await.expect("everything can be counted from nothing");
                prop_assert_eq!(tallies(&city).await, after);
                prop_assert!(folding::is_right(city.db()).await.expect("they can be compared"), "from nothing");
                Ok(())
            })
        })
        .unwrap_or_else(|error| panic!("{error}"));
}

// --- single stories ----------------------------------------------------------------------------------------

#[tokio::test]
async fn folding_takes_everything_once() {
    let city = city("mihon").await;
    happened(&city, &times(3, "course.held", "2026-05-01")).await;
    happened(&city, &times(2, "course.held", "2026-05-02")).await;
    let address = "/plan/indicators/folding-classes";
    shown(&city, address).await.says("今年度ここまで 5回");
    assert_eq!(folded(&city).await, 2, "facts of one day that are told together are one increment");
    shown(&city, address).await.says("今年度ここまで 5回");
    assert_eq!(folded(&city).await, 0);
    happened(&city, &times(1, "course.held", "2026-05-02")).await;
    shown(&city, address).await.says("今年度ここまで 6回");
}

#[tokio::test]
async fn those_who_fold_at_the_same_time_fold_once_while_facts_arrive() {
    let city = city("mihon").await;
    let (mut folders, mut writers) = (Vec::new(), Vec::new());
    for n in 0..4 {
        let own = city.clone();
        writers.push(tokio::spawn(async move {
            for _ in 0..10 {
                happened(&own, &times(2, "course.held", &format!("2026-05-{:02}", n + 1))).await;
            }
        }));
        let own = city.clone();
        folders.push(tokio::spawn(async move {
            let mut n = 0;
            for _ in 0..5 {
                n += folded(&own).await;
            }
            n
        }));
    }
    for writer in writers {
        writer.await.expect("facts are written");
    }
    let mut all = 0;
    for folder in folders {
        all += folder.await.expect("increments are folded");
    }
    assert_eq!(all + folded(&city).await, 40, "each increment once");
    assert!(folding::is_right(city.db()).await.unwrap());
    shown(&city, "/plan/indicators/folding-classes").await.says("今年度ここまで 80回");
}

#[tokio::test]
async fn a_recount_says_what_differed_and_puts_it_right() {
    let city = city(counting()).await;
    let visit = |subject: &str| NewFact { subject: Some(subject.to_owned()), ..fact("course.attended", "2025-05-01") };
    happened(&city, &[visit("小学校"), visit("中学校")]).await;
    happened(&city, &times(4, "course.held", "2026-05-01")).await;
    folded(&city).await;
    assert_eq!(recounted(&city).await, Vec::new());
    let mut tx = city.db().begin().await.unwrap();
    for sentence in [
        "UPDATE figure_day SET n = n + 2 WHERE kind = 'course.held'",
        "UPDATE figure_year SET quantity = 0 WHERE kind = 'course.attended'",
        "DELETE FROM figure_distinct WHERE part = '='",
    ] {
        tx.ask(sentence).run().await.unwrap();
    }
    tx.commit().await.unwrap();
    assert!(!folding::is_right(city.db()).await.unwrap());
    let found = recounted(&city).await;
    let told: Vec<(&str, &str, i64, i64, i64)> =
        found.iter().map(|one| (one.kind.as_str(), one.which.as_str(), one.fiscal_year, one.n, one.quantity)).collect();
    assert_eq!(
        told,
        [("course.attended", "", 2025, 0, 2), ("course.attended", "=", 2025, 2, 0), ("course.held", "", 2026, -2, 0)]
    );
    assert_eq!(recounted(&city).await, Vec::new());
    shown(&city, "/plan/indicators/folding-classes").await.says("今年度ここまで 4回");
}

#[tokio::test]
async fn a_plan_that_counts_something_new_begins_with_what_has_happened() {
    let city = city("mihon").await;
    let viewed = |path: &str| NewFact { subject: Some(path.to_owned()), ..fact("page.viewed", "2026-05-01") };
    happened(&city, &[viewed("/news/1"), viewed("/plan")]).await;
    folded(&city).await;
    crate::update::install(&city, &counting()).await.expect("the plan is updated");
    shown(&city, "/plan/indicators/news").await.says("今年度ここまで 1件");
    happened(&city, &[viewed("/news/2"), viewed("/news/3"), viewed("/")]).await;
    shown(&city, "/plan/indicators/news").await.says("今年度ここまで 3件");
    assert_eq!(recounted(&city).await, Vec::new());
}
