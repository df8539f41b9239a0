//! The page frame: what the layout needs of every page, and how texts are set.

use std::fmt::{self, Display};

use askama::filters::HtmlSafe;
use fluent_bundle::FluentValue;
use http::Method;
use kyodo_jptext::Piece;
use kyodo_kernel::Language;
use kyodo_kernel::profile::Contact;

use crate::assets::{ADDRESSES, Addresses, accent_address, script_address};
use crate::{Ctx, NavItem, format};

/// Text that is already HTML.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Html(pub String);

impl Display for Html {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl HtmlSafe for Html {}

/// A variable of a message: a number that the message may inflect by, or a text.
#[derive(Clone, Copy, Debug)]
pub enum Arg<'a> {
    /// A number.
    Number(i64),
    /// A text.
    Text(&'a str),
}
impl From<i64> for Arg<'_> {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}
impl From<usize> for Arg<'_> {
    fn from(number: usize) -> Self {
        Self::Number(i64::try_from(number).unwrap_or(i64::MAX))
    }
}
impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}
impl<'a> From<&'a String> for Arg<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}
impl<'a> From<Arg<'a>> for FluentValue<'a> {
    fn from(arg: Arg<'a>) -> Self {
        match arg {
            Arg::Number(number) => number.into(),
            Arg::Text(text) => text.into(),
        }
    }
}

/// A step on the way from the front page.
#[derive(Clone, Debug)]
pub struct Crumb {
    /// Where it leads.
    pub path: String,
    /// What it is called there.
    pub label: String,
    /// Whether the label is a plan's own text, which stays Japanese.
    pub japanese: bool,
}

/// The paper a wide table is printed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    /// Across, everything on few sheets.
    A3,
    /// Upright, on more.
    A4,
}

/// A page's frame.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The request.
    pub ctx: Ctx,
    /// The page's title, without the site's name.
    pub title: String,
    /// Whether the title is a plan's own text, which stays Japanese.
    pub title_is_japanese: bool,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// How a page that fills a sheet is printed; others print on A4 as they are.
    pub paper: Option<Paper>,
    /// Whether search engines should leave the page out.
    pub unlisted: bool,
    /// A small script that makes the page handier; it works without.
    pub script: Option<&'static str>,
}

/// The bar of somebody who is signed in.
#[derive(Clone, Debug)]
pub struct DeskBar {
    /// Their name.
    pub name: String,
    /// Where they may go.
    pub links: Vec<NavLink>,
}

/// A line of the navigation as this page shows it.
#[derive(Clone, Debug)]
pub struct NavLink {
    /// Where it leads.
    pub path: &'static str,
    /// Its words.
    pub label: String,
    /// Whether the page lies there.
    pub current: bool,
}

/// A line of the language switch.
#[derive(Clone, Debug)]
pub struct LanguageLink {
    /// The same page in the language.
    pub href: String,
    /// The language's own name.
    pub label: &'static str,
    /// Its code for `lang` and `hreflang`.
    pub html: &'static str,
}

impl Frame {
    pub(crate) fn new(ctx: Ctx, title: String) -> Self {
        Self { ctx, title, title_is_japanese: false, crumbs: Vec::new(), paper: None, unlisted: false, script: None }
    }

    /// Says that the title is a plan's own text.
    #[must_use]
    pub fn japanese(mut self) -> Self {
        self.title_is_japanese = true;
        self
    }

    /// Adds a step of the way, named by a message.
    #[must_use]
    pub fn crumb(mut self, path: &str, message: &str) -> Self {
        let label = self.t(message);
        self.crumbs.push(Crumb { path: path.to_owned(), label, japanese: false });
        self
    }

    /// Adds a step of the way, named by a plan's own text.
    #[must_use]
    pub fn crumb_named(mut self, path: String, label: impl Into<String>) -> Self {
        self.crumbs.push(Crumb { path, label: label.into(), japanese: true });
        self
    }

    /// Says that the page is at the desk: search engines leave it out, and writing is made handier.
    #[must_use]
    pub fn at_desk(mut self) -> Self {
        self.unlisted = true;
        self.script = Some("desk.js");
        self
    }

    /// Adds a small script that makes the page handier.
    #[must_use]
    pub fn with_script(mut self, name: &'static str) -> Self {
        self.script = Some(name);
        self
    }

    /// Says that the page fills a sheet of this paper.
    #[must_use]
    pub fn on_paper(mut self, paper: Paper) -> Self {
        self.paper = Some(paper);
        self
    }

