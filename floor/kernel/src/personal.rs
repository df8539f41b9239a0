//! Individual numbers (マイナンバー) must not come into the house. They are known by their check digit: section 5 of
//! the ministerial order on individual numbers (平成26年総務省令第85号).

/// Whether a number has the twelve figures of an individual number, the last of which fits the others. One in eleven
/// of all numbers with twelve figures does.
#[must_use]
pub fn looks_like_my_number(figures: &[u8]) -> bool {
    let [rest @ .., check] = figures else {
        return false;
    };
    if rest.len() != 11 || figures.iter().any(|figure| *figure > 9) {
        return false;
    }
    // From the right the figures weigh 2, 3, … 7 and again 2, 3, … 6.
    let sum: u32 = rest.iter().rev().zip((2..=7).cycle()).map(|(figure, weight)| u32::from(*figure) * weight).sum();
    let remainder = sum % 11;
    u32::from(*check) == if remainder <= 1 { 0 } else { 11 - remainder }
}

/// Whether a text holds what looks like an individual number: twelve figures, half- or full-width, in one piece or in
/// three groups of four as on the card.
#[must_use]
pub fn holds_my_number(text: &str) -> bool {
    let mut run = Run::default();
    for c in text.chars().chain(['\n']) {
        match (figure(c), c) {
            (Some(figure), _) => run.take(figure),
            (None, c) if parts_figures(c) && run.is_open() => run.part(),
            _ => {
                if run.is_my_number() {
                    return true;
                }
                run = Run { after_point: matches!(c, '.' | '．'), ..Run::default() };
            }
        }
    }
    false
}

/// Whether people write it between the groups of a number: a space, or whatever looks like a hyphen.
#[must_use]
pub fn parts_figures(c: char) -> bool {
    matches!(c, ' ' | '\u{3000}' | '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '－')
}

/// Figures that stand together, in groups.
#[derive(Default)]
struct Run {
    groups: Vec<Vec<u8>>,
    /// The places after a decimal point are no number of their own.
    after_point: bool,
}

impl Run {
    fn is_open(&self) -> bool {
        self.groups.last().is_some_and(|group| !group.is_empty())
    }

    fn take(&mut self, figure: u8) {
        if self.groups.is_empty() {
            self.groups.push(Vec::new());
        }
        if let Some(group) = self.groups.last_mut() {
            group.push(figure);
        }
    }

    fn part(&mut self) {
        self.groups.push(Vec::new());
    }

    fn is_my_number(&self) -> bool {
        let groups: Vec<&Vec<u8>> = self.groups.iter().filter(|group| !group.is_empty()).collect();
        let in_one = groups.iter().skip(usize::from(self.after_point)).any(|group| looks_like_my_number(group));
        let as_on_the_card = groups.len() == 3
            && groups.iter().all(|group| group.len() == 4)
            // A row of years.
            && !groups.iter().all(|group| matches!(group[..2], [1, 9] | [2, 0]));
        in_one || as_on_the_card && looks_like_my_number(&groups.into_iter().flatten().copied().collect::<Vec<u8>>())
    }
}

fn figure(c: char) -> Option<u8> {
    let zero = match c {
        '0'..='9' => '0',
        '０'..='９' => '０',
        _ => return None,
    };
    u8::try_from(u32::from(c) - u32::from(zero)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(text: &str) -> Vec<u8> {
        text.chars().filter_map(figure).collect()
    }

    #[test]
    fn the_last_figure_fits_the_others() {
        // Worked by hand with the rule. 12345678901: 1·2+0·3+9·4+8·5+7·6+6·7+5·2+4·3+3·4+2·5+1·6 = 212, 212 mod 11 = 3,
        // 11 - 3 = 8. All noughts leave 0, which gives 0.
        for fits in ["123456789018", "000000000000"] {
            assert!(looks_like_my_number(&figures(fits)), "{fits}");
        }
        for other in ["123456789017", "12345678901", "1234567890180", ""] {
            assert!(!looks_like_my_number(&figures(other)), "{other}");
        }
        assert!(!looks_like_my_number(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 18]));
    }

    #[test]
    fn exactly_one_check_digit_fits() {
        for stem in [0_u64, 1, 11_111_111_111, 98_765_432_109, 99_999_999_999] {
            let fitting = (0..10).filter(|check| looks_like_my_number(&figures(&format!("{stem:011}{check}")))).count();
            assert_eq!(fitting, 1, "{stem}");
        }
    }

    #[test]
    fn a_number_is_found_in_a_text() {
        for text in [
            "花子,123456789018,総務課",
            "個人番号１２３４５６７８９０１８です",
            "1234 5678 9018",
            "番号: １２３４－５６７８－９０１８。",
            "2026 123456789018",
        ] {
            assert!(holds_my_number(text), "{text}");
        }
        for text in [
            "123456789017",
            "法人番号 1234567890180",
            "1234 5678 9018 0000",
            "2024 2025 2026 年度",
            "0.123456789018",
            "0191-21-2111",
            "1234\n5678\n9018",
            "",
        ] {
            assert!(!holds_my_number(text), "{text}");
        }
    }
}
