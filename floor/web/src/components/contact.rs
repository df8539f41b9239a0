//! How to reach a person: the way in to everything that has no room of its own yet.

use askama::Template;
use askama::filters::HtmlSafe;
use kyodo_kernel::profile::Contact;

use crate::filters;
use crate::{Frame, Html};

/// A department's telephone and counter.
#[derive(Clone, Debug, Template)]
#[template(path = "contact-block.html")]
pub struct ContactBlock<'a> {
    /// The page's frame.
    pub f: &'a Frame,
    /// The id of its heading.
    pub id: &'static str,
    /// What to come for.
    pub title: String,
    /// Whose contact it is.
    pub name: Html,
    /// How to reach it.
    pub contact: Contact,
}
impl HtmlSafe for ContactBlock<'_> {}
