//! How far a measure is: what departments reported against what was planned.

use kyodo_testkit::TestCity;

use crate::world::{city, city_on, evaluated, report, reported, shown};

/// 2026: planned are 花 (1-1-1-1, 1-2-1-2, 2-2-1-1), 葉 (1-1-2-1, 1-2-1-1, 2-1-2-1) and 実 (2-1-1-2); 1-1-1-2 has
/// ended with 畳む in 2025.
async fn mihon() -> TestCity {
    city("mihon").await
}

/// What the lower lane says of a year: 花（予定どおり）.
fn actual(cells: &[String], year: i32) -> &str {
    let cell = &cells[usize::try_from(year - 2022).expect("the grid begins in 2022")];
    cell.split_once("実際").map_or("", |(_, actual)| actual.trim())
}

async fn row(city: &TestCity, key: &str) -> Vec<String> {
    shown(city, &format!("/plan/nodes/{key}")).await.texts_of("table.years tbody td")
}

#[tokio::test]
async fn a_mark_that_reaches_the_planned_one_is_on_schedule_and_a_lower_one_late() {
    // Planned, actual, and how that stands: ranks are 芽 1, 葉 2, 花 3, 実 4.
    const MARKS: [(&str, &str, &str); 6] = [
        ("1-1-1-1", "花", "予定どおり"),
        ("1-2-1-2", "実", "予定どおり"),
        ("2-2-1-1", "葉", "遅れている"),
        ("1-1-2-1", "芽・葉", "予定どおり"),
        ("1-2-1-1", "芽", "遅れている"),
        ("2-1-1-2", "花", "遅れている"),
    ];
    let city = mihon().await;
    let reports: Vec<_> = MARKS.iter().map(|(key, mark, _)| report(key, 2026, mark)).collect();
    reported(&city, &reports).await;
    for (key, mark, stands) in MARKS {
        let page = shown(&city, &format!("/plan/nodes/{key}")).await;
        page.says(&format!("予定と実際 {stands} 2026年度は「"));
        page.says(&format!("の予定で、いまは「{mark}」です。"));
        let cells = page.texts_of("table.years tbody td");
        assert_eq!(actual(&cells, 2026), format!("{mark}（{stands}）"), "{key}");
    }
    let overview = shown(&city, "/plan").await;
    overview.says("8の節のうち、3が予定どおりです。遅れているのは3です。まだ今年度の報告がないのは1です。");
    assert_eq!(overview.texts_of("ul.counts li"), ["3予定どおり", "3遅れている", "1未報告", "1記録なし"]);
    overview.says("「予定どおり」は、今年度の実際の段階が、予定した段階に届いていることです。");
}

#[tokio::test]
async fn what_is_late_says_why_on_the_overview() {
    let city = mihon().await;
    let late = report("1-2-1-1", 2026, "芽").saying("箱の色が決まりませんでした。");
    let fine = report("1-1-1-1", 2026, "花").saying("鶴を百羽折りました。");
    reported(&city, &[late, fine]).await;
    let page = shown(&city, "/plan").await;
    page.says("①余り紙の回収箱遅れている 箱の色が決まりませんでした。").does_not_say("鶴を百羽");
}

#[tokio::test]
async fn a_combined_mark_asks_for_its_highest_part() {
    // 2023 is planned as 葉・花.
    for (mark, word) in [("葉", "届かなかった"), ("花", "予定どおり"), ("葉・花", "予定どおり")] {
        let city = mihon().await;
        reported(&city, &[report("1-1-1-1", 2023, mark)]).await;
        let cells = row(&city, "1-1-1-1").await;
        assert_eq!(actual(&cells, 2023), format!("{mark}（{word}）"));
    }
}

#[tokio::test]
async fn a_past_year_fell_short_and_a_year_without_report_says_so() {
    let city = mihon().await;
    reported(&city, &[report("1-2-1-1", 2025, "芽")]).await;
    let cells = row(&city, "1-2-1-1").await;
    assert_eq!(actual(&cells, 2022), "", "nothing was planned");
    assert_eq!(actual(&cells, 2024), "未報告");
    assert_eq!(actual(&cells, 2025), "芽（届かなかった）");
    assert_eq!(actual(&cells, 2026), "未報告");
    assert_eq!(actual(&cells, 2027), "", "the year has not begun");
    let page = shown(&city, "/plan/nodes/1-2-1-1").await;
    page.says("2025年度 届かなかった")
        .says("予定と実際 未報告 2026年度の予定は「葉」です。")
        .does_not_say("遅れている");
}

