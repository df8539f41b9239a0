//! Reading files back: PDF with lopdf, Word as a ZIP of XML.

use std::io::{Cursor, Read as _};

use lopdf::{Dictionary, Document, Object};

/// A PDF as others see it.
pub(crate) struct Pdf(pub(crate) Document);

impl Pdf {
    pub(crate) fn of(file: &[u8]) -> Self {
        Self(Document::load_mem(file).expect("it is a PDF"))
    }

    /// The text of all pages without white space, which lines and columns change.
    pub(crate) fn text(&self) -> String {
        let pages: Vec<u32> = self.0.get_pages().into_keys().collect();
        squeezed(&self.0.extract_text(&pages).expect("the text can be read"))
    }

    pub(crate) fn bookmarks(&self) -> Vec<(usize, String)> {
        let contents = self.0.get_toc().expect("it has bookmarks");
        assert!(contents.errors.is_empty(), "{:?}", contents.errors);
        contents.toc.into_iter().map(|entry| (entry.level, entry.title)).collect()
    }

    pub(crate) fn catalog(&self) -> &Dictionary {
        self.0.catalog().expect("it has a catalog")
    }

    /// What the catalog says under these names, one inside the other.
    pub(crate) fn says(&self, names: &[&str]) -> Option<&Object> {
        let (last, before) = names.split_last()?;
        let mut dictionary = self.catalog();
        for name in before {
            dictionary = self.inside(dictionary.get(name.as_bytes()).ok()?).as_dict().ok()?;
        }
        dictionary.get(last.as_bytes()).ok().map(|object| self.inside(object))
    }

    fn inside<'a>(&'a self, object: &'a Object) -> &'a Object {
        self.0.dereference(object).map_or(object, |(_, object)| object)
    }

    /// All dictionaries, those of streams too.
    pub(crate) fn dictionaries(&self) -> impl Iterator<Item = &Dictionary> {
        self.0.objects.values().filter_map(|object| match object {
            Object::Dictionary(dictionary) => Some(dictionary),
            Object::Stream(stream) => Some(&stream.dict),
            _ => None,
        })
    }

    /// How many parts of the document are of this kind: `TH`, `H1`.
    pub(crate) fn count(&self, kind: &str) -> usize {
        let is = |dictionary: &Dictionary| {
            dictionary.get(b"S").and_then(Object::as_name).is_ok_and(|name| name == kind.as_bytes())
                && dictionary.has(b"P")
        };
        self.dictionaries().filter(|dictionary| is(dictionary)).count()
    }

    /// How wide and high the pages are, in points.
    pub(crate) fn sizes(&self) -> Vec<String> {
        let number = |object: &Object| object.as_float().expect("a number");
        let size = |id| {
            let page = self.0.get_dictionary(id).expect("a page");
            let edges = self.inside(page.get(b"MediaBox").expect("a size")).as_array().expect("four numbers");
            format!("{:.0}×{:.0}", number(&edges[2]), number(&edges[3]))
        };
        self.0.get_pages().into_values().map(size).collect()
    }

    /// What is said of the document for programs.
    pub(crate) fn metadata(&self) -> String {
        let stream = self.says(&["Metadata"]).expect("metadata").as_stream().expect("a stream");
        let bytes = stream.decompressed_content().unwrap_or_else(|_| stream.content.clone());
        String::from_utf8(bytes).expect("it is XML")
    }
}

/// A part of a Word document.
pub(crate) fn part(file: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(file)).expect("it is a ZIP");
    let mut text = String::new();
    archive.by_name(name).expect("the part is there").read_to_string(&mut text).expect("it is text");
    text
}

/// Words without white space.
pub(crate) fn squeezed(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).collect()
}
