//! Something is entered for a year: read from a form, put upon what its writer saw, and told. Whoever was overtaken sees
//! both and decides.

use std::collections::HashMap;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::audit::Entry as Noted;
use kyodo_kernel::people::{self, AccountId, Person};
use kyodo_kernel::{FiscalYear, city};
use kyodo_web::components::{Field, choice};
use kyodo_web::{Ctx, Error, Faults, Form, Frame, Page, Result, filters, format};
use serde_json::json;

use crate::entry::{MOST_SOURCE, ValueFault, read_value};
use crate::store::observations::{Entry, NewEntry, What, enter, entries};

/// What something is entered for: an indicator's figures or targets, or the people of the city.
pub(super) struct Place<'a> {
    pub(super) what: What,
    pub(super) plan: i64,
    /// None for the population.
    pub(super) indicator: Option<i64>,
    /// As the trail names it.
    pub(super) subject: String,
    pub(super) unit: &'a str,
    pub(super) decimals: u8,
    /// The years that something can be entered for, the newest first.
    pub(super) years: Vec<FiscalYear>,
    /// Everything that was entered, by year.
    pub(super) entries: Vec<Entry>,
    /// Whose people may enter; the first that the writer belongs to is named with it.
    pub(super) departments: &'a [String],
    /// The page that it stands on.
    pub(super) page: String,
    /// Where it is sent.
    pub(super) address: String,
}

/// What was typed, and can be entered.
pub(super) struct Typed {
    pub(super) year: FiscalYear,
    pub(super) value: f64,
    pub(super) source: String,
}

impl Place<'_> {
    /// The name of a field: two forms on one page must not share any.
    pub(super) fn field(&self, name: &str) -> String {
        match self.what {
            What::Target => format!("target-{name}"),
            What::Figure | What::Population => name.to_owned(),
        }
    }

    /// What the value is called, and what its source may be.
    fn messages(&self) -> [&'static str; 2] {
        match self.what {
            What::Figure => ["entry-value-figure", "entry-source-hint-figure"],
            What::Target => ["entry-value-target", "entry-source-hint-target"],
            What::Population => ["entry-value-population", "entry-source-hint-population"],
        }
    }

    /// The fields: year, value, source. What stands for the year that was asked for is filled in, to be corrected.
    pub(super) fn fields(&self, f: &Frame, asked: Option<FiscalYear>, form: &Form, faults: &Faults) -> Vec<Field> {
        let standing = asked.and_then(|year| self.standing(year));
        // A figure is known when its year is over.
        let over = self.years.get(1).filter(|_| self.what != What::Target);
        let chosen = asked.or_else(|| over.or(self.years.first()).copied());
        let choice = |year: &FiscalYear| choice(year.to_string(), f.ctx.long_year(*year), Some(*year) == chosen);
        let years = self.years.iter().map(choice).collect();
        let value = standing.and_then(|entry| entry.value).map(|value| format::number(value, self.decimals));
        let unit = f.with("entry-value-hint", &[("unit", self.unit)]);
        let source = standing.map(|entry| entry.source.clone()).unwrap_or_default();
        let [name, hint] = self.messages();
        let fields = [
            Field::select(self.field("year"), f.t("entry-year"), years).need(f),
            Field::line(self.field("value"), f.t(name))
                .need(f)
                .hint(unit)
                .inputmode("decimal")
                .value(value.unwrap_or_default()),
            Field::line(self.field("source"), f.t("entry-source"))
                .need(f)
                .hint(f.t(hint))
                .most(MOST_SOURCE)
                .value(source)
                .japanese(f),
        ];
        fields.into_iter().map(|field| field.heard(form, faults)).collect()
    }

    /// What was typed, with every fault named beside its field.
    pub(super) fn heard(&self, f: &Frame, form: &Form, faults: &mut Faults) -> Option<Typed> {
        let (year, value, source) = (self.field("year"), self.field("value"), self.field("source"));
        let of_year = form.text(&year).parse().ok().map(FiscalYear::new).filter(|year| self.years.contains(year));
        if of_year.is_none() {
            faults.add(&year, f.t("entry-fault-year"));
        }
        let read = read_value(form.text(&value), self.decimals, self.unit);
        if let Err(fault) = read {
            faults.add(&value, value_fault(f, fault, self.decimals));
        }
        if self.what == What::Population && read.is_ok_and(|people| people <= 0.0) {
            faults.add(&value, f.t("entry-fault-nobody"));
        }
        let words = form.text(&source);
        if words.is_empty() {
            faults.add(&source, f.t("entry-fault-source"));
        } else if words.chars().count() > MOST_SOURCE {
            faults.add(&source, f.n("entry-fault-long", MOST_SOURCE));
        }
        let typed = Typed { year: of_year?, value: read.ok()?, source: words.to_owned() };
        faults.is_empty().then_some(typed)
    }

    /// What stands for a year.
    pub(super) fn standing(&self, year: FiscalYear) -> Option<&Entry> {
        self.entries.iter().rfind(|entry| entry.year == year).filter(|entry| entry.value.is_some())
    }

    /// What a writer saw, as a form carries it: the number of the last record of each year.
    pub(super) fn base(&self) -> String {
        let years = self.entries.chunk_by(|one, next| one.year == next.year).filter_map(<[Entry]>::last);
        years.map(|entry| format!("{}:{}", entry.year, entry.number)).collect::<Vec<_>>().join(" ")
    }
}

