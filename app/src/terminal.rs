//! What people see on a terminal: tables that line up, questions, and output that may be cut short.

use std::io::{BufRead, ErrorKind, IsTerminal, Write};

use crate::failure::{Failure, Result};

/// Lines up rows of cells as a terminal shows them, where a Japanese letter is as wide as two others.
#[must_use]
pub fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns)
        .map(|at| rows.iter().filter_map(|row| row.get(at)).map(|cell| width(cell)).max().unwrap_or(0))
        .collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, most) in row.iter().zip(&widths) {
            line.push_str(cell);
            line.extend(std::iter::repeat_n(' ', most - width(cell) + 2));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn width(text: &str) -> usize {
    text.chars().map(|letter| if letter.is_ascii() || ('｡'..='ﾟ').contains(&letter) { 1 } else { 2 }).sum()
}

/// Prints to standard output. Nobody listening any more is no failure: `kyodo openapi | head` is fine.
pub fn print(text: &str) -> Result<()> {
    print_bytes(text.as_bytes())
}

/// The same of a file.
pub fn print_bytes(content: &[u8]) -> Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(content).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::work("結果を書き出せません。").because(error))
        }
        _ => Ok(()),
    }
}

/// Whether somebody sits there who could be asked.
#[must_use]
pub fn is_somebody_there() -> bool {
    std::io::stdin().is_terminal() && std::io::stdout().is_terminal()
}

/// Asks a question; everything but a yes is a no.
pub fn ask(question: &str) -> Result<bool> {
    print(&format!("{question} [y/N] "))?;
    let mut answer = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut answer)
        .map_err(|error| Failure::work("答えを読めません。").because(error))?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes" | "はい"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_whatever_the_letters() {
        let rows = [vec!["一関市".to_owned(), "a".to_owned()], vec!["b".to_owned(), "c".to_owned()]];
        assert_eq!(table(&rows), "一関市  a\nb       c\n");
    }
}
