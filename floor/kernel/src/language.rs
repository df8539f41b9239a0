//! The languages the frame and the explanations speak. Plan texts stay Japanese.

use unic_langid::LanguageIdentifier;

/// A language of the pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// 日本語
    #[default]
    Japanese,
    /// やさしい日本語
    EasyJapanese,
    /// English
    English,
}

impl Language {
    /// Every language, in the order of the switch.
    pub const ALL: [Self; 3] = [Self::Japanese, Self::EasyJapanese, Self::English];

    /// The name in addresses, cookies and message files.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Japanese => "ja",
            Self::EasyJapanese => "ja-easy",
            Self::English => "en",
        }
    }

    /// The language of a code, if it is one of ours.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }

    /// What stands in `<html lang>`: easy Japanese is Japanese.
    #[must_use]
    pub fn html(self) -> &'static str {
        match self {
            Self::Japanese | Self::EasyJapanese => "ja",
            Self::English => "en",
        }
    }

    /// Its place in tables of three.
    #[must_use]
    pub fn index(self) -> usize {
        self as usize
    }

    pub(crate) fn identifier(self) -> LanguageIdentifier {
        self.html().parse().unwrap_or_default()
    }
}
