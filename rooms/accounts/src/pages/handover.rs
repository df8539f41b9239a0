//! `/desk/people/handover`: the April handover from the list of staff, in three steps: choose the list, look at what it
//! would do, do all of it or nothing.

mod confirmation;
mod job;
mod kept;
mod preview;
mod reading;

use askama::Template;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use chrono::{Datelike, Days, NaiveDate};
use kyodo_kernel::Language;
use kyodo_web::components::{Field, Wrongs};
use kyodo_web::form::seen_at;
use kyodo_web::sheet::{Sheet, SheetFormat};
use kyodo_web::{Access, Ctx, Faults, Form, Frame, Page, Params, Result, Routes, Wrong, filters};

pub(crate) use job::JOB;

use super::people::{day_field, needed_day_of};
use crate::KEEPERS;
use crate::handover::Answers;
use kept::Kept;
use reading::{Fault, Sent};

/// How long after the day a handover can still be made up for.
const LATE: Days = Days::new(60);

/// The addresses of these pages.
pub(super) fn routes() -> Routes {
    let keepers = Access::Roles(KEEPERS);
    Routes::new()
        .get("/desk/people/handover", keepers, begin)
        .post("/desk/people/handover", keepers, read)
        .get("/desk/people/handover/sample", keepers, sample)
        .get("/desk/people/handover/preview", keepers, preview::show)
        .post("/desk/people/handover/answers", keepers, preview::answer)
        .post("/desk/people/handover/confirmation", keepers, confirmation::post)
        .get("/desk/people/handover/result", keepers, confirmation::result)
}

const BEGIN: &str = "/desk/people/handover";
const PREVIEW: &str = "/desk/people/handover/preview";

#[derive(Template)]
#[template(path = "handover-list.html")]
struct ListPage<'a> {
    f: &'a Frame,
    wrongs: Wrongs<'a>,
    faults: Vec<Fault>,
    fields: Vec<Field>,
    /// Whether a preview is kept from before.
    is_kept: bool,
}

/// `GET /desk/people/handover`
async fn begin(ctx: Ctx) -> Result<Response> {
    let f = frame(&ctx);
    let faults = Faults::default();
    let is_kept = kept::of(&ctx).await?.is_some();
    Ok(Page(page(&f, &Form::default(), &faults, Vec::new(), is_kept)).into_response())
}

/// `POST /desk/people/handover`: the list is read; nothing is changed yet.
async fn read(ctx: Ctx, request: Request) -> Result<Response> {
    let sent = Sent::of(&ctx, request).await?;
    let (f, mut faults) = (frame(&ctx), Faults::default());
    let day = day(&f, &sent.form, &mut faults);
    if sent.content.is_empty() {
        faults.add("list", f.t("handover-list-missing"));
    } else if let Some(refused) = &sent.refused {
        faults.add("file", refused.clone());
    }
    let (Some(day), true) = (day, faults.is_empty()) else {
        return Ok(Wrong(page(&f, &sent.form, &faults, Vec::new(), false)).into_response());
    };
    let kept = match reading::lines(&f, &sent) {
        Ok(lines) => Kept { day, source: sent.name, lines, answers: Answers::new() },
        Err(wrong) => return Ok(Wrong(page(&f, &sent.form, &faults, wrong, false)).into_response()),
    };
    let (known, plan) = kept.plan(&ctx).await?;
    if !plan.conflicts.is_empty() {
        let wrong = plan.conflicts.iter().map(|conflict| reading::told(&f, conflict)).collect();
        return Ok(Wrong(page(&f, &sent.form, &faults, wrong, false)).into_response());
    }
    kept.keep(&ctx, &known).await?;
    Ok(seen_at(PREVIEW))
}

/// `GET /desk/people/handover/sample?format=xlsx`: the heads, and one line that shows how.
async fn sample(ctx: Ctx, params: Params) -> Result<Response> {
    let words = ctx.state.words(Language::Japanese);
    let departments = ctx.state.departments.iter().filter(|department| !department.placeholder);
    let department = departments.map(|department| department.name.clone()).next().unwrap_or_default();
    // The heads are those that lists of staff have in Japan, whatever language the page is read in.
    let heads = ["職員番号", "氏名", "ふりがな", "所属", "メールアドレス", "役割"];
    let row = ["000001", "見本 花", "みほん はな", &department, "hana@example.jp", &words.say("role-reporter")];
    let sheet = Sheet {
        name: words.say("handover-sample-name"),
        heads: heads.map(str::to_owned).to_vec(),
        rows: vec![row.map(Into::into).to_vec()],
    };
    let format = SheetFormat::of(params.get("format")).unwrap_or(SheetFormat::Xlsx);
    Ok(sheet.download(format)?.into_response())
}

/// The frame of every step.
fn frame(ctx: &Ctx) -> Frame {
    ctx.frame(ctx.words().say("handover-title"))
        .at_desk()
        .crumb("/desk", "nav-desk")
        .crumb("/desk/people", "nav-people")
        .crumb("", "handover-title")
}

fn page<'a>(f: &'a Frame, form: &Form, faults: &'a Faults, wrong: Vec<Fault>, is_kept: bool) -> ListPage<'a> {
    let first = kyodo_wareki::long_date(next_april(f.ctx.today));
    let fields = vec![
        Field::file("file", f.t("handover-file"), ".xlsx,.csv").hint(f.t("handover-file-hint")),
        Field::lines("list", f.t("handover-list"), 6).hint(f.t("handover-list-hint")).japanese(f),
        day_field(f, "day", "handover-day", "people-day-hint").need(f).value(first),
    ];
    ListPage {
        f,
        wrongs: Wrongs { f, faults },
        faults: wrong,
        fields: fields.into_iter().map(|field| field.heard(form, faults)).collect(),
        is_kept,
    }
}

/// The day from which the list holds.
fn day(f: &Frame, form: &Form, faults: &mut Faults) -> Option<NaiveDate> {
    let day = needed_day_of(f, form, faults, "day")?;
    if day.checked_add_days(LATE).is_none_or(|late| late < f.ctx.today) {
        faults.add("day", f.t("handover-day-late"));
    }
    Some(day)
}

/// The first of April that comes next, or is today.
fn next_april(today: NaiveDate) -> NaiveDate {
    let of = |year| NaiveDate::from_ymd_opt(year, 4, 1).unwrap_or(today);
    let this = of(today.year());
    if this >= today { this } else { of(today.year() + 1) }
}
