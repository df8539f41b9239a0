//! Documents of a measure: what a page says of one, and `/plan/files/{key}`, where everybody may download it.

use axum::http::HeaderMap;
use kyodo_kernel::files::{self, Audience, File};
use kyodo_web::{Ctx, Error, FileAnswer, Frame, KeyPath, Result, format};

use crate::node::{Node, SUBJECT};
use crate::store;

/// A document as a page tells of it.
pub(crate) struct Document {
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) size: String,
    /// Kind and size beside its name, so that nobody is surprised by what they open.
    pub(crate) told: String,
    /// Where it is downloaded.
    pub(crate) address: String,
}

impl Document {
    /// A file in the reader's words.
    pub(crate) fn of(f: &Frame, file: &File) -> Self {
        let (kind, size) = (f.t(&format!("document-kind-{}", file.kind.name)), size(f, file.size));
        Self {
            name: file.name.clone(),
            told: f.with("document-told", &[("kind", &kind), ("size", &size)]),
            kind,
            size,
            address: format!("/plan/files/{}", file.key),
        }
    }
}

/// The documents that everybody may see, in the order they came. One sentence.
pub(super) async fn documents(ctx: &Ctx, node: &Node) -> Result<Vec<File>> {
    let mut files = files::of_subject(&ctx.db, &node.subject()).await?;
    files.retain(|file| file.audience == Audience::Public);
    Ok(files)
}

/// `GET /plan/files/{key}`
pub async fn document(ctx: Ctx, KeyPath(key): KeyPath, headers: HeaderMap) -> Result<FileAnswer> {
    let file = files::by_key(&ctx.db, &key).await?.filter(|file| file.audience == Audience::Public);
    let file = file.ok_or(Error::NotFound)?;
    let measure = file.subject.strip_prefix(SUBJECT).ok_or(Error::NotFound)?;
    // What belongs to a measure is not public any longer than the measure is.
    let (plan_id, _) = store::plan(&ctx.db).await?.ok_or(Error::NotFound)?;
    store::node(&ctx.db, plan_id, measure).await?.ok_or(Error::NotFound)?;
    FileAnswer::of(&ctx, file, &headers).await
}

/// A number of bytes as people read it: 900バイト, 340KB, 1.2MB.
fn size(f: &Frame, bytes: i64) -> String {
    const KB: i64 = 1024;
    const MB: i64 = KB * KB;
    match bytes {
        ..KB => f.n("document-size-bytes", bytes),
        // From here on it would be rounded to a thousand or more.
        _ if bytes < 999 * KB + KB / 2 => f.n("document-size-kb", (bytes + KB / 2) / KB),
        _ => {
            let tenths = (bytes * 10 + MB / 2) / MB;
            let megabytes = format!("{}.{}", format::whole(tenths / 10), tenths % 10);
            f.with("document-size-mb", &[("n", &megabytes)])
        }
    }
}
