//! The judgement of letters: each left once, or once more where a crash came between the server's yes and our note.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Instant;

use super::check::{Fault, Finding};
use super::post_office::{Received, known};

/// A process that was killed: some time between these two moments.
#[derive(Clone, Debug)]
pub(super) struct Kill {
    pub(super) process: &'static str,
    pub(super) from: Instant,
    pub(super) to: Instant,
}

/// What a folder of letters holds: a whole letter of each key, under its key.
pub(super) fn in_folder(folder: &Path, keys: &[&str]) -> Result<Vec<Finding>, String> {
    let unreadable = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut there = BTreeMap::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let file = entry.map_err(unreadable)?.path();
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        there.insert(name, fs::read_to_string(&file).map_err(unreadable)?);
    }
    let mut findings = Vec::new();
    for key in keys {
        match there.remove(&format!("{key}.eml")) {
            None => findings.push(letter(format!("{key} is not in the folder"))),
            Some(text) if known(&text) != ((*key).to_owned(), true) => {
                findings.push(letter(format!("{key} is not whole")));
            }
            Some(_) => {}
        }
    }
    findings.extend(there.keys().map(|name| letter(format!("{name} lies in the folder, and nobody posted it"))));
    Ok(findings)
}

/// What a server received, and how many letters came once more because of a crash. At most one letter of each worker
/// can be in the hands of a process when it is killed.
pub(super) fn received(letters: &[Received], keys: &[&str], kills: &[Kill], workers: usize) -> (Vec<Finding>, usize) {
    let mut by_key: BTreeMap<&str, Vec<&Received>> = BTreeMap::new();
    for received in letters {
        by_key.entry(&received.key).or_default().push(received);
    }
    let (mut findings, mut excused) = (Vec::new(), vec![0_usize; kills.len()]);
    for key in keys {
        let Some(times) = by_key.remove(key) else {
            findings.push(letter(format!("{key} was not received")));
            continue;
        };
        if times.iter().any(|received| !received.whole) {
            findings.push(letter(format!("{key} is not whole")));
        }
        for (first, again) in times.iter().zip(times.iter().skip(1)) {
            let crash = kills
                .iter()
                .position(|kill| kill.process == first.from && kill.to >= first.at && kill.from <= again.at);
            match crash {
                Some(crash) => excused[crash] += 1,
                None => findings.push(letter(format!("{key} was sent twice without a crash in between"))),
            }
        }
    }
    findings.extend(by_key.keys().map(|key| letter(format!("{key} was received, and nobody posted it"))));
    if excused.iter().any(|count| *count > workers) {
        findings.push(letter("one crash repeated more letters than were in hand".to_owned()));
    }
    (findings, excused.iter().sum())
}

fn letter(told: String) -> Finding {
    Finding { fault: Fault::Letter, told }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_letter_may_come_twice_only_around_a_crash_of_who_brought_it() {
        let begin = Instant::now();
        let at = |ms| begin + Duration::from_millis(ms);
        let came = |key: &str, from: &str, ms| Received { key: key.into(), from: from.into(), at: at(ms), whole: true };
        let kills = [Kill { process: "one", from: at(10), to: at(12) }];
        let judged = |letters: &[Received], keys: &[&str]| {
            let (findings, twice) = received(letters, keys, &kills, 1);
            (findings.len(), twice)
        };
        assert_eq!(judged(&[came("a", "one", 1), came("b", "two", 2)], &["a", "b"]), (0, 0));
        assert_eq!(judged(&[came("a", "one", 11), came("a", "two", 40)], &["a"]), (0, 1));
        assert_eq!(judged(&[came("a", "two", 11), came("a", "one", 40)], &["a"]), (1, 0), "two was not killed");
        assert_eq!(judged(&[came("a", "one", 20), came("a", "one", 40)], &["a"]), (1, 0), "nobody was killed since");
        assert_eq!(judged(&[], &["a"]), (1, 0));
        assert_eq!(judged(&[came("a", "one", 1)], &[]), (1, 0));
        let two = [came("a", "one", 5), came("b", "one", 6), came("a", "one", 20), came("b", "one", 21)];
        assert_eq!(judged(&two, &["a", "b"]), (1, 2), "more than one can have been in hand");
    }

    #[test]
    fn a_folder_holds_each_letter_whole_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
        write("ab.eml", "Message-ID: <ab.city@kyodo.example>\r\n\r\n--kyodo-ab--\r\n");
        assert_eq!(in_folder(folder.path(), &["ab"]), Ok(Vec::new()));
        assert_eq!(in_folder(folder.path(), &["ab", "cd"]).map(|found| found.len()), Ok(1));
        write("cd.eml", "Message-ID: <cd.city@kyodo.example>\r\n\r\n--kyo");
        write("ef.new", "");
        assert_eq!(in_folder(folder.path(), &["ab", "cd"]).map(|found| found.len()), Ok(2));
        assert_eq!(in_folder(&folder.path().join("none"), &[]), Ok(Vec::new()));
    }
}