    /// Whether the page is set for A4 although it would fill a larger sheet.
    #[must_use]
    pub fn is_on_a4(&self) -> bool {
        self.paper == Some(Paper::A4)
    }

    // --- words -----------------------------------------------------------------------------------------

    /// A message, for titles, labels and buttons: never with furigana.
    #[must_use]
    pub fn t(&self, key: &str) -> String {
        self.ctx.words().say(key)
    }

    /// A message with a number `$n`, which the message may also inflect by.
    #[must_use]
    pub fn n(&self, key: &str, n: impl TryInto<i64>) -> String {
        let n = n.try_into().unwrap_or(i64::MAX);
        self.ctx.words().with(key, [("n", n)])
    }

    /// A message with texts.
    #[must_use]
    pub fn with(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.ctx.words().with(key, values.iter().copied())
    }

    /// A message with numbers and texts: `f.tell("plan-count", &[("n", 18.into()), ("level", name.into())])`.
    #[must_use]
    pub fn tell(&self, key: &str, values: &[(&str, Arg<'_>)]) -> String {
        self.ctx.words().with(key, values.iter().map(|(name, value)| (*name, *value)))
    }

    /// A message as running text, with furigana when wanted.
    #[must_use]
    pub fn say(&self, key: &str) -> Html {
        self.prose(&self.t(key))
    }

    /// Running text of the frame or the plan, with furigana when wanted. English has none.
    #[must_use]
    pub fn prose(&self, text: &str) -> Html {
        let mut html = String::with_capacity(text.len() + text.len() / 4);
        if self.ctx.furigana {
            for piece in self.ctx.state.readings.split(text) {
                match piece {
                    Piece::Plain(text) => escape(text, &mut html),
                    Piece::Ruby { base, reading } => {
                        html.push_str("<ruby>");
                        escape(base, &mut html);
                        html.push_str("<rp>（</rp><rt>");
                        escape(reading, &mut html);
                        html.push_str("</rt><rp>）</rp></ruby>");
                    }
                }
            }
        } else {
            escape(text, &mut html);
        }
        Html(html)
    }

    /// A title, with places where a line may break between phrases.
    #[must_use]
    pub fn phrases(&self, text: &str) -> Html {
        self.ctx.house.phrases.of(text)
    }

    /// ` lang="ja"` for a plan's own text on a page in another language.
    #[must_use]
    pub fn ja(&self) -> Html {
        Html(if self.ctx.language == Language::English { " lang=\"ja\"".to_owned() } else { String::new() })
    }

    /// A whole number with separators.
    #[must_use]
    pub fn whole(&self, n: impl TryInto<i64>) -> String {
        format::whole(n.try_into().unwrap_or(i64::MAX))
    }

    /// How many there are: exact to 10,000, then 「1万件以上」.
    #[must_use]
    pub fn how_many(&self, n: i64) -> String {
        if n > kyodo_kernel::search::COUNTED_TO { self.t("count-many") } else { self.n("count-exact", n) }
    }

    /// A day as people read it.
    #[must_use]
    pub fn day(&self, day: chrono::NaiveDate) -> String {
        format::day(day, self.ctx.language)
    }

    // --- what the layout shows: public, because a room's template brings the layout into the room's crate -----

    /// The addresses of the frame's own files.
    #[must_use]
    pub fn assets(&self) -> &'static Addresses {
        &ADDRESSES
    }

    /// The address of the city's colour.
    #[must_use]
    pub fn accent(&self) -> String {
        accent_address(&self.ctx.state.profile)
    }

    /// The title of the window: the page's, then the site's.
    #[must_use]
    pub fn full_title(&self) -> String {
        let site = self.t("site-title");
        if self.title == site { site } else { format!("{}｜{site}", self.title) }
    }

    /// The navigation as this page shows it.
    #[must_use]
    pub fn navigation(&self) -> Vec<NavLink> {
        let here = self.ctx.uri.path();
        let on = |item: &NavItem| here == item.path || here.starts_with(&format!("{}/", item.path));
        self.ctx
            .house
            .navigation(&self.ctx.state.profile)
            .map(|item| NavLink { path: item.path, label: self.t(item.label), current: on(item) })
            .collect()
    }

    /// The bar of somebody who is signed in.
    #[must_use]
    pub fn desk(&self) -> Option<DeskBar> {
        let person = self.ctx.actor.person()?;
        let here = self.ctx.uri.path();
        let rooms = self.ctx.house.rooms_of(&self.ctx.state.profile).flat_map(|room| room.desk);
        let mut items: Vec<_> =
            rooms.filter(|item| item.access.admits(&self.ctx.actor, &Method::GET).is_ok()).collect();
        // The desk itself stands before what lies on it, whatever the order of the rooms.
        items.sort_by_key(|item| item.path != "/desk");
        // The longest path that leads here, or to a page above this one, is where it lies: /desk is everywhere at the desk.
        let above = self.crumbs.iter().map(|crumb| crumb.path.as_str());
        let way: Vec<&str> = above.chain([here]).collect();
        let leads = |path: &str| {
            let is_below =
                |place: &&str| place.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
            way.iter().any(is_below)
        };
        let nearest = items.iter().map(|item| item.path).filter(|path| leads(path)).max_by_key(|path| path.len());
        let links = items
            .iter()
            .map(|item| NavLink { path: item.path, label: self.t(item.label), current: nearest == Some(item.path) })
            .collect();
        Some(DeskBar { name: person.name.clone(), links })
    }

    /// What the request before this one did.
    #[must_use]
    pub fn said(&self) -> Option<String> {
        self.ctx.said.as_deref().filter(|key| self.ctx.words().has(key)).map(|key| self.t(key))
    }

    /// Where people sign in, for those who are not, in a house where somebody can.
    #[must_use]
    pub fn sign_in(&self) -> Option<&'static str> {
        let can =
            || self.ctx.house.rooms.iter().flat_map(|room| room.routes.iter()).any(|route| route.path == "/login");
        (self.ctx.actor.person().is_none() && can()).then_some("/login")
    }

