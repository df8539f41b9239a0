//! Passwords: the city's rules, told before and checked after, and how a password is kept (argon2id).
//! A password counts as NIST SP 800-63B (2017, 5.1.1.2) advises: every character is allowed, NFKC before anything
//! else, so that ＡＢＣ１２３ typed with the Japanese keyboard on is ABC123, and そ with its mark apart is ぞ.

use std::collections::HashSet;
use std::fmt;
use std::hint::black_box;
use std::sync::LazyLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

/// The work of one try: 19 MiB of memory, two rounds, one lane (OWASP Password Storage Cheat Sheet, argon2id).
pub const COST: Params = match Params::new(19 * 1024, 2, 1, None) {
    Ok(cost) => cost,
    Err(_) => panic!("the cost is within what argon2 allows"),
};

/// The longest password in characters: long enough for any sentence, short enough to be worth no attack.
pub const LONGEST: usize = 200;

/// The shortest password any city may allow, in characters.
pub const SHORTEST: u8 = 8;

/// A password as the database keeps it: a PHC string (`$argon2id$v=19$m=19456,t=2,p=1$…`), shown in no log.
#[derive(Clone, PartialEq, Eq)]
pub struct Kept(String);

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Kept")
    }
}

impl Kept {
    /// What the database keeps, as it was read.
    #[must_use]
    pub fn new(phc: String) -> Self {
        Self(phc)
    }

    /// The PHC string, for the database only.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it was made at another cost than today's; then keep the password again when its owner types it.
    #[must_use]
    pub fn needs_rehash(&self) -> bool {
        let Ok(hash) = PasswordHash::new(&self.0) else { return true };
        let today = Params::try_from(&hash).is_ok_and(|cost| {
            (cost.m_cost(), cost.t_cost(), cost.p_cost()) == (COST.m_cost(), COST.t_cost(), COST.p_cost())
        });
        !today || hash.algorithm.as_str() != Algorithm::Argon2id.as_str() || hash.version != Some(Version::V0x13.into())
    }
}

/// Makes of a password what may be kept. The salt is chance's, new for every password. Some ten milliseconds of one
/// core and 19 MiB: call it through [`two_at_a_time`].
///
/// # Panics
/// When the machine has no 19 MiB of memory left.
#[must_use]
pub fn keep(password: &str, salt: [u8; 16]) -> Kept {
    let hash: PasswordHash = furnace()
        .hash_password_with_salt(normal(password).as_bytes(), &salt)
        .expect("sixteen bytes are a salt, and there is memory for one password");
    Kept(hash.to_string())
}

/// Whether this is the password that was kept. It costs what keeping costs.
#[must_use]
pub fn fits(kept: &Kept, password: &str) -> bool {
    PasswordHash::new(&kept.0).is_ok_and(|hash| furnace().verify_password(normal(password).as_bytes(), &hash).is_ok())
}

/// Whether the password is one of those kept before: [`Rules::refuse_reuse`]. It costs as much as all of them.
#[must_use]
pub fn is_reused(before: &[Kept], password: &str) -> bool {
    before.iter().any(|kept| fits(kept, password))
}

/// Costs what [`fits`] costs: for an account that does not exist, so that time does not tell who has one.
pub fn waste(password: &str) {
    black_box(keep(black_box(password), [0; 16]));
}

/// Does the work of passwords beside the server's own, two at a time in this process: whoever posts a thousand
/// passwords at once waits, and the memory stays under 40 MiB.
pub async fn two_at_a_time<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    static PLACES: Semaphore = Semaphore::const_new(2);
    let place = PLACES.acquire().await;
    // The place goes with the work: who gives up waiting does not make room for a third.
    let done = tokio::task::spawn_blocking(move || {
        let result = work();
        drop(place);
        result
    });
    match done.await {
        Ok(result) => result,
        Err(stopped) => match stopped.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The server is going down, and nobody waits for this any more.
            Err(_) => std::future::pending().await,
        },
    }
}

