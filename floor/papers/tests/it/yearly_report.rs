//! A yearly report, whole and made up: the pattern for a room that makes one. Words come from the room's messages and
//! from the plan; here they stand as they would come out.

use chrono::NaiveDate;
use kyodo_papers::{
    Answer, Block, Cell, Chart, ChartKind, Contents, Figure, Level, Numbering, Paper, Quotation, Series, Table, Target,
    Text,
};

/// The report of a year with this many measures.
pub(crate) fn yearly_report(measures: usize) -> Paper {
    let mut paper = Paper::new("第3次一関市協働推進計画", "一関市", "令和7年11月20日");
    paper.subtitle = Some("令和6年度 進捗状況報告書".to_owned());
    paper.day = NaiveDate::from_ymd_opt(2025, 11, 20);
    paper.cover = true;
    paper.numbering = Numbering::new("第{1}章", "{1}-{2}", "({3})");
    paper
        .upright(vec![Block::Contents(Contents { title: "目次".to_owned(), depth: Level::Second })])
        .upright(summary(measures))
        .sideways(grid(measures))
        .upright(by_measure(measures))
        .upright([figures(), opinions(), next_steps()].concat())
}

fn summary(measures: usize) -> Vec<Block> {
    vec![
        Block::numbered(Level::First, "総括"),
        Block::paragraph(
            Text::from("計画の1年目にあたる令和6年度は、")
                .and(Text::bold(format!("{measures}の事業のうち{}が計画どおり", measures.saturating_sub(2))))
                .and("に進みました。遅れているのは2事業です。いずれも令和7年度の上期に取り戻す見込みです。"),
        ),
        Block::paragraph(
            "市民センターの利用は目標に向けて伸びています。一方、まちづくりスタッフバンクの登録は計画の線を下回りました。\
             葛󠄀西さん、𠮷田さん、髙橋さんら登録者への聞き取りでは、登録したあとに声がかからないことが、続かない理由として挙がっています。",
        ),
        Block::numbered(Level::Second, "この報告書について"),
        Block::fields([
            ("対象の年度", "令和6年度（令和6年4月1日から令和7年3月31日まで）"),
            ("自己評価", "担当課（令和7年4月から5月まで）"),
            ("外部評価", "協働推進会議（令和7年8月から10月まで、3回）"),
            ("決定", "令和7年11月20日"),
        ]),
        Block::numbered(Level::Second, "方針ごとの進み具合"),
        Block::Table(Table {
            caption: Some("表1 方針ごとの事業数".into()),
            columns: vec![4.0, 1.2, 1.2, 1.2, 1.2],
            head: vec![vec![
                Cell::heading("基本方針"),
                Cell::new("事業数").centre(),
                Cell::new("計画どおり").centre(),
                Cell::new("遅れ").centre(),
                Cell::new("完了").centre(),
            ]],
            rows: [
                ("基本方針1 協働のための人づくり", ["5", "4", "1", "0"]),
                ("基本方針2 協働のための環境づくり", ["7", "6", "1", "0"]),
                ("基本方針3 協働のための仕組みづくり", ["6", "5", "0", "1"]),
                ("計", ["18", "15", "2", "1"]),
            ]
            .into_iter()
            .map(|(name, figures)| [vec![Cell::heading(name)], figures.map(Cell::number).to_vec()].concat())
            .collect(),
        }),
        Block::note("※ 「計画どおり」は、その年度に計画した段階に達したことをいいます。"),
    ]
}

