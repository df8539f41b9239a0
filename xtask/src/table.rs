//! Tables in Markdown, padded so that they also read well in a terminal.

/// A table; every row has as many cells as there are heads.
pub(crate) fn markdown(heads: &[&str], rows: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = heads.iter().map(|head| width(head).max(3)).collect();
    for row in rows {
        for (widest, cell) in widths.iter_mut().zip(row) {
            *widest = (*widest).max(width(cell));
        }
    }
    let mut text = line(heads.iter().copied(), &widths);
    let rules: Vec<String> = widths.iter().map(|widest| "-".repeat(*widest)).collect();
    text += &line(rules.iter().map(String::as_str), &widths);
    for row in rows {
        text += &line(row.iter().map(String::as_str), &widths);
    }
    text
}

fn line<'a>(cells: impl Iterator<Item = &'a str>, widths: &[usize]) -> String {
    let mut text = String::from("|");
    for (cell, widest) in cells.zip(widths) {
        let padding = " ".repeat(widest.saturating_sub(width(cell)));
        text.extend([" ", cell, &padding, " |"]);
    }
    text + "\n"
}

/// Japanese letters take two columns of a terminal.
fn width(text: &str) -> usize {
    text.chars()
        .map(|letter| if letter < '\u{1100}' || ('\u{2000}'..'\u{2e80}').contains(&letter) { 1 } else { 2 })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_in_japanese_too() {
        let rows = [vec!["協働".to_owned(), "1".to_owned()], vec!["≤ 5".to_owned(), "20".to_owned()]];
        assert_eq!(markdown(&["page", "n"], &rows), "| page | n   |\n| ---- | --- |\n| 協働 | 1   |\n| ≤ 5  | 20  |\n");
    }
}
