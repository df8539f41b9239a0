//! One-time codes from an app on the phone (TOTP, RFC 6238), and the recovery codes beside them.
//! The app's way is fixed: HMAC-SHA-1, six figures, 30 seconds, since many apps ignore any other.

use std::fmt::{self, Write};

use chrono::{DateTime, Utc};
use data_encoding::BASE32_NOPAD;
use fast_qr::{ECL, QRBuilder};
use hmac::{Hmac, KeyInit, Mac};
use kyodo_jptext::phone_like;
use kyodo_kernel::secret::{Secret, hex};
use sha1::Sha1;

use crate::locked::{self, Unopenable};

/// How long a code is good for, in seconds.
const PERIOD: i64 = 30;

/// How many steps a phone's clock may be ahead or behind (RFC 6238, 5.2).
const DRIFT: i64 = 1;

/// The key that an account and its app share: 160 bits (RFC 4226, 4), shown in no log.
#[derive(Clone, PartialEq, Eq)]
pub struct TotpKey([u8; 20]);

impl fmt::Debug for TotpKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TotpKey")
    }
}

impl TotpKey {
    /// The key of these bytes, which are chance's.
    #[must_use]
    pub fn new(bytes: [u8; 20]) -> Self {
        Self(bytes)
    }

    /// Locked up for the database, for this account only.
    #[must_use]
    pub fn lock(&self, secret: &Secret, nonce: [u8; 24], account: i64) -> String {
        locked::lock(secret, nonce, &place(account), &self.0)
    }

    /// As the database keeps it for this account.
    pub fn open(secret: &Secret, account: i64, locked: &str) -> Result<Self, Unopenable> {
        let bytes = locked::open(secret, &place(account), locked)?;
        bytes.try_into().map(Self).map_err(|_| Unopenable)
    }

    /// The key to type where no picture can be taken: eight groups of four letters and figures.
    #[must_use]
    pub fn spelled(&self) -> String {
        let text = BASE32_NOPAD.encode(&self.0);
        let groups: Vec<&str> = (0..text.len()).step_by(4).map(|at| &text[at..at + 4]).collect();
        groups.join(" ")
    }

    /// The `otpauth:` address that an app reads: the city issues it, the account is what the person signs in with.
    #[must_use]
    pub fn address(&self, city: &str, account: &str) -> String {
        // A colon parts the two, and may stand in neither.
        let (city, account) = (percent(&city.replace(':', " ")), percent(&account.replace(':', " ")));
        let key = BASE32_NOPAD.encode(&self.0);
        format!("otpauth://totp/{city}:{account}?secret={key}&issuer={city}&algorithm=SHA1&digits=6&period={PERIOD}")
    }

    /// The step at which a typed code is good, one step of the clock to either side; remember it as the account's
    /// last, in the transaction that signs in. A code of that step or an earlier one is not good again (RFC 6238, 5.2).
    #[must_use]
    pub fn matches(&self, typed: &str, at: DateTime<Utc>, last_step: Option<i64>) -> Option<i64> {
        let typed = figures(typed)?;
        let now = at.timestamp().div_euclid(PERIOD);
        (now - DRIFT..=now + DRIFT)
            .rev()
            .filter(|step| last_step.is_none_or(|last| *step > last))
            .find(|step| self.number(*step) % 1_000_000 == typed)
    }

    /// The number of a step, of which a code is the last figures (RFC 4226, 5.3).
    fn number(&self, step: i64) -> u32 {
        let mut block = [0; 64];
        block[..20].copy_from_slice(&self.0);
        let mut mac = Hmac::<Sha1>::new(&block.into());
        mac.update(&step.to_be_bytes());
        let digest: [u8; 20] = mac.finalize().into_bytes().into();
        let at = usize::from(digest[19] & 0x0f);
        u32::from_be_bytes([digest[at] & 0x7f, digest[at + 1], digest[at + 2], digest[at + 3]])
    }
}