#[tokio::test]
async fn a_measure_that_ended_early_says_what_became_of_it() {
    for (mark, word) in [("畳む", "実施した"), ("葉", "一部実施した"), ("芽", "実施に至らず")] {
        let city = mihon().await;
        reported(&city, &[report("1-1-1-2", 2025, mark)]).await;
        let page = shown(&city, "/plan/nodes/1-1-1-2").await;
        page.says(&format!("予定と実際 {word}")).does_not_say("遅れている").does_not_say("いまは");
    }
    // Nothing is left out of the line.
    let city = mihon().await;
    shown(&city, "/plan").await.says("まだ今年度の報告がないのは7です。記録のないものが1あります。");
}

#[tokio::test]
async fn the_day_moves_the_year() {
    for (day, now) in [("2026-03-31", "2025 いま 2026"), ("2026-04-01", "2026 いま 2027"), ("2031-03-31", "2030 いま")]
    {
        let city = city_on(day, "mihon").await;
        shown(&city, "/plan").await.says(now);
        shown(&city, "/plan/schedule").await.says(now);
    }
    let before = city_on("2022-03-31", "mihon").await;
    let page = shown(&before, "/plan").await;
    page.says("8の節に、これから取り組みます。").says("8これから").does_not_say("いま ").does_not_say("未報告");
}

#[tokio::test]
async fn what_moved_on_this_year_is_news_the_latest_first() {
    let city = mihon().await;
    reported(
        &city,
        &[
            report("1-1-1-1", 2025, "葉"),
            report("1-1-1-1", 2026, "花").on("2026-06-01"),
            report("1-2-1-1", 2025, "芽"),
            report("1-2-1-1", 2026, "葉").on("2026-11-02"),
            report("2-2-1-1", 2025, "花"),
            report("2-2-1-1", 2026, "花").on("2026-11-03"),
            report("2-1-1-2", 2026, "実").on("2026-11-04"),
            // A step back is no news.
            report("2-1-2-1", 2025, "葉"),
            report("2-1-2-1", 2026, "芽").on("2026-11-05"),
        ],
    )
    .await;
    let page = shown(&city, "/plan").await;
    assert_eq!(
        page.texts_of("ul.news li"),
        ["11月2日余り紙の回収箱 「芽」から「葉」に進みました。", "6月1日折り方の会 「葉」から「花」に進みました。",]
    );
    assert_eq!(page.texts_of("ul.news time").len(), 2);
}

#[tokio::test]
async fn reports_stand_latest_first_with_grade_next_step_and_opinions() {
    let city = mihon().await;
    reported(
        &city,
        &[
            report("1-1-1-1", 2024, "花").saying("雨で休みました。").graded("丸め"),
            report("1-1-1-1", 2025, "花")
                .saying("三回開きました。")
                .graded("舟")
                .then("四回にふやします。")
                .on("2026-05-07"),
            report("1-1-1-1", 2026, "花").saying("二回開きました。"),
        ],
    )
    .await;
    evaluated(&city, "1-1-1-1", 2025, "折り目を見る会", Some("鶴"), "角がそろっています。").await;
    evaluated(&city, "1-1-1-1", 2025, "紙の寄り合い", None, "もっと大きな紙を使いたい。").await;
    let page = shown(&city, "/plan/nodes/1-1-1-1").await;
    let reports = page.texts_of("article.report");
    assert_eq!(reports.len(), 3);
    assert!(reports[0].starts_with("2026年度 ここまで 予定どおり 二回開きました。"), "{}", reports[0]);
    assert_eq!(
        reports[1],
        "2025年度 予定どおり 三回開きました。 次にすること 四回にふやします。 \
         折り鶴課の報告（5月7日） 自己評価 舟（だいたい折れた） \
         角がそろっています。 折り目を見る会の評価 鶴（きれいに折れた） もっと大きな紙を使いたい。 紙の寄り合い"
    );
    assert!(reports[2].contains("自己評価 丸め（丸めてしまった）"), "{}", reports[2]);
    assert_eq!(page.texts_of("article.report blockquote").len(), 2);
}

