//! What lies locked in the database: readable only with the city's key, and only where it was put.
//! XChaCha20-Poly1305, whose nonce of 24 bytes may be drawn by chance; a stolen database alone opens nothing.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use data_encoding::BASE64URL_NOPAD;
use kyodo_kernel::secret::Secret;

/// The way of locking, first in the text, so that another can come beside it.
const WAY: &str = "x1.";

/// A text that does not open: made with another key, for another place, or altered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this was not locked here, or not with this key")]
pub struct Unopenable;

/// Locks something up for one place (`totp account:12`); from elsewhere it cannot be opened. The nonce is chance's,
/// never used twice.
///
/// # Panics
/// When what is to be locked is longer than 256 GB.
#[must_use]
pub fn lock(secret: &Secret, nonce: [u8; 24], place: &str, plain: &[u8]) -> String {
    let shut = cipher(secret)
        .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: place.as_bytes() })
        .expect("less than 256 GB");
    format!("{WAY}{}", BASE64URL_NOPAD.encode(&[&nonce[..], &shut].concat()))
}

/// Opens what was locked for this place.
pub fn open(secret: &Secret, place: &str, locked: &str) -> Result<Vec<u8>, Unopenable> {
    let bytes =
        locked.strip_prefix(WAY).and_then(|text| BASE64URL_NOPAD.decode(text.as_bytes()).ok()).ok_or(Unopenable)?;
    let (nonce, shut) = bytes.split_first_chunk::<24>().ok_or(Unopenable)?;
    cipher(secret).decrypt(&XNonce::from(*nonce), Payload { msg: shut, aad: place.as_bytes() }).map_err(|_| Unopenable)
}

fn cipher(secret: &Secret) -> XChaCha20Poly1305 {
    // A derived key is itself 256 bits that look like chance.
    XChaCha20Poly1305::new(&Key::from(secret.derive("locked").sign(b"xchacha20poly1305")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn city() -> Secret {
        Secret::new([3; 32])
    }

    #[test]
    fn what_was_locked_opens_again() {
        let locked = lock(&city(), [9; 24], "totp account:12", b"twenty bytes of key.");
        assert_eq!(open(&city(), "totp account:12", &locked), Ok(b"twenty bytes of key.".to_vec()));
        assert!(!locked.contains("twenty"));
        assert_ne!(lock(&city(), [8; 24], "totp account:12", b"twenty bytes of key."), locked);
    }

    #[test]
    fn nothing_opens_with_another_key_in_another_place_or_altered() {
        let locked = lock(&city(), [9; 24], "totp account:12", b"twenty bytes of key.");
        assert_eq!(open(&Secret::new([4; 32]), "totp account:12", &locked), Err(Unopenable));
        assert_eq!(open(&city(), "totp account:13", &locked), Err(Unopenable));
        for at in 0..locked.len() {
            let mut altered = locked.clone().into_bytes();
            altered[at] = if altered[at] == b'A' { b'B' } else { b'A' };
            let altered = String::from_utf8(altered).unwrap();
            assert_eq!(open(&city(), "totp account:12", &altered), Err(Unopenable), "{altered}");
        }
        for heap in ["", "x1.", "x1.AAAA", "twenty bytes of key.", "x2.AAAA"] {
            assert_eq!(open(&city(), "totp account:12", heap), Err(Unopenable), "{heap}");
        }
    }
}
