//! Forms that bring files: `multipart/form-data`, read into memory up to the limit of the house.

use std::sync::Arc;

use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use http::header::CONTENT_TYPE;
use kyodo_kernel::files::{Incoming, Refusal};
use multer::{Constraints, Multipart, SizeLimit};

use crate::{Error, House, Result};

/// All text fields of such a form together.
const MOST_TEXT: u64 = 512 * 1024;
/// Heads and boundaries of parts.
const FRAMES: u64 = 64 * 1024;
/// A browser shows our answer only if what it sends is read; somebody who sends much more than this can be cut off.
const READ_TO_THE_END: usize = 64 * 1024 * 1024;

/// The fields and the files of a form, at most `FILES` of them.
#[derive(Clone, Debug, Default)]
pub struct Upload<const FILES: usize = 1> {
    /// Name and text of each field, in order.
    pub fields: Vec<(String, String)>,
    /// The files; an input where nobody chose one brings none.
    pub files: Vec<Sent>,
    most: usize,
}

/// A file as it was sent; nobody has looked at it yet.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The input's name.
    pub field: String,
    /// What the sender calls it.
    pub name: String,
    /// The bytes.
    pub content: Bytes,
}

impl<const FILES: usize> Upload<FILES> {
    /// A field's text without surrounding space; empty when it is absent.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.fields.iter().find(|(field, _)| field == name).map_or("", |(_, text)| text.trim())
    }

    /// The file of an input, looked at: named, typed by its content, small enough. None where nobody chose one.
    #[must_use]
    pub fn file(&self, field: &str) -> Option<std::result::Result<Incoming, Refusal>> {
        self.files(field).next()
    }

    /// The files of an input that takes several.
    pub fn files<'u>(&'u self, field: &'u str) -> impl Iterator<Item = std::result::Result<Incoming, Refusal>> + 'u {
        let of_field = self.files.iter().filter(move |sent| sent.field == field);
        of_field.map(|sent| Incoming::of(&sent.name, sent.content.clone(), self.most))
    }
}

impl<const FILES: usize> FromRequest<Arc<House>> for Upload<FILES> {
    type Rejection = Error;

    async fn from_request(request: Request, house: &Arc<House>) -> Result<Self> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let boundary = multer::parse_boundary(kind).map_err(|_| unreadable())?;
        let mut body = request.into_body().into_data_stream();
        let read = read(&mut body, boundary, house.files.limit()).await;
        if read.is_err() {
            drain(&mut body).await;
        }
        read
    }
}

async fn read<const FILES: usize, S, E>(body: &mut S, boundary: String, most: usize) -> Result<Upload<FILES>>
where
    S: Stream<Item = std::result::Result<Bytes, E>> + Send + Unpin,
    E: Into<Box<dyn std::error::Error + Send + Sync>> + 'static,
{
    let whole = (most as u64).saturating_mul(FILES as u64) + MOST_TEXT + FRAMES;
    let limits = SizeLimit::new().whole_stream(whole).per_field(most as u64);
    let mut parts = Multipart::with_constraints(body, boundary, Constraints::new().size_limit(limits));
    let mut upload = Upload { most, ..Upload::default() };
    let mut text_left = MOST_TEXT;
    while let Some(part) = parts.next_field().await.map_err(|error| told(&error))? {
        let field = part.name().unwrap_or_default().to_owned();
        let Some(name) = part.file_name().map(str::to_owned) else {
            let bytes = part.bytes().await.map_err(|error| told(&error))?;
            text_left = text_left.checked_sub(bytes.len() as u64).ok_or(Error::TooLarge)?;
            // PostgreSQL keeps no NUL in a text, and browsers send line ends of two letters.
            let text = String::from_utf8_lossy(&bytes).replace('\0', "").replace("\r\n", "\n");
            upload.fields.push((field, text));
            continue;
        };
        let content = part.bytes().await.map_err(|error| told(&error))?;
        if name.is_empty() && content.is_empty() {
            continue;
        }
        if upload.files.len() == FILES {
            return Err(Error::TooLarge);
        }
        upload.files.push(Sent { field, name, content });
    }
    Ok(upload)
}

fn told(error: &multer::Error) -> Error {
    match error {
        multer::Error::FieldSizeExceeded { .. } | multer::Error::StreamSizeExceeded { .. } => Error::TooLarge,
        _ => unreadable(),
    }
}

fn unreadable() -> Error {
    Error::Invalid { field: "body", reason: "form-kind" }
}

async fn drain<S, E>(body: &mut S)
where
    S: Stream<Item = std::result::Result<Bytes, E>> + Unpin,
{
    let mut read = 0;
    while let Some(Ok(part)) = body.next().await {
        read += part.len();
        if read > READ_TO_THE_END {
            return;
        }
    }
}