/// A QR code as SVG, black on white with the margin the standard asks for, without any style; `None` when the text is
/// too long for one. It is hidden from screen readers: [`TotpKey::spelled`] stands beside it.
#[must_use]
pub fn picture(text: &str) -> Option<String> {
    const MARGIN: usize = 4;
    let code = QRBuilder::new(text).ecl(ECL::M).build().ok()?;
    let side = code.size + 2 * MARGIN;
    let mut path = String::new();
    for y in 0..code.size {
        let row = &code[y];
        let mut x = 0;
        while x < code.size {
            let width = row[x..].iter().take_while(|module| module.value()).count();
            if width > 0 {
                let _ = write!(path, "M{} {}h{width}v1h-{width}z", x + MARGIN, y + MARGIN);
            }
            x += width.max(1);
        }
    }
    Some(format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" class="qr" viewBox="0 0 {side} {side}" width="{pixels}" height="{pixels}" shape-rendering="crispEdges" aria-hidden="true" focusable="false"><rect fill="#fff" width="{side}" height="{side}"/><path fill="#000" d="{path}"/></svg>"##,
        pixels = side * 4,
    ))
}

/// How many recovery codes a person gets.
pub const RECOVERY_CODES: usize = 10;

/// Letters and figures that are told apart when written by hand (Crockford's base 32: no I, L, O, U).
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// New recovery codes to show once and print, `7K3QV-9XM2D`: 50 bits each, drawn from chance's 256.
#[must_use]
pub fn recovery_codes(chance: [u8; 32]) -> [String; RECOVERY_CODES] {
    let seed = Secret::new(chance);
    std::array::from_fn(|nth| {
        let bytes = seed.derive("recovery codes").sign(nth.to_string().as_bytes());
        let letters: String = bytes.iter().take(10).map(|byte| char::from(LETTERS[usize::from(byte & 31)])).collect();
        format!("{}-{}", &letters[..5], &letters[5..])
    })
}

/// What the database keeps of a recovery code, and finds it by: the city's signature over the account and the code,
/// so that who steals the database without the key can try nothing. `None` for a text that cannot be a code.
/// Delete the mark, or note when it was used, in the transaction that signs in.
#[must_use]
pub fn recovery_mark(secret: &Secret, account: i64, typed: &str) -> Option<String> {
    let code: String = phone_like(typed)
        .to_uppercase()
        .chars()
        .filter(|letter| *letter != '-')
        .map(|letter| match letter {
            'I' | 'L' => '1',
            'O' => '0',
            letter => letter,
        })
        .collect();
    let is_code = code.len() == 10 && code.bytes().all(|letter| LETTERS.contains(&letter));
    is_code.then(|| hex(&secret.derive("recovery codes").sign(format!("account:{account} {code}").as_bytes())))
}

fn place(account: i64) -> String {
    format!("totp account:{account}")
}

/// Six figures, however they were typed: １２３ ４５６, 123-456.
fn figures(typed: &str) -> Option<u32> {
    let figures: String = phone_like(typed).chars().filter(|letter| *letter != '-').collect();
    (figures.len() == 6 && figures.bytes().all(|figure| figure.is_ascii_digit())).then(|| figures.parse().ok())?
}

