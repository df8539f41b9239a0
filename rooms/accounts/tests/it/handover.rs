//! The April handover: a list of staff comes in, is looked at, and is done, all of it or nothing.

mod properties;

use chrono::{DateTime, Utc};
use kyodo_kernel::audit::{self, Filter};
use kyodo_kernel::people::{self, AccountId, NewAccount, NewDuty, Role};
use kyodo_kernel::{drafts, jobs, mail};
use kyodo_testkit::{Page, TestCity, Visitor};

use crate::jobs_pages::worker;
use crate::world::house;

const BEGIN: &str = "/desk/people/handover";
const DO: &str = "/desk/people/handover/confirmation";
const HEADS: &str = "職員番号,氏名,ふりがな,所属,メールアドレス,役割\n";

/// 佐藤花 reports for 折り鶴課, 高橋健 heads it, 千葉明 reports for 紙風船課, and 鈴木進 administers.
struct World {
    city: TestCity,
    admin: Visitor,
    hana: AccountId,
    ken: AccountId,
    akira: AccountId,
}

async fn world() -> World {
    let city = house().await.city("mihon");
    let admin = city.holder("鈴木進", Role::Administrator).await;
    let hana = staff(&city, "佐藤花", "101", Role::Reporter, Some("orizuru")).await;
    let ken = staff(&city, "高橋健", "102", Role::Head, Some("orizuru")).await;
    let akira = staff(&city, "千葉明", "103", Role::Reporter, Some("kamifusen")).await;
    World { city, admin, hana, ken, akira }
}

