//! `/about`: what 協働 means in the city, and the same sections for the search.
//!
//! The sections are one table: the page, its list of contents and the search documents all follow it.

use askama::Template;
use chrono::{DateTime, Utc};
use kyodo_db::{Db, Tx};
use kyodo_kernel::Language;
use kyodo_kernel::pack::city::CityPack;
use kyodo_kernel::pack::part::{Later, Part, Reading};
use kyodo_kernel::pack::{Faults, Pack};
use kyodo_kernel::profile::{About, Entry, Position, Profile};
use kyodo_kernel::search::{self, Document};
use kyodo_kernel::words::{Messages, Words};
use kyodo_web::{Ctx, Frame, Page, Result, filters};
use serde_json::Value;

use super::{MESSAGES, NAME, way_of};

/// A section of the page.
struct Section {
    /// Its place in the address: `/about#<id>`.
    id: &'static str,
    /// The message that names it.
    heading: &'static str,
    look: Look,
    content: Content,
}

/// How a section is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    /// The sentence under the title; it has no heading of its own.
    Lead,
    Vision,
    Prose,
    Numbered,
    Points,
    Suited,
    Zones,
    Forms,
    Steps,
    Programmes,
    Wishes,
    Words,
    Goals,
    Position,
}

/// What a section takes from the profile.
#[derive(Clone, Copy)]
enum Content {
    Vision,
    Text(fn(&About) -> &str),
    Entries(fn(&About) -> &[Entry]),
    Goals,
    Position,
}

const SECTIONS: &[Section] = &[
    section("definition", "about-definition", Look::Lead, Content::Text(|about| &about.definition)),
    section("vision", "about-vision", Look::Vision, Content::Vision),
    section("why", "about-why", Look::Prose, Content::Text(|about| &about.why)),
    section("standards", "about-standards", Look::Numbered, Content::Entries(|about| &about.standards)),
    section("principles", "about-principles", Look::Points, Content::Entries(|about| &about.principles)),
    section("subsidiarity", "about-subsidiarity", Look::Prose, Content::Text(|about| &about.subsidiarity)),
    section("effects", "about-effects", Look::Points, Content::Entries(|about| &about.effects)),
    section("actors", "about-actors", Look::Points, Content::Entries(|about| &about.actors)),
    section("roles", "about-roles", Look::Points, Content::Entries(|about| &about.roles)),
    section("suited", "about-suited", Look::Suited, Content::Entries(|about| &about.suited)),
    section("zones", "about-zones", Look::Zones, Content::Entries(|about| &about.zones)),
    section("forms", "about-forms", Look::Forms, Content::Entries(|about| &about.forms)),
    section("steps", "about-steps", Look::Steps, Content::Entries(|about| &about.steps)),
    section("programmes", "about-programmes", Look::Programmes, Content::Entries(|about| &about.programmes)),
    section("wishes", "about-wishes", Look::Wishes, Content::Entries(|about| &about.wishes)),
    section("glossary", "about-glossary", Look::Words, Content::Entries(|about| &about.glossary)),
    section("sdgs", "about-sdgs", Look::Goals, Content::Goals),
    section("position", "about-position", Look::Position, Content::Position),
];

const fn section(id: &'static str, heading: &'static str, look: Look, content: Content) -> Section {
    Section { id, heading, look, content }
}

impl Section {
    /// Whether the city's document holds anything of it.
    fn is_there(&self, profile: &Profile) -> bool {
        let about = &profile.about;
        match self.content {
            Content::Vision => !about.vision.is_empty() || !about.vision_text.is_empty(),
            Content::Text(text) => !text(about).is_empty(),
            Content::Entries(entries) => !entries(about).is_empty(),
            Content::Goals => !about.sdgs.is_empty(),
            Content::Position => profile.position != Position::default(),
        }
    }

    /// Its running text, where it is one.
    fn text<'p>(&self, profile: &'p Profile) -> &'p str {
        match self.content {
            Content::Text(text) => text(&profile.about),
            _ => "",
        }
    }

    /// Its entries, where it has any.
    fn entries<'p>(&self, profile: &'p Profile) -> &'p [Entry] {
        match self.content {
            Content::Entries(entries) => entries(&profile.about),
            _ => &[],
        }
    }

    /// All its words, one thing a line, for the search.
    fn lines(&self, profile: &Profile, words: &Words) -> Vec<String> {
        let about = &profile.about;
        match self.content {
            Content::Vision => vec![about.vision.clone(), about.vision_text.clone()],
            Content::Text(text) => vec![text(about).to_owned()],
            Content::Entries(entries) => entries(about).iter().map(line).collect(),
            Content::Goals => about.sdgs.iter().map(|goal| words.say(&goal_key(*goal))).collect(),
            Content::Position => position_lines(&profile.position),
        }
    }
}

