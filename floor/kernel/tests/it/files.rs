//! Files: typed by content, kept once, erased with what they belong to, and never half there.

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::TryStreamExt;
use kyodo_db::FromRow;
use kyodo_kernel::Chance;
use kyodo_kernel::files::{
    Audience, Error, File, GRACE, Hash, Incoming, Kept, Place, Refusal, Shelf, Store, StoreError, Swept, attach,
    by_key, erase, erase_subject, keep, of_subject, sweep,
};
use kyodo_testkit::TestDatabase;
use rust_xlsxwriter::Workbook;

const MOST: usize = 1024 * 1024;

fn now() -> DateTime<Utc> {
    "2026-11-20T01:00:00.123456Z".parse().unwrap()
}

fn later(days: i64) -> DateTime<Utc> {
    now() + TimeDelta::days(days) + TimeDelta::minutes(1)
}

/// A city with a shelf.
struct Office {
    database: TestDatabase,
    shelf: Shelf,
}

impl Office {
    async fn open() -> Self {
        Self { database: TestDatabase::with(kyodo_kernel::MIGRATIONS).await, shelf: Store::memory().of("mihon") }
    }

    async fn keeps(&self, name: &str, content: &str, at: DateTime<Utc>) -> Kept {
        let incoming = Incoming::of(name, content.to_owned(), MOST).unwrap();
        keep(self.database.db(), &self.shelf, incoming, at).await.unwrap()
    }

    async fn attaches(&self, kept: &Kept, subject: &str) -> Result<File, Error> {
        let mut tx = self.database.db().begin().await.unwrap();
        let place = Place { subject, audience: Audience::Desk, uploaded_by: Some(12) };
        let file = attach(&mut tx, kept, &place, Chance::Real, now()).await?;
        tx.commit().await.unwrap();
        Ok(file)
    }

    async fn receives(&self, name: &str, content: &str, subject: &str) -> File {
        let kept = self.keeps(name, content, now()).await;
        self.attaches(&kept, subject).await.unwrap()
    }

    async fn erases(&self, file: &File, at: DateTime<Utc>) -> bool {
        let mut tx = self.database.db().begin().await.unwrap();
        let done = erase(&mut tx, file.id, at).await.unwrap();
        tx.commit().await.unwrap();
        done
    }

    async fn sweeps(&self, at: DateTime<Utc>) -> Swept {
        sweep(self.database.db(), &self.shelf, at).await.unwrap()
    }

    async fn blobs(&self) -> i64 {
        #[derive(FromRow)]
        struct Number {
            n: i64,
        }
        self.database.db().ask("SELECT COUNT(*) AS n FROM blob").one::<Number>().await.unwrap().n
    }

    async fn has(&self, content: &str) -> bool {
        match self.shelf.read(&Hash::of(content.as_bytes())).await {
            Ok(bytes) => {
                assert_eq!(bytes, content.as_bytes());
                true
            }
            Err(StoreError::Missing(_)) => false,
            Err(error) => panic!("{error}"),
        }
    }
}

#[tokio::test]
async fn a_file_comes_back_as_it_was_sent() {
    let office = Office::open().await;
    let sent = office.receives("C:\\名簿\\議事録.txt", "協働のまち", "measure:1-2-4").await;
    let file = by_key(office.database.db(), &sent.key).await.unwrap().unwrap();
    assert_eq!((file.name.as_str(), file.kind.media, file.size), ("議事録.txt", "text/plain", 15));
    assert_eq!((file.subject.as_str(), file.audience, file.uploaded_by), ("measure:1-2-4", Audience::Desk, Some(12)));
    assert_eq!(file.created_at, now());
    let content = office.shelf.open(&file.hash).await.unwrap();
    assert_eq!(content.size, 15);
    let bytes: Vec<u8> =
        content.bytes.try_fold(Vec::new(), async |all, part| Ok([all, part.to_vec()].concat())).await.unwrap();
    assert_eq!(bytes, "協働のまち".as_bytes());
    assert_eq!(file.key.len(), 32, "an address cannot be guessed");
    assert!(by_key(office.database.db(), "none").await.unwrap().is_none());
}