#[tokio::test]
async fn a_plan_without_a_grid_asks_only_for_reports() {
    let city = city("kikugawa").await;
    reported(&city, &[report("2-1", 2026, "").without_mark().saying("窓口を開きました。")]).await;
    let page = shown(&city, "/plan").await;
    page.says("10の取組内容のうち、1から今年度の報告が出ています。まだ今年度の報告がないのは9です。");
    page.says("常設的な相談窓口の設置報告あり").does_not_say("遅れ");
    shown(&city, "/plan/nodes/2-1").await.says("報告あり").says("窓口を開きました。");
}

#[tokio::test]
async fn a_guideline_without_years_shows_reports_and_no_judgement() {
    let city = city("honjo").await;
    reported(&city, &[report("2", 2025, "").without_mark().saying("講習会を開きました。").graded("A")]).await;
    let page = shown(&city, "/plan/nodes/2").await;
    page.says("令和7年度 講習会を開きました。").says("自己評価 A（よく進んだ）");
    page.does_not_say("予定どおり").does_not_say("未報告").does_not_say("報告あり");
}

/// Whether a page speaks of now, or of being late, where there is nothing left to be late with.
#[track_caller]
fn speaks_of_the_past(page: &kyodo_testkit::Page) {
    let main = page.texts_of("main").concat();
    for word in ["いま ", "いまは", "いまの", "遅れ", "おくれて"] {
        assert!(!main.contains(word), "{page} says 「{word}」:\n{main}");
    }
}

#[tokio::test]
async fn a_plan_that_is_over_tells_its_outcome() {
    let city = city_on("2031-05-01", "mihon").await;
    reported(
        &city,
        &[
            report("1-1-1-1", 2030, "実"),
            report("1-1-1-2", 2025, "葉"),
            report("1-2-1-1", 2029, "芽").saying("箱は一つで終わりました。"),
        ],
    )
    .await;
    let page = shown(&city, "/plan").await;
    page.says("2022年度から2030年度まで（終わった計画）").says("目指した姿");
    assert_eq!(page.texts_of("ul.counts li"), ["1実施した", "1一部実施した", "1実施に至らず", "5記録なし"]);
    page.says("8の節のうち、1を予定どおり実施しました。一部だけ実施したのは1です。");
    page.says("実施までいかなかったのは1です。記録のないものが5あります。");
    page.says("①余り紙の回収箱実施に至らず 箱は一つで終わりました。");
    let measure = shown(&city, "/plan/nodes/1-2-1-1").await;
    measure.says("実施に至らず 最後の予定は2030年度の「実」、実際は「芽」まででした。");
    for address in ["/", "/plan", "/plan/schedule", "/plan/matrix", "/plan/indicators", "/plan/indicators/wrinkles"] {
        speaks_of_the_past(&shown(&city, address).await);
    }
    for key in ["1", "1-1-1-1", "1-1-1-2", "1-2-1-1", "2-1-1-1", "2-2-1-1"] {
        speaks_of_the_past(&shown(&city, &format!("/plan/nodes/{key}")).await);
    }
}

#[tokio::test]
async fn the_two_real_plans_that_are_over_speak_of_the_past() {
    for (slug, key, marks) in [("shinjo", "1-1-4", ["検討", "検討"]), ("yamaguchi", "1-2-4", ["実施", "検討"])]
    {
        let city = city(slug).await;
        let year = if slug == "shinjo" { 2013 } else { 2011 };
        reported(&city, &[report(key, year, marks[0]), report(key, year + 1, marks[1])]).await;
        if slug == "yamaguchi" {
            crate::world::observed(&city, "area-activity", &[(2012, 44.0), (2016, 47.0)]).await;
            shown(&city, "/plan/indicators/area-activity").await.says("届かなかった");
        }
        let measure = format!("/plan/nodes/{key}");
        for address in ["/", "/plan", "/plan/schedule", "/plan/matrix", "/plan/indicators", &measure] {
            speaks_of_the_past(&shown(&city, address).await);
        }
        shown(&city, &measure).await.says("実施に至らず");
    }
}
