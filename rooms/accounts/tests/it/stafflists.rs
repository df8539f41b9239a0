//! The list of employees with which the year begins.

use kyodo_accounts::stafflist::{Column, Known, ListFault, Problem, StaffLine, StaffList, read};
use kyodo_kernel::workbook;
use proptest::prelude::*;
use rust_xlsxwriter::Workbook;

fn departments() -> Vec<(String, String)> {
    [
        ("soumu", "総務課"),
        ("kikaku", "企画政策課"),
        ("zaisei", "財政課"),
        ("higashi", "東支所 地域課"),
        ("chiiki", "地域課"),
    ]
    .map(|(key, name)| (key.to_owned(), name.to_owned()))
    .to_vec()
}

fn list(text: &str) -> Result<StaffList, ListFault> {
    let roles = [("まちづくり担当".to_owned(), "coordinator")];
    let departments = departments();
    read(&workbook::list(text.as_bytes(), "名簿.csv").unwrap(), &Known { departments: &departments, roles: &roles })
}

/// Cell, column and problem of each fault.
fn faults(text: &str) -> Vec<(String, Column, Problem)> {
    list(text).unwrap().faults.into_iter().map(|fault| (fault.cell, fault.column, fault.problem)).collect()
}

const HEADS: &str = "職員番号,氏名,ふりがな,所属,メール,役割\n";

#[test]
fn a_list_from_excel_becomes_lines() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "令和8年4月1日現在").unwrap();
    for (column, head) in
        (0..).zip(["職員コード※", "氏名（漢字）", "氏名（ｶﾅ）", "所　属", "職名", "Ｅメール", "役割", "内線"])
    {
        sheet.write(2, column, head).unwrap();
    }
    for (column, text) in (0..).zip([
        "００１２３",
        "髙橋　花",
        "ﾀｶﾊｼ　ﾊﾅ",
        "総務部　総務課",
        "主任",
        "Hana＠City.example.jp",
        "協働推進員",
        "123",
    ]) {
        sheet.write(3, column, text).unwrap();
    }
    sheet.write(4, 0, 45).unwrap().write(4, 1, "佐藤 健").unwrap().write(4, 3, "企画政策課").unwrap();
    let sheet = workbook::list(&book.save_to_buffer().unwrap(), "名簿.xlsx").unwrap();
    let known = departments();
    let list = read(&sheet, &Known { departments: &known, roles: &[] }).unwrap();
    assert_eq!(list.faults, []);
    let some = |text: &str| Some(text.to_owned());
    let hana = StaffLine {
        row: 4,
        number: "00123".to_owned(),
        name: "髙橋 花".to_owned(),
        kana: some("たかはし はな"),
        email: some("hana@city.example.jp"),
        department: some("soumu"),
        post: some("主任"),
        role: Some("reporter"),
    };
    assert_eq!(list.lines[0], hana);
    let ken = &list.lines[1];
    assert_eq!((ken.number.as_str(), ken.department.as_deref(), ken.role), ("45", Some("kikaku"), None));
}

#[test]
fn departments_are_found_behind_what_they_belong_to_but_never_guessed() {
    for (said, key) in [
        ("総務課", Some("soumu")),
        ("総務部　総務課", Some("soumu")),
        ("総務部総務課", Some("soumu")),
        ("東支所地域課", Some("higashi")),
        ("地域課", Some("chiiki")),
        ("税務課", None),
        ("課", None),
    ] {
        let list = list(&format!("{HEADS}1,花,,{said},,\n")).unwrap();
        assert_eq!(list.lines.first().and_then(|line| line.department.as_deref()), key, "{said}");
        if key.is_none() {
            assert_eq!(list.faults[0].problem, Problem::UnknownDepartment(said.to_owned()));
            assert_eq!(list.faults[0].cell, "D2");
        }
    }
}

#[test]
fn roles_are_called_as_cities_call_them() {
    for (said, role) in [
        ("管理者", Some("administrator")),
        ("協働担当課（担当）", Some("coordinator")),
        ("協働担当課", Some("coordinator")),
        ("まちづくり担当", Some("coordinator")),
        ("協働推進員", Some("reporter")),
        ("所属長", Some("head")),
        ("センター職員", Some("centre_staff")),
        ("監査", Some("auditor")),
        ("", None),
    ] {
        let list = list(&format!("{HEADS}1,花,,総務課,,{said}\n")).unwrap();
        assert_eq!(list.lines[0].role, role, "{said}");
    }
    let unknown = ("F2".to_owned(), Column::Role, Problem::UnknownRole("市長".to_owned()));
    assert_eq!(faults(&format!("{HEADS}1,花,,総務課,,市長\n")), [unknown]);
}