fn goal_key(goal: u8) -> String {
    format!("sdg-{goal}")
}

/// An entry in one line: 円卓会議：市民の団体、企業、市が、上下なく話し合う場です。
fn line(entry: &Entry) -> String {
    let head = if entry.text.is_empty() { entry.name.clone() } else { format!("{}：{}", entry.name, entry.text) };
    let cases = entry.cases.iter().map(|case| format!("{}：{}", case.name, case.text));
    let rest = entry.figure.iter().chain(&entry.points).chain(&entry.examples).cloned().chain(cases);
    std::iter::once(head).chain(rest).collect::<Vec<_>>().join(" ")
}

fn position_lines(position: &Position) -> Vec<String> {
    let plans = position.plans.iter().map(|plan| format!("{} {}", plan.title, plan.period));
    let history = position.history.iter().map(|event| format!("{} {}", event.when, event.text));
    let named = position.upper.iter().chain(&position.ordinance).chain(&position.related).cloned();
    named.chain(plans).chain(history).collect()
}

/// What 協働 means in the city.
#[derive(Template)]
#[template(path = "about.html")]
pub(super) struct AboutPage {
    f: Frame,
    sections: Vec<&'static Section>,
}

pub(super) async fn about(ctx: Ctx) -> Result<Page<AboutPage>> {
    let title = ctx.words().say("about-title");
    let sections = SECTIONS.iter().filter(|section| section.is_there(&ctx.state.profile)).collect();
    let f = ctx.frame(title).crumb("/about", "about-title");
    Ok(Page(AboutPage { f, sections }))
}

impl AboutPage {
    fn profile(&self) -> &Profile {
        &self.f.ctx.state.profile
    }

    /// The sections with a heading.
    fn headed(&self) -> impl Iterator<Item = &'static Section> {
        self.sections.iter().copied().filter(|section| section.look != Look::Lead)
    }

    fn way_of(&self, wish: &Entry) -> Option<String> {
        way_of(&self.f.ctx, wish)
    }

    fn wishes(&self) -> Wishes<'_> {
        let mut wishes = Wishes::default();
        for wish in &self.profile().about.wishes {
            match self.way_of(wish) {
                Some(href) => wishes.served.push((href, wish)),
                None => wishes.waiting.push(wish),
            }
        }
        wishes
    }

    /// Whether the forms of 協働 hold more than a sentence each, which is then folded away.
    fn forms_say_more(&self) -> bool {
        self.profile().about.forms.iter().any(|form| !form.points.is_empty() || !form.cases.is_empty())
    }

    /// Whether the plan stands among other plans, beside its history.
    fn has_plans_around(&self) -> bool {
        let Position { upper, ordinance, related, plans, history: _ } = &self.profile().position;
        !upper.is_empty() || ordinance.is_some() || !related.is_empty() || !plans.is_empty()
    }

    fn programmes(&self) -> Vec<Group<'_>> {
        groups(&self.profile().about.programmes)
    }

    /// The goals with their names.
    fn goals(&self) -> Vec<(u8, String)> {
        self.profile().about.sdgs.iter().map(|goal| (*goal, self.f.t(&goal_key(*goal)))).collect()
    }
}

/// What people want.
#[derive(Default)]
struct Wishes<'p> {
    /// With the way to the plan node that serves it.
    served: Vec<(String, &'p Entry)>,
    /// Nothing in the plan serves it yet.
    waiting: Vec<&'p Entry>,
}

/// Programmes of one kind.
#[derive(Debug, PartialEq)]
struct Group<'p> {
    /// The message that names the kind.
    heading: &'static str,
    entries: Vec<&'p Entry>,
}

/// The kinds in the order people ask for them: a place to go, money, help, others, reading.
const KINDS: [(&str, &str); 5] = [
    ("place", "about-kind-place"),
    ("fund", "about-kind-fund"),
    ("programme", "about-kind-programme"),
    ("body", "about-kind-body"),
    ("publication", "about-kind-publication"),
];