async fn staff(city: &TestCity, name: &str, number: &str, role: Role, department: Option<&str>) -> AccountId {
    let now = city.house().house().clock.now();
    let mut tx = city.db().begin().await.unwrap();
    let new = NewAccount {
        name: name.to_owned(),
        email: Some(format!("p{number}@mihon.example")),
        staff_number: Some(number.to_owned()),
        ..NewAccount::default()
    };
    let id = people::open(&mut tx, &new, now).await.unwrap();
    let mut duty = NewDuty::new(role, "2026-04-01".parse().unwrap());
    duty.department = department.map(str::to_owned);
    people::give(&mut tx, id, &duty, now).await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// 佐藤花 moves to 紙風船課, 千葉明 follows her, 高橋健 leaves, 菊池望 comes and heads the department.
fn list() -> String {
    format!(
        "{HEADS}101,佐藤花,さとう はな,紙風船課,,協働推進員\n１０３,千葉 明,ちば あきら,折り鶴課,,協働推進員\n\
         201,菊池 望,きくち のぞみ,折り鶴課,nozomi@mihon.example,所属長\n202,阿部 瞳,,折り鶴課,,協働推進員\n"
    )
}

impl World {
    async fn reads(&self, list: &str) -> Page {
        let form = self.admin.gets(BEGIN).await;
        self.admin.fills(&form, BEGIN, &[("list", list), ("day", "令和9年4月1日")]).await
    }

    async fn previews(&self, list: &str) -> Page {
        self.admin.is_led(&self.reads(list).await).await
    }

    async fn confirms(&self, preview: &Page) -> Page {
        self.admin.fills(preview, DO, &[("seen", "yes")]).await
    }

    /// Role, department, first and last day of everything somebody holds.
    async fn duties(&self, id: AccountId) -> Vec<String> {
        let duties = people::duties(self.city.db(), id).await.unwrap();
        let told = duties.iter().map(|duty| {
            let to = duty.ends_on.map_or_else(String::new, |day| day.to_string());
            format!("{} {} {}..{to}", duty.role.name(), duty.department.as_deref().unwrap_or("-"), duty.starts_on)
        });
        told.collect()
    }

    async fn noted(&self, action: &str) -> usize {
        let filter = Filter { action: Some(action.to_owned()), ..Filter::default() };
        audit::search(self.city.db(), &filter, None, 100).await.unwrap().len()
    }

    async fn writes(&self, who: AccountId, subject: &str) {
        let now = self.city.house().house().clock.now();
        let mut tx = self.city.db().begin().await.unwrap();
        let fields = vec![("text".to_owned(), "書きかけ".to_owned())];
        drafts::save(&mut tx, who, subject, "", &fields, now).await.unwrap();
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn the_list_is_looked_at_and_then_done_as_a_whole() {
    let world = world().await;
    world.writes(world.hana, "measure:1-1-1-1").await;
    let preview = world.previews(&list()).await;
    preview
        .ok()
        .says("貼り付けた名簿")
        .says("令和9年4月1日（木）")
        .says("2 新しく入る人")
        .says("2 異動する人")
        .says("1 離れる人");
    preview.says("菊池 望").says("1人に招待のメールを送ります").says("アドレスがないので招待できません");
    preview.says("3 引き継ぐもの").says("書きかけの説明1件").says("5人の変わり方");
    assert_eq!(world.duties(world.hana).await, ["reporter orizuru 2026-04-01.."]);
    assert_eq!(world.noted("duty.given").await, 0);

    world.admin.fills(&preview, DO, &[]).await.is(422).says("印を付けてください");
    let done = world.admin.is_led(&world.confirms(&preview).await).await;
    done.ok()
        .says("引き継ぎをしました")
        .says("菊池 望")
        .says("アドレスがなく招待していない人")
        .says("阿部 瞳")
        .says("佐藤花 → 千葉明");
    assert_eq!(
        world.duties(world.hana).await,
        ["reporter kamifusen 2027-04-01..", "reporter orizuru 2026-04-01..2027-03-31"]
    );
    assert_eq!(world.duties(world.ken).await, ["head orizuru 2026-04-01..2027-03-31"]);
    assert_eq!(
        world.duties(world.akira).await,
        ["reporter orizuru 2027-04-01..", "reporter kamifusen 2026-04-01..2027-03-31"]
    );
    let nozomi = people::account_named(world.city.db(), "201").await.unwrap().unwrap();
    assert_eq!(mail::mails_of(world.city.db(), nozomi.id.0, None, 10).await.unwrap().len(), 1);
    assert_eq!(world.noted("duty.ended").await, 3);
    assert_eq!(world.noted("duty.given").await, 4);
    assert_eq!(world.noted("handover.applied").await, 1);

    // The same list again changes nothing.
    world.previews(&list()).await.ok().says("変わるところはありません");
}

#[tokio::test]
async fn confirming_twice_hands_over_once() {
    let world = world().await;
    let preview = world.previews(&list()).await;
    let form = preview.form(DO);
    let mut fields: Vec<(&str, &str)> =
        form.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.push(("seen", "yes"));
    world.admin.posts(DO, &fields).await.is(303);
    world.admin.posts(DO, &fields).await.is(303);
    assert_eq!(world.noted("handover.applied").await, 1);
    assert_eq!(world.duties(world.hana).await.len(), 2);
}

#[tokio::test]
async fn texts_pass_to_the_follower_when_the_day_has_come() {
    let world = world().await;
    world.writes(world.hana, "measure:1-1-1-1").await;
    world.writes(world.hana, "form:/account").await;
    world.writes(world.akira, "measure:2-1-1-1").await;
    let form = world.admin.gets(BEGIN).await;
    let read = world.admin.fills(&form, BEGIN, &[("list", &list()), ("day", "令和8年11月20日")]).await;
    let preview = world.admin.is_led(&read).await;
    world.confirms(&preview).await.is(303);
    let subjects = async |id| {
        let mine = drafts::mine(world.city.db(), id).await.unwrap();
        mine.into_iter().map(|draft| draft.subject).collect::<Vec<_>>()
    };
    assert_eq!(subjects(world.akira).await, ["measure:1-1-1-1"]);
    let mut of_hana = subjects(world.hana).await;
    of_hana.sort();
    assert_eq!(of_hana, ["form:/account", "measure:2-1-1-1"]);
}

#[tokio::test]
async fn texts_wait_for_the_day_in_the_queue() {
    let world = world().await;
    world.writes(world.hana, "measure:1-1-1-1").await;
    let preview = world.previews(&list()).await;
    world.confirms(&preview).await.is(303);
    assert_eq!(drafts::mine(world.city.db(), world.hana).await.unwrap().len(), 1);
    let (at,): (DateTime<Utc>,) =
        world.city.db().ask("SELECT run_at FROM job WHERE kind = 'handover-drafts'").one().await.unwrap();
    assert_eq!(at.to_rfc3339(), "2027-03-31T15:00:00+00:00");
    let (work, _) = worker(&world.city, "p1", "2027-04-01");
    while jobs::work_one(&work, kyodo_accounts::room().jobs).await.unwrap() {}
    assert_eq!(drafts::mine(world.city.db(), world.hana).await.unwrap().len(), 0);
    assert_eq!(drafts::mine(world.city.db(), world.akira).await.unwrap().len(), 1);
}

#[tokio::test]
async fn deputies_end_with_the_duty_they_stand_in_for() {
    let world = world().await;
    let now = world.city.house().house().clock.now();
    let mut tx = world.city.db().begin().await.unwrap();
    let main = people::duties(world.city.db(), world.ken).await.unwrap()[0].id;
    let mut duty = NewDuty::new(Role::Head, "2026-11-01".parse().unwrap()).of("orizuru");
    duty.deputy_of = Some(main);
    duty.ends_on = Some("2027-06-30".parse().unwrap());
    people::give(&mut tx, world.hana, &duty, now).await.unwrap();
    tx.commit().await.unwrap();
    let preview = world.previews(&list()).await;
    world.confirms(&preview).await.is(303);
    assert_eq!(world.duties(world.hana).await[1], "head orizuru 2026-11-01..2027-03-31");
}

#[tokio::test]
async fn every_cell_that_is_wrong_is_named_and_nothing_is_kept() {
    let world = world().await;
    let wrong = format!("{HEADS}101,佐藤花,,折紙課,,協働推進員\n102,,,折り鶴課,花,ほうこく\n");
    let page = world.reads(&wrong).await;
    page.is(422)
        .says("B3")
        .says("D2")
        .says("「折紙課」という部署はありません")
        .says("F3")
        .says("「ほうこく」という役割はありません");
    page.says("名簿に直すところが").says("何も変えていません");
    world.reads("名前だけ\n花\n").await.is(422).says("見出し「職員番号」と「氏名」");
    world.reads("").await.is(422).says("ファイルを選ぶか");
    let form = world.admin.gets(BEGIN).await;
    let late = world.admin.fills(&form, BEGIN, &[("list", &list()), ("day", "令和7年4月1日")]).await;
    late.is(422).says("2か月より前");
    world.admin.gets("/desk/people/handover/preview").await.is(303);
    // An address that is somebody else's is told by its row.
    let taken = format!("{HEADS}301,別の 人,,折り鶴課,p102@mihon.example,協働推進員\n");
    world.reads(&taken).await.is(422).says("2行目").says("高橋健さんが使っています");
}

#[tokio::test]
async fn a_file_in_the_encoding_of_excel_is_read_too() {
    let world = world().await;
    let (cp932, _, _) = encoding_rs::SHIFT_JIS.encode("職員番号,氏名,所属,役割\r\n101,佐藤花,紙風船課,協働推進員\r\n");
    let mut body = "--x\r\nContent-Disposition: form-data; name=\"day\"\r\n\r\nＲ９．４．１\r\n--x\r\nContent-Disposition: form-data; \
                    name=\"file\"; filename=\"名簿R9.csv\"\r\n\r\n"
        .as_bytes()
        .to_vec();
    body.extend_from_slice(&cp932);
    body.extend_from_slice(b"\r\n--x--\r\n");
    let read = world.admin.posts_body(BEGIN, "multipart/form-data; boundary=x", body).await;
    let preview = world.admin.is_led(&read).await;
    preview.ok().says("名簿R9.csv").says("1 異動する人").says("2 離れる人").says("まだ決まっていません");
}

#[tokio::test]
async fn the_sample_is_a_list_that_is_read() {
    let world = world().await;
    let csv = world.admin.gets("/desk/people/handover/sample?format=csv").await.ok().text();
    world.previews(csv.trim_start_matches('\u{feff}')).await.ok().says("見本 花").says("協働推進員（折り鶴課）");
    assert!(world.admin.gets("/desk/people/handover/sample").await.ok().bytes().starts_with(b"PK"));
}

#[tokio::test]
async fn who_is_who_is_asked_and_not_guessed() {
    let world = world().await;
    let list = format!(
        "{HEADS}101,伊藤花,いとう はな,折り鶴課,,協働推進員\n102,高橋健,,折り鶴課,,所属長\n103,千葉明,,紙風船課,,協働推進員\n"
    );
    let preview = world.previews(&list).await;
    preview
        .ok()
        .says("2行目の伊藤花さん（101）は、登録してある佐藤花さんと同じ人ですか")
        .does_not_say("この内容で引き継ぐ");
    world.admin.fills(&preview, DO, &[]).await.is(422).says("同じ人かどうか");
    let answers = "/desk/people/handover/answers";
    world.admin.fills(&preview, answers, &[("row-2", "other")]).await.is(422).says("佐藤花さんのものです");
    let preview = world.admin.is_led(&world.admin.fills(&preview, answers, &[("row-2", "same")]).await).await;
    preview.says("名前が伊藤花になります").says("1 登録が変わる人").says("0 異動する人").says("0 離れる人");
    world.confirms(&preview).await.is(303);
    let hana = people::account(world.city.db(), world.hana).await.unwrap().unwrap();
    assert_eq!((hana.name.as_str(), hana.kana.as_str()), ("伊藤花", "いとう はな"));
    assert_eq!(world.duties(world.hana).await, ["reporter orizuru 2026-04-01.."]);
}

#[tokio::test]
async fn what_changed_meanwhile_is_shown_before_anything_is_done() {
    let world = world().await;
    let preview = world.previews(&list()).await;
    let now = world.city.house().house().clock.now();
    let mut tx = world.city.db().begin().await.unwrap();
    let duty = NewDuty::new(Role::Coordinator, "2026-10-01".parse().unwrap());
    people::give(&mut tx, world.ken, &duty, now).await.unwrap();
    tx.commit().await.unwrap();
    let again = world.confirms(&preview).await;
    again.is(409).says("役割が変わりました").says("計画の担当課");
    assert_eq!(world.noted("handover.applied").await, 0);
    world.confirms(&again).await.is(303);
    assert_eq!(world.duties(world.ken).await[0], "coordinator - 2026-10-01..2027-03-31");
}

#[tokio::test]
async fn nobody_but_the_staff_is_touched() {
    let world = world().await;
    let minori = staff(&world.city, "菅原みのり", "900", Role::Resident, None).await;
    let megumi = staff(&world.city, "小野寺恵", "901", Role::CommitteeMember, None).await;
    let preview = world.previews(&list()).await;
    preview.does_not_say("菅原みのり").does_not_say("小野寺恵").says("鈴木進さんの管理者は続きます");
    world.confirms(&preview).await.is(303);
    assert_eq!(world.duties(minori).await, ["resident - 2026-04-01.."]);
    assert_eq!(world.duties(megumi).await, ["committee_member - 2026-04-01.."]);
    assert_eq!(world.duties(world.admin.account()).await, ["administrator - 2026-04-01.."]);
}

#[tokio::test]
async fn a_number_of_somebody_without_a_duty_is_not_taken_from_them() {
    let world = world().await;
    let idle = staff(&world.city, "及川進", "500", Role::Resident, None).await;
    // Whoever has no number yet takes that of the list, unless it is somebody's.
    let now = world.city.house().house().clock.now();
    let mut tx = world.city.db().begin().await.unwrap();
    let ken = people::account(world.city.db(), world.ken).await.unwrap().unwrap();
    let new = NewAccount { name: ken.name, kana: ken.kana, ..NewAccount::default() };
    people::put(&mut tx, world.ken, &new).await.unwrap();
    people::close(&mut tx, world.akira, "2026-11-20".parse().unwrap(), now).await.unwrap();
    tx.commit().await.unwrap();
    let list = "職員番号,氏名,所属,メールアドレス\n500,高橋健,折り鶴課,p102@mihon.example\n101,佐藤花,折り鶴課,\n";
    world.previews(list).await.ok().says("登録してある及川進さんと同じ人ですか");
    let list = list.replace("500", "102");
    let preview = world.previews(&list).await;
    preview.says("職員番号が102になります").says("1 変わらない人");
    world.confirms(&preview).await.is(303);
    let ken = people::account_named(world.city.db(), "102").await.unwrap().unwrap();
    assert_eq!(ken.id, world.ken);
    assert_eq!(world.duties(idle).await.len(), 1);
    assert_eq!(world.duties(world.ken).await, ["head orizuru 2026-04-01.."]);
}

#[tokio::test]
async fn every_page_speaks_every_language() {
    let World { city, admin, hana, .. } = world().await;
    let duty = people::duties(city.db(), hana).await.unwrap()[0].id;
    let person = format!("/desk/people/{}", hana.0);
    let pages = [
        "/desk/people".to_owned(),
        "/desk/people/new".to_owned(),
        person.clone(),
        format!("{person}/duties"),
        format!("{person}/endings?duty={duty}"),
        format!("{person}/deputies?duty={duty}"),
        format!("{person}/closure"),
        BEGIN.to_owned(),
    ];
    let mut admin = admin;
    for speaks in [Visitor::in_easy_japanese as fn(Visitor) -> Visitor, Visitor::in_english, Visitor::with_furigana] {
        admin = speaks(admin);
        for page in &pages {
            admin.gets(page).await.ok();
        }
        let form = admin.gets(BEGIN).await;
        admin.fills(&form, BEGIN, &[("list", "101,花"), ("day", "soon")]).await.is(422);
        let read = admin.fills(&form, BEGIN, &[("list", &list()), ("day", "2027-04-01")]).await;
        admin.is_led(&read).await.ok();
    }
    let preview = admin.gets("/desk/people/handover/preview").await;
    let done = admin.fills(&preview, DO, &[("seen", "yes")]).await;
    admin.is_led(&done).await.ok().says("菊池 望");
}

#[tokio::test]
async fn only_keepers_hand_over_and_auditors_look_on() {
    let world = world().await;
    let hana = world.city.signed_in("佐藤花", world.hana).await;
    hana.gets(BEGIN).await.is(403).says("管理者");
    hana.posts(BEGIN, &[("list", &list())]).await.is(403);
    let auditor = world.city.holder("及川進", Role::Auditor).await;
    auditor.gets(BEGIN).await.ok();
    auditor.posts(DO, &[("seen", "yes")]).await.is(403);
}
