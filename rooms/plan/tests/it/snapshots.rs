//! Three pages of the fixture as they are heard, whole. A changed word is a changed snapshot
//! (`INSTA_UPDATE=always cargo nextest run -p kyodo-plan snapshots`).

use kyodo_testkit::TestCity;

use crate::heard::heard;
use crate::world::{city, evaluated, happened, observed, report, reported, shown, times};

async fn lively() -> TestCity {
    let city = city("mihon").await;
    reported(
        &city,
        &[
            report("1-1-1-1", 2025, "花").saying("会を三回開きました。").graded("舟").then("四回にふやします。"),
            report("1-1-1-1", 2026, "花").saying("会を二回開きました。"),
            report("1-1-1-2", 2025, "畳む").saying("手引きができました。"),
            report("1-2-1-1", 2025, "芽").saying("箱の形を考えました。"),
            report("1-2-1-1", 2026, "芽").saying("箱の色が決まりませんでした。"),
            report("2-1-1-2", 2025, "花").saying("机を二つ貸しました。"),
            report("2-1-1-2", 2026, "実").saying("机を十貸しました。"),
        ],
    )
    .await;
    evaluated(&city, "1-1-1-1", 2025, "折り目を見る会", Some("鶴"), "角がそろっています。").await;
    observed(&city, "wrinkles", &[(2024, 700.0), (2025, 650.0)]).await;
    let mut courses = times(6, "course.held", "2025-06-01");
    courses.extend(times(3, "course.held", "2026-01-10"));
    courses.extend(times(8, "course.held", "2026-08-01"));
    happened(&city, &courses).await;
    city
}

#[tokio::test]
async fn the_overview_is_heard_from_top_to_bottom() {
    insta::assert_snapshot!("overview", heard(&shown(&lively().await, "/plan").await));
}

#[tokio::test]
async fn a_measure_is_heard_from_top_to_bottom() {
    insta::assert_snapshot!("measure", heard(&shown(&lively().await, "/plan/nodes/1-1-1-1").await));
}

#[tokio::test]
async fn an_indicator_is_heard_from_top_to_bottom() {
    insta::assert_snapshot!("indicator", heard(&shown(&lively().await, "/plan/indicators/folding-classes").await));
}
