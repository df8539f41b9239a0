//! Reading packs: every fault is named by file and line, all of them in one go.

use kyodo_kernel::pack::Faults;
use kyodo_kernel::pack::city::CityPack;
use kyodo_testkit::{TestPack, told};

fn mihon() -> TestPack {
    TestPack::named("mihon")
}

fn read(pack: &TestPack) -> (CityPack, Vec<String>) {
    let mut faults = Faults::default();
    let files = pack.read(&mut faults);
    let city = CityPack::read(&files, &mut faults);
    (city, told(faults))
}

/// The one fault of a pack.
#[track_caller]
fn fault_of(pack: &TestPack) -> String {
    let (_, mut faults) = read(pack);
    assert_eq!(faults.len(), 1, "{faults:#?}");
    faults.remove(0)
}

/// The fault stands on the line with these words and says so.
#[track_caller]
fn assert_fault(pack: &TestPack, file: &str, words: &str, says: &str) {
    let fault = fault_of(pack);
    let place = format!("{file}:{}: ", pack.line_of(file, words));
    assert!(fault.starts_with(&place), "{fault} does not stand at {place}");
    assert!(fault.contains(says), "{fault} does not say 「{says}」");
}

#[test]
fn a_good_pack_has_no_faults_and_says_what_the_city_is() {
    let (city, faults) = read(&mihon());
    assert_eq!(faults, Vec::<String>::new());
    assert_eq!((city.profile.slug.as_str(), city.profile.name.as_str()), ("mihon", "見本市"));
    assert_eq!(city.departments.len(), 3);
    assert!(city.departments[2].placeholder);
    assert_eq!(city.profile.about.principles[1].name, "折り目の公開");
    assert_eq!(city.readings["折り鶴"], "おりづる");
}

#[test]
fn the_shipped_packs_have_no_faults() {
    for name in TestPack::shipped() {
        assert_eq!(read(&TestPack::named(&name)).1, Vec::<String>::new(), "{name}");
    }
    assert_eq!(TestPack::shipped().len(), 5);
}

#[test]
fn what_is_not_toml_is_named_by_its_line() {
    assert_fault(
        &mihon().replacing("city.toml", "sdgs = [11, 17]", "sdgs = [11, 17"),
        "city.toml",
        "[[about.standards]]",
        "TOML",
    );
    let pack = mihon().replacing("city.toml", "romaji = \"Mihon\"", "romaji = \"Mihon");
    assert_fault(&pack, "city.toml", "romaji", "TOML");
}

#[test]
fn several_faults_are_told_together_by_line() {
    let pack = mihon()
        .replacing("city.toml", "code = \"998001\"", "code = \"998002\"")
        .replacing("city.toml", "sdgs = [11, 17]", "sdgs = [11, 18]")
        .replacing("city.toml", "accent = \"#6b2f5c\"", "accent = \"pink\"")
        .replacing("readings.csv", "計画,けいかく", "計画,ケイカク");
    let (_, faults) = read(&pack);
    let lines: Vec<usize> = ["998002", "pink", "sdgs"].map(|words| pack.line_of("city.toml", words)).to_vec();
    let places: Vec<String> = lines.iter().map(|line| format!("city.toml:{line}: ")).collect();
    assert_eq!(faults.len(), 4, "{faults:#?}");
    for (fault, place) in faults.iter().zip(&places) {
        assert!(fault.starts_with(place), "{fault} {place}");
    }
}

#[test]
fn a_misspelt_item_is_named_wherever_it_stands() {
    let pack = mihon().replacing("city.toml", "romaji = ", "farbe = \"rot\"\nromaji = ");
    assert_fault(&pack, "city.toml", "farbe", "「farbe」という項目はありません");
    let pack = mihon().replacing("city.toml", "subsidiarity = ", "subsidarity = ");
    assert_fault(&pack, "city.toml", "subsidarity", "「subsidarity」という項目はありません");
    let pack = mihon().replacing("city.toml", "placeholder = true", "place_holder = true");
    assert_fault(&pack, "city.toml", "place_holder", "「place_holder」という項目はありません");
}

#[test]
fn a_missing_item_and_a_wrong_kind_of_value_are_named() {
    let fault = fault_of(&mihon().replacing("city.toml", "kana = \"みほんし\"\n", ""));
    assert!(fault.contains("「kana」がありません"), "{fault}");
    let fault = fault_of(&mihon().replacing("city.toml", "name = \"全課\"\n", ""));
    assert!(fault.contains("「name」がありません"), "{fault}");
    assert_fault(
        &mihon().replacing("city.toml", "rooms = [\"plan\"]", "rooms = \"plan\""),
        "city.toml",
        "rooms",
        "形が違います",
    );
}

