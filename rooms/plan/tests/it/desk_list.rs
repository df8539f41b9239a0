//! The list of texts, what waits for somebody, other languages, and how often pages ask.

use axum::Json;
use kyodo_kernel::people::Role;
use kyodo_testkit::{TestCity, TestHouse, TestPack};
use kyodo_web::{Access, Ctx, Result, Room, Routes};
use serde_json::Value;

use crate::desk::{EDIT, PREVIEW, PUBLICATION, TEXTS, drafts, opens, publishes, writer};
use crate::languages::unmarked;
use crate::queries::grown;
use crate::world::{TODAY, city, rooms};

#[tokio::test]
async fn ones_own_measures_come_first() {
    let city = city("mihon").await;
    let fune = city.person("鈴木舟", &[(Role::Reporter, Some("kamifusen"))]).await;
    let page = fune.gets("/desk/plan").await;
    page.ok().says("8件の節").says("わたしの課の取組").says("ほかの課の取組");
    let rows = page.texts_of("tbody:first-of-type tr:not(.group)");
    assert_eq!(rows.len(), 3, "two of its own and one with another");
    assert!(rows[0].starts_with("② 山折りの手引き 折り鶴課、紙風船課 計画の文章から"), "{}", rows[0]);
    assert!(rows[0].ends_with("書く 山折りの手引き") && rows[1].contains("問い合わせ先なし"), "{rows:#?}");
    let others = page.texts_of("tbody:last-of-type tr:not(.group)");
    assert!(others.len() == 5 && others.iter().all(|row| row.contains(" 見る ")), "{others:#?}");
    fune.follows(&page, "書く 余り紙の回収箱").await.ok().says("公開する");
    let all = city.holder("山本折", Role::Coordinator).await;
    all.gets("/desk/plan").await.ok().says("8件の節").does_not_say("ほかの課の取組");
}

#[tokio::test]
async fn the_list_is_narrowed_by_department_state_and_words() {
    let city = city("mihon").await;
    let hana = writer(&city, "佐藤花").await;
    publishes(&hana, &[("text", "月に一度、雨の日も開きます。")]).await.is(303);
    hana.gets("/desk/plan?department=kamifusen").await.says("3件の節").does_not_say("折り方の会");
    hana.gets("/desk/plan?state=edited").await.says("1件の節").says("第2版 11月20日").says("佐藤花");
    hana.gets("/desk/plan?state=printed").await.says("7件の節");
    hana.gets("/desk/plan?state=no-contact").await.says("3件の節").says("折り名人の登録");
    hana.gets("/desk/plan?q=雨の日").await.says("1件の節").says("折り方の会");
    hana.gets("/desk/plan?state=undescribed").await.says("0件の節").says("あてはまるものがありません。");
    hana.gets("/desk/plan?state=nonsense&q=%00").await.ok().says("8件の節");
}

/// A page with what waits for whoever asks, and one with what they wrote.
fn waiting() -> Room {
    async fn waiting(ctx: Ctx) -> Result<Json<Vec<[String; 3]>>> {
        let mut told = Vec::new();
        let drafts = kyodo_kernel::drafts::mine(&ctx.db, ctx.person()?.id).await?;
        let asked: Vec<_> = ctx.house.rooms_of(&ctx.state.profile).filter_map(|room| room.tasks).collect();
        for tasks in asked {
            told.extend(tasks(&ctx, &drafts).await?.into_iter().map(|task| [task.title, task.note, task.address]));
        }
        Ok(Json(told))
    }
    async fn wrote(ctx: Ctx) -> Result<Json<Vec<Value>>> {
        let mut all = Vec::new();
        for wrote in ctx.house.rooms.iter().filter_map(|room| room.wrote) {
            all.push(wrote(&ctx, ctx.person()?.id).await?);
        }
        Ok(Json(all))
    }
    let routes = Routes::new().get("/waiting", Access::SignedIn, waiting).get("/wrote", Access::SignedIn, wrote);
    Room { name: "waiting", always_on: true, routes, ..Room::default() }
}

pub(crate) async fn with_waiting(pack: TestPack) -> TestCity {
    let rooms = rooms().into_iter().chain([waiting()]).collect();
    TestHouse::new(rooms).on(TODAY).with_city(pack).build().await.city("mihon")
}

