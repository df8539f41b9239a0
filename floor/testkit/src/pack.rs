//! Packs to begin from, and to spoil on purpose.

use std::collections::BTreeMap;
use std::path::Path;

use kyodo_kernel::pack::{Fault, Faults, Pack};

/// The files of a pack, as bytes: a test may put anything into them.
#[derive(Clone, Debug, Default)]
pub struct TestPack {
    files: BTreeMap<String, Vec<u8>>,
}

impl TestPack {
    /// A pack of the testkit (`mihon`) or one that ships with Kyodo (`ichinoseki`).
    #[must_use]
    pub fn named(name: &str) -> Self {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let folders = [here.join("packs").join(name), here.join("../../cities").join(name)];
        let folder = folders.iter().find(|folder| folder.is_dir());
        Self::folder(folder.unwrap_or_else(|| panic!("there is no pack 「{name}」")))
    }

    /// The pack of a folder.
    #[must_use]
    pub fn folder(folder: &Path) -> Self {
        let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let files = entries.map(|entry| {
            let entry = entry.expect("the folder can be listed");
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, std::fs::read(entry.path()).expect("the file can be read"))
        });
        Self { files: files.collect() }
    }

    /// The names of the packs that ship with Kyodo.
    #[must_use]
    pub fn shipped() -> Vec<String> {
        let cities = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cities");
        let entries = std::fs::read_dir(cities).expect("the cities are there").filter_map(Result::ok);
        let mut names: Vec<String> = entries
            .filter(|entry| entry.path().is_dir())
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    /// The same pack with a file put in or replaced.
    #[must_use]
    pub fn file(mut self, name: &str, content: impl Into<Vec<u8>>) -> Self {
        self.files.insert(name.to_owned(), content.into());
        self
    }

    /// The same pack without a file.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.files.remove(name);
        self
    }

    /// The same pack with some words of a file replaced, wherever they stand.
    #[must_use]
    pub fn replacing(self, name: &str, words: &str, by: &str) -> Self {
        let text = self.text(name);
        assert!(text.contains(words), "{name} does not contain 「{words}」");
        let text = text.replace(words, by);
        self.file(name, text)
    }

    /// The same pack for a city of another name.
    #[must_use]
    pub fn called(self, slug: &str) -> Self {
        let old = format!("slug = \"{}\"", self.slug());
        self.replacing("city.toml", &old, &format!("slug = \"{slug}\""))
    }

    /// The city's slug, as `city.toml` says.
    #[must_use]
    pub fn slug(&self) -> String {
        let text = self.text("city.toml");
        let line = text.lines().find_map(|line| line.strip_prefix("slug = \""));
        line.and_then(|rest| rest.split_once('"')).map(|(slug, _)| slug.to_owned()).unwrap_or_default()
    }

    /// A file's text.
    #[must_use]
    pub fn text(&self, name: &str) -> String {
        let bytes = self.files.get(name).unwrap_or_else(|| panic!("the pack has no {name}"));
        String::from_utf8(bytes.clone()).unwrap_or_else(|_| panic!("{name} is not UTF-8"))
    }

    /// The line on which some words stand first, counted from 1, as people count.
    #[must_use]
    pub fn line_of(&self, name: &str, words: &str) -> usize {
        let at = self.text(name).lines().position(|line| line.contains(words));
        at.unwrap_or_else(|| panic!("{name} does not contain 「{words}」")) + 1
    }

    /// The files.
    pub fn files(&self) -> impl Iterator<Item = (String, Vec<u8>)> + '_ {
        self.files.iter().map(|(name, bytes)| (name.clone(), bytes.clone()))
    }

    /// The pack as Kyodo reads it, with the faults of its bytes.
    pub fn read(&self, faults: &mut Faults) -> Pack {
        Pack::of(self.files(), faults)
    }
}

impl From<&str> for TestPack {
    fn from(name: &str) -> Self {
        Self::named(name)
    }
}

impl From<&Path> for TestPack {
    fn from(folder: &Path) -> Self {
        Self::folder(folder)
    }
}

/// Faults as `kyodo city check` prints them, one a line.
#[must_use]
pub fn told(faults: Faults) -> Vec<String> {
    faults.sorted().iter().map(Fault::to_string).collect()
}
