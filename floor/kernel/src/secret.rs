//! Keys: derived from the one secret of the data folder, each for a purpose of its own, and never shown.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// A key of 256 bits. Whoever has it can sign as this house; it stands in no log and no page.
#[derive(Clone)]
pub struct Secret([u8; 32]);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl Secret {
    /// The key of these bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// A key for one purpose, from which neither this key nor that of another purpose can be found.
    #[must_use]
    pub fn derive(&self, purpose: &str) -> Self {
        Self(self.sign(purpose.as_bytes()))
    }

    /// HMAC-SHA-256 of a text (RFC 2104).
    #[must_use]
    pub fn sign(&self, text: &[u8]) -> [u8; 32] {
        self.mac(text).finalize().into_bytes().into()
    }

    /// Whether a signature is this key's, compared in constant time.
    #[must_use]
    pub fn has_signed(&self, text: &[u8], signature: &[u8]) -> bool {
        self.mac(text).verify_slice(signature).is_ok()
    }

    fn mac(&self, text: &[u8]) -> Hmac<Sha256> {
        // A key shorter than a block is filled up with zeros, as the standard says; a block cannot be refused.
        let mut block = [0; 64];
        block[..32].copy_from_slice(&self.0);
        let mut mac = Hmac::<Sha256>::new(&block.into());
        mac.update(text);
        mac
    }
}

/// Bytes as lower-case hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_signs_as_the_standard_says() {
        // Another implementation's answer, Python's `hmac`, to the text of RFC 4231, test case 1.
        let key = Secret::new([0x0b; 32]);
        assert_eq!(hex(&key.sign(b"Hi There")), "198a607eb44bfbc69903a0f1cf2bbdc5ba0aa3f3d9ae3c1c7a3b1696a0b68cf7");
        assert!(key.has_signed(b"Hi There", &key.sign(b"Hi There")));
        assert!(!key.has_signed(b"Hi there", &key.sign(b"Hi There")));
        assert_ne!(key.derive("audit").sign(b""), key.derive("mail").sign(b""));
    }

    #[test]
    fn a_key_is_not_shown() {
        assert_eq!(format!("{:?}", Secret::new([7; 32])), "Secret");
    }
}
