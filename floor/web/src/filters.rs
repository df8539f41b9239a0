//! Filters of the templates.
#![expect(missing_docs, clippy::inline_always, reason = "the macro writes items of its own")]

/// A telephone number as `tel:` wants it: digits and a leading plus.
#[askama::filter_fn]
pub fn telephone(phone: impl std::fmt::Display, _: &dyn askama::Values) -> askama::Result<String> {
    let phone = kyodo_jptext::phone_like(&phone.to_string());
    Ok(phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect())
}
