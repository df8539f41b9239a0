//! The year grid: marks as printed, and what they mean in a year. → continues the mark before it;
//! an empty cell is not the same as →.

use std::collections::BTreeMap;

use kyodo_kernel::FiscalYear;
use serde::{Deserialize, Serialize};

/// A word of the grid with its rank; the pack gives the ranks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// The word.
    pub name: String,
    /// How far it is: 検討 1, 試行・一部実施・周知 2, 実施・見直し 3.
    pub rank: u8,
    /// Whether the measure is finished with this mark (完了予定).
    #[serde(default)]
    pub ends: bool,
}

/// The sign that continues the mark before it.
pub const ARROW: &str = "→";

/// A node's row of the grid.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    printed: BTreeMap<FiscalYear, String>,
}

/// What is wrong with a row of the grid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowFault {
    /// More or fewer cells than the grid has years.
    Length {
        /// Years of the grid.
        years: usize,
        /// Cells of the row.
        cells: usize,
    },
    /// An arrow with no mark directly before it.
    ArrowWithoutMark(FiscalYear),
    /// A word that is not among the marks.
    UnknownMark(FiscalYear, String),
}

impl Schedule {
    /// A row from its cells as printed, one for each year. Every fault is told.
    pub fn read(years: &[FiscalYear], cells: &[String], marks: &[Mark]) -> Result<Self, Vec<RowFault>> {
        let mut faults = Vec::new();
        if cells.len() != years.len() {
            return Err(vec![RowFault::Length { years: years.len(), cells: cells.len() }]);
        }
        let mut printed = BTreeMap::new();
        let mut before = "";
        for (year, cell) in years.iter().zip(cells) {
            let cell = cell.trim();
            if cell == ARROW && before.is_empty() {
                faults.push(RowFault::ArrowWithoutMark(*year));
            } else if cell != ARROW && !cell.is_empty() {
                for part in parts(cell).filter(|part| !marks.iter().any(|mark| mark.name == *part)) {
                    faults.push(RowFault::UnknownMark(*year, part.to_owned()));
                }
            }
            if !cell.is_empty() {
                printed.insert(*year, cell.to_owned());
            }
            before = cell;
        }
        if faults.is_empty() { Ok(Self { printed }) } else { Err(faults) }
    }

    /// A row as it is stored.
    #[must_use]
    pub fn of_printed(printed: impl IntoIterator<Item = (FiscalYear, String)>) -> Self {
        Self { printed: printed.into_iter().collect() }
    }

    /// The cells as printed, without the empty ones.
    pub fn printed(&self) -> impl Iterator<Item = (FiscalYear, &str)> {
        self.printed.iter().map(|(year, mark)| (*year, mark.as_str()))
    }

    /// A cell as printed.
    #[must_use]
    pub fn cell(&self, year: FiscalYear) -> Option<&str> {
        self.printed.get(&year).map(String::as_str)
    }

    /// The mark effective in a year: → resolved to the mark it continues.
    #[must_use]
    pub fn effective(&self, year: FiscalYear) -> Option<&str> {
        let mut cell = self.cell(year)?;
        let mut at = year;
        while cell == ARROW {
            at = at.previous();
            cell = self.cell(at)?;
        }
        Some(cell)
    }

    /// The row from a year on; an arrow there becomes the mark it continues.
    #[must_use]
    pub fn since(&self, first: FiscalYear) -> Self {
        let begins = self.effective(first).map(|mark| (first, mark.to_owned()));
        let later = self.printed().filter(|(year, _)| *year > first).map(|(year, mark)| (year, mark.to_owned()));
        Self::of_printed(begins.into_iter().chain(later))
    }

    /// Every year with the mark effective in it.
    pub fn resolved(&self) -> impl Iterator<Item = (FiscalYear, &str)> {
        self.printed.keys().filter_map(|year| Some((*year, self.effective(*year)?)))
    }

    /// Whether the row is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.printed.is_empty()
    }

    /// The first year with a mark.
    #[must_use]
    pub fn first(&self) -> Option<FiscalYear> {
        self.printed.keys().next().copied()
    }

    /// The last year with a mark.
    #[must_use]
    pub fn last(&self) -> Option<FiscalYear> {
        self.printed.keys().next_back().copied()
    }
}

/// The words of a combined mark such as 検討・周知.
fn parts(mark: &str) -> impl Iterator<Item = &str> {
    mark.split('・').map(str::trim)
}

/// How far a mark is: the highest of its parts; 0 for a word nobody ranked.
#[must_use]
pub fn rank(mark: &str, marks: &[Mark]) -> u8 {
    parts(mark).filter_map(|part| marks.iter().find(|mark| mark.name == part)).map(|mark| mark.rank).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks() -> Vec<Mark> {
        [("検討", 1), ("周知", 2), ("一部実施", 2), ("実施", 3), ("見直し", 3)]
            .map(|(name, rank)| Mark { name: name.to_owned(), rank, ends: false })
            .to_vec()
    }

    fn years(from: i32, to: i32) -> Vec<FiscalYear> {
        FiscalYear::new(from).through(FiscalYear::new(to)).collect()
    }

    fn row(cells: &[&str]) -> Result<Schedule, Vec<RowFault>> {
        let cells: Vec<String> = cells.iter().map(|cell| (*cell).to_owned()).collect();
        Schedule::read(&years(2024, 2028), &cells, &marks())
    }

    #[test]
    fn an_arrow_continues_the_mark_before_it() {
        let row = row(&["検討", "→", "実施", "→", "→"]).unwrap();
        let effective: Vec<_> = row.resolved().map(|(year, mark)| (i32::from(year), mark)).collect();
        assert_eq!(effective, [(2024, "検討"), (2025, "検討"), (2026, "実施"), (2027, "実施"), (2028, "実施")]);
    }

    #[test]
    fn a_row_from_a_year_on_begins_with_the_mark_that_goes_on() {
        let row = row(&["検討", "→", "→", "実施", "→"]).unwrap();
        let since = row.since(FiscalYear::new(2026));
        let printed: Vec<_> = since.printed().map(|(year, mark)| (i32::from(year), mark)).collect();
        assert_eq!(printed, [(2026, "検討"), (2027, "実施"), (2028, "→")]);
        assert_eq!(row.since(FiscalYear::new(2024)), row);
    }

    #[test]
    fn an_empty_cell_is_not_an_arrow() {
        let row = row(&["検討", "実施", "", "", "実施"]).unwrap();
        assert_eq!(row.effective(FiscalYear::new(2026)), None);
        assert_eq!(row.last(), Some(FiscalYear::new(2028)));
    }

    #[test]
    fn every_fault_of_a_row_is_told() {
        assert_eq!(row(&["実施"]), Err(vec![RowFault::Length { years: 5, cells: 1 }]));
        assert_eq!(
            row(&["", "→", "実施・踊る", "", "→"]),
            Err(vec![
                RowFault::ArrowWithoutMark(FiscalYear::new(2025)),
                RowFault::UnknownMark(FiscalYear::new(2026), "踊る".to_owned()),
                RowFault::ArrowWithoutMark(FiscalYear::new(2028)),
            ])
        );
    }

    #[test]
    fn a_combined_mark_ranks_as_its_highest_part() {
        assert_eq!(rank("検討・一部実施", &marks()), 2);
        assert_eq!(rank("見直し・実施", &marks()), 3);
        assert_eq!(rank("だれも知らない", &marks()), 0);
    }
}
