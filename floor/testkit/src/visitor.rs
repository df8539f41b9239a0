//! People who speak HTTP: they come to a host, keep their cookies, and look at what they are shown.

use std::collections::BTreeMap;
use std::sync::Mutex;

use axum::body::Body;
use http::header::{COOKIE, HOST, SET_COOKIE, USER_AGENT};
use http::{Method, Request};
use http_body_util::BodyExt;
use kyodo_kernel::people::AccountId;
use tower::ServiceExt;
use url::{Position, Url};

use crate::house::RunningHouse;
use crate::page::Page;
use crate::{inspector, links};

const BROWSER: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/// Somebody at a browser.
#[derive(Debug)]
pub struct Visitor {
    house: RunningHouse,
    host: String,
    name: String,
    agent: String,
    account: Option<AccountId>,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Visitor {
    pub(crate) fn new(house: RunningHouse, host: &str, name: &str) -> Self {
        let (host, name, agent) = (host.to_owned(), name.to_owned(), BROWSER.to_owned());
        Self { house, host, name, agent, account: None, cookies: Mutex::default() }
    }

    /// Reads English.
    #[must_use]
    pub fn in_english(self) -> Self {
        self.carrying("kyodo_lang", "en")
    }

    /// Reads やさしい日本語.
    #[must_use]
    pub fn in_easy_japanese(self) -> Self {
        self.carrying("kyodo_lang", "ja-easy")
    }

    /// Wants furigana.
    #[must_use]
    pub fn with_furigana(self) -> Self {
        self.carrying("kyodo_furigana", "on")
    }

    /// Comes with another browser, or with a robot.
    #[must_use]
    pub fn as_agent(mut self, agent: &str) -> Self {
        agent.clone_into(&mut self.agent);
        self
    }

    pub(crate) fn known_as(mut self, account: AccountId) -> Self {
        self.account = Some(account);
        self
    }

    /// The account of somebody who was signed in by the test.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.account.unwrap_or_else(|| panic!("{} has no account", self.name))
    }

    /// Posts fields to an address, as a page of the same city would. Whatever comes back is inspected.
    pub async fn posts(&self, address: &str, fields: &[(&str, &str)]) -> Page {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.posts_body(address, "application/x-www-form-urlencoded", body.into_bytes()).await
    }

    /// Posts a body of any kind, as a page of the same city would.
    pub async fn posts_body(&self, address: &str, kind: &str, body: Vec<u8>) -> Page {
        let origin = format!("http://{}", self.host);
        let headers = [(USER_AGENT.as_str(), self.agent.as_str()), ("origin", origin.as_str()), ("content-type", kind)];
        let page = self.fetch_with(&self.host, Method::POST, address, &headers, Body::from(body)).await;
        inspector::inspect(&page);
        page
    }

    /// Posts fields as the script of a page does that saves by itself: it wants JSON.
    pub async fn saves(&self, address: &str, fields: &[(&str, &str)]) -> Page {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let origin = format!("http://{}", self.host);
        let kind = "application/x-www-form-urlencoded";
        let headers = [("origin", origin.as_str()), ("content-type", kind), ("accept", "application/json")];
        self.fetch_with(&self.host, Method::POST, address, &headers, Body::from(body)).await
    }

    /// Fills in the form of a page that is sent to an address, and sends it: what the page has filled in goes along, and
    /// what is filled in must be on the form.
    pub async fn fills(&self, page: &Page, address: &str, fields: &[(&str, &str)]) -> Page {
        let mut sent = page.form(address);
        for (name, value) in fields {
            assert!(
                sent.names.iter().any(|own| own == name),
                "the form {address} of {page} has no field 「{name}」: {sent:?}"
            );
            sent.fields.retain(|(own, _)| own != name);
            sent.fields.push(((*name).to_owned(), (*value).to_owned()));
        }
        let fields: Vec<(&str, &str)> =
            sent.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.posts(address, &fields).await
    }

    /// Goes where an answer leads: 303.
    pub async fn is_led(&self, answer: &Page) -> Page {
        answer.is(303);
        let address = answer.header("location").to_owned();
        self.gets(&address).await
    }

    /// The same browser, cookies and all, at another host.
    #[must_use]
    pub fn at(&self, host: &str) -> Self {
        let other = Self::new(self.house.clone(), host, &self.name);
        let cookies = self.cookies.lock().expect("nobody panics with a cookie in hand").clone();
        Self { cookies: Mutex::new(cookies), ..other }
    }

