//! Opinions and their answers where several people work at once: nothing becomes public that nobody has read, nothing that
//! somebody wrote is lost, and everybody who has to do something is told.

use kyodo_kernel::FiscalYear;
use kyodo_kernel::people::Role;
use kyodo_plan::evaluation::{Evaluation, Kind};
use kyodo_plan::store;
use kyodo_testkit::Visitor;

use crate::evaluation::{Hall, ITEM, OPINIONS, PUBLIC, REVIEW, hall};
use crate::world::{day, evaluated, report, reported, shown};

const PUBLICATIONS: &str = "/desk/plan/opinions/publications";
const DRAFT: &str = "/desk/plan/draft";

impl Hall {
    /// A resident's words on 折り方の会 are public; where they are answered.
    async fn heard(&self, comment: &str) -> String {
        let mut tx = self.city.db().begin().await.unwrap();
        let node = store::node_now(&mut tx, 1, "1-1-1-1").await.unwrap().expect("the plan has it").id;
        let said = Evaluation {
            id: 0,
            node: Some(node),
            year: FiscalYear::new(2025),
            kind: Kind::Resident,
            evaluator: "市民".to_owned(),
            grade: None,
            comment: comment.to_owned(),
            published_on: Some(day("2026-11-10")),
            answer: None,
        };
        store::put_evaluation(&mut tx, 1, &said, false).await.unwrap();
        tx.commit().await.unwrap();
        let all = store::opinions(self.city.db(), 1).await.unwrap();
        let own = all.iter().find(|one| one.said.kind == Kind::Resident).expect("it is public");
        format!("{OPINIONS}/{}", own.said.id)
    }

    /// What the office is asked to answer for the plan as a whole.
    async fn whole(&self) -> String {
        let page = self.office.gets(&format!("{OPINIONS}?state=mine")).await;
        let link = page.links().into_iter().find(|link| link.href.starts_with("/desk/plan/opinions/"));
        link.expect("one waits for the office").href
    }

    /// Somebody presses the button with which the office publishes every answer.
    async fn publishes_all(&self, page: &kyodo_testkit::Page, said: &str) {
        let answer = self.office.fills(page, PUBLICATIONS, &[]).await;
        self.office.is_led(&answer).await.says(said);
    }

    async fn hears_nothing(&self, who: &Visitor, words: &str) {
        who.gets(PUBLIC).await.does_not_say(words);
    }
}

#[tokio::test]
async fn what_a_resident_said_is_never_reworded_and_what_is_covered_is_shown_no_more() {
    let here = hall().await;
    let opinion = here.heard("課長の佐藤さんに聞きました。夜にも開いてください。").await;
    let address = format!("{opinion}/correction");
    let page = here.office.gets(&address).await;
    page.ok().does_not_say("きれいに折れた");
    let reworded = [("comment", "課長に聞きました。夜にも開いてください。"), ("reason", "名前のため。")];
    here.office.fills(&page, &address, &reworded).await.is(422).says("市民の言葉は書き直せません");
    let covered = [("comment", "課長の●●さんに聞きました。夜にも開いてください。"), ("reason", "名前があったため。")];
    here.office.fills(&page, &address, &covered).await.is(303);
    for place in [PUBLIC, "/plan/reports/2025", "/plan/reports/2025?format=csv"] {
        shown(&here.city, place).await.says("課長の●●さん").does_not_say("佐藤さん");
    }
    shown(&here.city, PUBLIC).await.says("名前があったため。");
    here.writer.gets(&opinion).await.does_not_say("佐藤さん");
    assert!(here.told(&here.writer).await.contains(&"notice-opinion-corrected".to_owned()));
    // Sent once more, it leads to where it led.
    here.office.fills(&page, &address, &covered).await.is(303);
}

