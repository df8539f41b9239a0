//! What a file is: told by its content, never by what a browser says. What is not in the table is not taken: programs,
//! pages that run (HTML, SVG), archives whose content nobody has seen.

use std::io::Cursor;

use zip::ZipArchive;

use super::{name, text};
use crate::personal::holds_my_number;

/// A kind of file that is taken.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    /// Its name in the database.
    pub name: &'static str,
    /// The endings a name may have, in small letters.
    pub endings: &'static [&'static str],
    /// The media type it is served with.
    pub media: &'static str,
    /// Whether a browser may show it in a page.
    pub picture: bool,
    known_by: Sign,
}

/// By what a kind is known.
#[derive(Debug, PartialEq, Eq)]
enum Sign {
    /// The bytes it begins with.
    Start(&'static [u8]),
    /// A package of Office Open XML (ISO/IEC 29500) with this part.
    Part(&'static str),
    /// A package of OpenDocument (ISO/IEC 26300), which begins with its media type.
    OpenDocument,
    /// Text; which text, the ending says.
    Text,
}

/// Every kind that is taken.
pub const KINDS: &[Kind] = &[
    Kind { name: "pdf", endings: &["pdf"], media: "application/pdf", picture: false, known_by: Sign::Start(b"%PDF-") },
    Kind {
        name: "png",
        endings: &["png"],
        media: "image/png",
        picture: true,
        known_by: Sign::Start(b"\x89PNG\r\n\x1a\n"),
    },
    Kind {
        name: "jpeg",
        endings: &["jpg", "jpeg"],
        media: "image/jpeg",
        picture: true,
        known_by: Sign::Start(b"\xff\xd8\xff"),
    },
    Kind {
        name: "docx",
        endings: &["docx"],
        media: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        picture: false,
        known_by: Sign::Part("word/document.xml"),
    },
    Kind {
        name: "xlsx",
        endings: &["xlsx"],
        media: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        picture: false,
        known_by: Sign::Part("xl/workbook.xml"),
    },
    Kind {
        name: "pptx",
        endings: &["pptx"],
        media: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        picture: false,
        known_by: Sign::Part("ppt/presentation.xml"),
    },
    Kind {
        name: "odt",
        endings: &["odt"],
        media: "application/vnd.oasis.opendocument.text",
        picture: false,
        known_by: Sign::OpenDocument,
    },
    Kind {
        name: "ods",
        endings: &["ods"],
        media: "application/vnd.oasis.opendocument.spreadsheet",
        picture: false,
        known_by: Sign::OpenDocument,
    },
    Kind { name: "csv", endings: &["csv"], media: "text/csv", picture: false, known_by: Sign::Text },
    Kind { name: "txt", endings: &["txt"], media: "text/plain", picture: false, known_by: Sign::Text },
];

/// What is stored under a name that is not in the table any more is served as bytes.
const BYTES: Kind =
    Kind { name: "bytes", endings: &[], media: "application/octet-stream", picture: false, known_by: Sign::Text };

/// Why a file is not taken. Each is a message; `file-refused-large` has `$n`, megabytes, and `file-refused-ending` has
/// `$ending`, how the name would have to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It has no content.
    Empty,
    /// It has more bytes than may be.
    TooLarge {
        /// The most bytes.
        most: usize,
    },
    /// It is nothing that is taken.
    NotTaken,
    /// It is a document of Office 2003 or before, or locked with a password: its inside cannot be seen.
    Closed,
    /// Its name says another kind than its content.
    Disagrees {
        /// What the content is.
        content: &'static Kind,
    },
    /// It carries macros.
    Macros,
    /// Unpacked it would be far larger than it looks, or it cannot be unpacked.
    Damaged,
    /// It holds an individual number.
    MyNumber,
}

impl Refusal {
    /// The message that says it.
    #[must_use]
    pub fn message(self) -> &'static str {
        match self {
            Self::Empty => "file-refused-empty",
            Self::TooLarge { .. } => "file-refused-large",
            Self::NotTaken => "file-refused-kind",
            Self::Closed => "file-refused-closed",
            Self::Disagrees { .. } => "file-refused-ending",
            Self::Macros => "file-refused-macros",
            Self::Damaged => "file-refused-damaged",
            Self::MyNumber => "file-refused-my-number",
        }
    }

    /// The variables of the message.
    #[must_use]
    pub fn variables(self) -> Vec<(&'static str, String)> {
        match self {
            Self::TooLarge { most } => vec![("n", (most / (1024 * 1024)).to_string())],
            Self::Disagrees { content } => vec![("ending", format!(".{}", content.endings.first().unwrap_or(&"")))],
            _ => Vec::new(),
        }
    }
}

