//! PDF through Typst: one fixed form, the paper as values beside it, fonts from the binary. Nothing is read from the
//! machine and nothing fetched.

use std::sync::LazyLock;

use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::Error;
use crate::faces::{BOOK, FONTS};
use crate::paper::Paper;
use crate::sheet::Sheet;

/// The form that every paper takes.
const FORM: &str = include_str!("paper.typ");

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| {
    // Cells that name their row are an extra of the version we use.
    LazyHash::new(Library::builder().with_features([Feature::A11yExtras].into_iter().collect()).build())
});

/// The two files there are.
static FILES: LazyLock<Option<(Source, FileId)>> = LazyLock::new(|| {
    let id = |name: &str| Some(RootedPath::new(VirtualRoot::Project, VirtualPath::new(name).ok()?).intern());
    Some((Source::new(id("/paper.typ")?, FORM.to_owned()), id("/paper.json")?))
});

/// A paper as PDF: tagged after PDF/UA-1, with bookmarks; if it bears a day, also fit for archives after PDF/A-2a.
///
/// It takes as long as setting type takes, on all cores: let it run where it holds up nobody.
pub fn pdf(paper: &Paper) -> Result<Vec<u8>, Error> {
    let world = Desk::new(paper)?;
    let set = typst::compile::<PagedDocument>(&world).output.and_then(|document| {
        let options = PdfOptions {
            ident: Smart::Auto,
            creator: Smart::Custom(Some("Kyodo".to_owned())),
            standards: standards(paper)?,
            ..PdfOptions::default()
        };
        typst_pdf::pdf(&document, &options)
    });
    // What was kept for setting this paper again is of no use to the next.
    typst::comemo::evict(0);
    set.map_err(|faults| Error::Type(told(&faults)))
}

fn standards(paper: &Paper) -> Result<PdfStandards, typst::ecow::EcoVec<SourceDiagnostic>> {
    let asked: &[PdfStandard] =
        if paper.day.is_some() { &[PdfStandard::A_2a, PdfStandard::Ua_1] } else { &[PdfStandard::Ua_1] };
    PdfStandards::new(asked).map_err(|fault| {
        [SourceDiagnostic::error(typst::syntax::Span::detached(), fault.message().clone())].into_iter().collect()
    })
}

fn told(faults: &[SourceDiagnostic]) -> String {
    faults.iter().map(|fault| fault.message.as_str()).collect::<Vec<_>>().join("; ")
}

/// What lies before the typesetter: the form, the paper, the fonts.
struct Desk {
    form: Source,
    paper: (FileId, Bytes),
}

impl Desk {
    fn new(paper: &Paper) -> Result<Self, Error> {
        let sheet = serde_json::to_vec(&Sheet::of(paper)?).map_err(|fault| Error::Type(fault.to_string()))?;
        let (form, id) = FILES.clone().ok_or_else(|| Error::Type("the form has no name".to_owned()))?;
        Ok(Self { form, paper: (id, Bytes::new(sheet)) })
    }
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &BOOK
    }

    fn main(&self) -> FileId {
        self.form.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.form.id() { Ok(self.form.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.paper.0 { Ok(self.paper.1.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        // A paper bears the day it is given.
        None
    }
}
