//! `plan.toml` and `indicators.toml`: every fault is named by file and line, all of them in one go.

use kyodo_kernel::pack::Faults;
use kyodo_kernel::pack::city::CityPack;
use kyodo_plan::pack::{PlanReading, read};
use kyodo_testkit::{TestPack, told};

fn mihon() -> TestPack {
    TestPack::named("mihon")
}

fn reading(pack: &TestPack) -> (PlanReading, Vec<String>) {
    let mut faults = Faults::default();
    let files = pack.read(&mut faults);
    let city = CityPack::read(&files, &mut faults);
    let reading = read(&files, &city, &mut faults);
    (reading, told(faults))
}

/// Words put in the place of others, where the fault then stands, and what it says.
struct Spoilt {
    file: &'static str,
    words: &'static str,
    by: &'static str,
    /// Words of the line that is named.
    stands: &'static str,
    says: &'static str,
}

const fn plan(words: &'static str, by: &'static str, stands: &'static str, says: &'static str) -> Spoilt {
    Spoilt { file: "plan.toml", words, by, stands, says }
}

const fn indicators(words: &'static str, by: &'static str, stands: &'static str, says: &'static str) -> Spoilt {
    Spoilt { file: "indicators.toml", words, by, stands, says }
}

const ROW: &str = "schedule = [\"葉\", \"→\", \"花\", \"畳む\", \"\", \"\", \"\", \"\", \"\"]";

const SPOILT: &[Spoilt] = &[
    plan("[\"orizuru\", \"kamifusen\"]", "[\"orizuru\", \"kamihikoki\"]", "kamihikoki", "課「kamihikoki」"),
    plan(
        ROW,
        "schedule = [\"葉\", \"種\", \"花\", \"畳む\", \"\", \"\", \"\", \"\", \"\"]",
        "種",
        "2023年度の段階「種」",
    ),
    plan(
        ROW,
        "schedule = [\"葉・種\", \"→\", \"花\", \"畳む\", \"\", \"\", \"\", \"\", \"\"]",
        "種",
        "2022年度の段階「種」が marks にありません",
    ),
    plan(
        ROW,
        "schedule = [\"→\", \"葉\", \"花\", \"畳む\", \"\", \"\", \"\", \"\", \"\"]",
        "[\"→\", \"葉\"",
        "2022年度の「→」の前に、続ける段階がありません",
    ),
    plan(
        ROW,
        "schedule = [\"葉\", \"\", \"→\", \"畳む\", \"\", \"\", \"\", \"\", \"\"]",
        "[\"葉\", \"\", \"→\"",
        "2024年度の「→」の前に",
    ),
    plan(ROW, "schedule = [\"葉\", \"→\"]", "[\"葉\", \"→\"]", "schedule は9年分で書いてください（いまは2）"),
    plan("key = \"1-2-1-2\"", "key = \"1-2-1-1\" # 2", "# 2", "key「1-2-1-1」が二度あります"),
    plan("key = \"1-2-1-2\"", "key = \"1-3-1-2\"", "1-3-1-2", "上の段「1-3-1」が、これより前にありません"),
    plan("key = \"1-2-1-2\"", "key = \"1-2-1-1-1\"", "1-2-1-1-1", "levels の4段より深い"),
    plan("key = \"1-2-1-2\"", "key = \"1-2-い-2\"", "1-2-い-2", "番号を - でつないで"),
    plan("key = \"1-2-1-2\"", "key = \"1-2-1-0\"", "1-2-1-0", "番号を - でつないで"),
    plan("alias_of = \"1-1-1-1\"", "alias_of = \"9-9-9-9\"", "9-9-9-9", "再掲のもと「9-9-9-9」がない"),
    plan("alias_of = \"1-1-1-1\"", "alias_of = \"2-1-1-1\"", "alias_of", "それも再掲です"),
    plan("title = \"しわ箱\"\n", "", "key = \"2-2-1-1\"", "「2-2-1-1」に title がありません"),
    plan(
        "[\"紙を持つ人\", \"その他\"]",
        "[\"紙を持つ人\", \"犬\", \"その他\"]",
        "犬",
        "対象「犬」が targets にありません",
    ),
    plan("[\"紙を持つ人\", \"その他\"]", "[\"紙を持つ人\"]", "左ききの人", "other_target は"),
    plan("\"折る人\" = \"support\", \"見る人\" = \"lead\"", "\"切る人\" = \"support\"", "切る人", "主体「切る人」"),
    plan("\"見る人\" = \"lead\" }", "\"見る人\" = \"boss\" }", "boss", "「boss」は使えません"),
    plan("tag = \"拡充\"", "tag = \"縮小\"", "縮小", "「縮小」は使えません"),
    plan(
        "heading = \"はじめの一折り\"\ntext = \"山",
        "hedding = \"は\"\ntext = \"山",
        "hedding",
        "「hedding」という項目はありません",
    ),
    plan("status = \"adopted\"", "status = \"secret\"", "secret", "draft か adopted"),
    plan(
        "period = { from = 2022, to = 2030 }",
        "period = { from = 2030, to = 2022 }",
        "period",
        "period は from から to まで",
    ),
    indicators("node = \"2-2-1-1\"", "node = \"2-2-1-9\"", "2-2-1-9", "取組「2-2-1-9」が plan.toml にありません"),
    indicators("key = \"wrinkles\"", "key = \"folding-classes\" # 1", "key = \"folding-classes\"\n", "二度あります"),
    indicators("key = \"wrinkles\"", "key = \"しわ\"", "しわ\"", "英小文字・数字"),
    indicators("direction = \"down\"", "direction = \"sideways\"", "sideways", "「sideways」は使えません"),
    indicators(
        "{ year = 2026, value = 500 }, { year = 2030, value = 90 }",
        "{ year = 2030, value = 90 }, { year = 2026, value = 500 }",
        "value = 90 }, {",
        "targets は年度の順に",
    ),
    indicators(
        "{ year = 2026, value = 500 }, { year = 2030, value = 90 }",
        "{ year = 2030, value = 500 }, { year = 2030, value = 90 }",
        "value = 500 }",
        "一年度に一つずつ",
    ),
    indicators(
        "kind = \"course.held\"",
        "kind = \"course.hold\"",
        "course.hold",
        "記録の種類「course.hold」はありません",
    ),
    indicators("how = \"count\"", "how = \"guess\"", "guess", "「guess」は使えません"),
    indicators("how = \"count\",", "how = \"count\", less = \"talent.withdrawn\",", "counted", "how = \"net\" のとき"),
    indicators("how = \"count\",", "how = \"count\", of = \"sum\",", "counted", "how = \"share\" のとき"),
    indicators("how = \"count\",", "how = \"share\",", "counted", "割合を出す記録を tag・tags・subject のどれかで"),
    indicators("how = \"count\",", "how = \"distinct\", per_head = true,", "counted", "per_head は how ="),
    indicators("how = \"count\",", "how = \"count\", tag = \"a\", tags = [\"b\"],", "counted", "どちらか一方"),
    indicators("how = \"count\",", "how = \"count\", tag = \"a,b\",", "counted", "tag「a,b」は"),
    indicators(
        "how = \"count\",",
        "how = \"count\", subject = \"\",",
        "counted",
        "subject は、数える記録の対象の初めの文字",
    ),
    indicators(
        "how = \"count\",",
        "how = \"count\", tags = [\"1\", \"2\", \"3\", \"4\", \"5\", \"6\", \"7\", \"8\", \"9\"],",
        "counted",
        "tags は8個まで",
    ),
    indicators(
        "about = \"開いた会を",
        "population = [{ year = 2025, people = 0 }]\nabout = \"開いた会を",
        "population",
        "population",
    ),
    indicators(
        "# One that should fall",
        "[[population]]\nyear = 2025\npeople = 0\n# One that should fall",
        "year = 2025",
        "2025年度の people は1以上",
    ),
    indicators(
        "# One that should fall",
        "[[population]]\nyear = 2025\npeople = 9\n[[population]]\nyear = 2024\npeople = 9\n# One that should fall",
        "year = 2024",
        "population は年度の順に",
    ),
];

