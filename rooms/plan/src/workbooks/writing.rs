//! A department's workbook as it is handed out: what is printed is locked, what is asked is open.

use std::io::{Cursor, Write};

use chrono::{DateTime, Utc};
use kyodo_kernel::words::Words;
use kyodo_wareki::{FiscalYear, long_date_with_weekday};
use kyodo_web::answer::Download;
use kyodo_web::format::number;
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DataValidationRule, Format, FormatAlign, FormatBorder, Formula,
    ProtectionOptions, Workbook, Worksheet, XlsxError,
};

use super::{
    Column, Entered, FORMAT, Ground, HEADS, HIDDEN, Item, Kind, copy_of, figure_columns, has_mark, head, print,
    print_figure, report_columns, seal,
};
use crate::entry::MOST_SOURCE;
use crate::round::{MOST_NEXT, MOST_TEXT, Stage};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const FONT: &str = "Yu Gothic";
/// ISO A4 as Excel numbers papers.
const A4: u8 = 9;

type Written<T = ()> = Result<T, XlsxError>;

/// What the file of a department is called.
#[must_use]
pub fn file_name(ground: &Ground, department: &str) -> String {
    let year = i32::from(ground.round.year);
    let name: String =
        ground.name(department).chars().map(|c| if "/\\:*?\"<>|".contains(c) { '・' } else { c }).collect();
    format!("{}_{year}_{name}.xlsx", ground.city_name)
}

/// The workbook of a department.
pub fn write(ground: &Ground, department: &str, words: &Words, now: DateTime<Utc>) -> Written<Download> {
    let mut book = Workbook::new();
    let sheet = Sheet { ground, department, words, looks: Looks::new() };
    let marks = ground.marks();
    let items: Vec<&Item> = ground.of(department).collect();
    let figures: Vec<(&Item, &Entered)> =
        items.iter().flat_map(|item| item.figures.iter().map(move |one| (*item, one))).collect();
    sheet.reports(book.add_worksheet(), &items, marks.len())?;
    if !figures.is_empty() {
        sheet.figures(book.add_worksheet(), &figures)?;
    }
    sheet.hidden(book.add_worksheet(), &marks, now)?;
    Ok(Download { name: file_name(ground, department), kind: XLSX, content: book.save_to_buffer()? })
}

/// Several files as one archive.
pub fn archive(name: String, files: &[Download]) -> zip::result::ZipResult<Download> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for file in files {
        archive.start_file(file.name.as_str(), options)?;
        archive.write_all(&file.content)?;
    }
    Ok(Download { name, kind: "application/zip", content: archive.finish()?.into_inner() })
}

/// How cells look.
struct Looks {
    title: Format,
    about: Format,
    head: Format,
    asked: Format,
    printed: Format,
    number: Format,
    entry: Format,
    closed: Format,
    hidden: Format,
}

impl Looks {
    fn new() -> Self {
        let base = || Format::new().set_font_name(FONT).set_font_size(10);
        let cell = || base().set_align(FormatAlign::Top).set_text_wrap().set_border(FormatBorder::Thin);
        let text = || cell().set_num_format("@");
        let head = || cell().set_bold().set_align(FormatAlign::VerticalCenter);
        Self {
            title: base().set_bold().set_font_size(14),
            about: base().set_text_wrap().set_align(FormatAlign::Top),
            head: head().set_background_color(Color::RGB(0x00E7_E6E6)),
            asked: head().set_background_color(Color::RGB(0x00FF_F2CC)),
            printed: text(),
            number: cell().set_unlocked().set_background_color(Color::RGB(0x00FF_FDF5)),
            entry: text().set_unlocked().set_background_color(Color::RGB(0x00FF_FDF5)),
            closed: text().set_background_color(Color::RGB(0x00F2_F2F2)),
            hidden: base().set_num_format("@"),
        }
    }
}

/// One file on its way.
struct Sheet<'a> {
    ground: &'a Ground,
    department: &'a str,
    words: &'a Words,
    looks: Looks,
}