/// What a city asks of passwords: `[accounts.password]` of its pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rules {
    /// The fewest characters, from [`SHORTEST`] to 64.
    pub minimum_length: u8,
    /// How many of the four classes (small letters, capitals, figures, others) it needs; 0 asks for none.
    pub classes: u8,
    /// After how many days a new one is asked for; never unless the city says so.
    pub expires_days: Option<u32>,
    /// How many of the last passwords may not come again.
    pub refuse_reuse: u8,
    /// After how many wrong tries in a row an account is locked.
    pub lock_after: u32,
    /// For how many minutes it is locked.
    pub lock_minutes: u32,
    /// Whether staff need a code or a passkey besides the password.
    pub staff_second_factor: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            minimum_length: 12,
            classes: 0,
            expires_days: None,
            refuse_reuse: 0,
            lock_after: 10,
            lock_minutes: 15,
            staff_second_factor: true,
        }
    }
}

/// Why a city's rules cannot be kept. The loading of packs shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RulesFault {
    /// Shorter than any city may allow, or longer than people can be asked for.
    #[error("accounts.password.minimum_length は 8 から 64 までで書いてください")]
    MinimumLength,
    /// More classes than there are.
    #[error("accounts.password.classes は 0 から 4 までで書いてください")]
    Classes,
    /// A password that is old at once.
    #[error("accounts.password.expires_days は 1 以上で書いてください")]
    ExpiresDays,
    /// More hashes for one new password than a request may cost.
    #[error("accounts.password.refuse_reuse は 24 までで書いてください")]
    RefuseReuse,
    /// An account that is always or never locked.
    #[error("accounts.password.lock_after と lock_minutes は 1 以上で書いてください")]
    Lock,
}

impl Rules {
    /// Whether a password that was set then is too old by now.
    #[must_use]
    pub fn is_expired(&self, set_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        self.expires_days.is_some_and(|days| now - set_at >= Duration::days(days.into()))
    }

    /// Whether these rules can be kept.
    pub fn check(&self) -> Result<(), RulesFault> {
        if !(SHORTEST..=64).contains(&self.minimum_length) {
            return Err(RulesFault::MinimumLength);
        }
        if self.classes > 4 {
            return Err(RulesFault::Classes);
        }
        if self.expires_days == Some(0) {
            return Err(RulesFault::ExpiresDays);
        }
        if self.refuse_reuse > 24 {
            return Err(RulesFault::RefuseReuse);
        }
        if self.lock_after == 0 || self.lock_minutes == 0 {
            return Err(RulesFault::Lock);
        }
        Ok(())
    }

    /// What is wrong with a new password, all of it at once. `about` are words that anybody could guess: the
    /// person's name, reading and address, the name of the city in every writing.
    #[must_use]
    pub fn faults(&self, password: &str, about: &[&str]) -> Vec<PasswordFault> {
        // Beyond the longest, nothing else is worth looking at.
        if password.chars().take(LONGEST + 1).count() > LONGEST {
            return vec![PasswordFault::Long];
        }
        let password = normal(password);
        let mut faults = Vec::new();
        if password.chars().count() < usize::from(self.minimum_length) {
            faults.push(PasswordFault::Short(self.minimum_length));
        }
        if classes(&password) < usize::from(self.classes) {
            faults.push(PasswordFault::Classes(self.classes));
        }
        let folded = password.to_lowercase();
        if is_common(&folded) {
            faults.push(PasswordFault::Common);
        } else if freshness(&folded) < FRESH {
            faults.push(PasswordFault::Simple);
        }
        if says_little_more_than(&folded, about) {
            faults.push(PasswordFault::About);
        }
        faults
    }

    /// The rules as sentences for the page where a password is chosen: messages, each with its `$n`.
    #[must_use]
    pub fn sentences(&self) -> Vec<(&'static str, u32)> {
        let mut sentences = vec![("password-rule-length", u32::from(self.minimum_length))];
        if self.classes > 0 {
            sentences.push(("password-rule-classes", u32::from(self.classes)));
        }
        sentences.push(("password-rule-guess", 0));
        if self.refuse_reuse > 0 {
            sentences.push(("password-rule-reuse", u32::from(self.refuse_reuse)));
        }
        if let Some(days) = self.expires_days {
            sentences.push(("password-rule-expires", days));
        }
        sentences.push(("password-rule-lock", self.lock_after));
        sentences.push(("password-rule-lock-minutes", self.lock_minutes));
        sentences
    }
}

/// What is wrong with a new password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordFault {
    /// It has fewer characters than this.
    Short(u8),
    /// It has more than [`LONGEST`] characters.
    Long,
    /// It has fewer classes of characters than this.
    Classes(u8),
    /// It is among those everybody tries first.
    Common,
    /// It repeats, or goes along the alphabet, the figures or the keyboard.
    Simple,
    /// Without the person's and the city's names and addresses too little is left.
    About,
}

