//! Following the links of a page: every local address must lead somewhere, and every fragment must exist.
//! Each link is followed once per house.

use std::collections::BTreeMap;

use http::Method;
use url::{Position, Url};

use crate::page::{Page, all, text_of};
use crate::{Visitor, inspector};

pub(crate) async fn check(visitor: &Visitor, page: &Page) {
    if !page.is_html() {
        return;
    }
    let (links, own_ids) = links_of(page);
    let here = &page.url()[..Position::AfterQuery];
    let mut faults = Vec::new();
    for (url, words) in links {
        let address = &url[..Position::AfterQuery];
        let fragment = url.fragment().filter(|fragment| !fragment.is_empty());
        if address == here {
            // A page that was not found need not be found by a link to itself.
            if let Some(missing) = fragment.filter(|fragment| !own_ids.iter().any(|id| id == fragment)) {
                faults.push(format!("「{words}」 leads to #{missing}, which is not on the page"));
            }
        } else if visitor.house().is_new(url.as_str()) {
            faults.extend(fault_of(visitor, &url, fragment).await.map(|fault| format!("「{words}」 leads to {fault}")));
        }
    }
    assert!(faults.is_empty(), "the inspector followed the links of {page}:\n- {}", faults.join("\n- "));
}

async fn fault_of(visitor: &Visitor, url: &Url, fragment: Option<&str>) -> Option<String> {
    let target = &url[Position::BeforePath..Position::AfterQuery];
    let there = visitor.fetch(&url[Position::BeforeHost..Position::AfterPort], Method::GET, target, &[]).await;
    if !there.status().is_success() && !there.status().is_redirection() {
        return Some(there.to_string());
    }
    inspector::inspect(&there);
    let fragment = fragment.filter(|_| there.is_html())?;
    (!ids_of(&there).iter().any(|id| id == fragment)).then(|| format!("{there}, where #{fragment} is missing"))
}

/// The local addresses of a page with the words that lead there, and the page's ids.
fn links_of(page: &Page) -> (BTreeMap<Url, String>, Vec<String>) {
    let html = page.html();
    let mut links = BTreeMap::new();
    for (selector, attribute) in
        [("a[href], link[href], use[href]", "href"), ("[src]", "src"), ("form[action]", "action")]
    {
        for element in all(&html, selector) {
            let is_posted = element.attr("method").is_some_and(|method| !method.eq_ignore_ascii_case("get"));
            let url = element.attr(attribute).and_then(|address| page.address_of(address));
            if let Some(url) = url.filter(|url| !is_posted && is_local(url, page.url()) && is_page(url)) {
                let words = text_of(element);
                let words = if words.is_empty() { element.value().name().to_owned() } else { words };
                links.entry(url).or_insert(words);
            }
        }
    }
    (links, ids_of(page))
}

fn ids_of(page: &Page) -> Vec<String> {
    all(&page.html(), "[id]").iter().filter_map(|element| element.attr("id")).map(str::to_owned).collect()
}

/// The same city, or another of this house.
fn is_local(url: &Url, here: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    url.scheme().starts_with("http") && (url.host() == here.host() || host.ends_with(".localhost"))
}

/// Downloads have tests of their own, and the switches of language and furigana lead to the page itself.
fn is_page(url: &Url) -> bool {
    !url.query_pairs().any(|(name, _)| matches!(name.as_ref(), "format" | "lang" | "furigana"))
}