#[tokio::test]
async fn what_is_withdrawn_is_read_by_nobody_and_waits_for_nobody() {
    let here = hall().await;
    let opinion = here.heard("課長の佐藤さんは来ません。夜にも開いてください。").await;
    let correction = format!("{opinion}/correction");
    let page = here.office.gets(&correction).await;
    let covered = [("comment", "課長の●●さんは来ません。夜にも開いてください。"), ("reason", "名前があったため。")];
    here.office.fills(&page, &correction, &covered).await.is(303);
    here.writer.posts(&format!("{opinion}/draft"), &[("text", "夜も開きます。"), ("base", "0")]).await.is(303);
    assert_eq!(here.waits_for(&here.writer).await.len(), 1);

    let address = format!("{opinion}/withdrawal");
    let page = here.office.follows(&here.office.gets(&opinion).await, "公開したものを取り下げる").await;
    page.ok().says("夜にも開いてください。");
    let bare = here.office.fills(&page, &address, &[]).await;
    bare.is(422).says("取り下げの理由を書いてください").says("確かめて、印を付けてください");
    shown(&here.city, PUBLIC).await.says("夜にも開いてください。");
    let sure = [("reason", "書いた方から申し出がありました。"), ("sure", "yes")];
    // Pressed twice, it leads where it led.
    for _ in 0..2 {
        here.office.fills(&page, &address, &sure).await.is(303);
    }
    for place in [PUBLIC, "/plan/reports/2025", "/plan/reports/2025?format=csv"] {
        let page = shown(&here.city, place).await;
        page.says("この意見は令和8年11月20日（金）に取り下げました。書いた方から")
            .does_not_say("夜にも")
            .does_not_say("課長の");
    }
    shown(&here.city, PUBLIC).await.says("名前があったため。");
    here.office.gets(&correction).await.is(404);
    here.office.gets(&format!("{OPINIONS}?state=withdrawn")).await.says("取り下げ").does_not_say("夜にも");
    assert_eq!(here.waits_for(&here.writer).await, Vec::<String>::new());
    assert!(here.told(&here.writer).await.contains(&"notice-opinion-withdrawn".to_owned()));
    // Nobody answers it any more; what somebody was writing is theirs.
    let page = here.writer.gets(&opinion).await;
    page.says("出していない下書き").says("夜も開きます。").does_not_say("事務局へ出す");
    let late = [("text", "昼も開きます。"), ("base", "0"), ("once", "late")];
    let answer = here.writer.posts(&format!("{opinion}/answer"), &late).await;
    here.writer.is_led(&answer).await.ok();
    shown(&here.city, PUBLIC).await.does_not_say("昼も開きます。");
}

#[tokio::test]
async fn nobody_withdraws_what_they_have_not_seen() {
    let here = hall().await;
    let opinion = here.heard("夜にも開いてください。").await;
    let address = format!("{opinion}/withdrawal");
    let stale = here.office.gets(&address).await;
    let answered = [("text", "夜も開きます。"), ("publish", "1")];
    let page = here.office.gets(&opinion).await;
    here.office.fills(&page, &format!("{opinion}/answer"), &answered).await.is(303);
    shown(&here.city, PUBLIC).await.says("夜も開きます。");
    let sure = [("reason", "申し出がありました。"), ("sure", "yes")];
    here.office.fills(&stale, &address, &sure).await.is(303);
    shown(&here.city, PUBLIC).await.says("夜にも開いてください。");
    let page = here.office.gets(&address).await;
    here.office.fills(&page, &address, &sure).await.is(303);
    shown(&here.city, PUBLIC).await.does_not_say("夜にも").does_not_say("夜も開きます。");
}

