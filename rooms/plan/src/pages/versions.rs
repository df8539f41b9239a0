//! The versions of the plan: when each was adopted, why, and what it changed.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::FiscalYear;
use kyodo_web::sheet::SheetFormat;
use kyodo_web::{Ctx, Error, Frame, KeyPath, Page, Params, Result, filters};

use crate::desk::editing::difference::{DifferenceList, list, sheet};
use crate::editing::{Lines, Told, difference};
use crate::kept;
use crate::pages::earlier::ran;
use crate::plan::Plan;
use crate::store;
use crate::store::editing::{self as versions, Version};

/// The versions.
pub(crate) const VERSIONS: &str = "/plan/versions";

#[derive(Template)]
#[template(path = "versions.html")]
struct VersionsPage<'a> {
    f: &'a Frame,
    plan: &'a str,
    rows: Vec<Row>,
    /// The plans before this one, the latest first: page, title, years.
    earlier: Vec<(String, String, String)>,
}

struct Row {
    name: String,
    /// What it changed; the first changed nothing.
    href: Option<String>,
    stands: bool,
    day: String,
    from: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "version.html")]
struct VersionPage<'a> {
    f: &'a Frame,
    row: Row,
    against: String,
    list: DifferenceList<'a>,
    csv: String,
    xlsx: String,
}

/// `GET /plan/versions`
pub async fn versions(ctx: Ctx) -> Result<Response> {
    let (id, plan) = store::plan(&ctx.db).await?.ok_or(Error::NotFound)?;
    let all = versions::versions(&ctx.db, id).await?;
    let f = ctx.frame(ctx.words().say("versions-title")).crumb("/plan", "nav-plan").crumb(VERSIONS, "versions-title");
    let rows = all.iter().map(|version| row(&f, &plan, version));
    let mut rows: Vec<Row> = rows.collect();
    if rows.is_empty() {
        let only = Version { number: plan.version, ..first() };
        rows.push(row(&f, &plan, &only));
    }
    let lineage = kept::lineage(&ctx).await?;
    let earlier = lineage.plans.iter().rev();
    let earlier = earlier.map(|plan| (plan.address(), plan.title.clone(), ran(&f, plan))).collect();
    Ok(Page(VersionsPage { f: &f, plan: &plan.title, rows, earlier }).into_response())
}

fn first() -> Version {
    Version { number: 1, name: String::new(), adopted_on: None, from_year: None, reason: String::new() }
}

fn row(f: &Frame, plan: &Plan, version: &Version) -> Row {
    Row {
        name: named(f, version),
        href: version.adopted_on.map(|_| format!("{VERSIONS}/{}", version.number)),
        stands: version.number == plan.version,
        day: version.adopted_on.map(|day| f.day(day)).unwrap_or_default(),
        from: version
            .from_year
            .map(|year| f.with("version-from", &[("year", &f.ctx.long_year(FiscalYear::new(year)))]))
            .unwrap_or_default(),
        reason: version.reason.clone(),
    }
}

fn named(f: &Frame, version: &Version) -> String {
    if version.name.is_empty() { f.t("version-first") } else { version.name.clone() }
}

/// `GET /plan/versions/{number}`: what it changed against the version before.
pub async fn version(ctx: Ctx, KeyPath(number): KeyPath, params: Params) -> Result<Response> {
    let number: i64 = number.parse().map_err(|_| Error::NotFound)?;
    let (id, plan) = store::plan(&ctx.db).await?.ok_or(Error::NotFound)?;
    let all = versions::versions(&ctx.db, id).await?;
    let own = all.iter().find(|version| version.number == number).ok_or(Error::NotFound)?;
    let before = all.iter().find(|version| version.number == number - 1).ok_or(Error::NotFound)?;
    let told = told(&ctx, id, number).await?;
    let f =
        ctx.frame(named(&ctx.frame(String::new()), own)).crumb("/plan", "nav-plan").crumb(VERSIONS, "versions-title");
    let f = f.crumb_named(format!("{VERSIONS}/{number}"), own.name.clone());
    if let Some(format) = SheetFormat::of(params.get("format")) {
        return Ok(sheet(&f, named(&f, own), &told).download(format)?.into_response());
    }
    let page = VersionPage {
        row: row(&f, &plan, own),
        against: f.with("version-against", &[("name", &named(&f, before))]),
        list: list(&f, &told, true),
        csv: format!("?{}", params.with("format", "csv")),
        xlsx: format!("?{}", params.with("format", "xlsx")),
        f: &f,
    };
    Ok(Page(page).into_response())
}

/// What a version changed.
async fn told(ctx: &Ctx, plan: i64, number: i64) -> Result<Vec<Told>> {
    let lines = async |number| -> Result<Lines> {
        versions::version_lines(&ctx.db, plan, number).await?.ok_or(Error::NotFound)
    };
    Ok(difference(&lines(number - 1).await?, &lines(number).await?, &ctx.state.departments))
}
