//! Two people in one text, posting twice, going back, and a plan that changes underneath.

use kyodo_kernel::audit;
use kyodo_kernel::notices;
use kyodo_kernel::people::Role;
use kyodo_testkit::TestPack;

use crate::desk::{
    DRAFT, EDIT, PUBLIC, PUBLICATION, RESTORATION, TEXTS, drafts, field, found, opens, publishes, writer,
};
use crate::update::{changes, install};
use crate::world::{city, shown};

#[tokio::test]
async fn whoever_comes_second_sees_both_texts_and_loses_nothing() {
    let city = city("mihon").await;
    let (hana, ken) = (writer(&city, "佐藤花").await, writer(&city, "高橋健").await);
    let (of_hana, of_ken) = (opens(&hana).await, opens(&ken).await);
    let first = [("purpose", "だれでも鶴と舟を折れるようにします。"), ("phone", "000-111-1111")];
    ken.fills(&of_ken, PUBLICATION, &first).await.is(303);
    let mine = [("purpose", "だれでも鶴と紙風船を折れるようにします。")];
    let page = hana.fills(&of_hana, PUBLICATION, &mine).await;
    page.is(409).says("さきに公開されています").says("高橋健さんがこの取組の説明を新しくしました。");
    page.says("だれでも鶴と紙風船を折れるようにします。")
        .says("だれでも鶴と舟を折れるようにします。")
        .says("000-111-1111");
    assert_eq!(page.texts_of("tr.differs td mark"), ["紙風船", "舟", "000-111-1111"]);
    // Nothing of the second came through, and the words of its writer are kept.
    shown(&city, PUBLIC).await.says("鶴と舟を").does_not_say("紙風船を折れる");
    opens(&hana).await.says("下書きの続きです").says("公開の文章が新しくなりました。");

    let both = hana.fills(&page, PUBLICATION, &[("take", "both")]).await;
    let again = hana.is_led(&both).await;
    assert_eq!(field(&again, PUBLICATION, "purpose"), mine[0].1);
    again.says("だれでも鶴と舟を折れるようにします。").does_not_say("公開の文章が新しくなりました。");
    hana.fills(&again, PUBLICATION, &[("purpose", "だれでも鶴と舟と紙風船を折れます。"), ("phone", "000-111-1111")])
        .await
        .is(303);
    shown(&city, PUBLIC).await.says("鶴と舟と紙風船を折れます。").says("000-111-1111");
    hana.gets(TEXTS).await.says("第3版").says("高橋健が公開").says("佐藤花が公開");
}

#[tokio::test]
async fn whoever_comes_second_may_publish_all_the_same_or_leave_it() {
    let city = city("mihon").await;
    let (hana, ken) = (writer(&city, "佐藤花").await, writer(&city, "高橋健").await);
    let of_hana = opens(&hana).await;
    publishes(&ken, &[("text", "舟を折ります。")]).await.is(303);
    let page = hana.fills(&of_hana, PUBLICATION, &[("text", "紙風船を折ります。")]).await;
    let left = hana.fills(&page, PUBLICATION, &[("take", "theirs")]).await;
    let list = hana.is_led(&left).await;
    list.says("いまの文章のままにしました。").says("わたしの下書き");
    shown(&city, PUBLIC).await.says("舟を折ります。");
    assert_eq!(field(&opens(&hana).await, PUBLICATION, "text"), "紙風船を折ります。");

    // Who decides is shown both once more, when somebody was faster again.
    let page = hana.fills(&of_hana, PUBLICATION, &[("text", "紙風船を折ります。")]).await;
    publishes(&ken, &[("text", "大きな舟を折ります。")]).await.is(303);
    let page = hana.fills(&page, PUBLICATION, &[("take", "mine")]).await;
    page.is(409).says("大きな舟を折ります。");
    hana.fills(&page, PUBLICATION, &[("take", "mine")]).await.is(303);
    shown(&city, PUBLIC).await.says("紙風船を折ります。").does_not_say("大きな舟");
    hana.gets(TEXTS).await.says("消した：大きな舟").says("4つの版");
}

