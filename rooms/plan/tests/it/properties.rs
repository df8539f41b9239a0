//! What must hold for any row of the grid and for any figure.

use kyodo_kernel::FiscalYear;
use kyodo_plan::indicator::{Definition, Direction, Health, Observation, Source, Value};
use kyodo_plan::schedule::{ARROW, Mark, RowFault, Schedule, rank};
use proptest::prelude::*;

const WORDS: [(&str, u8); 4] = [("検討", 1), ("試行", 2), ("実施", 3), ("見直し", 3)];

fn marks() -> Vec<Mark> {
    WORDS.map(|(name, rank)| Mark { name: name.to_owned(), rank, ends: false }).to_vec()
}

/// A cell as a document might print it, now and then a wrong one.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => Just(String::new()),
        4 => Just(ARROW.to_owned()),
        4 => proptest::sample::select(&WORDS[..]).prop_map(|(word, _)| word.to_owned()),
        2 => proptest::collection::vec(proptest::sample::select(&WORDS[..]), 2..4)
            .prop_map(|words| words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join("・")),
        1 => Just("踊る".to_owned()),
    ]
}

fn years(from: i32, cells: usize) -> Vec<FiscalYear> {
    (from..).take(cells).map(FiscalYear::new).collect()
}

/// What a person reads: the mark that holds in each year, or the years in which the row is wrong.
fn read_by_eye(cells: &[String]) -> Result<Vec<Option<&str>>, Vec<usize>> {
    let mut wrong = Vec::new();
    let mut held: Vec<Option<&str>> = Vec::new();
    for (at, cell) in cells.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| cells[before].as_str());
        match cell.as_str() {
            "" => held.push(None),
            ARROW if before.is_none_or(str::is_empty) => {
                wrong.push(at);
                held.push(None);
            }
            ARROW => held.push(held.last().copied().flatten()),
            word => {
                wrong.extend(word.split('・').filter(|part| *part == "踊る").map(|_| at));
                held.push(Some(word));
            }
        }
    }
    if wrong.is_empty() { Ok(held) } else { Err(wrong) }
}

proptest! {
    #[test]
    fn a_row_means_what_a_person_reads(from in 1990..2040, cells in proptest::collection::vec(cell(), 0..12)) {
        let years = years(from, cells.len());
        match (Schedule::read(&years, &cells, &marks()), read_by_eye(&cells)) {
            (Ok(row), Ok(held)) => {
                for (year, (cell, mark)) in years.iter().zip(cells.iter().zip(held)) {
                    prop_assert_eq!(row.effective(*year), mark);
                    prop_assert_eq!(row.cell(*year).unwrap_or_default(), cell);
                }
                prop_assert_eq!(row.effective(FiscalYear::new(from - 1)), None);
                prop_assert!(row.resolved().all(|(_, mark)| mark != ARROW));
                prop_assert_eq!(row.resolved().count(), row.printed().count());
                let again = Schedule::of_printed(row.printed().map(|(year, mark)| (year, mark.to_owned())));
                prop_assert_eq!(again, row);
            }
            (Err(faults), Err(wrong)) => {
                let named: Vec<usize> = faults
                    .iter()
                    .map(|fault| match fault {
                        RowFault::ArrowWithoutMark(year) | RowFault::UnknownMark(year, _) => {
                            usize::try_from(i32::from(*year) - from).expect("a year of the grid")
                        }
                        RowFault::Length { .. } => unreachable!("the row fits the grid"),
                    })
                    .collect();
                prop_assert_eq!(named, wrong);
            }
            (read, by_eye) => prop_assert!(false, "{cells:?}: {read:?} but a person reads {by_eye:?}"),
        }
    }

    #[test]
    fn a_row_of_another_length_is_refused(cells in proptest::collection::vec(cell(), 0..12), years_of_grid in 0_usize..12) {
        prop_assume!(cells.len() != years_of_grid);
        let fault = RowFault::Length { years: years_of_grid, cells: cells.len() };
        prop_assert_eq!(Schedule::read(&years(2024, years_of_grid), &cells, &marks()), Err(vec![fault]));
    }

    #[test]
    fn a_combined_mark_ranks_as_its_highest_part(parts in proptest::collection::vec(proptest::sample::select(&WORDS[..]), 1..4)) {
        let mark = parts.iter().map(|(word, _)| *word).collect::<Vec<_>>().join("・");
        prop_assert_eq!(rank(&mark, &marks()), parts.iter().map(|(_, rank)| *rank).max().unwrap_or(0));
    }
}