    /// The address of the page's script.
    #[must_use]
    pub fn script(&self) -> Option<String> {
        self.script.map(script_address)
    }

    /// The hidden field by which sending a form twice happens once.
    #[must_use]
    pub fn token(&self) -> Html {
        Html(format!("<input type=\"hidden\" name=\"{}\" value=\"{}\">", crate::form::TOKEN, self.ctx.token()))
    }

    /// The same page in the other languages.
    #[must_use]
    pub fn languages(&self) -> Vec<LanguageLink> {
        Language::ALL
            .into_iter()
            .filter(|language| *language != self.ctx.language)
            .map(|language| LanguageLink {
                href: self.here_with("lang", language.code()),
                label: match language {
                    Language::Japanese => "日本語",
                    Language::EasyJapanese => "やさしい日本語",
                    Language::English => "English",
                },
                html: language.html(),
            })
            .collect()
    }

    /// The same page with furigana switched, and what the switch says.
    #[must_use]
    pub fn furigana_switch(&self) -> (String, String) {
        let to = if self.ctx.furigana { "off" } else { "on" };
        (self.here_with("furigana", to), self.t(&format!("furigana-{to}")))
    }

    /// This address with one parameter changed.
    fn here_with(&self, name: &str, value: &str) -> String {
        let kept = self.ctx.uri.query().unwrap_or_default();
        let pairs = url::form_urlencoded::parse(kept.as_bytes()).filter(|(key, _)| key != "lang" && key != "furigana");
        let query =
            url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).append_pair(name, value).finish();
        format!("?{query}")
    }

    /// How to reach whoever answers for the plan.
    #[must_use]
    pub fn contact(&self) -> &Contact {
        &self.ctx.state.profile.contact
    }

    /// Whoever answers for the plan: a department by its Japanese name, or else the office in the page's language.
    #[must_use]
    pub fn contact_name(&self) -> Html {
        let key = self.contact().department.as_deref();
        match key.and_then(|key| self.ctx.state.department(key)) {
            Some(department) => self.own_words(&department.name),
            None => self.prose(&self.t("office-name")),
        }
    }

    /// A plan's or a city's own words, marked as Japanese on a page in another language.
    #[must_use]
    pub fn own_words(&self, text: &str) -> Html {
        let mut words = String::new();
        escape(text, &mut words);
        Html(format!("<span{}>{words}</span>", self.ja()))
    }
}

/// Escapes text for HTML.
pub(crate) fn escape(text: &str, html: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
        let (plain, special) = rest.split_at(at);
        html.push_str(plain);
        html.push_str(match special.as_bytes()[0] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#39;",
        });
        rest = &special[1..];
    }
    html.push_str(rest);
}