#[tokio::test]
async fn what_is_begun_and_what_is_missing_waits_for_those_who_write_it() {
    let pack = TestPack::named("mihon").replacing("plan.toml", "text = \"四人で囲める机を貸します。\"\n", "");
    let city = with_waiting(pack).await;
    let hana = writer(&city, "佐藤花").await;
    let fune = city.person("鈴木舟", &[(Role::Head, Some("kamifusen"))]).await;
    drafts(&hana, &[("text", "書きかけ")]).await.is(303);
    let told = hana.gets("/waiting").await.json();
    assert_eq!(told.as_array().unwrap().len(), 3, "{told}");
    assert_eq!((&told[0][0], &told[0][2]), (&"折り方の会".into(), &EDIT.into()));
    assert!(told[0][1].as_str().unwrap().starts_with("市民に見せる説明を書きかけています。下書きは11月20日"));
    assert_eq!(told[1][0], "大きな机の貸し出し");
    assert_eq!(told[1][1], "市民に見せる説明がまだありません。");
    assert_eq!(
        told[2],
        serde_json::json!(["2025年度の指標の数字を入力する", "1件の指標", "/desk/plan/indicators/wrinkles"])
    );
    let told = fune.gets("/waiting").await.json();
    let titles: Vec<&str> = told.as_array().unwrap().iter().map(|task| task[0].as_str().unwrap()).collect();
    assert_eq!(titles, ["余り紙の回収箱", "色紙引換券"], "nobody can be asked there");
    let auditor = city.person("監査舟", &[(Role::Auditor, None), (Role::Reporter, Some("orizuru"))]).await;
    assert_eq!(auditor.gets("/waiting").await.json(), serde_json::json!([]));
}

#[tokio::test]
async fn the_desk_speaks_three_languages_and_marks_what_stays_japanese() {
    let city = city("mihon").await;
    let hana = writer(&city, "佐藤花").await;
    publishes(&hana, &[("text", "月に二度。"), ("phone", "000-555-5555"), ("readings", "月 つき")]).await.is(303);
    let ken = writer(&city, "高橋健").await;
    drafts(&ken, &[("text", "月に三度。")]).await.is(303);
    let fune = city.person("鈴木舟", &[(Role::Reporter, Some("kamifusen"))]).await;
    for who in [hana.in_english(), ken.in_english(), fune.in_english()] {
        for address in ["/desk/plan", EDIT, PREVIEW, TEXTS] {
            let page = who.gets(address).await;
            page.ok();
            let in_main =
                unmarked(&page).into_iter().filter(|words| !["鈴木舟", "佐藤花", "高橋健"].contains(&words.as_str()));
            assert_eq!(in_main.collect::<Vec<_>>(), Vec::<String>::new(), "{page}");
        }
    }
    let easy = writer(&city, "リン").await.in_easy_japanese();
    for address in ["/desk/plan", EDIT, PREVIEW, TEXTS] {
        easy.gets(address).await.ok();
    }
    let furigana = writer(&city, "はな").await.with_furigana();
    for address in ["/desk/plan", EDIT, PREVIEW, TEXTS] {
        let page = furigana.gets(address).await;
        for place in ["h1", "h2", "h3", "button", "label", "title", "option", "summary", "textarea"] {
            assert!(page.texts_of(&format!("{place} ruby")).is_empty(), "{page} has furigana in {place}");
        }
    }
    let page = opens(&writer(&city, "John").await.in_english()).await;
    page.says("Version 2 is public").says("Whom to ask").says("What residents see now");
    assert_eq!(page.form(PUBLICATION).names.iter().filter(|name| *name == "text").count(), 1);
}

#[tokio::test]
async fn the_desk_asks_as_often_for_many_measures_as_for_few() {
    const AT_MOST: [(&str, u32); 4] = [
        ("/desk/plan", 9),
        ("/desk/plan/nodes/2-2-1-1", 12),
        ("/desk/plan/nodes/2-2-1-1/preview", 22),
        ("/desk/plan/nodes/2-2-1-1/texts", 8),
    ];
    let house = TestHouse::new(rooms()).on(TODAY).development().with_city("mihon").with_city(grown()).build().await;
    for (address, most) in AT_MOST {
        let mut asked = Vec::new();
        for slug in ["mihon", "oomihon"] {
            let hana = writer(&house.city(slug), "佐藤花").await;
            hana.gets(address).await.ok();
            let page = hana.gets(address).await;
            asked.push(page.ok().header("x-kyodo-queries").parse::<u32>().unwrap());
        }
        assert_eq!(asked[0], asked[1], "{address}");
        assert!(asked[0] <= most, "{address} asks {} times", asked[0]);
    }
}