#[tokio::test]
async fn who_else_is_writing_is_named() {
    let city = city("mihon").await;
    let (hana, ken) = (writer(&city, "佐藤花").await, writer(&city, "高橋健").await);
    drafts(&ken, &[("text", "まだ見せません。")]).await.is(303);
    let page = opens(&hana).await;
    page.says("高橋健さんも書いています（11月20日").does_not_say("まだ見せません。");
    hana.gets("/desk/plan?state=draft").await.says("高橋健さんの下書き 11月20日").says("1件の節");
}

#[tokio::test]
async fn posting_twice_publishes_once() {
    let city = city("mihon").await;
    let (hana, ken) = (writer(&city, "佐藤花").await, writer(&city, "高橋健").await);
    let page = opens(&hana).await;
    let fields = [("text", "二度押しました。")];
    let (one, two) = tokio::join!(hana.fills(&page, PUBLICATION, &fields), hana.fills(&page, PUBLICATION, &fields));
    for answer in [one, two, hana.fills(&page, PUBLICATION, &fields).await] {
        assert_eq!(answer.is(303).header("location"), EDIT);
    }
    hana.gets(TEXTS).await.says("2つの版");
    let told = notices::told(city.db(), ken.account(), None, 10).await.unwrap();
    assert_eq!(told.len(), 1);
    let trail = audit::search(city.db(), &audit::Filter::default(), None, 10).await.unwrap();
    let trail: Vec<(&str, &str, &str)> =
        trail.iter().map(|row| (row.action.as_str(), row.subject.as_str(), row.actor.as_str())).collect();
    assert_eq!(trail, [("measure.published", "measure:1-1-1-1", hana.account().subject().as_str())]);
}

