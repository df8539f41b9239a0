//! Packs: folders of files that say everything in which cities differ. A reader names every fault it
//! finds by file and line and goes on, so that one check tells all.

pub mod change;
pub mod city;
mod colour;
pub mod part;
mod toml;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;

pub use self::toml::Toml;
pub use change::{Change, differences};

/// The files of a pack, read once.
#[derive(Clone, Debug, Default)]
pub struct Pack {
    files: BTreeMap<String, String>,
    /// Files that are there but are not text; the fault has been named.
    unreadable: BTreeSet<String>,
}

impl Pack {
    /// A pack from files that are already in memory, e.g. those that ship with the binary.
    pub fn of(files: impl IntoIterator<Item = (String, Vec<u8>)>, faults: &mut Faults) -> Self {
        let mut pack = Self::default();
        for (name, bytes) in files {
            match String::from_utf8(bytes) {
                // A byte order mark is what Excel and Notepad leave behind; it says nothing.
                Ok(text) => {
                    let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
                    pack.files.insert(name, text);
                }
                Err(error) => {
                    let good = error.utf8_error().valid_up_to();
                    let line = line_at(error.as_bytes(), good);
                    faults.add(&name, line, "文字コードが UTF-8 ではありません。UTF-8 で保存し直してください。");
                    pack.unreadable.insert(name);
                }
            }
        }
        pack
    }

    /// A pack from a folder.
    pub fn read(folder: &Path, faults: &mut Faults) -> std::io::Result<Self> {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                files.push((entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path())?));
            }
        }
        Ok(Self::of(files, faults))
    }

    /// The text of a file, if the pack has it.
    #[must_use]
    pub fn file(&self, name: &str) -> Option<&str> {
        self.files.get(name).map(String::as_str)
    }

    /// The names of the files.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// Opens a TOML file; a missing or broken one is a fault.
    pub fn toml<'p>(&'p self, name: &'static str, faults: &mut Faults) -> Option<Toml<'p>> {
        Toml::open(name, self.must(name, faults)?, faults)
    }

    /// The text of a file that must be there; a missing one is a fault.
    fn must(&self, name: &str, faults: &mut Faults) -> Option<&str> {
        let text = self.file(name);
        if text.is_none() && !self.unreadable.contains(name) {
            faults.add(name, 0, "ファイルがありません。");
        }
        text
    }
}

/// The line of a byte offset, counted from 1.
fn line_at(text: &[u8], offset: usize) -> usize {
    text.iter().take(offset).filter(|b| **b == b'\n').count() + 1
}

/// Something wrong in a pack.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The file's name.
    pub file: String,
    /// The line, counted from 1; 0 when it is about the whole file.
    pub line: usize,
    /// What is wrong and what to do.
    pub text: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line == 0 {
            write!(f, "{}: {}", self.file, self.text)
        } else {
            write!(f, "{}:{}: {}", self.file, self.line, self.text)
        }
    }
}

/// The faults found so far.
#[derive(Clone, Debug, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Names a fault.
    pub fn add(&mut self, file: &str, line: usize, text: impl Into<String>) {
        self.0.push(Fault { file: file.to_owned(), line, text: text.into() });
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Every fault, by file and line.
    #[must_use]
    pub fn sorted(mut self) -> Vec<Fault> {
        self.0.sort();
        self.0.dedup();
        self.0
    }
}

/// Reads arbitrary bytes as a file of a pack: the first byte chooses which. Whatever stands in it, this ends
/// with a pack or with faults. Run by `fuzz/` and, on stable, by the test suite.
pub fn fuzz(data: &[u8]) {
    const FILES: [&str; 5] = ["city.toml", "terms.ftl", "terms.ja-easy.ftl", "terms.en.ftl", "readings.csv"];
    let Some((selector, content)) = data.split_first() else {
        return;
    };
    let name = FILES[usize::from(*selector) % FILES.len()];
    let mut faults = Faults::default();
    let pack = Pack::of([(name.to_owned(), content.to_vec())], &mut faults);
    let city = city::CityPack::read(&pack, &mut faults);
    city::check_words(&crate::words::Messages::default(), &city.terms, &mut Faults::default());
    let value = serde_json::to_value(&city).unwrap_or_default();
    let said = [&serde_json::Value::Null, &value].map(|before| differences(before, &value));
    // What cannot be told is no help, so telling is part of it.
    let _ = (faults.sorted().iter().map(Fault::to_string).collect::<String>(), said.map(|said| said.len()));
}

/// Reads arbitrary bytes as `readings.csv`.
pub fn fuzz_readings(data: &[u8]) {
    let mut faults = Faults::default();
    let pack = Pack::of([("readings.csv".to_owned(), data.to_vec())], &mut faults);
    let _ = kyodo_jptext::Readings::new(readings(&pack, &mut faults));
}

/// The furigana table: `surface,reading`, one line a word.
pub fn readings(pack: &Pack, faults: &mut Faults) -> Vec<(String, String)> {
    const FILE: &str = "readings.csv";
    let Some(text) = pack.file(FILE) else {
        return Vec::new();
    };
    let mut rows = Vec::new();
    let mut seen = std::collections::HashSet::new();
    let mut reader = csv::ReaderBuilder::new().flexible(true).comment(Some(b'#')).from_reader(text.as_bytes());
    let headed = reader.headers().is_ok_and(|head| head.iter().map(str::trim).eq(["surface", "reading"]));
    if !headed {
        faults.add(FILE, 1, "1行目は surface,reading としてください。");
        return rows;
    }
    for record in reader.into_records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                faults.add(FILE, usize::try_from(line).unwrap_or(0), format!("CSVとして読めません（{error}）。"));
                continue;
            }
        };
        let line = usize::try_from(record.position().map_or(0, csv::Position::line)).unwrap_or(0);
        let mut cells = record.iter().map(str::trim);
        match (cells.next(), cells.next(), cells.next()) {
            (Some(surface), Some(reading), None) if !surface.is_empty() && !reading.is_empty() => {
                if !reading.chars().all(|c| matches!(c, 'ぁ'..='ゖ' | 'ー' | '・')) {
                    faults.add(FILE, line, format!("「{surface}」の読み「{reading}」は、ひらがなで書いてください。"));
                } else if seen.insert(surface.to_owned()) {
                    rows.push((surface.to_owned(), reading.to_owned()));
                } else {
                    faults.add(FILE, line, format!("「{surface}」が二度あります。"));
                }
            }
            _ => faults.add(FILE, line, "「ことば,よみ」の2つを書いてください。"),
        }
    }
    rows
}
