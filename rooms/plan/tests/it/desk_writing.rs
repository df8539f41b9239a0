//! A department writes what residents read of a measure: draft, preview, publication.

use kyodo_testkit::TestHouse;

use crate::desk::{DRAFT, EDIT, PREVIEW, PUBLIC, PUBLICATION, drafts, field, found, opens, publishes, writer};
use crate::world::{city, rooms, shown};

#[tokio::test]
async fn what_a_department_publishes_residents_see_and_find() {
    let city = city("mihon").await;
    let hana = writer(&city, "佐藤花").await;
    assert_eq!(found(&city, "紙飛行機").await, Vec::<String>::new());
    let page = opens(&hana).await;
    page.says("計画の文章をそのまま公開しています").says("だれでも鶴を折れるようにします。");
    let answer = publishes(
        &hana,
        &[
            ("purpose", "だれでも紙飛行機を折れるようにします。"),
            ("text", "月に一度、会を開きます。\n\n二回目は広場で開きます。"),
            ("office", "折り方の会の窓口"),
            ("phone", "０００－１１１－２２２２"),
            ("email", "kai@mihon.example"),
            ("hours", "土曜 10時から15時"),
        ],
    )
    .await;
    let page = hana.is_led(&answer).await;
    page.ok().says("公開しました。").says("第2版を公開しています").does_not_say("下書きの続き");
    let page = shown(&city, PUBLIC).await;
    page.says("だれでも紙飛行機を折れるようにします。").does_not_say("だれでも鶴を折れる");
    page.says("折り方の会の窓口").says("000-111-2222").says("土曜 10時から15時").says("kai@mihon.example");
    assert_eq!(
        page.texts_of("section[aria-labelledby=what] p"),
        ["月に一度、会を開きます。", "二回目は広場で開きます。"]
    );
    assert_eq!(page.texts_of(".contact a.tel"), ["000-111-2222", "000-000-0000"]);
    assert_eq!(found(&city, "紙飛行機").await, [PUBLIC]);
    assert_eq!(found(&city, "鶴を折れるように").await, Vec::<String>::new());
    // Its other place is the same measure.
    shown(&city, "/plan/nodes/2-1-1-1").await.says("だれでも紙飛行機を折れるようにします。");
}

#[tokio::test]
async fn a_kept_page_is_not_stale_after_a_publication() {
    let house = TestHouse::new(rooms()).on("2026-11-20").keeping_pages().with_city("mihon");
    let city = house.build().await.city("mihon");
    let hana = writer(&city, "佐藤花").await;
    shown(&city, PUBLIC).await.says("だれでも鶴を");
    publishes(&hana, &[("purpose", "だれでも舟を折れるようにします。")]).await.is(303);
    shown(&city, PUBLIC).await.says("だれでも舟を").does_not_say("だれでも鶴を");
}

#[tokio::test]
async fn a_contact_of_its_own_can_be_taken_back() {
    let city = city("mihon").await;
    let hana = writer(&city, "佐藤花").await;
    publishes(&hana, &[("phone", "000-333-3333")]).await.is(303);
    shown(&city, PUBLIC).await.says("聞きたいとき、加わりたいとき 折り鶴課 000-333-3333");
    publishes(&hana, &[("phone", "")]).await.is(303);
    shown(&city, PUBLIC).await.says("聞きたいとき、加わりたいとき 折り鶴課 000-000-0000");
}

#[tokio::test]
async fn a_draft_is_kept_until_it_is_published_or_thrown_away() {
    let city = city("mihon").await;
    let hana = writer(&city, "佐藤花").await;
    let answer = drafts(&hana, &[("text", "書きかけ\n です")]).await;
    let page = hana.is_led(&answer).await;
    page.says("下書きを保存しました。").says("下書きの続きです").says("下書きを保存しました 11月20日");
    assert_eq!(field(&page, PUBLICATION, "text"), "書きかけ\n です");
    shown(&city, PUBLIC).await.does_not_say("書きかけ");
    let removal = format!("{DRAFT}/removal");
    let answer = hana.fills(&page, &removal, &[]).await;
    let page = hana.is_led(&answer).await;
    page.says("下書きを捨てました。").does_not_say("下書きの続きです");
    assert_eq!(field(&page, PUBLICATION, "text"), "月に一度、折り方の会を開くことにします。");
    drafts(&hana, &[("text", "書きました。")]).await.is(303);
    let page = opens(&hana).await;
    hana.fills(&page, PUBLICATION, &[]).await.is(303);
    opens(&hana).await.does_not_say("下書きの続きです").says("書きました。");
}