#[tokio::test]
async fn the_same_content_is_kept_once_and_stays_until_the_last_file_is_erased() {
    let office = Office::open().await;
    let one = office.receives("一.txt", "同じ", "measure:1").await;
    let other = office.receives("二.csv", "同じ", "measure:2").await;
    assert_eq!((office.blobs().await, &one.hash), (1, &other.hash));
    assert_ne!(one.key, other.key);
    assert!(office.erases(&one, now()).await);
    assert!(!office.erases(&one, now()).await, "what is erased cannot be erased again");
    assert_eq!(office.sweeps(later(9)).await, Swept::default());
    assert!(office.has("同じ").await);
    assert!(office.erases(&other, now()).await);
    assert_eq!(office.sweeps(now() + TimeDelta::hours(23)).await, Swept::default(), "a day has not gone by");
    assert_eq!(office.sweeps(later(1)).await, Swept { removed: 1, adopted: 0 });
    assert!(!office.has("同じ").await);
    assert_eq!(office.blobs().await, 0);
}

#[tokio::test]
async fn files_are_erased_with_what_they_belong_to() {
    let office = Office::open().await;
    for (name, content) in [("a.txt", "甲"), ("b.txt", "乙"), ("c.txt", "甲")] {
        office.receives(name, content, "import:7").await;
    }
    office.receives("d.txt", "乙", "import:8").await;
    let names: Vec<String> =
        of_subject(office.database.db(), "import:7").await.unwrap().into_iter().map(|file| file.name).collect();
    assert_eq!(names, ["a.txt", "b.txt", "c.txt"]);
    let mut tx = office.database.db().begin().await.unwrap();
    assert_eq!(erase_subject(&mut tx, "import:7", now()).await.unwrap(), 3);
    tx.commit().await.unwrap();
    assert!(of_subject(office.database.db(), "import:7").await.unwrap().is_empty());
    assert_eq!(office.sweeps(later(1)).await.removed, 1);
    assert!(!office.has("甲").await && office.has("乙").await);
}

#[tokio::test]
async fn a_change_that_fails_leaves_no_file_and_its_content_is_swept() {
    let office = Office::open().await;
    let kept = office.keeps("a.txt", "途中", now()).await;
    let mut tx = office.database.db().begin().await.unwrap();
    let place = Place { subject: "measure:1", audience: Audience::Public, uploaded_by: None };
    let lost = attach(&mut tx, &kept, &place, Chance::Real, now()).await.unwrap();
    drop(tx);
    assert!(by_key(office.database.db(), &lost.key).await.unwrap().is_none());
    assert_eq!(office.sweeps(now()).await.removed, 0);
    assert_eq!(office.sweeps(later(1)).await.removed, 1);
    // Whoever comes back after that is told to send it again, and nothing is half there.
    assert!(matches!(office.attaches(&kept, "measure:1").await, Err(Error::Gone)));
    assert!(of_subject(office.database.db(), "measure:1").await.unwrap().is_empty());
    office.receives("a.txt", "途中", "measure:1").await;
    assert!(office.has("途中").await);
}

#[tokio::test]
async fn content_that_is_sent_again_while_it_is_doomed_has_a_day_again() {
    let office = Office::open().await;
    let file = office.receives("a.txt", "再び", "measure:1").await;
    office.erases(&file, now()).await;
    let kept = office.keeps("a.txt", "再び", later(1)).await;
    assert_eq!(office.sweeps(later(1)).await.removed, 0);
    office.attaches(&kept, "measure:2").await.unwrap();
    assert_eq!(office.sweeps(later(9)).await.removed, 0);
    assert!(office.has("再び").await);
}

#[tokio::test]
async fn what_the_database_does_not_know_is_swept_in_the_end() {
    // As after a restored backup: the store is ahead of the database.
    let office = Office::open().await;
    office.receives("a.txt", "新しい", "measure:1").await;
    let restored = Office { database: TestDatabase::with(kyodo_kernel::MIGRATIONS).await, shelf: office.shelf.clone() };
    assert_eq!(restored.sweeps(now()).await, Swept { removed: 0, adopted: 1 });
    assert_eq!(restored.sweeps(now()).await, Swept::default());
    assert_eq!(restored.sweeps(later(1)).await, Swept { removed: 1, adopted: 0 });
    assert!(!restored.has("新しい").await);
}