/// The kind of a name in the database.
#[must_use]
pub fn kind_named(name: &str) -> &'static Kind {
    KINDS.iter().find(|kind| kind.name == name).unwrap_or(&BYTES)
}

/// The endings of all kinds with their dots, for the `accept` of an input.
#[must_use]
pub fn accepted() -> String {
    let endings: Vec<String> = KINDS.iter().flat_map(|kind| kind.endings).map(|ending| format!(".{ending}")).collect();
    endings.join(",")
}

/// What a content is, if its name agrees.
pub(super) fn kind_of(name: &str, content: &[u8]) -> Result<&'static Kind, Refusal> {
    let ending = name::ending(name);
    let kind = told_by(content, &ending)?;
    if kind.endings.contains(&ending.as_str()) { Ok(kind) } else { Err(Refusal::Disagrees { content: kind }) }
}

fn told_by(content: &[u8], ending: &str) -> Result<&'static Kind, Refusal> {
    // A compound file: .doc, .xls, .ppt, and any document of Office under a password.
    const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
    if content.starts_with(b"PK\x03\x04") {
        return package(content);
    }
    if content.starts_with(COMPOUND) {
        return Err(Refusal::Closed);
    }
    let begins = |kind: &&Kind| matches!(kind.known_by, Sign::Start(start) if content.starts_with(start));
    match KINDS.iter().find(begins) {
        Some(kind) => Ok(kind),
        None => plain(content, ending),
    }
}

/// Text is csv or txt as its name says; markup, which a browser might run, is neither.
fn plain(content: &[u8], ending: &str) -> Result<&'static Kind, Refusal> {
    let text = text::decode(content).ok_or(Refusal::NotTaken)?;
    let start: String = text.trim_start().chars().take(16).collect::<String>().to_ascii_lowercase();
    if ["<!", "<?", "<html", "<head", "<body", "<svg", "<script", "{\\rtf", "#!"].iter().any(|s| start.starts_with(s)) {
        return Err(Refusal::NotTaken);
    }
    if holds_my_number(&text) {
        return Err(Refusal::MyNumber);
    }
    let mut texts = KINDS.iter().filter(|kind| kind.known_by == Sign::Text);
    let named = texts.clone().find(|kind| kind.endings.contains(&ending));
    named.or_else(|| texts.next_back()).ok_or(Refusal::NotTaken)
}

/// A package is looked at from outside: the names of its parts and the sizes it says they have.
fn package(content: &[u8]) -> Result<&'static Kind, Refusal> {
    const MOST_PARTS: usize = 20_000;
    const MOST_BYTES: u64 = 1024 * 1024 * 1024;
    /// Sheets full of equal rows shrink to a fiftieth; bombs to a thousandth.
    const MOST_TIMES: u64 = 200;
    let mut archive = ZipArchive::new(Cursor::new(content)).map_err(|_| Refusal::Damaged)?;
    if archive.len() > MOST_PARTS {
        return Err(Refusal::Damaged);
    }
    let mut names = Vec::with_capacity(archive.len());
    let mut unpacked: u64 = 0;
    for at in 0..archive.len() {
        let part = archive.by_index_raw(at).map_err(|_| Refusal::Damaged)?;
        unpacked = unpacked.saturating_add(part.size());
        names.push(part.name().map_err(|_| Refusal::Damaged)?.into_owned());
    }
    if unpacked > MOST_BYTES || unpacked / MOST_TIMES > content.len() as u64 {
        return Err(Refusal::Damaged);
    }
    let kind = KINDS
        .iter()
        .find(|kind| match kind.known_by {
            Sign::Part(part) => names.iter().any(|name| name == part),
            // The name at byte 30, the media type uncompressed right behind it.
            Sign::OpenDocument => {
                content.get(30..).and_then(|rest| rest.strip_prefix(b"mimetype")).is_some_and(|rest| {
                    rest.strip_prefix(kind.media.as_bytes()).is_some_and(|next| !next.starts_with(b"-"))
                })
            }
            _ => false,
        })
        .ok_or(Refusal::NotTaken)?;
    let has_macros = |name: &String| {
        let name = name.to_ascii_lowercase();
        name.ends_with("vbaproject.bin") || name.starts_with("basic/") || name.starts_with("scripts/")
    };
    if names.iter().any(has_macros) { Err(Refusal::Macros) } else { Ok(kind) }
}