#[tokio::test]
async fn what_is_already_public_is_no_draft() {
    let city = city("mihon").await;
    let hana = writer(&city, "佐藤花").await;
    drafts(&hana, &[]).await.is(303);
    opens(&hana).await.does_not_say("下書きの続きです");
    let answer = publishes(&hana, &[]).await;
    hana.is_led(&answer).await.says("公開している文章と同じなので").says("計画の文章をそのまま公開しています");
}

#[tokio::test]
async fn a_page_saves_by_itself_and_is_told_when() {
    let city = city("mihon").await;
    let hana = writer(&city, "佐藤花").await;
    let page = opens(&hana).await;
    assert!(page.source().contains(&format!("data-autosave=\"{DRAFT}\"")));
    let base = field(&page, PUBLICATION, "base");
    let form = [("base", base.as_str()), ("text", "ひとりでに残ります。")];
    let answer = hana.saves(DRAFT, &form).await;
    let said = answer.ok().json()["said"].as_str().unwrap().to_owned();
    assert!(said.starts_with("下書きを保存しました 11月20日"), "{said}");
    assert_eq!(field(&opens(&hana).await, PUBLICATION, "text"), "ひとりでに残ります。");
}

#[tokio::test]
async fn a_preview_is_the_public_page_and_not_public() {
    let city = city("mihon").await;
    let (hana, ken) = (writer(&city, "佐藤花").await, writer(&city, "高橋健").await);
    let answer =
        drafts(&hana, &[("purpose", "だれでも舟を折れます。"), ("readings", "舟 ふね"), ("then", "preview")]).await;
    assert_eq!(answer.is(303).header("location"), PREVIEW);
    let page = hana.gets(PREVIEW).await;
    page.ok().says("まだ公開していません").says("だれでも舟を折れます。").says("舟（ふね）").says("予定と実際");
    ken.gets(PREVIEW).await.ok().says("だれでも鶴を").says("下書きはありません").does_not_say("舟");
    shown(&city, PUBLIC).await.does_not_say("舟を");
    let visitor = city.visitor("通りがかり").gets(PREVIEW).await;
    assert!(visitor.is(303).header("location").starts_with("/login?to="));
    let answer = hana.fills(&page, PUBLICATION, &[]).await;
    assert_eq!(answer.is(303).header("location"), EDIT);
    shown(&city, PUBLIC).await.says("だれでも舟を折れます。");
    // The lines of a text survive the hidden fields of the preview.
    drafts(&hana, &[("text", "一行目\n\n二行目")]).await.is(303);
    let page = hana.gets(PREVIEW).await;
    hana.fills(&page, PUBLICATION, &[]).await.is(303);
    assert_eq!(field(&opens(&hana).await, PUBLICATION, "text"), "一行目\n\n二行目");
}

#[tokio::test]
async fn a_new_reading_becomes_furigana_before_the_packs() {
    let city = city("mihon").await;
    let hana = writer(&city, "佐藤花").await;
    let reader = city.visitor("はな").with_furigana();
    assert_eq!(reader.gets(PUBLIC).await.reading_of("折り方").as_deref(), Some("おりかた"));
    assert_eq!(reader.gets(PUBLIC).await.reading_of("鶴"), None);
    publishes(&hana, &[("readings", "鶴　つる\n折り方　おりかたア")]).await.is(422);
    publishes(&hana, &[("readings", "鶴　つる\n折り方　おりがた")]).await.is(303);
    let page = reader.gets(PUBLIC).await;
    assert_eq!(page.reading_of("鶴").as_deref(), Some("つる"));
    assert_eq!(page.reading_of("折り方").as_deref(), Some("おりがた"));
    publishes(&hana, &[("readings", "")]).await.is(303);
    let page = reader.gets(PUBLIC).await;
    assert_eq!((page.reading_of("鶴"), page.reading_of("折り方").as_deref()), (None, Some("おりかた")));
}