impl PasswordFault {
    /// The message that says it and what to do.
    #[must_use]
    pub fn message(self) -> &'static str {
        match self {
            Self::Short(_) => "password-fault-short",
            Self::Long => "password-fault-long",
            Self::Classes(_) => "password-fault-classes",
            Self::Common => "password-fault-common",
            Self::Simple => "password-fault-simple",
            Self::About => "password-fault-about",
        }
    }

    /// The message's `$n`; 0 where it has none.
    #[must_use]
    pub fn number(self) -> u32 {
        match self {
            Self::Short(n) | Self::Classes(n) => u32::from(n),
            Self::Long => 200,
            Self::Common | Self::Simple | Self::About => 0,
        }
    }
}

/// The 984 most used passwords of at least eight characters in the public lists that zxcvbn (MIT, Dropbox Inc.)
/// gathered, in small letters and sorted, without the coarsest; see common.LICENSE.
static COMMON: LazyLock<HashSet<&str>> = LazyLock::new(|| include_str!("common.txt").lines().collect());

/// How many characters must be news after the one before.
const FRESH: usize = 6;

/// How many characters must be left without names that anybody could guess.
const LEFT: usize = 6;

/// What a hand runs along on a keyboard; letters and figures in their own order are found without this.
const ROWS: [&str; 4] = ["1234567890-=", "qwertyuiop", "asdfghjkl", "zxcvbnm"];

fn furnace() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, COST)
}

fn normal(password: &str) -> String {
    password.nfkc().collect()
}

fn classes(password: &str) -> usize {
    let kinds: [fn(char) -> bool; 4] = [char::is_lowercase, char::is_uppercase, char::is_numeric, |letter| {
        !letter.is_lowercase() && !letter.is_uppercase() && !letter.is_numeric()
    }];
    kinds.iter().filter(|is_kind| password.chars().any(**is_kind)).count()
}

/// Whether it is a common password, as it is, spelled with figures for letters, or with figures and signs around it.
fn is_common(folded: &str) -> bool {
    let spelled: String = folded
        .chars()
        .map(|letter| match letter {
            '0' => 'o',
            '1' | '!' => 'i',
            '3' => 'e',
            '4' | '@' => 'a',
            '5' | '$' => 's',
            '7' => 't',
            letter => letter,
        })
        .collect();
    let core = folded.trim_matches(|letter: char| !letter.is_alphabetic());
    [folded, &spelled, core].iter().any(|text| COMMON.contains(block(text).as_str()))
}

/// The shortest text whose repetition is this text: はなはなはな is はな.
fn block(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let length = (1..=letters.len() / 2)
        .find(|length| {
            letters.len().is_multiple_of(*length) && letters.chunks(*length).all(|part| part == &letters[..*length])
        })
        .unwrap_or(letters.len());
    letters[..length].iter().collect()
}

/// How many characters are news: a run of three or more (aaaa, 3456, qwer, dcba) counts as one.
fn freshness(folded: &str) -> usize {
    let letters: Vec<char> = block(folded).chars().collect();
    let mut fresh = 0;
    let mut at = 0;
    while at < letters.len() {
        fresh += 1;
        let mut end = at + 1;
        if let Some(stride) = letters.get(end).and_then(|next| stride(letters[at], *next)) {
            while end < letters.len() && self::stride(letters[end - 1], letters[end]) == Some(stride) {
                end += 1;
            }
        }
        at = if end - at > 2 { end } else { at + 1 };
    }
    fresh
}

/// How one character follows from the one before: the same (0), the next (1) or the one before it (-1) in the
/// alphabet, the kana, the figures, or a row of the keyboard.
fn stride(one: char, next: char) -> Option<i8> {
    let along = |row: &str| {
        let place = |letter| row.chars().position(|key| key == letter);
        step(place(one)?, place(next)?)
    };
    if one == next {
        return Some(0);
    }
    if one.is_alphanumeric()
        && next.is_alphanumeric()
        && let Some(stride) = step(one as usize, next as usize)
    {
        return Some(stride);
    }
    ROWS.iter().find_map(|row| along(row))
}

fn step(one: usize, next: usize) -> Option<i8> {
    match (one.checked_sub(next), next.checked_sub(one)) {
        (_, Some(1)) => Some(1),
        (Some(1), _) => Some(-1),
        _ => None,
    }
}