/// Everybody at once: uploads and erasures of the same content, and sweeps that see every doom as long past.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_file_ever_stands_without_its_content() {
    let office = std::sync::Arc::new(Office::open().await);
    let mut people = tokio::task::JoinSet::new();
    for person in 0..4 {
        let office = std::sync::Arc::clone(&office);
        people.spawn(async move {
            for turn in 0..12 {
                // Announced long ago, so that a sweep takes it at once unless it is attached.
                let kept = office.keeps("a.txt", "奪い合い", now() - GRACE * 2).await;
                let subject = format!("measure:{person}-{turn}");
                match office.attaches(&kept, &subject).await {
                    Ok(file) => {
                        assert!(office.has("奪い合い").await, "{subject} has lost its content");
                        if turn % 3 > 0 {
                            office.erases(&file, now() - GRACE * 2).await;
                        }
                    }
                    Err(Error::Gone) => {}
                    Err(error) => panic!("{error}"),
                }
            }
        });
    }
    for _ in 0..2 {
        let office = std::sync::Arc::clone(&office);
        people.spawn(async move {
            for _ in 0..20 {
                office.sweeps(now()).await;
            }
        });
    }
    while let Some(done) = people.join_next().await {
        done.unwrap();
    }
    for person in 0..4 {
        for turn in 0..12 {
            for file in of_subject(office.database.db(), &format!("measure:{person}-{turn}")).await.unwrap() {
                assert!(office.has("奪い合い").await, "{} has lost its content", file.subject);
                office.erases(&file, now()).await;
            }
        }
    }
    office.sweeps(later(9)).await;
    assert_eq!(office.blobs().await, 0, "what nobody refers to is gone");
    assert!(!office.has("奪い合い").await);
}

#[tokio::test]
async fn a_city_reaches_only_its_own_shelf() {
    let store = Store::memory();
    let office = Office { shelf: store.of("mihon"), ..Office::open().await };
    let file = office.receives("a.txt", "見本市だけ", "measure:1").await;
    assert!(matches!(store.of("kagami").open(&file.hash).await, Err(StoreError::Missing(_))));
}

#[tokio::test]
async fn in_a_folder_contents_lie_under_their_hash() {
    let folder = tempfile::tempdir().unwrap();
    let office = Office { shelf: Store::folder(folder.path()).unwrap().of("mihon"), ..Office::open().await };
    let file = office.receives("a.txt", "折り鶴", "measure:1").await;
    let hash = file.hash.as_str();
    let place = folder.path().join("mihon").join(&hash[..2]).join(hash);
    assert_eq!(std::fs::read(&place).unwrap(), "折り鶴".as_bytes());
    office.erases(&file, now()).await;
    assert_eq!(office.sweeps(later(1)).await, Swept { removed: 1, adopted: 0 });
    assert!(!place.exists());
    assert!(matches!(Store::folder(&folder.path().join("none")), Err(StoreError::Missing(_) | StoreError::Away(_))));
}

// --- what is taken ------------------------------------------------------------------------------------------

fn judged(name: &str, content: impl Into<Vec<u8>>) -> Result<&'static str, Refusal> {
    Incoming::of(name, content.into(), MOST).map(|incoming| incoming.kind.name)
}

fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    book.add_worksheet().write(0, 0, "職員番号").unwrap();
    book.save_to_buffer().unwrap()
}

/// A package of these parts; the first is stored, the rest packed.
fn package(parts: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write;
    use zip::write::SimpleFileOptions;
    let mut packed = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (at, (name, content)) in parts.iter().enumerate() {
        let method = if at == 0 { zip::CompressionMethod::Stored } else { zip::CompressionMethod::Deflated };
        packed.start_file(*name, SimpleFileOptions::default().compression_method(method)).unwrap();
        packed.write_all(content).unwrap();
    }
    packed.finish().unwrap().into_inner()
}

#[test]
fn a_file_is_what_its_content_is() {
    let odt = package(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"<a/>")]);
    let docx = package(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w/>")]);
    let (cp932, _, _) = encoding_rs::SHIFT_JIS.encode("氏名,所属\r\n髙橋,総務課\r\n");
    for (name, content, kind) in [
        ("計画.pdf", b"%PDF-1.7\n".to_vec(), "pdf"),
        ("写真.JPG", b"\xff\xd8\xff\xe0\0\x10JFIF".to_vec(), "jpeg"),
        ("図.png", b"\x89PNG\r\n\x1a\n\0\0".to_vec(), "png"),
        ("名簿.xlsx", workbook(), "xlsx"),
        ("案.docx", docx, "docx"),
        ("案.odt", odt, "odt"),
        ("名簿.csv", cp932.to_vec(), "csv"),
        ("名簿.txt", "\u{feff}氏名\t所属\n".into(), "txt"),
    ] {
        assert_eq!(judged(name, content), Ok(kind), "{name}");
    }
}

