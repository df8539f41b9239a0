//! A frozen year's report is adopted: the document stays as it was, whatever is corrected later.

use kyodo_kernel::people::Role;
use kyodo_testkit::{Page, TestCity, Visitor};

use crate::world::{city, folded, happened, shown, table, times};

const ROUND: &str = "/desk/plan/rounds/2026";
const ITEM: &str = "/desk/plan/rounds/2026/1-1-1-1";
const ADOPTION: &str = "/desk/plan/rounds/2026/adoption";
const REPORT: &str = "/plan/reports/2026";

struct Hall {
    city: TestCity,
    office: Visitor,
}

/// The office opened the year, wrote one report itself, and published it.
async fn reported() -> Hall {
    let city = city("mihon").await;
    let office = city.person("田中恵", &[(Role::Coordinator, None)]).await;
    let hana = city.person("佐藤花", &[(Role::Reporter, Some("orizuru"))]).await;
    let days = [("year", "2026"), ("opens", "2026-11-01"), ("due", "2026-12-11"), ("decide", "2026-12-25")];
    let here = Hall { city, office };
    here.posts("/desk/plan/rounds", "/desk/plan/rounds", &days).await.is(303);
    let page = hana.gets(&format!("{ITEM}?write=1")).await;
    let said = [("mark", "花"), ("grade", "舟"), ("text", "鶴を百羽折りました。"), ("next", "もっと折ります。")];
    hana.fills(&page, &format!("{ITEM}/submission"), &said).await.is(303);
    here.posts(ITEM, &format!("{ITEM}/agreement"), &[("publish", "1")]).await.is(303);
    here
}

async fn frozen() -> Hall {
    let here = reported().await;
    here.posts(ROUND, &format!("{ROUND}/freeze"), &[("sure", "yes")]).await.is(303);
    here
}

const ON: (&str, &str) = ("on", "令和8年11月10日");
const BODY: (&str, &str) = ("body", "折り目を見る会");

impl Hall {
    /// The office fills the form on a page.
    async fn posts(&self, page: &str, address: &str, fields: &[(&str, &str)]) -> Page {
        let page = self.office.gets(page).await;
        self.office.fills(&page, address, fields).await
    }

    async fn adopts(&self, fields: &[(&str, &str)]) -> Page {
        self.posts(ADOPTION, ADOPTION, fields).await
    }

    async fn corrects(&self, text: &str) {
        let address = format!("{ITEM}/correction");
        self.posts(&address, &address, &[("text", text), ("reason", "数え直しました。")]).await.is(303);
    }

    async fn file(&self, n: i64, format: &str) -> Page {
        shown(&self.city, &format!("{REPORT}?edition={n}&format={format}")).await
    }
}

fn text_of(pdf: &Page) -> String {
    let pdf = lopdf::Document::load_mem(pdf.bytes()).expect("it is a PDF");
    let pages: Vec<u32> = pdf.get_pages().into_keys().collect();
    let text = pdf.extract_text(&pages).expect("the text can be read");
    text.chars().filter(|letter| !letter.is_whitespace()).collect()
}

#[tokio::test]
async fn a_frozen_year_is_adopted_and_residents_read_it() {
    let here = frozen().await;
    here.office.gets(ROUND).await.says("採択へ進む");
    here.office.gets(ADOPTION).await.ok().says("報告のないものが").does_not_say("もう一度採択する理由");
    let done = here.adopts(&[ON, BODY]).await;
    here.office.is_led(&done).await.says("採択しました。").says("第1版").says("折り目を見る会");
    let page = shown(&here.city, REPORT).await;
    page.says("令和8年11月10日（火）に採択しました。").says("第1版").does_not_say("採択のあとに内容が変わりました。");
    // While nothing differs, the document of the year is the adopted one.
    assert!(page.links().iter().any(|link| link.href == "?edition=1&format=pdf"));
    let pdf = here.file(1, "pdf").await;
    let text = text_of(&pdf);
    assert!(text.contains("令和8年11月10日採択") && text.contains("鶴を百羽折りました。"), "{text}");
    assert!(here.file(1, "docx").await.bytes().starts_with(b"PK"));
    assert!(here.file(1, "xlsx").await.bytes().starts_with(b"PK"));
    for nothing in ["edition=2&format=pdf", "edition=x&format=pdf", "edition=1&format=odt"] {
        here.city.visitor("花").gets(&format!("{REPORT}?{nothing}")).await.is(404);
    }
}