/// The year grid: planned above actual, arrows where a stage goes on.
fn grid(measures: usize) -> Vec<Block> {
    let years = ["令和6年度", "令和7年度", "令和8年度", "令和9年度", "令和10年度"];
    let mut head = vec![Cell::heading("事業").over_columns(2), Cell::new("担当課").centre()];
    head.extend(years.map(|year| Cell::new(year).centre()));
    let rows = (1..=measures).flat_map(|number| {
        let planned = match number % 3 {
            0 => vec![
                Cell::new("検討").centre(),
                Cell::arrow(),
                Cell::new("実施").centre(),
                Cell::arrow(),
                Cell::arrow(),
            ],
            1 => vec![Cell::new("実施").centre(), Cell::arrow(), Cell::arrow(), Cell::arrow(), Cell::arrow()],
            _ => vec![Cell::new("検討・周知").centre(), Cell::new("実施").centre(), Cell::arrow().over_columns(3)],
        };
        let actual = if number % 9 == 4 {
            "一部実施（遅れ）"
        } else {
            ["検討", "実施", "検討・周知"][number % 3]
        };
        let title = format!("事業{number} {}", title(number));
        [
            [
                vec![
                    Cell::heading(title.as_str()).over_rows(2),
                    Cell::heading("計画").centre(),
                    Cell::new("まちづくり推進課").over_rows(2),
                ],
                planned,
            ]
            .concat(),
            vec![Cell::heading("実績").centre(), Cell::new(actual).centre().tinted()],
        ]
    });
    vec![
        Block::numbered(Level::First, "年次計画と実績"),
        Block::Table(Table {
            caption: Some("表2 年次計画と実績".into()),
            columns: vec![5.2, 1.1, 2.6, 2.0, 2.0, 2.0, 2.0, 2.0],
            head: vec![head],
            rows: rows.collect(),
        }),
        Block::note("※ 矢印は、前の年度の段階が続くことを表します。色のついた欄は、この報告書の年度の実績です。"),
    ]
}

fn by_measure(measures: usize) -> Vec<Block> {
    let mut blocks = vec![Block::numbered(Level::First, "事業ごとの報告")];
    for number in 1..=measures {
        if number % 6 == 1 {
            let policy = number / 6 + 1;
            blocks.push(Block::numbered(Level::Second, format!("基本方針{policy} 協働のための人づくり")));
        }
        blocks.extend([
            Block::heading(Level::Third, format!("事業{number} {}", title(number))),
            Block::fields([
                ("担当課", Text::from("まちづくり推進課、いきがいづくり課")),
                ("令和6年度の計画", "実施".into()),
                ("令和6年度の実績", Text::from("実施　").and(Text::bold("評価 B（予定どおり）"))),
            ]),
            Block::paragraph(
                "地域協働体の職員を対象に、運営のしかたや経験に合わせた研修を3回開き、のべ87人が参加しました。参加者の9割が\
                 「活動に生かせる」と答えています。市民向けの担い手養成講座は、平日の夜と土曜の午後に分けて開いたことで、働く世代の\
                 参加が前年度の2倍になりました。",
            ),
            Block::list([
                "地域協働体職員研修 3回 87人（前年度 2回 52人）",
                "担い手養成講座 5回 143人（前年度 4回 96人）",
                "講座の記録を協働のニュースで公開 8本",
            ]),
            Block::paragraph(
                Text::bold("次年度の取組　").and("講座の修了者が地域の活動に加わる道筋をつくるため、修了者と地域協働体の顔合わせを9月に行います。"),
            ),
        ]);
    }
    blocks
}