/// The number of the record that a writer saw for a year; 0 when there was none.
fn seen(base: &str, year: FiscalYear) -> i64 {
    let pairs = base.split(' ').filter_map(|pair| pair.split_once(':'));
    let own = pairs.filter(|(of, _)| *of == year.to_string()).find_map(|(_, number)| number.parse().ok());
    own.unwrap_or(0)
}

fn value_fault(f: &Frame, fault: ValueFault, decimals: u8) -> String {
    match fault {
        ValueFault::Missing => f.t("entry-fault-missing"),
        ValueFault::NotANumber => f.t("entry-fault-number"),
        ValueFault::TooExact if decimals == 0 => f.t("entry-fault-whole"),
        ValueFault::TooExact => f.n("entry-fault-exact", decimals),
        ValueFault::TooLarge => f.t("entry-fault-large"),
    }
}

// --- entering ----------------------------------------------------------------------------------------------

/// Enters what was typed upon what its writer saw.
pub(super) async fn put(ctx: &Ctx, f: &Frame, place: &Place<'_>, form: &Form, typed: &Typed) -> Result<Response> {
    let person = ctx.person()?;
    let upon = seen(form.text("base"), typed.year);
    let stands = place.standing(typed.year).filter(|entry| entry.number == upon);
    if stands.is_some_and(|entry| entry.value == Some(typed.value) && entry.source == typed.source) {
        return ctx.change(form).await?.done(&place.page, "said-entry-same").await;
    }
    let mut change = ctx.change(form).await?;
    let new = NewEntry { value: Some(typed.value), source: &typed.source, ..new(ctx, person, place, typed.year) };
    if !enter(&mut change.tx, &new, upon).await? {
        // Nothing of the change stays; the writer decides.
        drop(change);
        return overtaken(ctx, f, place, typed).await;
    }
    city::bump_revision(&mut change.tx).await?;
    let action = match place.what {
        What::Figure => "observation.entered",
        What::Target => "target.entered",
        What::Population => "population.entered",
    };
    let before = stands.and_then(|entry| entry.value);
    let detail = json!({ "year": i32::from(typed.year), "number": upon + 1, "value": typed.value, "before": before });
    ctx.trail().note(&mut change.tx, Noted::new(action, place.subject.as_str()).detail(detail)).await?;
    change.done(&place.page, if upon > 0 { "said-entry-corrected" } else { "said-entry-put" }).await
}

/// Takes back what stands for a year.
pub(super) async fn take_back(ctx: &Ctx, place: &Place<'_>, form: &Form) -> Result<Response> {
    let person = ctx.person()?;
    let year = form.text("year").parse().map(FiscalYear::new).map_err(|_| Error::NotFound)?;
    let upon = seen(form.text("base"), year);
    let before = place.standing(year).and_then(|entry| entry.value);
    let mut change = ctx.change(form).await?;
    let taken = before.is_some() && enter(&mut change.tx, &new(ctx, person, place, year), upon).await?;
    if !taken {
        return change.done(&place.page, "said-entry-overtaken").await;
    }
    city::bump_revision(&mut change.tx).await?;
    let action = match place.what {
        What::Figure => "observation.taken-back",
        What::Target => "target.taken-back",
        What::Population => "population.taken-back",
    };
    let detail = json!({ "year": i32::from(year), "number": upon + 1, "before": before });
    ctx.trail().note(&mut change.tx, Noted::new(action, place.subject.as_str()).detail(detail)).await?;
    change.done(&place.page, "said-entry-taken-back").await
}

