//! Documents become files. Setting type takes all cores for a second or more, so one is made at a time in this process,
//! and what was made lately is kept by its content for whoever asks next.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::Duration;
use kyodo_papers::Paper;
use kyodo_web::answer::Download;
use kyodo_web::{Ctx, Error, Result};
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;

/// A document as a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PaperFormat {
    /// To read and to print.
    Pdf,
    /// To go on writing.
    Word,
}

impl PaperFormat {
    /// The format of `?format=…`.
    pub(crate) fn of(text: Option<&str>) -> Option<Self> {
        match text {
            Some("pdf") => Some(Self::Pdf),
            Some("docx") => Some(Self::Word),
            _ => None,
        }
    }

    fn ending(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Word => "docx",
        }
    }

    fn kind(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Word => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        }
    }

    fn made(self, paper: &Paper) -> std::result::Result<Vec<u8>, kyodo_papers::Error> {
        match self {
            Self::Pdf => kyodo_papers::pdf(paper),
            Self::Word => kyodo_papers::docx(paper),
        }
    }
}

/// All kept files together hold at most this many bytes.
const MOST_BYTES: usize = 8 * 1024 * 1024;
/// A file larger than this is made anew each time.
const LARGEST: usize = 2 * 1024 * 1024;
/// How many may wait for their turn; who comes then is asked to come again.
const MOST_WAITING: usize = 24;

/// What was made lately, the latest last. Who holds it is the one who makes.
static SHELF: std::sync::LazyLock<Arc<Mutex<Shelf>>> = std::sync::LazyLock::new(Arc::default);
static WAITING: AtomicUsize = AtomicUsize::new(0);

#[derive(Default)]
struct Shelf(VecDeque<([u8; 32], Arc<[u8]>)>);

impl Shelf {
    fn kept(&self, key: [u8; 32]) -> Option<Arc<[u8]>> {
        self.0.iter().find(|(known, _)| *known == key).map(|(_, file)| Arc::clone(file))
    }

    fn keep(&mut self, key: [u8; 32], file: Arc<[u8]>) {
        if file.len() > LARGEST {
            return;
        }
        self.0.push_back((key, file));
        while self.0.iter().map(|(_, file)| file.len()).sum::<usize>() > MOST_BYTES {
            self.0.pop_front();
        }
    }
}

/// Somebody who waits; leaving makes room, however one leaves.
struct Place;

impl Place {
    fn take() -> Option<Self> {
        let taken = WAITING.fetch_add(1, Ordering::Relaxed);
        let place = Self;
        (taken < MOST_WAITING).then_some(place)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        WAITING.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A document as a file under this name. The same document is the same file, so that its content is its key and nothing
/// kept is ever stale.
pub(crate) async fn download(ctx: &Ctx, name: &str, paper: Paper, format: PaperFormat) -> Result<Download> {
    let mut hash = Sha256::new();
    hash.update(format.ending());
    hash.update(serde_json::to_vec(&paper).map_err(Error::internal)?);
    let key: [u8; 32] = hash.finalize().into();
    let place = Place::take().ok_or_else(|| Error::TooMany(ctx.now + Duration::minutes(1)))?;
    let mut shelf = Arc::clone(&SHELF).lock_owned().await;
    let file = match shelf.kept(key) {
        Some(file) => file,
        // The shelf goes with the work: who gives up waiting does not let a second one begin.
        None => tokio::task::spawn_blocking(move || {
            let file: Arc<[u8]> = format.made(&paper)?.into();
            shelf.keep(key, Arc::clone(&file));
            Ok::<_, kyodo_papers::Error>(file)
        })
        .await
        .map_err(Error::internal)?
        .map_err(Error::internal)?,
    };
    drop(place);
    Ok(Download { name: format!("{name}.{}", format.ending()), kind: format.kind(), content: file.to_vec() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(bytes: usize) -> Arc<[u8]> {
        vec![0; bytes].into()
    }

    #[test]
    fn the_latest_files_are_kept_and_no_large_one_takes_their_place() {
        let mut shelf = Shelf::default();
        for n in 0..5 {
            shelf.keep([n; 32], file(LARGEST));
        }
        assert!(shelf.kept([0; 32]).is_none() && shelf.kept([4; 32]).is_some());
        shelf.keep([9; 32], file(LARGEST + 1));
        assert!(shelf.kept([9; 32]).is_none() && shelf.kept([1; 32]).is_some());
    }

    #[test]
    fn whoever_leaves_makes_room() {
        let places: Vec<Place> = std::iter::from_fn(Place::take).take(MOST_WAITING).collect();
        assert_eq!(places.len(), MOST_WAITING);
        assert!(Place::take().is_none() && Place::take().is_none());
        drop(places);
        assert!(Place::take().is_some());
    }
}