    /// Opens an address. Whatever comes back is inspected.
    pub async fn gets(&self, address: &str) -> Page {
        self.gets_with(address, &[]).await
    }

    /// Opens an address with headers of one's own.
    pub async fn gets_with(&self, address: &str, headers: &[(&str, &str)]) -> Page {
        self.sends(Method::GET, address, headers).await
    }

    /// Sends a request without a body. Whatever comes back is inspected.
    pub async fn sends(&self, method: Method, address: &str, headers: &[(&str, &str)]) -> Page {
        let mut headers: Vec<_> = headers.iter().copied().chain([(USER_AGENT.as_str(), self.agent.as_str())]).collect();
        let origin = format!("http://{}", self.host);
        // As browsers do with whatever may change something.
        if !method.is_safe() && !headers.iter().any(|(name, _)| *name == "origin") {
            headers.push(("origin", &origin));
        }
        let page = self.fetch(&self.host, method, address, &headers).await;
        inspector::inspect(&page);
        links::check(self, &page).await;
        page
    }

    /// Follows the link with these words.
    pub async fn follows(&self, page: &Page, words: &str) -> Page {
        let links = page.links();
        let link = links.iter().find(|link| link.text.contains(words));
        let link = link.unwrap_or_else(|| panic!("{page} has no link 「{words}」 for {}", self.name));
        let address = page.address_of(&link.href).unwrap_or_else(|| panic!("{} leads nowhere", link.href));
        self.gets(&address[Position::BeforePath..Position::AfterQuery]).await
    }

    /// Without inspection, and without the browser's name, so that it is not counted as a view.
    pub(crate) async fn fetch(&self, host: &str, method: Method, address: &str, headers: &[(&str, &str)]) -> Page {
        self.fetch_with(host, method, address, headers, Body::empty()).await
    }

    async fn fetch_with(
        &self,
        host: &str,
        method: Method,
        address: &str,
        headers: &[(&str, &str)],
        body: Body,
    ) -> Page {
        // As browsers do: 協働 in an address is percent-encoded.
        let url = format!("http://{host}{address}");
        let url = Url::parse(&url).unwrap_or_else(|error| panic!("{url}: {error}"));
        let uri = &url[Position::BeforePath..Position::AfterQuery];
        let mut request = Request::builder().method(method).uri(uri).header(HOST, host);
        let cookies = self.cookie_header();
        if !cookies.is_empty() {
            request = request.header(COOKIE, cookies);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body).unwrap_or_else(|error| panic!("「{address}」: {error}"));
        let Ok(response) = self.house.router().oneshot(request).await;
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.expect("a body in memory can be read").to_bytes();
        for cookie in parts.headers.get_all(SET_COOKIE) {
            let cookie = cookie.to_str().expect("a cookie is ASCII").split(';').next().unwrap_or_default();
            if let Some((name, value)) = cookie.split_once('=') {
                // An empty cookie is one that was taken away.
                match value.trim() {
                    "" => self.forgets(name.trim()),
                    value => self.keep(name.trim(), value),
                }
            }
        }
        Page::new(url, parts, bytes)
    }

    pub(crate) fn house(&self) -> &RunningHouse {
        &self.house
    }

    pub(crate) fn carrying(self, name: &str, value: &str) -> Self {
        self.keep(name, value);
        self
    }

    /// The same cookies shown at another city's host, as no honest browser does.
    #[must_use]
    pub fn smuggled_into(&self, city: &crate::TestCity) -> Self {
        let there = Self::new(self.house.clone(), &city.host(), &self.name);
        let cookies = self.cookies.lock().expect("nobody panics with a cookie in hand").clone();
        Self { cookies: Mutex::new(cookies), ..there }
    }

    fn forgets(&self, name: &str) {
        self.cookies.lock().expect("nobody panics with a cookie in hand").remove(name);
    }

    fn keep(&self, name: &str, value: &str) {
        self.cookies.lock().expect("nobody panics with a cookie in hand").insert(name.to_owned(), value.to_owned());
    }

    fn cookie_header(&self) -> String {
        let cookies = self.cookies.lock().expect("nobody panics with a cookie in hand");
        cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }
}