#[tokio::test]
async fn colleagues_of_the_department_are_told_and_nobody_else() {
    let city = city("mihon").await;
    let hana = writer(&city, "佐藤花").await;
    let head = city.person("高橋健", &[(Role::Head, Some("orizuru")), (Role::Reporter, Some("orizuru"))]).await;
    let other = city.person("鈴木舟", &[(Role::Reporter, Some("kamifusen"))]).await;
    publishes(&hana, &[("text", "知らせます。")]).await.is(303);
    let told = notices::told(city.db(), head.account(), None, 10).await.unwrap();
    assert_eq!(told.len(), 1, "once, whatever the number of duties");
    assert_eq!((told[0].message.as_str(), told[0].address.as_str()), ("notice-text-published", TEXTS));
    assert_eq!((told[0].said["who"].as_str(), told[0].said["title"].as_str()), ("佐藤花", "折り方の会"));
    for nobody in [&hana, &other] {
        assert!(notices::told(city.db(), nobody.account(), None, 10).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn every_text_is_kept_with_what_changed_and_can_be_put_back() {
    let city = city("mihon").await;
    let hana = writer(&city, "佐藤花").await;
    let page = hana.gets(TEXTS).await;
    page.ok().says("1つの版").says("第1版 公開中 計画の文章から").does_not_say("この版に戻す");
    publishes(&hana, &[("text", "月に二度、折り方の会を開きます。"), ("readings", "月 つき")]).await.is(303);
    publishes(&hana, &[("text", "月に三度、折り方の会を開きます。")]).await.is(303);
    let page = hana.gets(TEXTS).await;
    page.ok().says("3つの版").says("第3版 公開中 令和8年11月20日（金）").says("佐藤花が公開 第2版とのちがい すること");
    assert_eq!(page.texts_of("li:first-child .diff del"), ["消した：二度"]);
    assert_eq!(page.texts_of("li:first-child .diff ins"), ["加えた：三度"]);
    assert_eq!(page.texts_of("li:nth-child(2) .diff").len(), 2, "text and readings");

    let form = page.form(RESTORATION);
    let base = form.fields.iter().find(|(name, _)| name == "base").unwrap().1.clone();
    let once = form.fields.iter().find(|(name, _)| name == "once").unwrap().1.clone();
    let back = [("once", once.as_str()), ("base", base.as_str()), ("number", "1")];
    let answer = hana.posts(RESTORATION, &back).await;
    let page = hana.is_led(&answer).await;
    page.says("前の版の文章に戻しました。").says("4つの版").says("第4版 公開中");
    // The same post again does nothing more.
    hana.posts(RESTORATION, &back).await.is(303);
    hana.gets(TEXTS).await.says("4つの版");
    shown(&city, PUBLIC).await.says("月に一度、折り方の会を開くことにします。");
    assert_eq!(city.visitor("はな").with_furigana().gets(PUBLIC).await.reading_of("月"), None);
    assert_eq!(found(&city, "月に一度").await, [PUBLIC]);
    let trail = audit::search(city.db(), &audit::Filter::default(), None, 1).await.unwrap();
    assert_eq!(
        (trail[0].action.as_str(), trail[0].detail.as_str()),
        ("measure.restored", r#"{"number":4,"restored":1}"#)
    );
}

#[tokio::test]
async fn a_text_is_not_put_back_over_one_that_nobody_saw() {
    let city = city("mihon").await;
    let (hana, ken) = (writer(&city, "佐藤花").await, writer(&city, "高橋健").await);
    publishes(&hana, &[("text", "一つ目。")]).await.is(303);
    let page = hana.gets(TEXTS).await;
    publishes(&ken, &[("text", "二つ目。")]).await.is(303);
    let answer = hana.fills(&page, RESTORATION, &[]).await;
    hana.is_led(&answer).await.says("さきに新しい版が公開されていました。").says("3つの版");
    shown(&city, PUBLIC).await.says("二つ目。");
    hana.posts(RESTORATION, &[("once", "n"), ("number", "77")]).await.is(404);
    hana.posts(RESTORATION, &[("once", "n"), ("number", "x")]).await.is(404);
}

#[tokio::test]
async fn an_update_of_the_plan_overwrites_the_text_keeps_it_and_leaves_the_contact() {
    let city = city("mihon").await;
    let hana = writer(&city, "佐藤花").await;
    let ours = [("text", "課が書いた文です。"), ("phone", "000-555-5555"), ("readings", "課 か")];
    publishes(&hana, &ours).await.is(303);
    let mihon = TestPack::named("mihon");
    let told = changes(&city, &mihon).await;
    let change =
        "~ plan › nodes › 1-1-1-1 › details › text: 課が書いた文です。 → 月に一度、折り方の会を開くことにします。";
    assert_eq!(told, [change], "the preview says what would be lost, and nothing else");
    let begun = opens(&hana).await;
    let pack =
        mihon.replacing("plan.toml", "月に一度、折り方の会を開くことにします。", "月に五度、折り方の会を開きます。");
    install(&city, &pack).await.expect("it can be installed");
    assert_eq!(changes(&city, &pack).await, Vec::<String>::new());
    shown(&city, PUBLIC).await.says("月に五度、").says("000-555-5555").does_not_say("課が書いた文です。");
    let page = hana.gets(TEXTS).await;
    page.says("3つの版").says("第3版 公開中").says("計画の更新から").says("消した：課が書いた文です");
    // Whoever was writing is told, and what was overwritten is put back with one button.
    let answer = hana.fills(&begun, PUBLICATION, &[("text", "課が書いていた文です。")]).await;
    answer.is(409).says("計画が更新されて、この取組の説明が新しくなりました。").says("月に五度、");
    let page = hana.gets(TEXTS).await;
    let answer = hana.fills(&page, RESTORATION, &[("number", "2")]).await;
    hana.is_led(&answer).await.says("4つの版");
    shown(&city, PUBLIC).await.says("課が書いた文です。");
    // Installing what the pack said before changes nothing but that text.
    install(&city, &pack).await.expect("it can be installed");
    install(&city, &pack).await.expect("it can be installed");
    hana.gets(TEXTS).await.says("5つの版");
    assert!(hana.gets(EDIT).await.form(&format!("{DRAFT}/removal")).names.is_empty());
}