fn figures() -> Vec<Block> {
    let years = ["令和4年度", "令和5年度", "令和6年度", "令和7年度（見込み）"];
    let row = |name: &str, cells: [&str; 5]| -> Vec<Cell> {
        [vec![Cell::heading(name)], cells.map(Cell::number).to_vec()].concat()
    };
    vec![
        Block::numbered(Level::First, "成果指標"),
        Block::Figure(Figure {
            caption: "図1 まちづくりスタッフバンクの登録者数".into(),
            alt: "登録者数の折れ線グラフ。令和4年度41人、5年度44人、6年度46人、7年度の見込み52人。目標は61人。"
                .to_owned(),
            chart: Chart {
                kind: ChartKind::Lines,
                unit: "人".to_owned(),
                labels: years.map(str::to_owned).to_vec(),
                series: vec![
                    Series { name: "実績".to_owned(), values: vec![Some(41.0), Some(44.0), Some(46.0), None] },
                    Series {
                        name: "計画の線".to_owned(),
                        values: vec![Some(41.0), Some(44.3), Some(47.7), Some(51.0)],
                    },
                ],
                target: Some(Target { name: "令和10年度の目標".to_owned(), value: 61.0 }),
            },
        }),
        Block::Figure(Figure {
            caption: "図2 輪っしょい!!WEBへの年間アクセス数".into(),
            alt: "アクセス数の棒グラフ。令和4年度7,033件、5年度7,540件、6年度8,121件、7年度の見込み8,900件。"
                .to_owned(),
            chart: Chart {
                kind: ChartKind::Bars,
                unit: "件".to_owned(),
                labels: years.map(str::to_owned).to_vec(),
                series: vec![Series {
                    name: "アクセス数".to_owned(),
                    values: [7033.0, 7540.0, 8121.0, 8900.0].map(Some).to_vec(),
                }],
                target: None,
            },
        }),
        Block::Table(Table {
            caption: Some("表3 成果指標".into()),
            columns: vec![4.4, 1.0, 1.3, 1.3, 1.3, 1.3],
            head: vec![
                vec![
                    Cell::heading("指標").over_rows(2),
                    Cell::new("単位").centre().over_rows(2),
                    Cell::new("実績").centre().over_columns(3),
                    Cell::new("目標").centre(),
                ],
                ["令和4", "令和5", "令和6", "令和10"].map(|year| Cell::new(year).centre()).to_vec(),
            ],
            rows: vec![
                row("市民1人当たりの市民センター利用回数", ["回/年", "3.77", "3.81", "3.92", "4.23"]),
                row("輪っしょい!!WEBへの年間アクセス数", ["件", "7,033", "7,540", "8,121", "10,000"]),
                row("まちづくりスタッフバンクの登録者数", ["人", "41", "44", "46", "61"]),
                row("市職員の協働に対する認知度", ["％", "—", "71", "74", "90"]),
            ],
        }),
    ]
}

fn opinions() -> Vec<Block> {
    vec![
        Block::numbered(Level::First, "協働推進会議の意見と市の考え方"),
        Block::Quotation(Quotation {
            who: "協働推進会議（第2回）".to_owned(),
            said: vec![
                "スタッフバンクは、登録した人に声がかかる場面をふやすことが先ではないか。".into(),
                "登録の人数だけでなく、実際に会議に加わった人数も報告してほしい。".into(),
            ],
            answer: Some(Answer {
                who: "市の考え方（まちづくり推進課）".to_owned(),
                said: vec![
                    "ご意見のとおりです。令和7年度から、審議会の委員を公募するときは、まず登録者にお知らせします。"
                        .into(),
                    "加わった人数は、次の報告書から表3に加えます。".into(),
                ],
            }),
        }),
        Block::Quotation(Quotation {
            who: "市民からの意見（60代）".to_owned(),
            said: vec!["市民センターの夜間の利用時間を延ばしてほしい。".into()],
            answer: None,
        }),
    ]
}

fn next_steps() -> Vec<Block> {
    vec![
        Block::numbered(Level::First, "令和7年度に向けて"),
        Block::List(kyodo_papers::List {
            numbered: true,
            items: vec![
                "遅れている2事業は、上期のうちに計画の段階に達するよう、担当課が毎月進み具合を確かめます。".into(),
                "スタッフバンクの登録者に、審議会の公募を先に知らせるしくみを7月から始めます。".into(),
                "中間見直しに向けて、地域協働体への聞き取りを10月に行います。".into(),
            ],
        }),
        Block::note("※ この報告書についてのお問い合わせは、まちづくり推進課（電話0191-21-0000）まで。"),
    ]
}

fn title(number: usize) -> &'static str {
    [
        "情報発信機能及び体制の強化",
        "地域協働体職員等情報交換会、活動成果報告会の開催",
        "学習機会の提供",
        "市政への参画",
        "地域と学校の協働",
    ][number % 5]
}