#[tokio::test]
async fn the_office_publishes_only_answers_that_waited_when_the_page_was_made() {
    let here = hall().await.opened().await;
    here.published().await;
    let opinion = here.opinion().await;
    here.answers(&here.writer, &opinion, "春に習います。").await.is(303);
    let stale = here.office.gets(OPINIONS).await;
    here.answers(&here.writer, &opinion, "秋に習います。").await.is(303);
    here.publishes_all(&stale, "公開できる答えはありませんでした").await;
    here.hears_nothing(&here.writer, "秋に習います。").await;
    let page = here.office.gets(OPINIONS).await;
    here.publishes_all(&page, "公開待ちの答えを公開しました").await;
    shown(&here.city, PUBLIC).await.says("秋に習います。");
    // What is public is answered no more, and what came late is kept for its writer alone.
    let late = here.writer.gets(&opinion).await;
    late.does_not_say("事務局へ出す");
    let fields = [("text", "冬に習います。"), ("base", "3"), ("once", "late")];
    let answer = here.writer.posts(&format!("{opinion}/answer"), &fields).await;
    here.writer.is_led(&answer).await.says("出していない下書き").says("冬に習います。");
    here.office.gets(&opinion).await.does_not_say("冬に習います。");
    here.writer.posts(&format!("{opinion}/draft"), &[("drop", "1")]).await.is(303);
    here.writer.gets(&opinion).await.does_not_say("冬に習います。");
}

#[tokio::test]
async fn the_meeting_publishes_only_what_was_on_the_page() {
    let here = hall().await.opened().await;
    here.says(ITEM, "舟", "羽の角をそろえてください。").await.is(303);
    let whole = format!("{REVIEW}/whole/new");
    let page = here.office.gets(&whole).await;
    here.office.fills(&page, &whole, &[("comment", "紙の色を増やしてください。")]).await.is(303);
    let (stale, speech) = (here.office.gets(REVIEW).await, here.second.gets(ITEM).await);
    here.says(ITEM, "鶴", "尾の角をそろえてください。").await.is(303);
    let publication = format!("{REVIEW}/publication");
    let fields = [("sure", "yes"), ("answer", "2026-12-18")];
    let answer = here.office.fills(&stale, &publication, &fields).await;
    here.office.is_led(&answer).await.says("見ているあいだに書かれた意見は、まだ公開していません");
    shown(&here.city, "/plan/reports/2025").await.says("紙の色を").does_not_say("尾の角を").does_not_say("羽の角を");
    here.hana.gets(ITEM).await.says("会議の意見を公開したので、もう書けません");
    let page = here.office.gets(REVIEW).await;
    here.office.fills(&page, &publication, &fields).await.is(303);
    shown(&here.city, PUBLIC).await.says("尾の角を");
    // Whoever was still writing finds their words beside what is public.
    let answer =
        here.second.fills(&speech, &format!("{ITEM}/opinion"), &[("comment", "くちばしを折ってください。")]).await;
    here.second.is_led(&answer).await.says("もう公開しています").says("くちばしを折ってください。");
    here.office.gets(ITEM).await.does_not_say("くちばしを");
}

#[tokio::test]
async fn the_office_is_asked_where_a_department_has_nobody() {
    let here = hall().await;
    reported(&here.city, &[report("1-2-1-1", 2025, "花")]).await;
    evaluated(&here.city, "1-2-1-1", 2025, "折り目を見る会", None, "箱が足りません。").await;
    evaluated(&here.city, "1-1-1-1", 2025, "折り目を見る会", None, "羽の角をそろえてください。").await;
    let waits = here.waits_for(&here.office).await;
    assert_eq!(waits, ["意見に答える：余り紙の回収箱"]);
    here.office.gets(&format!("{OPINIONS}?state=mine")).await.says("余り紙の回収箱").does_not_say("折り方の会");
    here.city.person("小林舟", &[(Role::Head, Some("kamifusen"))]).await;
    here.city.changes(async |_| Ok(())).await;
    assert!(here.waits_for(&here.office).await.is_empty());
}

#[tokio::test]
async fn whoever_publishes_and_comes_second_still_publishes() {
    let here = hall().await.opened().await;
    here.published().await;
    let opinion = here.whole().await;
    let (answer, page) = (format!("{opinion}/answer"), here.office.gets(&opinion).await);
    page.says("事務局の答え").does_not_say("担当課の答え");
    let once = [("text", "八色にします。"), ("base", "0"), ("once", "b")];
    here.second.posts(&answer, &once).await.is(303);
    let page = here.office.fills(&page, &answer, &[("text", "十二色にします。"), ("publish", "1")]).await;
    page.is(409).says("八色にします。").says("十二色にします。");
    here.office.fills(&page, &answer, &[("take", "mine")]).await.is(303);
    shown(&here.city, "/plan/reports/2025").await.says("十二色にします。").says("事務局の答え");
}

