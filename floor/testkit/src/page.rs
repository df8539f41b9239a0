//! What somebody is shown.

use std::fmt;

use axum::body::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::response::Parts;
use http::{HeaderMap, StatusCode};
use scraper::{ElementRef, Html, Node, Selector};
use url::Url;

/// An answer: a page, a document or a file.
#[derive(Clone)]
pub struct Page {
    url: Url,
    status: StatusCode,
    headers: HeaderMap,
    bytes: Bytes,
}

/// A form on a page, as a browser would send it untouched.
#[derive(Clone, Debug, Default)]
pub struct FormOnPage {
    /// What would be sent.
    pub fields: Vec<(String, String)>,
    /// The names of all its fields, also of those that send nothing untouched.
    pub names: Vec<String>,
}

/// A link on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Where it leads, as written.
    pub href: String,
    /// Its words.
    pub text: String,
}

impl Page {
    pub(crate) fn new(url: Url, parts: Parts, bytes: Bytes) -> Self {
        Self { url, status: parts.status, headers: parts.headers, bytes }
    }

    /// It must be there: 200.
    #[track_caller]
    pub fn ok(&self) -> &Self {
        self.is(StatusCode::OK)
    }

    /// It must have this status, `404` or [`StatusCode::NOT_FOUND`].
    #[track_caller]
    pub fn is(&self, status: impl TryInto<StatusCode>) -> &Self {
        let status = status.try_into().ok().expect("a status has three figures");
        assert_eq!(self.status, status, "{self}\n{}", self.text());
        self
    }

    /// It must say these words, wherever lines and furigana stand between them.
    #[track_caller]
    pub fn says(&self, words: &str) -> &Self {
        assert!(self.text().contains(words), "{self} does not say 「{words}」. It says:\n{}", self.text());
        self
    }

    /// It must not say these words.
    #[track_caller]
    pub fn does_not_say(&self, words: &str) -> &Self {
        assert!(!self.text().contains(words), "{self} says 「{words}」. It says:\n{}", self.text());
        self
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// A header's text; empty when it is absent.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The content as it came.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The content as it came, as text.
    #[must_use]
    pub fn source(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// The form that is sent to an address.
    #[track_caller]
    #[must_use]
    pub fn form(&self, address: &str) -> FormOnPage {
        let html = self.html();
        let forms = all(&html, "form");
        let form = forms.iter().find(|form| form.attr("action") == Some(address));
        let form = form.unwrap_or_else(|| {
            let others: Vec<_> = forms.iter().filter_map(|form| form.attr("action")).collect();
            panic!("{self} has no form for {address}, only {others:?}. It says:\n{}", self.text())
        });
        let mut found = FormOnPage::default();
        let fields = Selector::parse("input, select, textarea, button[name]").expect("the selector is right");
        for field in form.select(&fields) {
            let Some(name) = field.attr("name") else { continue };
            found.names.push(name.to_owned());
            if let Some(value) = untouched(field) {
                found.fields.push((name.to_owned(), value));
            }
        }
        found
    }

    /// What a reader reads: the words of a page without furigana, with single spaces; the source of anything else.
    #[must_use]
    pub fn text(&self) -> String {
        if !self.is_html() {
            return self.source();
        }
        let html = self.html();
        let mut text = String::new();
        if let Some(body) = all(&html, "body").first() {
            read(*body, &mut text);
        }
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The words of every element that a CSS selector finds.
    #[must_use]
    pub fn texts_of(&self, selector: &str) -> Vec<String> {
        all(&self.html(), selector).into_iter().map(text_of).collect()
    }

    /// The title in the browser's tab.
    #[must_use]
    pub fn title(&self) -> String {
        all(&self.html(), "head title").first().map(|title| text_of(*title)).unwrap_or_default()
    }

    /// Every link with its words.
    #[must_use]
    pub fn links(&self) -> Vec<Link> {
        let html = self.html();
        let links = all(&html, "a[href]").into_iter();
        links.map(|a| Link { href: a.attr("href").unwrap_or_default().to_owned(), text: text_of(a) }).collect()
    }

    /// The furigana of some words, where the page gives any.
    #[must_use]
    pub fn reading_of(&self, words: &str) -> Option<String> {
        let html = self.html();
        all(&html, "ruby").into_iter().find(|ruby| text_of(*ruby) == words).map(|ruby| {
            let reading = Selector::parse("rt").expect("rt is a selector");
            ruby.select(&reading).flat_map(|rt| rt.text()).collect()
        })
    }

    /// The content as JSON.
    #[must_use]
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.bytes)
            .unwrap_or_else(|error| panic!("{self} is not JSON ({error}):\n{}", self.source()))
    }

    pub(crate) fn is_html(&self) -> bool {
        let encoded = self.headers.contains_key(CONTENT_ENCODING);
        self.header(CONTENT_TYPE.as_str()).starts_with("text/html") && !encoded && !self.bytes.is_empty()
    }

    pub(crate) fn html(&self) -> Html {
        Html::parse_document(&self.source())
    }

    /// Where the page is.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Where a link of this page leads.
    pub(crate) fn address_of(&self, href: &str) -> Option<Url> {
        self.url.join(href).ok()
    }
}

impl fmt::Display for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.url, self.status.as_u16())
    }
}

impl fmt::Debug for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}\n{}", self.text())
    }
}

/// Every element that a CSS selector finds.
pub(crate) fn all<'h>(html: &'h Html, selector: &str) -> Vec<ElementRef<'h>> {
    let selector = Selector::parse(selector).unwrap_or_else(|error| panic!("「{selector}」: {error}"));
    html.select(&selector).collect()
}

/// An element's words with single spaces.
pub(crate) fn text_of(element: ElementRef<'_>) -> String {
    let mut text = String::new();
    read(element, &mut text);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Blocks are set apart, places to break a line are not; furigana stands above the words, not among them.
fn read(element: ElementRef<'_>, text: &mut String) {
    const RUNS_ON: [&str; 19] = [
        "a", "abbr", "b", "bdi", "cite", "code", "data", "em", "i", "mark", "q", "ruby", "small", "span", "strong",
        "sub", "sup", "time", "wbr",
    ];
    const UNSPOKEN: [&str; 4] = ["rt", "rp", "script", "style"];
    for child in element.children() {
        match child.value() {
            Node::Text(words) => text.push_str(words),
            Node::Element(inner) if UNSPOKEN.contains(&inner.name()) => {}
            Node::Element(inner) => {
                let gap = if RUNS_ON.contains(&inner.name()) { "" } else { " " };
                text.push_str(gap);
                if let Some(inner) = ElementRef::wrap(child) {
                    read(inner, text);
                }
                text.push_str(gap);
            }
            _ => {}
        }
    }
}

/// What a browser sends of a field that nobody touched.
fn untouched(field: ElementRef<'_>) -> Option<String> {
    let value = field.attr("value").unwrap_or_default().to_owned();
    match (field.value().name(), field.attr("type").unwrap_or("text")) {
        ("button", _) | ("input", "submit" | "button" | "reset" | "image" | "file") => None,
        ("input", "checkbox" | "radio") => field.attr("checked").map(|_| value),
        ("textarea", _) => {
            let text: String = field.text().collect();
            Some(text.strip_prefix('\n').map_or(text.clone(), str::to_owned))
        }
        ("select", _) => {
            let options = Selector::parse("option").expect("the selector is right");
            let chosen = field.select(&options).find(|option| option.attr("selected").is_some());
            let chosen = chosen.or_else(|| field.select(&options).next());
            chosen.map(|option| option.attr("value").unwrap_or_default().to_owned())
        }
        _ => Some(value),
    }
}