#[test]
fn a_name_that_says_something_else_than_the_content_is_refused_with_the_right_ending() {
    for (name, content, right) in [
        ("計画.docx", b"%PDF-1.7\n".to_vec(), ".pdf"),
        ("名簿.csv", workbook(), ".xlsx"),
        ("名簿.xlsx", "氏名,所属".into(), ".txt"),
        ("名簿", "氏名,所属".into(), ".txt"),
        ("名簿.xlsm", workbook(), ".xlsx"),
        ("写真.jpg.exe", b"\xff\xd8\xff\xe0".to_vec(), ".jpg"),
    ] {
        let refusal = judged(name, content).unwrap_err();
        assert!(matches!(refusal, Refusal::Disagrees { .. }), "{name}: {refusal:?}");
        assert_eq!(refusal.variables(), [("ending", right.to_owned())], "{name}");
    }
}

#[test]
fn what_could_do_harm_is_refused() {
    let macros =
        package(&[("[Content_Types].xml", b"<T/>"), ("xl/workbook.xml", b"<w/>"), ("xl/vbaProject.bin", b"x")]);
    let odf_macros =
        package(&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("Basic/Standard/a.xml", b"<a/>")]);
    let template = package(&[("mimetype", b"application/vnd.oasis.opendocument.text-template"), ("a.xml", b"<a/>")]);
    let bomb = package(&[("word/document.xml", b"<w/>"), ("word/media/a.bin", &vec![0; 4 * 1024 * 1024])]);
    for (name, content, refusal) in [
        ("空.txt", Vec::new(), Refusal::Empty),
        ("長.txt", vec![b'a'; MOST + 1], Refusal::TooLarge { most: MOST }),
        ("名簿.xlsx", macros.clone(), Refusal::Macros),
        ("名簿.xlsm", macros, Refusal::Macros),
        ("名簿.ods", odf_macros, Refusal::Macros),
        ("案.odt", template, Refusal::NotTaken),
        ("案.docx", bomb, Refusal::Damaged),
        ("案.docx", b"PK\x03\x04and nothing more".to_vec(), Refusal::Damaged),
        ("束.zip", package(&[("a.txt", b"a")]), Refusal::NotTaken),
        ("旧.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0".to_vec(), Refusal::Closed),
        ("絵.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), Refusal::NotTaken),
        ("頁.txt", b"\n <!DOCTYPE html><script>".to_vec(), Refusal::NotTaken),
        ("動.txt", b"MZ\x90\0\x03".to_vec(), Refusal::NotTaken),
        ("名簿.csv", "氏名,番号\n花,123456789018\n".into(), Refusal::MyNumber),
        ("名簿.csv", encoding_rs::SHIFT_JIS.encode("花,１２３４－５６７８－９０１８").0.into(), Refusal::MyNumber),
    ] {
        assert_eq!(judged(name, content), Err(refusal), "{name}");
    }
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_judged_without_a_fall(start in 0..8_usize, bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400)) {
        let starts: [&[u8]; 8] = [b"", b"PK\x03\x04", b"%PDF-", b"\xff\xfe", b"\xef\xbb\xbf", b"<", b"\x89PNG", b"12345678901"];
        let content = [starts[start], &bytes].concat();
        for name in ["a.docx", "a.csv", "a", "\u{202e}.\u{3099}"] {
            let _ = judged(name, content.clone());
        }
    }

    #[test]
    fn any_name_becomes_a_name(name in ".*") {
        let clean = kyodo_kernel::files::clean_name(&name);
        assert!(!clean.is_empty() && clean.len() <= 200 && !clean.contains(['/', '\\', '\n', '\0']));
        assert_eq!(kyodo_kernel::files::clean_name(&clean), clean);
    }
}

#[tokio::test]
async fn what_a_dying_process_left_in_pieces_is_swept_after_a_day() {
    let folder = tempfile::tempdir().unwrap();
    let office = Office { shelf: Store::folder(folder.path()).unwrap().of("mihon"), ..Office::open().await };
    office.sweeps(now()).await;
    let whole = office.receives("一.txt", "完全", "measure:1").await;
    let whole = folder.path().join("mihon").join(&whole.hash.as_str()[..2]).join(whole.hash.as_str());
    let half = |number: u8| folder.path().join(format!("{}#{number}", whole.display()));
    let (old, new) = (half(1), half(2));
    let two_days_ago = std::fs::metadata(&whole).unwrap().modified().unwrap() - GRACE.to_std().unwrap() * 2;
    for (file, changed) in [(&old, Some(two_days_ago)), (&new, None), (&whole, Some(two_days_ago))] {
        let file = std::fs::OpenOptions::new().append(true).create(true).open(file).unwrap();
        if let Some(time) = changed {
            file.set_modified(time).unwrap();
        }
    }
    office.sweeps(now()).await;
    assert_eq!((old.exists(), new.exists(), whole.exists()), (false, true, true));
    assert!(office.has("完全").await);
}
