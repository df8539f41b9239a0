//! Where the cells of a table stand: each with its row and column, the gaps filled, so that every kind of file draws
//! the same table.

use crate::paper::{Cell, Table};

/// A cell in its place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Placed<'a> {
    /// The cell; nothing where the table has none.
    pub(crate) cell: Option<&'a Cell>,
    /// The row of its upper edge, counted from the head.
    pub(crate) row: usize,
    /// The column of its left edge.
    pub(crate) column: usize,
    /// How many rows it reaches over.
    pub(crate) rows: usize,
    /// How many columns it reaches over.
    pub(crate) columns: usize,
}

/// What is wrong with a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableFault {
    /// There are no columns, or one without a width.
    #[error("a table needs columns, each with a width")]
    NoWidth,
    /// A row is wider than the table.
    #[error("row {0} has more cells than the table has columns")]
    TooWide(usize),
    /// A cell reaches over no column or row.
    #[error("a cell in row {0} reaches over nothing")]
    Nothing(usize),
    /// A cell reaches below the last row, or out of the head.
    #[error("a cell in row {0} reaches below the rows it belongs to")]
    TooDeep(usize),
}

/// The places of all cells, row by row; the head's rows come first.
pub(crate) fn places(table: &Table) -> Result<Vec<Vec<Placed<'_>>>, TableFault> {
    let width = table.columns.len();
    if width == 0 || !table.columns.iter().all(|column| column.is_finite() && *column > 0.0) {
        return Err(TableFault::NoWidth);
    }
    let head = table.head.len();
    let height = head + table.rows.len();
    let mut taken = vec![vec![false; width]; height];
    let mut placed: Vec<Vec<Placed<'_>>> = vec![Vec::new(); height];
    for (row, cells) in table.head.iter().chain(&table.rows).enumerate() {
        // The head's cells stay in the head: it is repeated without what follows it.
        let floor = if row < head { head } else { height };
        for cell in cells {
            if cell.columns == 0 || cell.rows == 0 {
                return Err(TableFault::Nothing(row + 1));
            }
            let column = taken[row].iter().position(|taken| !taken).ok_or(TableFault::TooWide(row + 1))?;
            let free = taken[row][column..].iter().take_while(|taken| !**taken).count();
            if cell.columns > free {
                return Err(TableFault::TooWide(row + 1));
            }
            if cell.rows > floor - row {
                return Err(TableFault::TooDeep(row + 1));
            }
            for line in &mut taken[row..row + cell.rows] {
                line[column..column + cell.columns].fill(true);
            }
            placed[row].push(Placed { cell: Some(cell), row, column, rows: cell.rows, columns: cell.columns });
        }
        let gaps = taken[row].iter().enumerate().filter(|(_, taken)| !**taken);
        placed[row].extend(gaps.map(|(column, _)| Placed { cell: None, row, column, rows: 1, columns: 1 }));
        placed[row].sort_by_key(|placed| placed.column);
    }
    Ok(placed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(head: Vec<Vec<Cell>>, rows: Vec<Vec<Cell>>) -> Table {
        Table { caption: None, columns: vec![1.0; 3], head, rows }
    }

    fn shown(table: &Table) -> Result<Vec<String>, TableFault> {
        let text = |placed: &Placed<'_>| {
            let words = match placed.cell.map(|cell| &cell.content) {
                Some(crate::Content::Text(text)) => text.plain(),
                Some(crate::Content::Arrow) => "→".to_owned(),
                None => "·".to_owned(),
            };
            format!("{words}@{}", placed.column)
        };
        Ok(places(table)?.iter().map(|row| row.iter().map(text).collect::<Vec<_>>().join(" ")).collect())
    }

    #[test]
    fn a_cell_over_rows_moves_the_cells_below_it() {
        let grid = table(
            vec![],
            vec![
                vec![Cell::new("a").over_rows(2), Cell::new("b"), Cell::new("c")],
                vec![Cell::new("d"), Cell::arrow()],
                vec![Cell::new("e").over_columns(2)],
            ],
        );
        assert_eq!(shown(&grid).unwrap(), ["a@0 b@1 c@2", "d@1 →@2", "e@0 ·@2"]);
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let wide = table(vec![], vec![vec![Cell::new("a").over_columns(4)]]);
        assert_eq!(shown(&wide), Err(TableFault::TooWide(1)));
        let deep = table(vec![vec![Cell::new("a").over_rows(2)]], vec![vec![]]);
        assert_eq!(shown(&deep), Err(TableFault::TooDeep(1)));
        let nothing = table(vec![], vec![vec![], vec![Cell::new("a").over_rows(0)]]);
        assert_eq!(shown(&nothing), Err(TableFault::Nothing(2)));
        let narrow = Table { columns: vec![1.0, 0.0], ..Table::default() };
        assert_eq!(shown(&narrow), Err(TableFault::NoWidth));
    }
}