#[tokio::test]
async fn where_two_measures_read_a_word_differently_the_later_holds() {
    let city = city("mihon").await;
    let hana = writer(&city, "佐藤花").await;
    publishes(&hana, &[("text", "手引きを読みます。"), ("readings", "手引き てひき")]).await.is(303);
    let (other, publication) = ("/desk/plan/nodes/1-1-1-2", "/desk/plan/nodes/1-1-1-2/publication");
    let page = hana.gets(other).await;
    hana.fills(&page, publication, &[("readings", "手引き てびき")]).await.is(303);
    let reader = city.visitor("はな").with_furigana();
    assert_eq!(reader.gets(PUBLIC).await.reading_of("手引き").as_deref(), Some("てびき"));
    let page = hana.gets(other).await;
    hana.fills(&page, publication, &[("readings", "")]).await.is(303);
    assert_eq!(reader.gets(PUBLIC).await.reading_of("手引き").as_deref(), Some("てひき"));
}

#[tokio::test]
async fn what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays() {
    let city = city("mihon").await;
    let hana = writer(&city, "佐藤花").await;
    let long = "あ".repeat(201);
    let wrong = [
        ("purpose", long.as_str()),
        ("phone", "内線"),
        ("email", "kai"),
        ("readings", "舟 ふね\n鶴 ツル"),
        ("situation", "<b>太字</b> & \"引用\""),
    ];
    let page = publishes(&hana, &wrong).await;
    page.is(422).says("4か所を直してください").says("目的は200字までです。1字へらしてください。");
    page.says("電話は数字で書いてください。")
        .says("メールは「名前@例.jp」の形で")
        .says("「舟」は、題名にも文章にもありません。");
    for (name, typed) in wrong {
        assert_eq!(field(&page, PUBLICATION, name), typed);
    }
    for link in page.links().iter().filter(|link| link.href.starts_with('#') && link.text.contains("ください")) {
        assert!(page.source().contains(&format!("id=\"{}\"", &link.href[1..])), "{link:?}");
    }
    // The same form can be sent again once it is put right.
    let right = [("purpose", "折ります。"), ("phone", ""), ("email", ""), ("readings", ""), ("situation", "")];
    hana.fills(&page, PUBLICATION, &right).await.is(303);
    let page = publishes(&hana, &[("purpose", " "), ("text", "\n")]).await;
    page.is(422).says("「目的」か「すること」に書いてください。");
}

#[tokio::test]
async fn ten_thousand_characters_are_too_many_and_none_is_lost() {
    let city = city("mihon").await;
    let hana = writer(&city, "佐藤花").await;
    let long = "折".repeat(10_000);
    let page = publishes(&hana, &[("text", &long)]).await;
    page.is(422).says("することは2,000字までです。8,000字へらしてください。");
    assert_eq!(field(&page, PUBLICATION, "text"), long);
    drafts(&hana, &[("text", &long)]).await.is(303);
    assert_eq!(field(&opens(&hana).await, PUBLICATION, "text"), long);
    hana.gets(PREVIEW).await.ok();
}

#[tokio::test]
async fn what_is_typed_is_never_markup() {
    let city = city("mihon").await;
    let hana = writer(&city, "佐藤花").await;
    let evil = "<script>alert(1)</script></textarea>\"'&";
    drafts(&hana, &[("text", evil), ("office", evil), ("phone", "000-000-0009")]).await.is(303);
    assert_eq!(field(&opens(&hana).await, PUBLICATION, "text"), evil);
    let preview = hana.gets(PREVIEW).await;
    preview.ok().says("<script>alert(1)");
    hana.fills(&preview, PUBLICATION, &[]).await.is(303);
    let page = city.visitor("はな").with_furigana().gets(PUBLIC).await;
    page.ok().says(evil);
    hana.gets("/desk/plan/nodes/1-1-1-1/texts").await.ok().says(evil);
    assert!(!page.source().contains("<script>alert"));
}