/// Programmes by kind; what has no kind of ours stands last.
fn groups(programmes: &[Entry]) -> Vec<Group<'_>> {
    let kind_of = |entry: &Entry| KINDS.iter().position(|(kind, _)| entry.kind.as_deref() == Some(*kind));
    let of = |kind: Option<usize>| programmes.iter().filter(|entry| kind_of(entry) == kind).collect::<Vec<_>>();
    let known = KINDS.iter().enumerate().map(|(at, (_, heading))| Group { heading, entries: of(Some(at)) });
    let other = Group { heading: "about-kind-other", entries: of(None) };
    known.chain([other]).filter(|group| !group.entries.is_empty()).collect()
}

/// The corridor's part of a pack: it reads nothing of its own, and lets people find what the profile says.
pub(super) struct AboutPart;

impl Part for AboutPart {
    fn read(&self, _: &Pack, city: &CityPack, _: &mut Faults) -> Box<dyn Reading> {
        Box::new(Documents(documents(city)))
    }

    /// The profile itself is compared by the city's own part.
    fn stored<'a>(&'a self, _: &'a Db) -> Later<'a, kyodo_db::Result<Value>> {
        Box::pin(async { Ok(Value::Null) })
    }
}

struct Documents(Vec<Document>);

impl Reading for Documents {
    fn value(&self) -> Value {
        Value::Null
    }

    fn install<'a>(&'a self, tx: &'a mut Tx, _: DateTime<Utc>) -> Later<'a, kyodo_db::Result<()>> {
        Box::pin(search::replace(tx, NAME, &self.0))
    }
}

/// One document a section, in Japanese like everything the plan says.
fn documents(city: &CityPack) -> Vec<Document> {
    let words = Messages::parse(MESSAGES.iter().copied())
        .and_then(|messages| Words::new(&messages, &city.terms, Language::Japanese));
    // Terms that cannot be used are a fault of the pack, which is then not installed at all.
    let Ok(words) = words else { return Vec::new() };
    let there = SECTIONS.iter().filter(|section| section.is_there(&city.profile));
    there
        .map(|section| Document {
            address: format!("/about#{}", section.id),
            kind: "about",
            title: words.with("search-about-title", [("section", words.say(section.heading))]),
            body: section.lines(&city.profile, &words).join("\n"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use kyodo_kernel::profile::{Case, Terms};

    fn entry(name: &str, kind: Option<&str>) -> Entry {
        Entry { name: name.to_owned(), kind: kind.map(str::to_owned), ..Entry::default() }
    }

    #[test]
    fn programmes_stand_by_kind_and_unknown_kinds_last() {
        let programmes =
            [entry("券", Some("fund")), entry("会", None), entry("広場", Some("place")), entry("箱", Some("新しい"))];
        let names: Vec<(&str, Vec<&str>)> = groups(&programmes)
            .iter()
            .map(|group| (group.heading, group.entries.iter().map(|entry| entry.name.as_str()).collect()))
            .collect();
        assert_eq!(
            names,
            [
                ("about-kind-place", vec!["広場"]),
                ("about-kind-fund", vec!["券"]),
                ("about-kind-other", vec!["会", "箱"])
            ]
        );
        assert_eq!(groups(&[]), []);
    }

    #[test]
    fn an_entry_is_found_by_everything_it_says() {
        let form = Entry {
            text: "角を持って折ります。".to_owned(),
            points: vec!["手をふく".to_owned()],
            cases: vec![Case { name: "大折り鶴".to_owned(), text: "広場で折りました。".to_owned() }],
            ..entry("四人折り", None)
        };
        assert_eq!(line(&form), "四人折り：角を持って折ります。 手をふく 大折り鶴：広場で折りました。");
        assert_eq!(line(&entry("鶴", None)), "鶴");
    }

    #[test]
    fn sections_the_city_does_not_have_are_not_found() {
        let mut city = CityPack {
            terms: Terms { ja: "-residents = 市民".to_owned(), ..Terms::default() },
            ..CityPack::default()
        };
        assert_eq!(documents(&city), []);
        city.profile.about.definition = "四人で角を持つことです。".to_owned();
        city.profile.about.sdgs = vec![11];
        let found = documents(&city);
        let addresses: Vec<&str> = found.iter().map(|document| document.address.as_str()).collect();
        assert_eq!(addresses, ["/about#definition", "/about#sdgs"]);
        assert!(found.iter().all(|document| !document.title.contains('⟨') && !document.body.contains('⟨')));
    }
}