impl Sheet<'_> {
    fn say(&self, key: &str) -> String {
        self.words.say(key)
    }

    fn year(&self, year: FiscalYear) -> String {
        self.ground.years.long(year)
    }

    /// Title, department, instructions and heads: the same on both sheets.
    fn begin(&self, sheet: &mut Worksheet, name: &str, columns: &[Column]) -> Written {
        let ground = self.ground;
        let due = long_date_with_weekday(ground.round.due_on);
        let title = self.words.with(
            "workbook-title",
            [("city", ground.city_name.as_str()), ("plan", ground.plan.title.as_str()), ("year", &ground.year)],
        );
        let about =
            self.words.with("workbook-about", [("department", ground.name(self.department)), ("due", due.as_str())]);
        sheet.set_name(name)?;
        sheet.write_string_with_format(0, 0, &title, &self.looks.title)?;
        sheet.write_string_with_format(1, 0, &about, &self.looks.title)?;
        let last = last_seen(columns);
        sheet.merge_range(2, 0, 2, last, &self.say("workbook-how"), &self.looks.about)?;
        sheet.set_row_height(2, 34)?;
        sheet.merge_range(3, 0, 3, last, &ground.round.note, &self.looks.about)?;
        sheet.set_row_height(3, if ground.round.note.is_empty() { 6.0 } else { 34.0 })?;
        for (at, column) in (0_u16..).zip(columns) {
            let look = if column.kind == Kind::Entry { &self.looks.asked } else { &self.looks.head };
            sheet.set_column_width(at, column.width)?;
            sheet.write_string_with_format(HEADS - 1, at, self.say(&head(column.id)), look)?;
            if column.kind == Kind::Hidden {
                sheet.set_column_hidden(at)?;
            }
        }
        sheet.set_row_height(HEADS - 1, 32)?;
        Ok(())
    }

    /// Paper, panes and locks.
    fn end(&self, sheet: &mut Worksheet, columns: &[Column], rows: usize) -> Written {
        let below = HEADS + u32::try_from(rows).unwrap_or_default();
        sheet.set_freeze_panes(HEADS, 2)?;
        sheet.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
        sheet.set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3);
        sheet.set_repeat_rows(HEADS - 1, HEADS - 1)?;
        sheet.set_print_area(0, 0, below.max(HEADS) - 1, last_seen(columns))?;
        sheet.set_footer(format!("&L{}&R&P / &N", self.ground.name(self.department).replace('&', "&&")));
        if let Some(first) = columns.iter().position(|column| column.kind == Kind::Entry) {
            let first = u16::try_from(first).unwrap_or_default();
            sheet.set_selection(HEADS, first, HEADS, first)?;
        }
        // Rows may be made higher: that changes nothing of what they say.
        sheet.protect_with_options(&ProtectionOptions {
            format_rows: true,
            format_columns: true,
            ..ProtectionOptions::default()
        });
        Ok(())
    }

    fn reports(&self, sheet: &mut Worksheet, items: &[&Item], marks: usize) -> Written {
        let outline = &self.ground.plan.outline;
        let columns = report_columns(outline);
        self.begin(sheet, &self.say("workbook-sheet-reports"), &columns)?;
        for (row, item) in (HEADS..).zip(items) {
            let mut lines = 2;
            for (at, column) in (0_u16..).zip(&columns) {
                let text = self.of_report(item, column.id);
                lines = lines.max(height(&text, column));
                let is_open = match column.id {
                    "mark" => item.is_writable() && has_mark(item, outline),
                    _ => item.is_writable(),
                };
                let look = match column.kind {
                    Kind::Printed => &self.looks.printed,
                    Kind::Entry if is_open => &self.looks.entry,
                    Kind::Entry => &self.looks.closed,
                    Kind::Hidden => &self.looks.hidden,
                };
                sheet.write_string_with_format(row, at, &text, look)?;
            }
            // A few lines to write in, at least.
            sheet.set_row_height(row, 16.0 * f64::from(lines.clamp(5, 24)))?;
        }
        if let Some((first, last)) = rows(items.len()) {
            for (at, column) in (0_u16..).zip(&columns) {
                let rule = match column.id {
                    "mark" => self.list('D', marks, "workbook-pick-mark")?,
                    "grade" => self.list('E', outline.grades.len(), "workbook-pick-grade")?,
                    "text" => self.letters(MOST_TEXT)?,
                    "next" => self.letters(MOST_NEXT)?,
                    _ => continue,
                };
                sheet.add_data_validation(first, at, last, at, &rule)?;
            }
        }
        self.end(sheet, &columns, items.len())
    }

    fn of_report(&self, item: &Item, id: &str) -> String {
        let (ground, node, content) = (self.ground, &item.node, &item.report.content);
        match id {
            "code" => node.code.clone(),
            "title" => node.title.clone(),
            "planned" => node.planned(ground.round.year).unwrap_or_default().to_owned(),
            "stage" => self.stage(item),
            "before" => self.before(item),
            "mark" => content.mark.clone().unwrap_or_default(),
            "grade" => content.grade.clone().unwrap_or_default(),
            "text" => content.text.clone(),
            "next" => content.next.clone(),
            "key" => node.key.clone(),
            "seen" => print(content),
            _ => seal(&[&ground.city, self.department, &node.key, &print(content), &node.code, &node.title]),
        }
    }

    /// Where a report stands, and why it came back.
    fn stage(&self, item: &Item) -> String {
        let name = self.say(&format!("stage-{}", item.report.stage.name()));
        match (&item.report.stage, &item.report.last) {
            (Stage::Returned, Some(done)) if !done.note.is_empty() => format!("{name}\n「{}」", done.note),
            _ => name,
        }
    }

    /// What was said a year before.
    fn before(&self, item: &Item) -> String {
        let Some(before) = &item.before else { return String::new() };
        let told =
            [before.mark.as_deref(), before.grade.as_deref()].into_iter().flatten().filter(|one| !one.is_empty());
        let told: Vec<&str> = told.collect();
        let head = format!("{}　{}", self.year(before.year), told.join("　"));
        [head.trim(), before.text.as_str()].join("\n").trim().to_owned()
    }

    fn figures(&self, sheet: &mut Worksheet, figures: &[(&Item, &Entered)]) -> Written {
        let columns = figure_columns();
        self.begin(sheet, &self.say("workbook-sheet-figures"), &columns)?;
        let year = self.ground.round.year;
        for (row, (item, entered)) in (HEADS..).zip(figures) {
            let mut lines = 2;
            for (at, column) in (0_u16..).zip(&columns) {
                let text = self.of_figure(item, entered, column.id);
                lines = lines.max(height(&text, column));
                match (column.id, entered.standing(year)) {
                    ("value", Some((value, _))) => {
                        sheet.write_number_with_format(row, at, value, &self.looks.number)?;
                    }
                    ("value", None) => {
                        sheet.write_blank(row, at, &self.looks.number)?;
                    }
                    _ => {
                        let look = match column.kind {
                            Kind::Printed => &self.looks.printed,
                            Kind::Entry => &self.looks.entry,
                            Kind::Hidden => &self.looks.hidden,
                        };
                        sheet.write_string_with_format(row, at, &text, look)?;
                    }
                }
            }
            sheet.set_row_height(row, 16.0 * f64::from(lines.clamp(2, 12)))?;
        }
        if let Some((first, last)) = rows(figures.len()) {
            for (at, column) in (0_u16..).zip(&columns) {
                let rule = match column.id {
                    "value" => DataValidation::new()
                        .allow_decimal_number(DataValidationRule::Between(-1e12, 1e12))
                        .set_error_style(DataValidationErrorStyle::Stop)
                        .set_error_message(self.say("workbook-pick-number"))?,
                    "source" => self.letters(MOST_SOURCE)?,
                    _ => continue,
                };
                sheet.add_data_validation(first, at, last, at, &rule)?;
            }
        }
        self.end(sheet, &columns, figures.len())
    }

    fn of_figure(&self, item: &Item, entered: &Entered, id: &str) -> String {
        let (ground, node, indicator) = (self.ground, &item.node, &entered.indicator);
        let definition = &indicator.definition;
        let unit = definition.unit.split('/').next().unwrap_or_default();
        let told =
            |of: FiscalYear, value: f64| format!("{}　{}{unit}", self.year(of), number(value, definition.decimals));
        let standing = entered.standing(ground.round.year);
        match id {
            "code" => node.code.clone(),
            "title" => node.title.clone(),
            "indicator" => indicator.name.clone(),
            "last" => entered.before(ground.round.year).map(|(of, value)| told(of, value)).unwrap_or_default(),
            "target" => {
                let next = definition.targets.iter().filter(|one| one.fiscal_year() >= ground.round.year);
                next.min_by_key(|one| one.year).map(|one| told(one.fiscal_year(), one.value)).unwrap_or_default()
            }
            "unit" => definition.unit.clone(),
            "source" => standing.map(|(_, source)| source.to_owned()).unwrap_or_default(),
            "key" => indicator.key.clone(),
            "seen" => print_figure(standing),
            "seal" => seal(&[
                &ground.city,
                self.department,
                &indicator.key,
                &print_figure(standing),
                &node.code,
                &indicator.name,
            ]),
            _ => String::new(),
        }
    }

    /// What a file knows of itself, and what may be chosen.
    fn hidden(&self, sheet: &mut Worksheet, marks: &[String], now: DateTime<Utc>) -> Written {
        let ground = self.ground;
        sheet.set_name(HIDDEN)?;
        let rows = [
            FORMAT.to_owned(),
            ground.city.clone(),
            i32::from(ground.round.year).to_string(),
            self.department.to_owned(),
            copy_of(now),
        ];
        for (row, text) in (0_u32..).zip(&rows) {
            sheet.write_string_with_format(row, 0, text, &self.looks.hidden)?;
        }
        for (row, mark) in (0_u32..).zip(marks) {
            sheet.write_string_with_format(row, 3, mark, &self.looks.hidden)?;
        }
        for (row, grade) in (0_u32..).zip(&ground.plan.outline.grades) {
            sheet.write_string_with_format(row, 4, &grade.name, &self.looks.hidden)?;
        }
        sheet.set_very_hidden(true).protect();
        Ok(())
    }

    /// One of a list; a list in the rule itself could not be longer than 255 letters.
    fn list(&self, column: char, n: usize, message: &str) -> Written<DataValidation> {
        DataValidation::new()
            .allow_list_formula(Formula::new(format!("='{HIDDEN}'!${column}$1:${column}${}", n.max(1))))
            .set_error_style(DataValidationErrorStyle::Stop)
            .set_error_message(self.say(message))
    }

    fn letters(&self, most: usize) -> Written<DataValidation> {
        let most = u32::try_from(most).unwrap_or(u32::MAX);
        DataValidation::new()
            .allow_text_length(DataValidationRule::LessThanOrEqualTo(most))
            .set_error_style(DataValidationErrorStyle::Stop)
            .set_error_message(self.words.with("workbook-pick-letters", [("n", most)]))
    }
}

/// The first and the last row of a table.
fn rows(n: usize) -> Option<(u32, u32)> {
    let n = u32::try_from(n).ok()?.checked_sub(1)?;
    Some((HEADS, HEADS + n))
}

/// The last column that people see.
fn last_seen(columns: &[Column]) -> u16 {
    let seen = columns.iter().filter(|column| column.kind != Kind::Hidden).count();
    u16::try_from(seen.saturating_sub(1)).unwrap_or_default()
}

/// How many lines a text takes in its column, where a Japanese letter is as wide as two.
fn height(text: &str, column: &Column) -> u32 {
    if column.kind == Kind::Hidden {
        return 1;
    }
    let lines = text.lines().map(|line| {
        let wide: u32 = line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
        (f64::from(wide) / (column.width - 1.0)).ceil().max(1.0)
    });
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few lines")]
    let lines = lines.sum::<f64>() as u32;
    lines
}
