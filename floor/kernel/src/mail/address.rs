//! A mail address, as people write it. Valid by construction: it cannot break out of a header or a command.

use std::fmt;
use std::str::FromStr;

use kyodo_jptext::half_width;

/// An address to which mail can be sent.
///
/// Before 2009 Japanese carriers gave out addresses that the standard forbids (`a..b@docomo.ne.jp`,
/// `.hana.@ezweb.ne.jp`); they still work when their local part is quoted, which happens on sending only.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Address {
    local: String,
    domain: String,
}

/// A text that is no mail address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a mail address")]
pub struct AddressError;

impl FromStr for Address {
    type Err = AddressError;

    /// Reads an address as typed: full-width letters and white space around it are forgiven.
    fn from_str(text: &str) -> Result<Self, AddressError> {
        let text = half_width(text);
        let (local, domain) = text.trim().rsplit_once('@').ok_or(AddressError)?;
        let domain = idna::domain_to_ascii(domain).map_err(|_| AddressError)?;
        let labels_are_sound = domain.split('.').all(is_label);
        if local.is_empty()
            || local.len() > 64
            || !local.bytes().all(is_local)
            || domain.len() > 253
            || !labels_are_sound
        {
            return Err(AddressError);
        }
        Ok(Self { local: local.to_owned(), domain })
    }
}

/// RFC 5322 `atext`, and the dot wherever it stands.
fn is_local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b".!#$%&'*+-/=?^_`{|}~".contains(&byte)
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

impl Address {
    /// An address on this machine, where no mail goes.
    #[must_use]
    pub fn nobody() -> Self {
        Self { local: "kyodo".to_owned(), domain: "localhost".to_owned() }
    }

    /// Its part after the `@`, in small ASCII letters.
    #[must_use]
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The address in small letters, to compare: no mail system in use tells `Hana@` from `hana@`.
    #[must_use]
    pub fn key(&self) -> String {
        self.to_string().to_lowercase()
    }

    /// The address as the standard writes it.
    pub(super) fn on_the_wire(&self) -> lettre::Address {
        let local = &self.local;
        let breaks_the_standard = local.starts_with('.') || local.ends_with('.') || local.contains("..");
        // Both parts hold nothing but what was let through above.
        if breaks_the_standard {
            lettre::Address::new_dangerous(format!("\"{local}\""), &self.domain)
        } else {
            lettre::Address::new_dangerous(local, &self.domain)
        }
    }
}

/// The address as people write it, never quoted.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.local, self.domain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Address, AddressError> {
        text.parse()
    }

    #[test]
    fn addresses_are_read_as_people_type_them() {
        for (typed, meant) in [
            ("hana@example.jp", "hana@example.jp"),
            (" Hana.Sato+news@Example.JP ", "Hana.Sato+news@example.jp"),
            ("ｈａｎａ＠ｅｘａｍｐｌｅ．ｊｐ", "hana@example.jp"),
            ("hana@日本語.jp", "hana@xn--wgv71a119e.jp"),
            ("kyodo@localhost", "kyodo@localhost"),
        ] {
            assert_eq!(read(typed).unwrap().to_string(), meant, "{typed}");
        }
    }

    #[test]
    fn old_addresses_of_japanese_carriers_are_quoted_on_the_wire_only() {
        for (typed, wire) in [
            ("a..b@docomo.ne.jp", "\"a..b\"@docomo.ne.jp"),
            (".hana.@ezweb.ne.jp", "\".hana.\"@ezweb.ne.jp"),
            ("a.b@docomo.ne.jp", "a.b@docomo.ne.jp"),
        ] {
            let address = read(typed).unwrap();
            assert_eq!(address.to_string(), typed);
            assert_eq!(address.on_the_wire().to_string(), wire);
        }
    }

    #[test]
    fn what_could_break_a_header_is_no_address() {
        for wrong in [
            "",
            "hana",
            "@example.jp",
            "hana@",
            "hana@@example.jp",
            "ha na@example.jp",
            "hana@example..jp",
            "hana@example.jp\r\nBcc: all@example.jp",
            "hana\r\n@example.jp",
            "\"hana\"@example.jp",
            "<hana@example.jp>",
            "hana@example.jp>",
            "hana@-example.jp",
            "花@example.jp",
            "hana@exa_mple.jp",
            "hana,taro@example.jp",
        ] {
            assert_eq!(read(wrong), Err(AddressError), "{wrong}");
        }
        assert!(read(&format!("{}@example.jp", "a".repeat(65))).is_err());
    }
}
