//! Reading `city.toml`, the terms and the readings: the part of a pack that every room builds on.

use std::collections::BTreeMap;

use kyodo_wareki::Style;

use super::{Faults, Pack, colour, line_at, readings};
use crate::Language;
use crate::profile::{About, Contact, Department, FiscalYearLook, Position, Profile, Terms};
use crate::words::{Messages, Words};

/// A city as its pack describes it.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct CityPack {
    /// What the city is.
    pub profile: Profile,
    /// Its departments, in the pack's order.
    pub departments: Vec<Department>,
    /// Its own words.
    pub terms: Terms,
    /// Its furigana.
    pub readings: BTreeMap<String, String>,
}

const FILE: &str = "city.toml";

/// The ground the pages stand on in light and dark; accents are checked against them.
const GROUNDS: [(&str, [u8; 3]); 2] = [("白地", [255, 255, 255]), ("暗い地色 #16181d", [0x16, 0x18, 0x1d])];

impl CityPack {
    /// Reads and checks the pack. A result comes back even when there are faults, so that rooms can check theirs.
    pub fn read(pack: &Pack, faults: &mut Faults) -> Self {
        let mut city = Self {
            readings: readings(pack, faults).into_iter().collect(),
            terms: terms(pack, faults),
            ..Self::default()
        };
        let Some(mut file) = pack.toml(FILE, faults) else {
            return city;
        };
        let mut text = |key| file.must::<String>(key, faults).unwrap_or_default();
        city.profile = Profile {
            slug: text("slug"),
            code: text("code"),
            name: text("name"),
            kana: text("kana"),
            romaji: text("romaji"),
            prefecture: text("prefecture"),
            accent: text("accent"),
            accent_dark: text("accent_dark"),
            rooms: file.must("rooms", faults).unwrap_or_default(),
            fiscal_year: file.must::<FiscalYearLook>("fiscal_year", faults).unwrap_or_default(),
            contact: file.maybe::<Contact>("contact", faults).unwrap_or_default(),
            about: file.maybe::<About>("about", faults).unwrap_or_default(),
            position: file.maybe::<Position>("position", faults).unwrap_or_default(),
        };
        let departments = file.list::<Department>("departments", faults);
        for (at, (line, department)) in departments.iter().enumerate() {
            if departments[..at].iter().any(|(_, other)| other.key == department.key) {
                faults.add(FILE, *line, format!("課「{}」が二度あります。", department.key));
            }
        }
        city.departments = departments.into_iter().map(|(_, department)| department).collect();
        file.finish(faults);
        city.check(pack, faults);
        city
    }

    fn check(&self, pack: &Pack, faults: &mut Faults) {
        let profile = &self.profile;
        let mut fault = |key: &str, text: String| faults.add(FILE, line_with(pack, key), text);
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !profile.slug.starts_with(|c: char| c.is_ascii_lowercase()) || !profile.slug.chars().all(plain) {
            fault("slug", "slug は英小文字で始め、英小文字・数字・- だけで書いてください。".to_owned());
        }
        if !has_check_digit(&profile.code) {
            fault(
                "code",
                format!("全国地方公共団体コード「{}」の検査数字が合いません。6けたで書いてください。", profile.code),
            );
        }
        for (key, look) in [("long", &profile.fiscal_year.long), ("short", &profile.fiscal_year.short)] {
            if Style::from_example(look).is_none() {
                fault(
                    "fiscal_year",
                    format!(
                        "年度の書き方 {key}「{look}」は使えません。2024年度を例に、令和6年度・R6年度・R6・6年度・6・2024年度・2024 のどれかで書いてください。"
                    ),
                );
            }
        }
        for (key, accent, (ground, rgb)) in
            [("accent", &profile.accent, GROUNDS[0]), ("accent_dark", &profile.accent_dark, GROUNDS[1])]
        {
            match colour::rgb(accent) {
                None => fault(key, format!("色「{accent}」は #rrggbb で書いてください。")),
                Some(colour) if colour::contrast(colour, rgb) < 4.5 => fault(
                    key,
                    format!(
                        "色「{accent}」は{ground}の上で読みにくい色です（{:.1}対1）。4.5対1以上にしてください。",
                        colour::contrast(colour, rgb)
                    ),
                ),
                Some(_) => {}
            }
        }
        if let Some(key) = &profile.contact.department
            && !self.departments.iter().any(|department| department.key == *key)
        {
            fault("[contact]", format!("連絡先の課「{key}」が departments にありません。"));
        }
        if let Some(goal) = profile.about.sdgs.iter().find(|goal| !(1..=17).contains(*goal)) {
            fault("sdgs", format!("SDGsの目標は1から17です（{goal}）。"));
        }
    }
}

