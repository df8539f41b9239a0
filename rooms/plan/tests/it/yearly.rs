//! The yearly report: what a year came to, on one page and as a table.

use kyodo_testkit::TestCity;

use crate::world::{city, evaluated, happened, report, reported, shown, table, times};

const REPORT: &str = "/plan/reports/2025";

async fn told() -> TestCity {
    let city = city("mihon").await;
    reported(
        &city,
        &[
            report("1-1-1-1", 2024, "芽").saying("はじめて集まりました。"),
            report("1-1-1-1", 2025, "花").saying("鶴を千羽折りました。").graded("鶴").then("もっと折ります。"),
        ],
    )
    .await;
    evaluated(&city, "1-1-1-1", 2025, "折り目を見る会", Some("舟"), "角がそろっています。").await;
    city
}

#[tokio::test]
async fn a_year_stands_on_one_page_with_what_others_said() {
    let city = told().await;
    let page = shown(&city, REPORT).await;
    page.says("2025年度の進み具合の報告").says("鶴を千羽折りました。").says("もっと折ります。");
    page.says("角がそろっています。").says("折り目を見る会").does_not_say("はじめて集まりました。");
    page.says("この年度の報告はありません。");
    let beside = shown(&city, &format!("{REPORT}?with=2024")).await;
    beside.says("鶴を千羽折りました。").says("はじめて集まりました。");
    // Also what was said of a year of which nothing was reported.
    evaluated(&city, "1-1-1-2", 2024, "折り目を見る会", None, "山がふぞろいです。").await;
    shown(&city, &format!("{REPORT}?with=2024")).await.says("山がふぞろいです。");
    // A year that is not there is not put beside it.
    shown(&city, &format!("{REPORT}?with=1999")).await.does_not_say("はじめて集まりました。");
}

#[tokio::test]
async fn the_years_lead_to_each_other_and_the_latest_comes_first() {
    let city = told().await;
    let led = city.visitor("花").gets("/plan/reports").await;
    assert_eq!(led.is(303).header("location"), REPORT);
    shown(&city, REPORT).await.says("2024年度");
    for nothing in ["/plan/reports/2023", "/plan/reports/x"] {
        city.visitor("花").gets(nothing).await.is(404);
    }
}

#[tokio::test]
async fn a_plan_that_nobody_reported_on_has_no_report() {
    let city = city("mihon").await;
    happened(&city, &times(3, "course.held", "2026-05-01")).await;
    city.visitor("花").gets("/plan/reports").await.is(404);
    assert!(!shown(&city, "/plan").await.links().iter().any(|link| link.href.starts_with("/plan/reports")));
}

#[tokio::test]
async fn the_table_says_what_the_page_says() {
    let city = told().await;
    let rows = table(&shown(&city, &format!("{REPORT}?format=csv")).await);
    let row = rows.iter().find(|row| row["キー"] == "1-1-1-1").expect("the measure has a row");
    assert_eq!(row["したこと、できたこと"], "鶴を千羽折りました。");
    assert_eq!(row["寄せられた意見"], "角がそろっています。（折り目を見る会）");
}