/// A record that says nothing yet, by whoever asks.
fn new<'e>(ctx: &Ctx, person: &'e Person, place: &Place<'_>, year: FiscalYear) -> NewEntry<'e> {
    let in_charge = person.departments().find(|own| place.departments.iter().any(|key| key == own));
    let own = || person.duties.iter().find_map(|duty| duty.department.as_deref());
    NewEntry {
        what: place.what,
        indicator: place.indicator,
        year,
        value: None,
        source: "",
        department: in_charge.or_else(own),
        by: Some(person.id),
        at: ctx.now,
        example: false,
    }
}

// --- what was entered --------------------------------------------------------------------------------------

/// A year with everything that was entered for it, the newest record first.
pub(super) struct YearTold {
    pub(super) year: FiscalYear,
    pub(super) name: String,
    pub(super) records: Vec<Told>,
    /// Whether something stands, which can be corrected or taken back.
    pub(super) stands: bool,
}

/// A record, told.
pub(super) struct Told {
    pub(super) value: String,
    pub(super) source: String,
    pub(super) who: String,
    pub(super) when: String,
    /// Whether it stands; what does not was corrected.
    pub(super) stands: bool,
}

/// Everything that was entered, the newest year first.
pub(super) async fn told(f: &Frame, place: &Place<'_>) -> Result<Vec<YearTold>> {
    let names = writers(&f.ctx, &place.entries).await?;
    let mut years: Vec<YearTold> = place
        .entries
        .chunk_by(|one, next| one.year == next.year)
        .map(|records| {
            let last = records.len() - 1;
            let one = |(at, entry): (usize, &Entry)| Told { stands: at == last, ..tell(f, place, entry, &names) };
            YearTold {
                year: records[0].year,
                name: f.ctx.long_year(records[0].year),
                records: records.iter().enumerate().map(one).rev().collect(),
                stands: records[last].value.is_some(),
            }
        })
        .collect();
    years.reverse();
    Ok(years)
}

async fn writers(ctx: &Ctx, entries: &[Entry]) -> Result<HashMap<AccountId, String>> {
    let mut accounts: Vec<AccountId> = entries.iter().filter_map(|entry| entry.by).collect();
    accounts.sort_unstable();
    accounts.dedup();
    Ok(people::names(&ctx.db, &accounts).await?)
}

fn tell(f: &Frame, place: &Place<'_>, entry: &Entry, names: &HashMap<AccountId, String>) -> Told {
    let who =
        [crate::view::department(&f.ctx, entry), entry.by.and_then(|by| names.get(&by)).cloned().unwrap_or_default()];
    let who = who.join(" ").trim().to_owned();
    Told {
        value: match entry.value {
            Some(value) => number(place, value),
            None => f.t("entry-taken-back"),
        },
        source: entry.source.clone(),
        who: if who.is_empty() { f.t("entry-document") } else { who },
        when: format::long_moment(entry.at, f.ctx.language),
        stands: true,
    }
}

fn number(place: &Place<'_>, value: f64) -> String {
    let unit = place.unit.split('/').next().unwrap_or_default();
    format!("{}{unit}", format::number(value, place.decimals))
}

// --- two people at once ------------------------------------------------------------------------------------

#[derive(Template)]
#[template(path = "desk/overtaken.html")]
struct OvertakenPage<'a> {
    f: &'a Frame,
    lead: String,
    /// What stands, and what was typed: each with its message.
    rows: [(&'static str, Told); 2],
    action: String,
    base: String,
    fields: Vec<(String, String)>,
    back: String,
}

/// Shows what somebody else entered meanwhile beside one's own.
async fn overtaken(ctx: &Ctx, f: &Frame, place: &Place<'_>, typed: &Typed) -> Result<Response> {
    let entries = entries(&ctx.db, place.plan).await?.all(place.what, place.indicator).to_vec();
    let theirs = entries.iter().rfind(|entry| entry.year == typed.year).ok_or(Error::NotFound)?;
    let names = writers(ctx, &entries).await?;
    let year = ctx.long_year(typed.year);
    let mine = Told {
        value: number(place, typed.value),
        source: typed.source.clone(),
        who: ctx.person()?.name.clone(),
        when: f.t("entry-not-yet"),
        stands: false,
    };
    let page = OvertakenPage {
        lead: f.with("entry-overtaken-lead", &[("year", &year)]),
        rows: [("entry-theirs", tell(f, place, theirs, &names)), ("entry-mine", mine)],
        action: place.address.clone(),
        base: format!("{}:{}", typed.year, theirs.number),
        fields: vec![
            (place.field("year"), typed.year.to_string()),
            (place.field("value"), format::number(typed.value, place.decimals)),
            (place.field("source"), typed.source.clone()),
        ],
        back: place.page.clone(),
        f,
    };
    Ok((StatusCode::CONFLICT, Page(page)).into_response())
}