#[tokio::test]
async fn the_head_who_sent_an_answer_is_told_that_it_comes_back() {
    let here = hall().await.opened().await;
    let head = here.city.person("鈴木誠", &[(Role::Head, Some("orizuru"))]).await;
    here.published().await;
    let opinion = here.opinion().await;
    here.answers(&head, &opinion, "春に習います。").await.is(303);
    let page = here.office.gets(&opinion).await;
    here.office.fills(&page, &format!("{opinion}/return"), &[("note", "いつの春ですか。")]).await.is(303);
    for who in [&head, &here.writer] {
        assert!(here.told(who).await.contains(&"notice-answer-returned".to_owned()), "{:?}", who.account());
    }
}

#[tokio::test]
async fn what_left_the_plan_since_is_evaluated_for_the_year_in_which_it_was_there() {
    let here = hall().await;
    let page = here.office.gets(DRAFT).await;
    here.office.fills(&page, DRAFT, &[("from", "2026")]).await.is(303);
    let line = format!("{DRAFT}/lines/1-1-1-1");
    let page = here.office.gets(&line).await;
    here.office.fills(&page, &format!("{line}/retirement"), &[]).await.is(303);
    let adoption = format!("{DRAFT}/adoption");
    let page = here.office.gets(&adoption).await;
    let adopted = [("name", "改訂版"), ("reason", "わけ"), ("sure", "yes")];
    here.office.fills(&page, &adoption, &adopted).await.is(303);
    here.office.gets(REVIEW).await.says("折り方の会");
    let here = here.opened().await;
    here.hana.gets(REVIEW).await.says("2件のうち0件").says("折り方の会");
    let days = format!("{REVIEW}/days");
    let page = here.office.gets(&days).await;
    here.office.fills(&page, &days, &[("due", "2026-12-18")]).await.is(303);
    here.hana.gets(REVIEW).await.says("2件のうち0件").says("折り方の会");
}

#[tokio::test]
async fn who_has_two_duties_is_told_once_and_who_left_is_reminded_of_nothing() {
    let here = hall().await;
    let twice = [(Role::CommitteeMember, None), (Role::CommitteeMember, None)];
    let both = here.city.person("渡辺折", &twice).await;
    let page = here.office.gets(REVIEW).await;
    here.office.fills(&page, REVIEW, &crate::evaluation::DAYS).await.is(303);
    assert_eq!(here.told(&both).await, ["notice-evaluation-opened"]);
    let names = here.office.gets(REVIEW).await.texts_of("#members ~ dl dt");
    assert_eq!(names, ["佐藤花", "渡辺折", "高橋健"], "by name");
}

#[tokio::test]
async fn those_who_audit_read_forms_and_send_none() {
    let here = hall().await.opened().await;
    here.published().await;
    let opinion = here.opinion().await;
    let auditor = here.city.person("山本翔", &[(Role::Auditor, None)]).await;
    let page = here.office.gets(DRAFT).await;
    here.office.fills(&page, DRAFT, &[("from", "2026")]).await.is(303);
    let buttons = [
        (format!("{opinion}/correction"), "訂正を公開する"),
        (format!("{opinion}/withdrawal"), "<button class=\"button--danger\">取り下げる"),
        (format!("{REVIEW}/whole/new"), "意見を保存する"),
        (DRAFT.to_owned(), "改訂の案を捨てる"),
        (format!("{DRAFT}/new?below=1-1-1"), "<button>加える"),
        (format!("{DRAFT}/lines/1-1-1-1"), "案に書く"),
    ];
    for (address, button) in buttons {
        let page = auditor.gets(&address).await;
        page.ok();
        assert!(!page.source().contains(button), "{address} has {button}");
    }
}
