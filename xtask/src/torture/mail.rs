//! The judgement of letters: each left once, or once more where a crash came between the server's yes and our note.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::check::{Fault, Finding};
use super::post_office::{Received, known};

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
            Some(text) if !known(&text).is_some_and(|known| known.key == *key && known.whole) => {
                findings.push(letter(format!("{key} is not whole")));
            }
            Some(_) => {}
        }
    }
    findings.extend(there.keys().map(|name| letter(format!("{name} lies in the folder, and nobody posted it"))));
    Ok(findings)
}

/// What a server received, and how many letters came once more because of a crash: from another life, where the first
/// was killed and had brought nothing else for the city since. A worker has one letter in hand at a time.
pub(super) fn received(letters: &[Received], keys: &[&str], killed: &BTreeSet<String>) -> (Vec<Finding>, usize) {
    let mut by_key: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut last: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (at, received) in letters.iter().enumerate() {
        by_key.entry(&received.key).or_default().push(at);
        last.insert((&received.life, &received.city), at);
    }
    let (mut findings, mut excused) = (Vec::new(), 0);
    for key in keys {
        let Some(times) = by_key.remove(key) else {
            findings.push(letter(format!("{key} was not received")));
            continue;
        };
        if times.iter().any(|at| !letters[*at].whole) {
            findings.push(letter(format!("{key} is not whole")));
        }
        // Whoever was killed may have been heard after who took the letter up.
        let lives: BTreeSet<&str> = times.iter().map(|at| letters[*at].life.as_str()).collect();
        let was_in_hand = |at: &&usize| {
            let Received { life, city, .. } = &letters[**at];
            killed.contains(life) && last.get(&(life.as_str(), city.as_str())) == Some(*at)
        };
        let ended_well = times.len() - times.iter().filter(was_in_hand).count();
        if times.len() > 1 && (lives.len() < times.len() || ended_well > 1) {
            findings.push(letter(format!("{key} was sent by {lives:?}, and not because of a crash")));
        } else {
            excused += times.len() - 1;
        }
    }
    findings.extend(by_key.keys().map(|key| letter(format!("{key} was received, and nobody posted it"))));
    (findings, excused)
}

fn letter(told: String) -> Finding {
    Finding { fault: Fault::Letter, told }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_may_come_twice_only_from_the_hand_of_who_was_killed() {
        let came =
            |key: &str, life: &str| Received { key: key.into(), city: "mihon".into(), life: life.into(), whole: true };
        let killed = BTreeSet::from(["one-1".to_owned()]);
        let judged = |letters: &[Received], keys: &[&str]| {
            let (findings, twice) = received(letters, keys, &killed);
            (findings.len(), twice)
        };
        assert_eq!(judged(&[came("a", "one-1"), came("b", "two-1")], &["a", "b"]), (0, 0));
        assert_eq!(judged(&[came("a", "one-1"), came("a", "one-2")], &["a"]), (0, 1));
        assert_eq!(judged(&[came("a", "one-2"), came("a", "one-1")], &["a"]), (0, 1), "heard late");
        assert_eq!(judged(&[came("a", "one-2"), came("a", "two-1")], &["a"]), (1, 0), "nobody was killed");
        assert_eq!(judged(&[came("a", "one-1"), came("a", "one-1")], &["a"]), (1, 0), "by the same");
        let not_in_hand = [came("a", "one-1"), came("b", "one-1"), came("a", "one-2")];
        assert_eq!(judged(&not_in_hand, &["a", "b"]), (1, 0), "it had gone on to another letter");
        assert_eq!(judged(&[], &["a"]), (1, 0));
        assert_eq!(judged(&[came("a", "one-1")], &[]), (1, 0));
        assert_eq!(judged(&[Received { whole: false, ..came("a", "one-1") }], &["a"]), (1, 0));
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