/// Whether too little is left when the words that anybody could guess are taken out. A sentence may well name the
/// city; a password may not be the city and a year.
fn says_little_more_than(folded: &str, about: &[&str]) -> bool {
    let mut words: Vec<String> = about
        .iter()
        .flat_map(|text| {
            let text = normal(text).to_lowercase();
            let parts: Vec<String> = text.split(|letter: char| !letter.is_alphanumeric()).map(str::to_owned).collect();
            parts
        })
        // One kanji may stand in any sentence, two letters in any word.
        .filter(|word| word.chars().count() >= if word.is_ascii() { 4 } else { 2 })
        .collect();
    // The longest first, so that a name inside a longer one leaves nothing behind.
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    let mut left = folded.to_owned();
    for word in &words {
        left = left.replace(word.as_str(), " ");
    }
    left != folded && left.chars().filter(|letter| letter.is_alphanumeric()).count() < LEFT
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(password: &str) -> Vec<PasswordFault> {
        Rules::default()
            .faults(password, &["佐藤 花", "さとう はな", "hana.sato@city.example.jp", "一関市", "Ichinoseki"])
    }

    #[test]
    fn a_kept_password_fits_only_itself() {
        let kept = keep("沢の水が 光る朝", [7; 16]);
        assert!(kept.as_str().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", kept.as_str());
        assert!(fits(&kept, "沢の水が 光る朝"));
        assert!(!fits(&kept, "沢の水が 光る夜"));
        assert!(!fits(&kept, ""));
        assert_eq!(format!("{kept:?}"), "Kept");
        assert_ne!(keep("沢の水が 光る朝", [8; 16]), kept, "another salt, another hash");
    }

    #[test]
    fn full_width_letters_are_the_same_password() {
        let kept = keep("Yuki no michi 2026!", [1; 16]);
        assert!(fits(&kept, "Ｙｕｋｉ　ｎｏ　ｍｉｃｈｉ　２０２６！"));
        assert!(fits(&keep("ゆきのみちに ガマの穂", [1; 16]), "ゆきのみちに ｶﾞﾏの穂"));
    }

    #[test]
    fn another_implementation_s_hash_fits() {
        // The reference implementation's answer: echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1 -e
        let kept = Kept::new(
            "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc".to_owned(),
        );
        assert!(fits(&kept, "password"));
        assert!(kept.needs_rehash(), "another cost");
    }

    #[test]
    fn what_was_kept_at_another_cost_is_kept_again() {
        assert!(!keep("something", [1; 16]).needs_rehash());
        assert!(Kept::new(keep("something", [1; 16]).as_str().replace("t=2", "t=1")).needs_rehash());
        assert!(Kept::new("a heap of letters".to_owned()).needs_rehash());
        assert!(!fits(&Kept::new("a heap of letters".to_owned()), "a heap of letters"));
    }

    #[test]
    fn an_earlier_password_is_known_again() {
        let before = [keep("the first of them", [1; 16]), keep("the second of them", [2; 16])];
        assert!(is_reused(&before, "the second of them"));
        assert!(!is_reused(&before, "the third of them"));
        assert!(!is_reused(&[], "the third of them"));
    }

    #[tokio::test]
    async fn the_work_of_passwords_is_done_beside_the_server() {
        let tries: Vec<_> = (0..4).map(|n| tokio::spawn(two_at_a_time(move || n * 2))).collect();
        let mut answers = Vec::new();
        for task in tries {
            answers.push(task.await.unwrap());
        }
        assert_eq!(answers, [0, 2, 4, 6]);
        waste("for nobody");
    }

    #[test]
    fn the_defaults_are_what_the_national_guideline_and_nist_ask_for() {
        let rules: Rules = toml::from_str("").unwrap();
        assert_eq!(rules, Rules::default());
        assert_eq!((rules.minimum_length, rules.classes, rules.expires_days), (12, 0, None));
        assert!(rules.staff_second_factor);
        assert_eq!(rules.check(), Ok(()));
    }

    #[test]
    fn a_city_may_be_stricter_or_older_in_its_ways_but_not_careless() {
        let old = "minimum_length = 8\nclasses = 3\nexpires_days = 365\nlock_after = 3";
        let rules: Rules = toml::from_str(old).unwrap();
        assert_eq!(rules.check(), Ok(()));
        assert_eq!(rules.faults("momiji77", &[]), [PasswordFault::Classes(3)]);
        assert_eq!(rules.faults("Momiji77", &[]), []);
        let careless = |text: &str| toml::from_str::<Rules>(text).unwrap().check().unwrap_err();
        assert_eq!(careless("minimum_length = 7"), RulesFault::MinimumLength);
        assert_eq!(careless("classes = 5"), RulesFault::Classes);
        assert_eq!(careless("expires_days = 0"), RulesFault::ExpiresDays);
        assert_eq!(careless("refuse_reuse = 25"), RulesFault::RefuseReuse);
        assert_eq!(careless("lock_after = 0"), RulesFault::Lock);
        assert!(toml::from_str::<Rules>("minimum = 12").is_err(), "a word nobody knows");
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert_eq!(faults("tanuki-yama"), [PasswordFault::Short(12)]);
        assert_eq!(faults("tanuki-yama2"), []);
        assert_eq!(faults("たぬきのやまにゆきがふる"), []);
        assert_eq!(faults(&"やまとかわ、".repeat(34)), [PasswordFault::Long]);
        assert_eq!(faults(""), [PasswordFault::Short(12), PasswordFault::Simple]);
    }

    #[test]
    fn classes_are_counted_after_full_width_letters_became_half_width() {
        for (password, count) in [("abc", 1), ("aB1 ", 4), ("ａＢ１", 3), ("やま", 1), ("やまa", 2)] {
            assert_eq!(classes(&normal(password)), count, "{password}");
        }
    }

    #[test]
    fn common_passwords_are_refused_with_their_disguises() {
        for password in
            ["password", "Password1234", "P@ssw0rd", "passwordpassword", "ｐａｓｓｗｏｒｄ２０２６！", "1qaz2wsx3edc"]
        {
            assert!(faults(password).contains(&PasswordFault::Common), "{password}: {:?}", faults(password));
        }
    }

    #[test]
    fn repetitions_and_rows_are_refused() {
        for password in [
            "aaaaaaaaaaaa",
            "はなはなはなはなはなはな",
            "abcdefghijkl",
            "987654321098",
            "mnbvcxzlkjhg",
            "ああああいいいいうううう",
            "lkjhgfdsa;;;",
        ] {
            assert!(faults(password).contains(&PasswordFault::Simple), "{password}: {:?}", faults(password));
        }
        assert_eq!(faults("no stone, no fern"), [], "words have short runs too");
    }

    #[test]
    fn a_name_and_a_year_are_refused_a_sentence_with_a_name_is_not() {
        for password in ["ichinoseki2026", "Ichinoseki-Hana", "佐藤一関市佐藤花佐藤花花", "hana.sato@city.example.jp"]
        {
            assert!(faults(password).contains(&PasswordFault::About), "{password}: {:?}", faults(password));
        }
        assert_eq!(faults("ichinoseki no kawa ni sakana"), []);
        assert_eq!(faults("momiji wo mini iku"), []);
    }

    #[test]
    fn every_sentence_and_every_fault_has_its_words_in_every_language() {
        let strict = Rules { classes: 3, expires_days: Some(90), refuse_reuse: 3, ..Rules::default() };
        let faults = [
            PasswordFault::Short(12),
            PasswordFault::Long,
            PasswordFault::Classes(3),
            PasswordFault::Common,
            PasswordFault::Simple,
            PasswordFault::About,
        ];
        let keys: Vec<&str> = strict
            .sentences()
            .into_iter()
            .map(|(key, _)| key)
            .chain(faults.into_iter().map(PasswordFault::message))
            .collect();
        let files = [
            include_str!("../messages/sign-in.ja.ftl"),
            include_str!("../messages/sign-in.ja-easy.ftl"),
            include_str!("../messages/sign-in.en.ftl"),
        ];
        for file in files {
            for key in &keys {
                assert!(file.lines().any(|line| line.starts_with(&format!("{key} ="))), "{key}");
            }
        }
    }

    #[test]
    fn the_list_is_in_order_and_in_small_letters() {
        let lines: Vec<&str> = include_str!("common.txt").lines().collect();
        assert_eq!(lines.len(), 984);
        assert!(lines.is_sorted());
        assert!(lines.iter().all(|line| line.len() >= 8 && line.to_lowercase() == **line));
    }
}