#[tokio::test]
async fn what_was_adopted_stays_and_a_correction_is_adopted_anew() {
    let here = frozen().await;
    here.adopts(&[ON, BODY]).await.is(303);
    let first = here.file(1, "pdf").await;
    here.corrects("鶴を千羽折りました。").await;
    let page = shown(&here.city, REPORT).await;
    page.says("採択のあとに内容が変わりました。").says("鶴を千羽折りました。");
    assert!(page.links().iter().any(|link| link.href == "?format=pdf"));
    assert!(here.file(1, "pdf").await.bytes() == first.bytes());
    let rows = table(&here.file(1, "csv").await);
    assert!(rows.iter().any(|row| row["したこと、できたこと"] == "鶴を百羽折りました。"), "{rows:?}");

    here.office.gets(ADOPTION).await.says("最後に採択した報告書と違います");
    let page = here.adopts(&[("on", "2026-11-09"), BODY, ("reason", "")]).await;
    page.is(422).says("前に採択した日より前です。").says("もう一度採択する理由を書いてください。");
    here.adopts(&[("on", "2026-11-19"), BODY, ("reason", "人数を訂正したため。")]).await.is(303);
    let page = shown(&here.city, REPORT).await;
    page.says("第1版").says("第2版").says("人数を訂正したため。").does_not_say("採択のあとに内容が変わりました。");
    assert!(text_of(&here.file(2, "pdf").await).contains("鶴を千羽折りました。"));
    assert!(here.file(1, "pdf").await.bytes() == first.bytes());
}

#[tokio::test]
async fn what_goes_on_being_counted_makes_no_other_report() {
    let here = frozen().await;
    here.adopts(&[ON, BODY]).await.is(303);
    happened(&here.city, &times(3, "course.held", "2026-11-20")).await;
    folded(&here.city).await;
    shown(&here.city, REPORT).await.says("3回").does_not_say("採択のあとに内容が変わりました。");
}

#[tokio::test]
async fn a_year_of_which_residents_read_nothing_is_not_adopted() {
    let city = city("mihon").await;
    let office = city.person("田中恵", &[(Role::Coordinator, None)]).await;
    let days = [("year", "2026"), ("opens", "2026-11-01"), ("due", "2026-12-11"), ("decide", "2026-12-25")];
    let here = Hall { city, office };
    here.posts("/desk/plan/rounds", "/desk/plan/rounds", &days).await.is(303);
    here.posts(ROUND, &format!("{ROUND}/freeze"), &[("sure", "yes")]).await.is(303);
    let led = here.office.gets(ADOPTION).await;
    here.office.is_led(&led).await.says("公開した報告がまだありません");
    here.office.posts(ADOPTION, &[ON, ("once", "a")]).await.is(303);
    here.city.visitor("花").gets(REPORT).await.is(404);
}

#[tokio::test]
async fn only_a_frozen_year_is_adopted_and_only_by_the_office() {
    let here = reported().await;
    let led = here.office.gets(ADOPTION).await;
    here.office.is_led(&led).await.says("採択は、年度を確定してからです。");
    here.posts(ROUND, &format!("{ROUND}/freeze"), &[("sure", "yes")]).await.is(303);
    let head = here.city.person("鈴木誠", &[(Role::Head, Some("orizuru"))]).await;
    let auditor = here.city.person("山本翔", &[(Role::Auditor, None)]).await;
    head.gets(ADOPTION).await.is(403);
    auditor.gets(ADOPTION).await.ok();
    for who in [&head, &auditor] {
        who.posts(ADOPTION, &[ON, ("once", "a")]).await.is(403);
    }
    here.city.visitor("花").gets(ADOPTION).await.is(303);
    shown(&here.city, REPORT).await.does_not_say("採択");
}

#[tokio::test]
async fn sent_twice_it_is_adopted_once_and_nobody_adopts_what_they_have_not_seen() {
    let here = frozen().await;
    let (page, stale) = (here.office.gets(ADOPTION).await, here.office.gets(ADOPTION).await);
    here.office.fills(&page, ADOPTION, &[ON, BODY]).await.is(303);
    here.office.fills(&page, ADOPTION, &[ON, BODY]).await.is(303);
    here.office.gets(ROUND).await.says("第1版").does_not_say("第2版");
    // Somebody else had the form open before it was adopted.
    let again = here.office.fills(&stale, ADOPTION, &[ON, BODY]).await;
    again.is(422).says("もう一度採択する理由を書いてください。");
    let seen = here.office.gets(ADOPTION).await;
    here.corrects("鶴を千羽折りました。").await;
    let fields = [("on", "2026-11-20"), BODY, ("reason", "日付を直すため。")];
    let page = here.office.fills(&seen, ADOPTION, &fields).await;
    page.is(409).says("見ているあいだに、報告の内容が変わりました。");
    here.office.fills(&page, ADOPTION, &[]).await.is(303);
    here.office.gets(ROUND).await.says("第2版");
}

#[tokio::test]
async fn what_is_wrong_stands_beside_its_field() {
    let here = frozen().await;
    let long = "会".repeat(61);
    let page = here.adopts(&[("on", "2026-11-21"), ("body", &long)]).await;
    page.is(422).says("まだ来ていない日です。").says("1字減らしてください。");
    here.adopts(&[("on", "きのう")]).await.is(422);
    here.adopts(&[("on", "")]).await.is(422).says("日付を入れてください。");
    shown(&here.city, REPORT).await.does_not_say("採択");
}
