//! The message that a letter becomes: text and HTML, headers as every mail system reads them. The same letter is the
//! same message at every attempt.

use std::fmt::Write;

use lettre::Message;
use lettre::address::Envelope;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};

use super::{Mail, subscription_path};
use crate::jobs::{Trouble, Work};
use crate::language::Language;

/// The message of a letter.
pub(super) async fn message(work: &Work, mail: &Mail) -> Result<Vec<u8>, Trouble> {
    let state = work.city.state().await?;
    let language = Language::of_code(&mail.language).unwrap_or_default();
    let (from, city) = (&work.outside.mail_from, state.profile.name.clone());
    let end = mail.token.as_ref().map(|token| format!("{}{}", work.address, subscription_path(token)));
    let text = match &end {
        Some(end) => format!("{}\n\n-- \n{}\n{end}\n", mail.text, state.words(language).say("mail-unsubscribe")),
        None => mail.text.clone(),
    };
    let html = html(&mail.subject, &city, &text, language);
    let to = mail.to()?.on_the_wire();
    let envelope = Envelope::new(Some(from.on_the_wire()), vec![to.clone()]);
    let mut builder = Message::builder()
        // Said here, because it cannot be read back from the quoted address of an old carrier.
        .envelope(envelope.map_err(|error| Trouble::Lasting(error.to_string()))?)
        .message_id(Some(format!("<{}.{}@{}>", mail.key, work.city.slug, from.domain())))
        .date(mail.created_at.into())
        .from(Mailbox::new(Some(city), from.on_the_wire()))
        .to(Mailbox::new(mail.name.clone(), to))
        .subject(mail.subject.clone())
        // No holiday notice answers a machine (RFC 3834).
        .raw_header(header("Auto-Submitted", "auto-generated"));
    if let Some(reply_to) = mail.reply_to.as_ref().and_then(|address| address.parse::<super::Address>().ok()) {
        builder = builder.reply_to(Mailbox::new(None, reply_to.on_the_wire()));
    }
    if let Some(end) = &end {
        builder = builder
            .raw_header(header("List-Unsubscribe", &format!("<{end}>")))
            .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"));
    }
    let parts = MultiPart::alternative()
        .boundary(format!("kyodo-{}", mail.key))
        .singlepart(SinglePart::plain(text))
        .singlepart(SinglePart::html(html));
    let message = builder.multipart(parts).map_err(|error| Trouble::Lasting(error.to_string()))?;
    Ok(message.formatted())
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

/// A plain page: mail programs know little HTML, and nothing is loaded from anywhere.
fn html(subject: &str, city: &str, text: &str, language: Language) -> String {
    let (language, subject, city) = (language.html(), escaped(subject), escaped(city));
    let mut paragraphs = String::new();
    for paragraph in text.split("\n\n").map(str::trim).filter(|paragraph| !paragraph.is_empty()) {
        let lines: Vec<String> = paragraph.lines().map(linked).collect();
        let _ = writeln!(paragraphs, "<p>{}</p>", lines.join("<br>\n"));
    }
    format!(
        "<!DOCTYPE html>\n<html lang=\"{language}\">\n<head><meta charset=\"utf-8\"><title>{subject}</title></head>\n\
         <body>\n<p><strong>{city}</strong></p>\n{paragraphs}</body>\n</html>\n"
    )
}

/// One line, its web addresses as links. An address ends where Japanese begins or a bracket closes.
fn linked(line: &str) -> String {
    let mut html = String::new();
    let mut rest = line;
    while let Some(at) = ["https://", "http://"].into_iter().filter_map(|scheme| rest.find(scheme)).min() {
        let (before, from) = rest.split_at(at);
        let length = from.find(|c: char| !c.is_ascii_graphic() || "<>\"'()".contains(c)).unwrap_or(from.len());
        // The full stop of a sentence is not part of the address.
        let address = from[..length].trim_end_matches(['.', ',', ';', ':', '!', '?']);
        html.push_str(&escaped(before));
        let shown = escaped(address);
        let _ = write!(html, "<a href=\"{shown}\">{shown}</a>");
        rest = &from[address.len()..];
    }
    html.push_str(&escaped(rest));
    html
}

fn escaped(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut html, c| {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            _ => html.push(c),
        }
        html
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_becomes_paragraphs_with_links_and_nothing_else() {
        let html = html(
            "<件名>",
            "見本市 & 花",
            "こんにちは。\nhttps://a.example/x?y=1&z=2を開いてください。\n\n<b>二</b>",
            Language::Japanese,
        );
        assert!(html.contains("<title>&lt;件名&gt;</title>") && html.contains("見本市 &amp; 花"), "{html}");
        assert!(
            html.contains("<p>こんにちは。<br>\n<a href=\"https://a.example/x?y=1&amp;z=2\">https://a.example/x?y=1&amp;z=2</a>を開いて"),
            "{html}"
        );
        assert!(html.contains("<p>&lt;b&gt;二&lt;/b&gt;</p>"), "{html}");
        assert_eq!(linked("(see https://a.example/.)"), "(see <a href=\"https://a.example/\">https://a.example/</a>.)");
        assert_eq!(linked("http://\"><script>"), "<a href=\"http://\">http://</a>&quot;&gt;&lt;script&gt;");
    }
}