fn figure(direction: Direction, baseline: Option<f64>, targets: &[(i32, f64)]) -> Definition {
    Definition {
        short: None,
        unit: "件".to_owned(),
        decimals: 1,
        group: None,
        direction,
        baseline: baseline.map(|value| Value { year: 2020, value }),
        targets: targets.iter().map(|(year, value)| Value { year: *year, value: *value }).collect(),
        note: String::new(),
        about: String::new(),
        counted: None,
    }
}

fn in_year(year: i32, value: f64) -> Observation {
    Observation { year: FiscalYear::new(year), value, source: Source::Entered }
}

fn direction() -> impl Strategy<Value = Direction> {
    prop_oneof![Just(Direction::Up), Just(Direction::Down)]
}

/// Tenths, as people enter figures.
fn value() -> impl Strategy<Value = f64> {
    (-10_000..10_000_i32).prop_map(|tenths| f64::from(tenths) / 10.0)
}

proptest! {
    #[test]
    fn a_better_figure_never_stands_worse(
        direction in direction(), baseline in value(), aims in (value(), value()), year in 2021..2035, figures in (value(), value())
    ) {
        let goal = figure(direction, Some(baseline), &[(2025, aims.0), (2030, aims.1)]);
        let judge = |value: f64| goal.judge(&[in_year(year, value)]).health;
        let (low, high) = (figures.0.min(figures.1), figures.0.max(figures.1));
        let (worse, better) = if direction == Direction::Up { (low, high) } else { (high, low) };
        // Achieved is the least, no data the greatest.
        prop_assert!(judge(better) <= judge(worse), "{better} {:?}, {worse} {:?}", judge(better), judge(worse));
    }

    #[test]
    fn the_line_begins_at_the_baseline_passes_every_target_and_stays_between(
        direction in direction(), baseline in value(), aims in (value(), value()), year in 2020..2040
    ) {
        let goal = figure(direction, Some(baseline), &[(2025, aims.0), (2030, aims.1)]);
        let line = |year: i32| goal.judge(&[in_year(year, 0.0)]).line.expect("there is a way");
        let close = |a: f64, b: f64| (a - b).abs() < 1e-9;
        prop_assert!(close(line(2020), baseline) && close(line(2025), aims.0) && close(line(2030), aims.1));
        prop_assert!(close(line(2040), aims.1), "after the last target the way is level");
        let (from, to) = if year <= 2025 { (baseline, aims.0) } else { (aims.0, aims.1) };
        prop_assert!(line(year) >= from.min(to) - 1e-9 && line(year) <= from.max(to) + 1e-9);
    }

    #[test]
    fn who_reaches_the_target_has_achieved_and_gone_all_the_way(
        direction in direction(), baseline in value(), aim in value(), year in 2021..2040
    ) {
        let goal = figure(direction, Some(baseline), &[(2030, aim)]);
        let judged = goal.judge(&[in_year(year, aim)]);
        prop_assert_eq!(judged.health, Health::Achieved);
        if (aim - baseline).abs() > 1e-9 {
            prop_assert!(judged.way.is_some_and(|way| (way - 1.0).abs() < 1e-9));
        }
    }

    #[test]
    fn who_walks_the_line_is_on_track_and_arrives(baseline in value(), step in 1..100_i32, year in 2021..2030) {
        let step = f64::from(step) / 10.0;
        let at = |year: i32| baseline + step * f64::from(year - 2020);
        let goal = figure(Direction::Up, Some(baseline), &[(2030, at(2030))]);
        let walked: Vec<Observation> = (2021..=year).map(|year| in_year(year, at(year))).collect();
        prop_assert_eq!(goal.judge(&walked).health, Health::OnTrack);
        let arrives = goal.projected_at_aim(&walked).expect("there is a year left");
        prop_assert!((arrives.value - at(2030)).abs() < 1e-6 && arrives.year == 2030);
    }

    #[test]
    fn without_target_or_figure_nothing_is_judged(baseline in proptest::option::of(value()), figures in proptest::collection::vec(value(), 0..4)) {
        let figures: Vec<Observation> = (2021..).zip(figures).map(|(year, value)| in_year(year, value)).collect();
        prop_assert_eq!(figure(Direction::Up, baseline, &[]).judge(&figures).health, Health::NoData);
        prop_assert_eq!(figure(Direction::Up, baseline, &[(2030, 1.0)]).judge(&[]).health, Health::NoData);
    }
}
