//! Letters that come back: delivery status notifications (RFC 3464), and what mail systems sent before there were any.

use mail_parser::{Message, MessageParser, MimeHeaders, PartType};

/// What a bounce says of one of our letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bounce {
    /// The letter's key.
    pub key: String,
    /// The city that sent it.
    pub slug: String,
    /// The status code of RFC 3463, as in `5.1.1`.
    pub status: Option<String>,
    /// What the other side said.
    pub said: Option<String>,
    /// Whether the address does not exist, so that nothing should be sent there any more. A full mailbox, a letter too
    /// large or a policy is not that.
    pub permanent: bool,
}

impl Bounce {
    /// Status and words in one line.
    #[must_use]
    pub fn detail(&self) -> String {
        let parts = [self.status.as_deref(), self.said.as_deref()];
        let text = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
        if text.is_empty() { "returned without a reason".to_owned() } else { text }
    }
}

/// A message longer than this is no bounce of ours.
const LONGEST: usize = 10 * 1024 * 1024;
/// Messages within messages, as when somebody forwards a forwarded bounce.
const DEEPEST: usize = 8;

/// Reads a message that came to the sender's address. None when it is not about a letter of ours that came back:
/// holiday notices, answers, and notices that a letter is only late.
#[must_use]
pub fn bounce(message: &[u8]) -> Option<Bounce> {
    if message.len() > LONGEST {
        return None;
    }
    // The parser gives up on some broken multiparts with a panic: such a message is no bounce that anybody could read.
    let parsed = std::panic::catch_unwind(|| MessageParser::default().parse(message)).ok().flatten()?;
    let mut found = Found { from_a_machine: is_from_a_machine(&parsed), ..Found::default() };
    found.walk(&parsed, 0);
    found.bounce()
}

/// What stands in the parts of a message.
#[derive(Default)]
struct Found {
    /// Key and slug.
    letter: Option<(String, String)>,
    report: Option<Report>,
    texts: Vec<String>,
    from_a_machine: bool,
}

/// What a delivery status says of its first reader.
#[derive(Default)]
struct Report {
    action: Option<String>,
    status: Option<String>,
    said: Option<String>,
}

impl Found {
    fn walk(&mut self, message: &Message<'_>, depth: usize) {
        // The header of what came belongs to the bounce; in what it encloses, the header is our letter's.
        if depth > 0 {
            self.look_for_letter(&message.message_id().map(|id| format!("<{id}>")).unwrap_or_default());
        }
        for part in &message.parts {
            if let PartType::Message(inner) = &part.body {
                if depth < DEEPEST {
                    self.walk(inner, depth + 1);
                }
                continue;
            }
            let text = String::from_utf8_lossy(part.contents());
            if is_delivery_status(part) {
                self.report.get_or_insert_with(|| report(&text));
            } else {
                // Headers alone (text/rfc822-headers), or the letter as text below the explanation.
                for line in unfolded(&text) {
                    if let Some(id) = field(line.trim_start_matches(['>', ' ']), "message-id") {
                        self.look_for_letter(id);
                    }
                }
                self.texts.push(text.into_owned());
            }
        }
    }

    fn look_for_letter(&mut self, text: &str) {
        if self.letter.is_none() {
            self.letter = letter_in(text);
        }
    }

    fn bounce(self) -> Option<Bounce> {
        let (key, slug) = self.letter?;
        let (status, said) = if let Some(report) = self.report {
            // `delayed`, `delivered`, `relayed` and `expanded` are no bounces.
            if report.action.is_some_and(|action| !action.eq_ignore_ascii_case("failed")) {
                return None;
            }
            (report.status, report.said)
        } else {
            let status = self.texts.iter().find_map(|text| status_in(text));
            if status.is_none() && !self.from_a_machine {
                return None;
            }
            (status, None)
        };
        let permanent = status.as_deref().is_some_and(is_about_the_address);
        Some(Bounce { key, slug, status, said, permanent })
    }
}

fn is_from_a_machine(message: &Message<'_>) -> bool {
    let sender = message.from().and_then(|from| from.first()).and_then(|first| first.address()).unwrap_or_default();
    let local = sender.split('@').next().unwrap_or_default().to_ascii_lowercase();
    matches!(local.as_str(), "mailer-daemon" | "postmaster" | "mail-daemon")
        || message.header_raw("Return-Path").is_some_and(|path| path.trim() == "<>")
}

fn is_delivery_status(part: &mail_parser::MessagePart<'_>) -> bool {
    // `global` for addresses beyond ASCII (RFC 6533).
    part.is_content_type("message", "delivery-status") || part.is_content_type("message", "global-delivery-status")
}

/// The fields of a delivery status: those of the whole message, then a block for each reader. Ours have one.
fn report(text: &str) -> Report {
    let mut report = Report::default();
    for line in unfolded(text) {
        for (name, place) in
            [("action", &mut report.action), ("status", &mut report.status), ("diagnostic-code", &mut report.said)]
        {
            if let Some(value) = field(&line, name)
                && place.is_none()
            {
                *place = Some(value.split_whitespace().collect::<Vec<_>>().join(" "));
            }
        }
    }
    // A comment may follow the code.
    report.status = report.status.as_deref().and_then(status_in);
    report.said = report.said.map(|said| said.chars().take(300).collect());
    report
}

/// The value of a header line of a name in small letters.
fn field<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    let (before, value) = line.split_once(':')?;
    before.trim().eq_ignore_ascii_case(name).then(|| value.trim())
}

/// The lines of a header, those that begin with white space joined to the one before.
fn unfolded(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        match lines.last_mut() {
            Some(last) if line.starts_with([' ', '\t']) && !last.is_empty() => last.push_str(line),
            _ => lines.push(line.to_owned()),
        }
    }
    lines
}

/// Our own Message-ID: `<key.slug@…>`, the key of 32 hexadecimal digits.
fn letter_in(text: &str) -> Option<(String, String)> {
    let id = text.trim().strip_prefix('<')?.split('@').next()?;
    let (key, slug) = id.split_once('.')?;
    let is_key = key.len() == 32 && key.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    let is_slug = !slug.is_empty() && slug.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    (is_key && is_slug).then(|| (key.to_owned(), slug.to_owned()))
}

/// The first status code of a failure in a text: `5.1.1`, `4.4.7`.
pub(super) fn status_in(text: &str) -> Option<String> {
    text.split(|c: char| !c.is_ascii_digit() && c != '.')
        .map(|word| word.trim_matches('.'))
        .find(|word| {
            let parts: Vec<&str> = word.split('.').collect();
            matches!(parts.as_slice(), ["4" | "5", subject, detail]
                if [subject, detail].iter().all(|part| (1..=3).contains(&part.len())))
        })
        .map(str::to_owned)
}

/// Whether a status says that nobody is there (RFC 3463): class 5, but neither a full mailbox or a letter too large
/// (`5.2.2`, `5.2.3`, `5.3.x`), the network (`5.4.x`), the protocol and the content (`5.5.x`, `5.6.x`) nor a policy (`5.7.x`).
pub(super) fn is_about_the_address(status: &str) -> bool {
    let mut parts = status.split('.');
    let (class, subject, detail) = (parts.next(), parts.next(), parts.next());
    class == Some("5")
        && match subject {
            Some("0" | "1") => true,
            Some("2") => !matches!(detail, Some("2" | "3")),
            _ => false,
        }
}