#[test]
fn a_missing_or_unreadable_file_is_one_fault() {
    assert!(fault_of(&mihon().without("city.toml")).contains("city.toml: ファイルがありません"));
    assert!(fault_of(&mihon().without("terms.ftl")).contains("terms.ftl: ファイルがありません"));
    // 「協働」 as CP932 saves it, on the second line.
    let fault = fault_of(&mihon().file("city.toml", b"# a\n# \x8b\xa6\x93\xad\n".to_vec()));
    assert!(fault.starts_with("city.toml:2: ") && fault.contains("UTF-8"), "{fault}");
    let fault = fault_of(&mihon().file("terms.ftl", b"-city = \x8b\xa6\x93\xad\n".to_vec()));
    assert!(fault.starts_with("terms.ftl:1: ") && fault.contains("UTF-8"), "{fault}");
    let fault = fault_of(&mihon().file("readings.csv", b"surface,reading\n\x8b\xa6,\x82\xab\n".to_vec()));
    assert!(fault.starts_with("readings.csv:2: ") && fault.contains("UTF-8"), "{fault}");
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_welcome() {
    let mut pack = mihon();
    for file in ["city.toml", "terms.ftl", "terms.en.ftl", "terms.ja-easy.ftl", "readings.csv"] {
        let text = format!("\u{feff}{}", pack.text(file).replace('\n', "\r\n"));
        pack = pack.file(file, text);
    }
    let (city, faults) = read(&pack);
    assert_eq!(faults, Vec::<String>::new());
    assert_eq!(city.profile, read(&mihon()).0.profile);
    assert_eq!(city.readings, read(&mihon()).0.readings);
}

#[test]
fn a_term_that_is_missing_or_not_fluent_is_named() {
    let fault = fault_of(&mihon().replacing("terms.ftl", "-office = 折り鶴課\n", ""));
    assert!(fault.contains("-office がありません"), "{fault}");
    assert_fault(
        &mihon().replacing("terms.ftl", "-office = 折り鶴課", "-office = { 折り鶴課"),
        "terms.ftl",
        "-office",
        "Fluent",
    );
    assert_fault(&mihon().replacing("terms.en.ftl", "-office = ", "-office "), "terms.en.ftl", "-office", "Fluent");
}

#[test]
fn a_code_with_a_wrong_check_digit_is_named() {
    for code in ["998002", "99800", "9980011", "99800a"] {
        let pack = mihon().replacing("city.toml", "code = \"998001\"", &format!("code = \"{code}\""));
        assert_fault(&pack, "city.toml", "code = ", "検査数字");
    }
}

#[test]
fn a_colour_that_cannot_be_read_on_its_ground_is_named() {
    let light = mihon().replacing("city.toml", "accent = \"#6b2f5c\"", "accent = \"#999999\"");
    assert_fault(&light, "city.toml", "accent = ", "2.8対1");
    let dark = mihon().replacing("city.toml", "accent_dark = \"#e3a6d4\"", "accent_dark = \"#444444\"");
    assert_fault(&dark, "city.toml", "accent_dark", "暗い地色");
    let name = mihon().replacing("city.toml", "accent_dark = \"#e3a6d4\"", "accent_dark = \"rosa\"");
    assert_fault(&name, "city.toml", "accent_dark", "#rrggbb");
}

#[test]
fn a_slug_a_year_and_a_department_must_be_usable() {
    for slug in ["Mihon", "-mihon", "見本", "mi hon", "1mihon", ""] {
        assert_fault(&mihon().called(slug), "city.toml", "slug", "英小文字");
    }
    let year = mihon().replacing("city.toml", "short = \"2024\"", "short = \"'24\"");
    assert_fault(&year, "city.toml", "fiscal_year", "年度の書き方 short");
    let contact = mihon().replacing("city.toml", "department = \"orizuru\"", "department = \"tsuru\"");
    assert_fault(&contact, "city.toml", "[contact]", "「tsuru」");
    let twice = mihon().replacing("city.toml", "key = \"kamifusen\"", "key = \"orizuru\"");
    assert!(fault_of(&twice).contains("「orizuru」が二度あります"));
}

#[test]
fn bad_lines_of_the_readings_are_named_and_the_good_ones_kept() {
    let table = "surface,reading\n協働,きょうどう\n計画,ケイカク\n会議\n市民,しみん,だれ\n,よみ\n協働,きょうどう\n# 注\n葛\u{e0100}飾,かつしか\n";
    let pack = mihon().file("readings.csv", table);
    let (city, faults) = read(&pack);
    assert_eq!(city.readings.len(), 2);
    let places: Vec<&str> = faults.iter().map(|fault| fault.split(": ").next().unwrap()).collect();
    assert_eq!(places, ["readings.csv:3", "readings.csv:4", "readings.csv:5", "readings.csv:6", "readings.csv:7"]);
    let fault = fault_of(&mihon().file("readings.csv", "ことば,よみ\n協働,きょうどう\n"));
    assert!(fault.starts_with("readings.csv:1: "), "{fault}");
}

#[test]
fn a_pack_without_readings_has_none() {
    let (city, faults) = read(&mihon().without("readings.csv"));
    assert_eq!((city.readings.len(), faults.len()), (0, 0));
}
