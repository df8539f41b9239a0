//! What the stories at the desk share: who works in 見本市, and how somebody publishes a text.

use kyodo_kernel::people::Role;
use kyodo_kernel::search::{self, Cursor};
use kyodo_testkit::{Page, TestCity, Visitor};

/// 折り方の会, a measure of 折り鶴課.
pub(crate) const PUBLIC: &str = "/plan/nodes/1-1-1-1";
pub(crate) const EDIT: &str = "/desk/plan/nodes/1-1-1-1";
pub(crate) const DRAFT: &str = "/desk/plan/nodes/1-1-1-1/draft";
pub(crate) const PUBLICATION: &str = "/desk/plan/nodes/1-1-1-1/publication";
pub(crate) const PREVIEW: &str = "/desk/plan/nodes/1-1-1-1/preview";
pub(crate) const TEXTS: &str = "/desk/plan/nodes/1-1-1-1/texts";
pub(crate) const RESTORATION: &str = "/desk/plan/nodes/1-1-1-1/restoration";

/// Somebody who writes for 折り鶴課.
pub(crate) async fn writer(city: &TestCity, name: &str) -> Visitor {
    city.person(name, &[(Role::Reporter, Some("orizuru"))]).await
}

/// The editor; it must be there.
pub(crate) async fn opens(who: &Visitor) -> Page {
    let page = who.gets(EDIT).await;
    page.ok();
    page
}

/// Publishes 折り方の会 with these fields changed; what came back.
pub(crate) async fn publishes(who: &Visitor, fields: &[(&str, &str)]) -> Page {
    let page = opens(who).await;
    who.fills(&page, PUBLICATION, fields).await
}

/// Saves a draft of 折り方の会 with these fields changed.
pub(crate) async fn drafts(who: &Visitor, fields: &[(&str, &str)]) -> Page {
    let page = opens(who).await;
    let sent = page.form(PUBLICATION);
    let mut sent: Vec<(&str, &str)> = sent.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    sent.retain(|(name, _)| fields.iter().all(|(own, _)| own != name));
    sent.extend(fields);
    who.posts(DRAFT, &sent).await
}

/// What stands in a field of a form.
#[track_caller]
pub(crate) fn field(page: &Page, form: &str, name: &str) -> String {
    let form = page.form(form);
    let found = form.fields.into_iter().find(|(own, _)| own == name);
    found.unwrap_or_else(|| panic!("{page} has no {name}")).1
}

/// The addresses that search finds.
pub(crate) async fn found(city: &TestCity, words: &str) -> Vec<String> {
    let hits = search::find(city.db(), words, Cursor::START, 20).await.expect("search answers");
    hits.items.into_iter().map(|hit| hit.address).collect()
}