#[test]
fn every_cell_that_cannot_be_used_is_named() {
    let text = format!(
        "{HEADS}\
         あ,花,hana,総務課,hana,\n\
         ,,,,,協働推進員\n\
         3,#N/A,,総務課,a@b,\n\
         4,{},,総務課,,\n\
         5,健 123456789018,,総務課,,\n",
        "長".repeat(101)
    );
    let fault = |cell: &str, column, problem| (cell.to_owned(), column, problem);
    assert_eq!(
        faults(&text),
        [
            fault("A2", Column::Number, Problem::NotANumber),
            fault("C2", Column::Kana, Problem::NotKana),
            fault("E2", Column::Email, Problem::NotEmail),
            fault("A3", Column::Number, Problem::Missing),
            fault("B3", Column::Name, Problem::Missing),
            fault("D3", Column::Department, Problem::Missing),
            fault("B4", Column::Name, Problem::Error),
            fault("E4", Column::Email, Problem::NotEmail),
            fault("B5", Column::Name, Problem::TooLong),
            fault("B6", Column::Name, Problem::MyNumber),
        ]
    );
    assert!(list(&text).unwrap().lines.is_empty());
}

#[test]
fn somebody_may_work_in_two_places_but_under_one_name() {
    let text = format!(
        "{HEADS}\
         1,髙橋 花,,総務課,hana@city.jp,協働推進員\n\
         1,髙橋　花,,財政課,hana@city.jp,協働推進員\n\
         1,髙橋 花,,総務課,,協働推進員\n\
         1,佐藤 健,,総務課,,\n\
         2,田中 実,,総務課,hana@city.jp,\n\
         3,監査 役,,,,監査\n"
    );
    let fault = |cell: &str, column, problem| (cell.to_owned(), column, problem);
    assert_eq!(
        faults(&text),
        [
            fault("A4", Column::Number, Problem::Twice { row: 2 }),
            fault("A5", Column::Number, Problem::Differs { row: 2 }),
            fault("E6", Column::Email, Problem::Twice { row: 2 }),
        ]
    );
    let rows: Vec<u32> = list(&text).unwrap().lines.iter().map(|line| line.row).collect();
    assert_eq!(rows, [2, 3, 7]);
}

#[test]
fn a_sheet_that_is_no_list_of_employees_is_refused_as_a_whole() {
    assert_eq!(list("日付,内容\n1,2\n"), Err(ListFault::NoHeads));
    assert_eq!(list("職員番号,氏名\n"), Err(ListFault::NoLines));
    assert_eq!(
        list("職員番号,氏名,名前\n1,花,花\n"),
        Err(ListFault::SameHeads { column: Column::Name, cell: "C1".to_owned() })
    );
}

#[test]
fn a_list_without_departments_is_a_list() {
    assert_eq!(list("番号,名前\n1,花\n").unwrap().lines[0].department, None);
}

proptest! {
    #[test]
    fn any_cells_are_lines_or_faults_and_no_row_is_lost(cells in proptest::collection::vec("[0-9A-Za-zあ-んァ-ン一-三　 @.,#（）ー-]{0,12}", 0..40)) {
        let lines: Vec<String> = cells.chunks(6).map(|row| row.iter().map(|cell| cell.replace(',', "、")).collect::<Vec<_>>().join(",")).collect();
        let text = format!("{HEADS}{}\n", lines.join("\n"));
        if let Ok(list) = list(&text) {
            let sheet = workbook::list(text.as_bytes(), "a").unwrap();
            for row in &sheet.rows[1..] {
                let told = list.lines.iter().any(|line| line.row == row.number)
                    || list.faults.iter().any(|fault| fault.cell.trim_start_matches(|c: char| c.is_ascii_alphabetic()) == row.number.to_string());
                prop_assert!(told, "row {} is lost", row.number);
            }
        }
    }
}