#[test]
fn every_fault_is_named_by_its_line() {
    for Spoilt { file, words, by, stands, says } in SPOILT {
        let pack = mihon().replacing(file, words, by);
        let (_, faults) = reading(&pack);
        assert_eq!(faults.len(), 1, "{by}: {faults:#?}");
        // The last line with the words is the one that was spoilt.
        let stands = stands.trim_end();
        let line = 1 + pack
            .text(file)
            .lines()
            .enumerate()
            .filter(|(_, line)| line.contains(stands))
            .map(|(at, _)| at)
            .last()
            .expect("the words stand in the file");
        assert!(faults[0].starts_with(&format!("{file}:{line}: ")), "{by}: {} does not stand at {line}", faults[0]);
        assert!(faults[0].contains(says), "{by}: {}", faults[0]);
    }
}

#[test]
fn several_faults_are_told_together() {
    let pack = mihon()
        .replacing("plan.toml", ROW, "schedule = [\"葉\", \"種\", \"花\", \"根\", \"\", \"→\", \"\", \"\", \"\"]")
        .replacing("plan.toml", "[\"orizuru\", \"kamifusen\"]", "[\"orizuru\", \"a\", \"b\"]")
        .replacing("indicators.toml", "kind = \"course.held\"", "kind = \"course.hold\"");
    let (_, faults) = reading(&pack);
    let told = faults.join("\n");
    for words in ["「種」", "「根」", "2027年度の「→」", "課「a」", "課「b」", "course.hold"] {
        assert!(told.contains(words), "{words}:\n{told}");
    }
    assert_eq!(faults.len(), 6, "{told}");
}

#[test]
fn a_row_needs_a_grid() {
    let pack = mihon().replacing("plan.toml", "grid = { from = 2022, to = 2030 }\n", "");
    let (_, faults) = reading(&pack);
    assert!(!faults.is_empty() && faults.iter().all(|fault| fault.contains("grid の年度が要ります")), "{faults:#?}");
}

#[test]
fn the_plan_must_be_there_and_indicators_may_be_missing() {
    let (_, faults) = reading(&mihon().without("plan.toml").without("indicators.toml"));
    assert_eq!(faults, ["plan.toml: ファイルがありません。"]);
    let (reading, faults) = reading(&mihon().without("indicators.toml"));
    assert_eq!((reading.indicators.len(), faults), (0, Vec::new()));
}

#[test]
fn the_fixture_and_the_shipped_packs_have_no_faults() {
    let names = TestPack::shipped();
    for name in names.iter().map(String::as_str).chain(["mihon"]) {
        assert_eq!(reading(&TestPack::named(name)).1, Vec::<String>::new(), "{name}");
    }
}