/// Percent-encoding that leaves only letters, figures and `-._~`; apps do not agree on a plus for a space.
fn percent(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> TotpKey {
        TotpKey::new(*b"12345678901234567890")
    }

    fn second(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn the_numbers_are_those_of_rfc_6238() {
        let vectors = [
            (59, 94_287_082),
            (1_111_111_109, 7_081_804),
            (1_111_111_111, 14_050_471),
            (1_234_567_890, 89_005_924),
            (2_000_000_000, 69_279_037),
            (20_000_000_000_i64, 65_353_130),
        ];
        for (seconds, eight_figures) in vectors {
            assert_eq!(key().number(seconds / PERIOD) % 100_000_000, eight_figures, "{seconds}");
        }
    }

    #[test]
    fn a_code_is_taken_however_it_is_typed() {
        for typed in ["287082", "287 082", " 287-082 ", "２８７０８２", "２８７　０８２", "287−082"] {
            assert_eq!(key().matches(typed, second(59), None), Some(1), "{typed}");
        }
        for typed in ["", "28708", "2870820", "287082a", "９４２８７０８２", "+87082", "二八七〇八二"] {
            assert_eq!(key().matches(typed, second(59), None), None, "{typed}");
        }
    }

    #[test]
    fn a_clock_may_be_one_step_off_and_no_more() {
        for (seconds, good) in [(0, true), (29, true), (30, true), (59, true), (60, true), (89, true), (90, false)] {
            assert_eq!(key().matches("287082", second(seconds), None).is_some(), good, "{seconds}");
        }
        assert_eq!(key().matches("287082", second(-1), None), None);
    }

    #[test]
    fn a_used_code_is_not_good_again() {
        let step = key().matches("287082", second(59), None);
        assert_eq!(key().matches("287082", second(59), step), None);
        assert_eq!(key().matches("287082", second(65), step), None);
        assert_eq!(key().matches("287082", second(59), Some(0)), Some(1), "an older one was used");
        assert_eq!(key().matches("287082", second(59), Some(7)), None, "a newer one was used");
    }

    #[test]
    fn an_app_reads_the_city_and_the_account() {
        assert_eq!(
            key().address("一関市: 協働", "hana@city.example.jp"),
            "otpauth://totp/%E4%B8%80%E9%96%A2%E5%B8%82%20%20%E5%8D%94%E5%83%8D:hana%40city.example.jp\
             ?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=%E4%B8%80%E9%96%A2%E5%B8%82%20%20%E5%8D%94%E5%83%8D\
             &algorithm=SHA1&digits=6&period=30"
        );
        assert_eq!(key().spelled(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        assert_eq!(format!("{:?}", key()), "TotpKey");
    }

    #[test]
    fn the_key_is_kept_locked_for_its_account() {
        let city = Secret::new([5; 32]);
        let locked = key().lock(&city, [1; 24], 12);
        assert_eq!(TotpKey::open(&city, 12, &locked), Ok(key()));
        assert_eq!(TotpKey::open(&city, 13, &locked), Err(Unopenable));
        assert_eq!(TotpKey::open(&city, 12, &locked::lock(&city, [1; 24], &place(12), b"short")), Err(Unopenable));
    }

    #[test]
    fn the_picture_is_a_qr_code_without_style() {
        let svg = picture(&key().address("一関市", "hana@city.example.jp")).unwrap();
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>"), "{svg}");
        assert!(!svg.contains("style"), "the page allows no inline style");
        // The corner of every QR code: a frame of seven, and a square of three in it.
        for part in ["M4 4h7v1h-7z", "M4 5h1v1h-1z", "M6 6h3v1h-3z", "M4 10h7v1h-7z"] {
            assert!(svg.contains(part), "{part} of {svg}");
        }
        assert_eq!(picture(&"x".repeat(4000)), None);
    }

    #[test]
    fn recovery_codes_are_ten_and_different() {
        let codes = recovery_codes([7; 32]);
        let distinct: std::collections::HashSet<&String> = codes.iter().collect();
        assert_eq!(distinct.len(), RECOVERY_CODES);
        for code in &codes {
            assert_eq!((code.len(), code.find('-')), (11, Some(5)), "{code}");
            assert!(!code.contains(['I', 'L', 'O', 'U']), "{code}");
        }
        assert_ne!(recovery_codes([8; 32]), codes);
    }

    #[test]
    fn a_recovery_code_is_found_however_it_is_typed() {
        let city = Secret::new([5; 32]);
        let mark = recovery_mark(&city, 12, "7K3Q1-9XM20").unwrap();
        assert_eq!(mark.len(), 64);
        for typed in ["7k3q1 9xm20", "7K3QI9XM2O", "７ｋ３ｑｌ－９ｘｍ２ｏ", " 7K3Q1\u{3000}9XM20\n"] {
            assert_eq!(recovery_mark(&city, 12, typed), Some(mark.clone()), "{typed}");
        }
        assert_ne!(recovery_mark(&city, 13, "7K3Q1-9XM20"), Some(mark.clone()), "another account");
        assert_ne!(recovery_mark(&Secret::new([6; 32]), 12, "7K3Q1-9XM20"), Some(mark), "another city");
        for typed in ["", "7K3Q1", "7K3Q1-9XM2U", "7K3Q1-9XM200", "合言葉合言葉合言葉合"] {
            assert_eq!(recovery_mark(&city, 12, typed), None, "{typed}");
        }
    }
}