/// 全国地方公共団体コード: five digits and a check digit (総務省, 検査数字の算出方法).
fn has_check_digit(code: &str) -> bool {
    let digits: Vec<u32> = code.chars().filter_map(|c| c.to_digit(10)).collect();
    if code.chars().count() != 6 || digits.len() != 6 {
        return false;
    }
    let sum: u32 = digits[..5].iter().zip([6, 5, 4, 3, 2]).map(|(digit, weight)| digit * weight).sum();
    (11 - sum % 11) % 10 == digits[5]
}

fn line_with(pack: &Pack, key: &str) -> usize {
    pack.file(FILE)
        .and_then(|text| text.lines().position(|line| line.trim_start().starts_with(key)))
        .map_or(0, |line| line + 1)
}

/// The terms that every city defines.
const TERMS: [&str; 9] =
    ["city", "site", "plan", "plan-short", "office", "committee", "area-council", "centre", "residents"];

fn terms(pack: &Pack, faults: &mut Faults) -> Terms {
    const FILE: &str = "terms.ftl";
    if pack.must(FILE, faults).is_none() {
        return Terms::default();
    }
    let mut read = |name| Some(fluent(name, pack.file(name)?, faults));
    let terms =
        Terms { ja: read(FILE).unwrap_or_default(), ja_easy: read("terms.ja-easy.ftl"), en: read("terms.en.ftl") };
    for term in TERMS {
        if !terms.ja.lines().any(|line| line.split('=').next().is_some_and(|name| name.trim() == format!("-{term}"))) {
            faults.add(FILE, 0, format!("-{term} がありません。"));
        }
    }
    terms
}

/// A Fluent text; its faults are named.
fn fluent(name: &str, text: &str, faults: &mut Faults) -> String {
    if let Some(at) = too_deep(text) {
        faults.add(name, line_at(text.as_bytes(), at), "かっこの入れ子が深すぎます。");
        return String::new();
    }
    if let Err((_, errors)) = fluent_bundle::FluentResource::try_new(text.to_owned()) {
        for error in errors {
            let line = line_at(text.as_bytes(), error.pos.start);
            faults.add(name, line, format!("Fluentとして読めません（{error}）。"));
        }
    }
    text.to_owned()
}

/// Where brackets are nested deeper than any word needs: the parser calls itself for each.
fn too_deep(text: &str) -> Option<usize> {
    const DEEPEST: usize = 100;
    let mut depth = 0_usize;
    text.bytes().position(|b| {
        match b {
            b'{' | b'(' => depth += 1,
            b'}' | b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > DEEPEST
    })
}

/// Whether the city's words can be put into the messages at all.
pub fn check_words(messages: &Messages, terms: &Terms, faults: &mut Faults) {
    for language in Language::ALL {
        if let Err(error) = Words::new(messages, terms, language) {
            faults.add("terms.ftl", 0, format!("ことばを文に入れられません（{error}）。"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn municipal_codes_carry_a_check_digit() {
        for code in ["062057", "352039", "032093", "112119", "222241", "131016", "011002"] {
            assert!(has_check_digit(code), "{code}");
        }
        assert!(!has_check_digit("032094"));
        assert!(!has_check_digit("03209"));
        assert!(!has_check_digit("０３２０９３"));
    }
}
