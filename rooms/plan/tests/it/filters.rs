//! Finding measures in the schedule and figures in their list. The filter lives in the address.

use kyodo_testkit::{Page, TestCity};

use crate::world::{city, observed, report, reported, shown};

/// Late in 2026 are 1-2-1-1 and 2-2-1-1.
async fn lively() -> TestCity {
    let city = city("mihon").await;
    let late = [report("1-2-1-1", 2026, "芽"), report("2-2-1-1", 2026, "葉"), report("1-1-1-1", 2026, "花")];
    reported(&city, &late).await;
    city
}

fn titles(page: &Page) -> Vec<String> {
    page.texts_of("table.years tbody tr:not(.group) th a")
}

#[tokio::test]
async fn every_filter_narrows_the_schedule_and_the_count_says_by_how_much() {
    const FILTERS: [(&str, &[&str]); 18] = [
        ("department=kamifusen", &["山折りの手引き", "余り紙の回収箱", "色紙引換券"]),
        ("department=zenka", &["折り名人の登録"]),
        ("actor=見る人", &["折り方の会", "余り紙の回収箱", "折り方の会", "四つ角の円卓", "しわ箱"]),
        ("actor=紙の寄り合い", &["折り方の会", "折り方の会", "四つ角の円卓"]),
        ("mark=畳む", &["山折りの手引き", "大きな机の貸し出し"]),
        // 葉 stands alone in some rows and in 葉・花 in others.
        (
            "mark=葉",
            &[
                "折り方の会",
                "山折りの手引き",
                "折り名人の登録",
                "余り紙の回収箱",
                "折り方の会",
                "四つ角の円卓",
                "しわ箱",
            ],
        ),
        ("late=1", &["余り紙の回収箱", "しわ箱"]),
        ("late=1&department=kamifusen", &["余り紙の回収箱"]),
        ("q=余り紙", &["余り紙の回収箱"]),
        ("q=はじめの一折り", &["折り方の会", "山折りの手引き", "折り方の会"]),
        ("q=七人", &["折り方の会", "折り方の会"]),
        ("q=角ごと 箱", &["余り紙の回収箱"]),
        // Full-width, half-width and katakana are the same to who searches.
        ("q=シワバコ", &[]),
        ("q=しわ箱", &["しわ箱"]),
        ("q=ｼﾜ箱", &["しわ箱"]),
        ("q=シワ箱", &["しわ箱"]),
        ("q=だれもいない", &[]),
        ("q=&department=&mark=", &ALL),
    ];
    let city = lively().await;
    for (query, wanted) in FILTERS {
        let page = shown(&city, &format!("/plan/schedule?{query}")).await;
        assert_eq!(titles(&page), wanted, "{query}");
        page.says(&format!("{}件の節", wanted.len()));
        let nothing = "あてはまるものがありません。条件をへらすか、ことばを短くしてみてください。";
        assert_eq!(page.text().contains(nothing), wanted.is_empty(), "{query}");
    }
}

const ALL: [&str; 9] = [
    "折り方の会",
    "山折りの手引き",
    "折り名人の登録",
    "余り紙の回収箱",
    "色紙引換券",
    "折り方の会",
    "大きな机の貸し出し",
    "四つ角の円卓",
    "しわ箱",
];

#[tokio::test]
async fn the_form_keeps_what_was_asked_and_can_be_emptied() {
    let city = lively().await;
    let address = "/plan/schedule?department=kamifusen&actor=市&mark=花&q=紙 券&late=1";
    let page = shown(&city, address).await;
    assert_eq!(page.texts_of("option[selected]"), ["紙風船課", "市", "花"]);
    assert!(page.source().contains("value=\"紙 券\""), "the words are still there");
    assert_eq!(page.texts_of("label.check:has(input[checked])"), ["遅れだけ"]);
    let emptied = city.visitor("花").follows(&page, "しぼりこみをやめる").await;
    assert_eq!(titles(emptied.ok()), ALL);
    emptied.does_not_say("しぼりこみをやめる");
}

#[tokio::test]
async fn the_choices_are_those_that_lead_somewhere() {
    let page = shown(&lively().await, "/plan/schedule").await;
    assert_eq!(page.texts_of("#department option"), ["すべて", "折り鶴課", "紙風船課", "全課"]);
    assert_eq!(page.texts_of("#mark option"), ["すべて", "芽", "葉", "花", "実", "畳む"]);
    let actors = page.texts_of("#actor option");
    assert_eq!(actors[..4], ["すべて", "折る人", "見る人", "市"]);
    assert_eq!(actors.iter().filter(|actor| *actor == "全課").count(), 1, "{actors:?}");
}

#[tokio::test]
async fn what_was_typed_is_only_text() {
    let city = lively().await;
    let page = shown(&city, "/plan/schedule?q=\"><script>alert(1)</script>&department=' OR 1=1 --").await;
    page.says("あてはまるものがありません");
    assert!(!page.source().contains("<script>alert"), "{}", page.source());
}

#[tokio::test]
async fn figures_are_found_by_status_and_by_name() {
    const FILTERS: [(&str, usize); 7] = [
        ("status=behind", 1),
        ("status=no_data", 2),
        ("status=achieved", 0),
        ("q=しわ", 1),
        ("q=ｵﾘ", 0),
        ("q=折り 会", 1),
        ("status=no_data&q=鶴", 1),
    ];
    let city = city("mihon").await;
    observed(&city, "wrinkles", &[(2025, 700.0)]).await;
    for (query, wanted) in FILTERS {
        let page = shown(&city, &format!("/plan/indicators?{query}")).await;
        page.says(&format!("{wanted}件の指標"));
        assert_eq!(page.texts_of("ul.inds h3").len(), wanted, "{query}");
        assert_eq!(page.text().contains("あてはまるものがありません"), wanted == 0, "{query}");
    }
}
