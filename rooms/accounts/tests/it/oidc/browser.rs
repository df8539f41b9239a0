//! A browser as small as one can be: it follows redirects, keeps cookies, fills in forms, and stops at the door to our house.

use std::collections::BTreeMap;

use kyodo_accounts::oidc::Answer;
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::{Client, RequestBuilder, redirect::Policy};
use scraper::{Html, Selector};
use url::Url;

use super::provider::BACK;

/// What a person does at the provider's.
#[derive(Clone, Copy)]
pub(crate) enum Person<'a> {
    /// Signs in by this name and agrees.
    Called(&'a str),
    /// Follows the link that says no.
    Unwilling,
}

/// Goes to the provider, and comes back with an answer.
pub(crate) async fn visit(address: &Url, person: Person<'_>) -> Answer {
    let mut browser = Browser {
        client: Client::builder().no_proxy().redirect(Policy::none()).tls_certs_only([]).build().expect("a client"),
        cookies: BTreeMap::new(),
    };
    let mut step = Step::To(address.clone());
    for _ in 0..12 {
        step = match step {
            Step::To(address) if address.as_str().starts_with(BACK) => return answer(&address),
            Step::To(address) => browser.get(&address).await,
            Step::Page(address, page) => browser.fill_in(&address, &page, person).await,
        };
    }
    panic!("the provider leads nowhere");
}

struct Browser {
    client: Client,
    cookies: BTreeMap<String, String>,
}

enum Step {
    To(Url),
    Page(Url, String),
}

impl Browser {
    async fn get(&mut self, address: &Url) -> Step {
        self.send(address, self.client.get(address.clone())).await
    }

    async fn fill_in(&mut self, address: &Url, page: &str, person: Person<'_>) -> Step {
        let Person::Called(name) = person else {
            let no = first(page, "a[href$='/abort']", "href").expect("a link that says no");
            return self.get(&address.join(&no).expect("an address")).await;
        };
        let action = first(page, "form", "action").expect("a form");
        let prompt = first(page, "input[name=prompt]", "value").expect("what the form asks");
        let fields = [("prompt", prompt.as_str()), ("login", name), ("password", "whatever")];
        let action = address.join(&action).expect("an address");
        self.send(&action, self.client.post(action.clone()).form(&fields)).await
    }

    async fn send(&mut self, address: &Url, request: RequestBuilder) -> Step {
        let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>();
        let response = request.header(COOKIE, cookies.join("; ")).send().await.expect("the provider answers");
        for cookie in response.headers().get_all(SET_COOKIE) {
            let cookie = cookie.to_str().expect("a cookie in ASCII");
            let (name, value) = cookie.split(';').next().and_then(|pair| pair.split_once('=')).expect("a cookie");
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        match response.headers().get(LOCATION) {
            Some(to) => Step::To(address.join(to.to_str().expect("an address")).expect("an address")),
            None => Step::Page(address.clone(), response.text().await.expect("a page")),
        }
    }
}

fn first(page: &str, selector: &str, attribute: &str) -> Option<String> {
    let selector = Selector::parse(selector).expect("a selector");
    let page = Html::parse_document(page);
    page.select(&selector).next()?.attr(attribute).map(str::to_owned)
}

fn answer(address: &Url) -> Answer {
    let value = |name: &str| address.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    Answer { code: value("code"), state: value("state"), error: value("error"), iss: value("iss") }
}
