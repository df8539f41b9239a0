//! Packs by name: those that ship in the binary, and folders.

use std::path::Path;

use kyodo_kernel::pack::part::{Part, Reader};
use kyodo_kernel::pack::{Faults, Pack};
use kyodo_kernel::words::Messages;

use crate::failure::{Failure, OrTell, Result};

#[derive(rust_embed::RustEmbed)]
#[folder = "../cities"]
struct Files;

/// The names of the packs that ship with Kyodo.
#[must_use]
pub fn shipped() -> Vec<String> {
    let mut names: Vec<String> =
        Files::iter().filter_map(|file| file.split_once('/').map(|(city, _)| city.to_owned())).collect();
    names.sort();
    names.dedup();
    names
}

/// The pack of a shipped name, or in a folder. A shipped name wins; the folder of the same name is `./name`.
pub fn find(name: &str, faults: &mut Faults) -> Result<Pack> {
    if shipped().iter().any(|shipped| shipped == name) {
        let prefix = format!("{name}/");
        let own = Files::iter().filter_map(|file| Some((file.strip_prefix(&prefix)?.to_owned(), Files::get(&file)?)));
        let files = own.filter(|(file, _)| belongs(file)).map(|(file, content)| (file, content.data.into_owned()));
        return Ok(Pack::of(files, faults));
    }
    let folder = Path::new(name);
    if !folder.is_dir() {
        return Err(Failure::work(format!(
            "「{name}」というパックはありません。フォルダの場所か、次の名前を指定してください。{}",
            shipped().join(" ")
        )));
    }
    let files = read(folder).or_tell(|| format!("{} を読めません。権限を確かめてください。", folder.display()))?;
    Ok(Pack::of(files, faults))
}

/// A pack and what everybody read from it; every fault of it is a failure.
pub fn read_whole(name: &str, parts: &[&'static dyn Part], messages: &Messages) -> Result<(Pack, Reader)> {
    let mut faults = Faults::default();
    let pack = find(name, &mut faults)?;
    let reader = Reader::read(&pack, parts, messages, &mut faults);
    if faults.is_empty() {
        return Ok((pack, reader));
    }
    let faults = faults.sorted();
    let mut lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
    lines.push(format!("パック「{name}」に、直すところが{}件あります。", faults.len()));
    Err(Failure::work(lines.join("\n")))
}

fn read(folder: &Path) -> std::io::Result<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if belongs(&name) && entry.path().is_file() {
            files.push((name, std::fs::read(entry.path())?));
        }
    }
    Ok(files)
}

/// Whether a file is part of a pack: what editors, Excel and file managers leave beside it is not.
fn belongs(name: &str) -> bool {
    let ending = Path::new(name).extension().and_then(|ending| ending.to_str());
    !name.starts_with(['.', '~']) && matches!(ending, Some("toml" | "ftl" | "csv"))
}
