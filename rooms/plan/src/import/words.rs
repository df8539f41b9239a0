//! Words of heads and cells as cities write them, as tables: compared by search key, so that width, kana, brackets and spaces
//! make no difference.

use kyodo_jptext::search_key;

use super::field::{self, Part};

/// What a head means that is no year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A plain field.
    Plain(&'static str),
    /// A part of a report.
    Done(Part),
    /// The planned stages of years.
    Plan,
    /// A figure of an indicator.
    Figure,
    /// A target of an indicator.
    Aim,
    /// A baseline of an indicator.
    Base,
    /// The title of a line at some level; which, the columns beside it say.
    Line,
}

/// Heads of lines: 大項目, 中項目, 小項目 and what cities call them. The order of the columns is the order of the levels.
const LINES: &[&str] = &[
    "大項目",
    "中項目",
    "小項目",
    "大分類",
    "中分類",
    "小分類",
    "目標",
    "基本目標",
    "個別目標",
    "方策",
    "基本方針",
    "推進方針",
    "方針",
    "柱",
    "基本施策",
    "施策",
    "推進施策",
    "政策",
    "方向性",
    "施策の方向",
    "施策の方向性",
    "取組の方向性",
    "事業",
    "事業名",
    "取組",
    "取組名",
    "取組項目",
    "取組事項",
    "推進項目",
    "具体的な取組",
    "具体的取組",
    "主な取組",
    "主要事業",
    "個別事業",
    "具体的施策",
    "項目",
    "細項目",
    "取組の柱",
    "重点施策",
    "重点取組",
    "実施事業",
    "アクション",
];

const TABLE: &[(Meaning, &[&str])] = &[
    (Meaning::Plain(field::KEY), &["キー", "識別番号", "管理番号"]),
    (
        Meaning::Plain(field::CODE),
        &[
            "番号",
            "No",
            "コード",
            "整理番号",
            "取組番号",
            "事業番号",
            "項目番号",
            "施策番号",
            "通し番号",
            "連番",
            "NO.",
            "№",
        ],
    ),
    (Meaning::Plain(field::LEVEL), &["段", "階層", "レベル"]),
    (Meaning::Plain(field::TITLE), &["名称", "件名", "題名", "タイトル"]),
    (Meaning::Plain(field::PARENT), &["上位のキー", "親番号", "上位番号"]),
    (
        Meaning::Plain(field::DEPARTMENTS),
        &[
            "担当課",
            "所管課",
            "担当",
            "所管",
            "主管課",
            "担当部署",
            "担当所属",
            "課名",
            "所属",
            "関係課",
            "主担当課",
            "実施課",
            "担当課等",
            "所管部署",
            "担当課係",
            "部署",
        ],
    ),
    (Meaning::Plain(field::IMPLEMENTERS), &["実施主体", "取組主体", "主体", "実施機関", "実施者"]),
    (Meaning::Plain(field::TARGETS), &["対象", "対象者", "取組の対象"]),
    (Meaning::Plain(field::OTHER_TARGET), &["対象その他", "その他の対象"]),
    (Meaning::Plain(field::HEADING), &["見出し"]),
    (Meaning::Plain(field::PURPOSE), &["目的", "ねらい", "取組の目的", "事業の目的", "狙い"]),
    (Meaning::Plain(field::SITUATION), &["現状と課題", "現状", "課題", "現状課題", "背景", "現状・課題"]),
    (
        Meaning::Plain(field::TEXT),
        &[
            "内容",
            "取組内容",
            "事業内容",
            "概要",
            "取組の内容",
            "事業概要",
            "施策の内容",
            "取組概要",
            "具体的な内容",
            "事業の内容",
            "説明",
        ],
    ),
    (Meaning::Plain(field::COMPLETION), &["完了の目安", "達成の目安", "到達目標", "完了時期"]),
    (
        Meaning::Plain(field::TAG),
        &["区分", "新規継続", "新規継続の別", "新規継続区分", "新継", "新規・継続", "取組区分", "事業区分"],
    ),
    (Meaning::Plain(field::RELATED), &["関連計画", "関連する計画", "個別計画", "関連計画等"]),
    (Meaning::Plain(field::TOOLS), &["受け持つ機能"]),
    (Meaning::Plain(field::ALIAS), &["再掲のもと", "再掲", "再掲元"]),
    (
        Meaning::Plain(field::INDICATOR),
        &["指標", "指標名", "成果指標", "評価指標", "数値目標", "KPI", "活動指標", "目標指標", "数値目標項目"],
    ),
    (Meaning::Plain(field::UNIT), &["単位"]),
    (Meaning::Plain(field::DECIMALS), &["小数のけた"]),
    (Meaning::Plain(field::GROUP), &["まとまり"]),
    (Meaning::Plain(field::SHORT), &["略称"]),
    (Meaning::Plain(field::NOTE), &["注", "備考", "注記"]),
    (Meaning::Plain(field::DIRECTION), &["向き", "方向", "増減"]),
    (Meaning::Plain(field::BASE_YEAR), &["基準年度", "基準年"]),
    (Meaning::Plain(field::YEAR), &["年度", "対象年度", "報告年度", "実施年度"]),
    (Meaning::Base, &["基準値", "現状値", "策定時", "現況値", "当初値", "計画策定時", "現状数値"]),
    (Meaning::Aim, &["目標値", "目標数値", "最終目標", "中間目標", "目標年度値", "目標"]),
    (Meaning::Figure, &["実績値", "実数", "実績数値"]),
    (
        Meaning::Plan,
        &[
            "年次計画",
            "スケジュール",
            "実施計画",
            "計画",
            "予定",
            "年度別計画",
            "工程",
            "実施時期",
            "年度計画",
            "実施スケジュール",
            "行程",
            "取組時期",
            "年次スケジュール",
            "工程表",
            "実施予定",
            "年度",
            "推進スケジュール",
            "事業スケジュール",
        ],
    ),
    (Meaning::Done(Part::Mark), &["実際の段階", "進捗", "実施段階", "進捗区分", "実施区分", "進捗度"]),
    (
        Meaning::Done(Part::Grade),
        &[
            "評価",
            "達成度",
            "自己評価",
            "判定",
            "達成状況",
            "進捗評価",
            "内部評価",
            "担当課評価",
            "評価区分",
            "達成区分",
        ],
    ),
    (
        Meaning::Done(Part::Text),
        &[
            "報告",
            "実績",
            "取組状況",
            "実施状況",
            "取組実績",
            "進捗状況",
            "実施内容",
            "活動実績",
            "実施結果",
            "取組結果",
            "事業実績",
            "実績内容",
            "取組の実績",
            "進行状況",
        ],
    ),
    (
        Meaning::Done(Part::Next),
        &[
            "次の取組",
            "今後の取組",
            "今後の課題",
            "今後の方向性",
            "次年度の取組",
            "改善点",
            "今後の予定",
            "次年度計画",
            "今後の展開",
            "課題と今後の取組",
        ],
    ),
];

/// A head without what stands in brackets.
fn without_brackets(text: &str) -> String {
    let mut depth = 0_u32;
    let keep = |c: &char| {
        match c {
            '（' | '(' | '【' | '［' | '[' | '〔' | '＜' | '<' => depth += 1,
            '）' | ')' | '】' | '］' | ']' | '〕' | '＞' | '>' => {
                depth = depth.saturating_sub(1);
                return false;
            }
            _ => {}
        }
        depth == 0
    };
    text.chars().filter(keep).collect()
}

/// What a head means; exactly, then without what stands in brackets, then by the longest word that it holds.
pub(super) fn meaning(head: &str) -> Option<Meaning> {
    [search_key(head), search_key(&without_brackets(head))].iter().find_map(|key| exactly(key)).or_else(|| {
        let key = search_key(&without_brackets(head));
        let is_in = |word: &&str| word.chars().count() > 2 && key.contains(&search_key(word));
        let words = TABLE.iter().flat_map(|(meaning, words)| words.iter().map(move |word| (*meaning, word)));
        let lines = LINES.iter().map(|word| (Meaning::Line, word));
        let found = words.chain(lines).filter(|(_, word)| is_in(word)).max_by_key(|(_, word)| word.chars().count());
        found.map(|(meaning, _)| meaning)
    })
}

fn exactly(key: &str) -> Option<Meaning> {
    if key.is_empty() {
        return None;
    }
    let same = |word: &&&str| search_key(word) == key;
    let found = TABLE.iter().find(|(_, words)| words.iter().any(|word| same(&word))).map(|(meaning, _)| *meaning);
    found.or_else(|| LINES.iter().find(same).map(|_| Meaning::Line))
}

/// Whether a head may name lines, besides what else it means: 取組内容 is a level in one city and a text in another.
pub(super) fn may_be_line(head: &str, levels: &[String]) -> bool {
    let key = search_key(&without_brackets(head));
    !key.is_empty()
        && (LINES.iter().any(|word| search_key(word) == key) || levels.iter().any(|level| search_key(level) == key))
}

/// Whether a cell continues the mark before it, however the arrow is drawn.
pub(super) fn is_arrow(text: &str) -> bool {
    const ARROWS: [&str; 8] = ["〃", "同上", "同左", "継続中", "以下同じ", "〻", "々", "同"];
    let drawn = |c: char| {
        matches!(
            c,
            '→' | '⇒'
                | '➡'
                | '⇨'
                | '⟶'
                | '⟹'
                | '►'
                | '▶'
                | '▷'
                | '➔'
                | '➜'
                | '⇢'
                | '↦'
                | '>'
                | '＞'
                | '-'
                | '－'
                | 'ー'
                | '―'
                | '─'
                | '━'
                | '='
                | '＝'
                | '~'
                | '～'
                | '〜'
                | '…'
                | '・'
                | '\u{fe0f}'
                | 'ｰ'
                | '—'
                | '–'
        )
    };
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let points = text
        .chars()
        .any(|c| matches!(c, '→' | '⇒' | '➡' | '⇨' | '⟶' | '⟹' | '►' | '▶' | '▷' | '➔' | '➜' | '⇢' | '↦' | '>' | '＞'));
    let line = text.chars().any(|c| matches!(c, '─' | '━' | '―'));
    ARROWS.contains(&text.as_str()) || (!text.is_empty() && text.chars().all(drawn) && (points || line))
}

/// Whether a cell says that there is nothing: —, －, なし.
pub(super) fn is_nothing(text: &str) -> bool {
    let text = text.trim();
    matches!(text, "なし" | "無し" | "無" | "未定" | "未設定" | "該当なし" | "/" | "／" | "N/A")
        || (!text.is_empty()
            && text.chars().all(|c| matches!(c, '-' | '－' | '―' | '—' | '–' | '─' | '‐' | 'ー' | '−')))
}

/// Whether a sign marks a target.
pub(super) fn is_sign(text: &str) -> bool {
    matches!(
        text,
        "■" | "●"
            | "◎"
            | "○"
            | "〇"
            | "◯"
            | "✓"
            | "✔"
            | "☑"
            | "レ"
            | "1"
            | "★"
            | "◆"
            | "✕有"
            | "有"
            | "O"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn heads_are_known_in_any_width_with_brackets_and_spaces() {
        for (head, known) in [
            ("担当課（主管）", Meaning::Plain(field::DEPARTMENTS)),
            ("所　管　課", Meaning::Plain(field::DEPARTMENTS)),
            ("主な担当課", Meaning::Plain(field::DEPARTMENTS)),
            ("取組内容", Meaning::Plain(field::TEXT)),
            ("大項目", Meaning::Line),
            ("年次計画", Meaning::Plan),
            ("令和5年度の取組実績", Meaning::Done(Part::Text)),
            ("目標値", Meaning::Aim),
        ] {
            assert_eq!(meaning(head), Some(known), "{head}");
        }
        assert_eq!(meaning("電話"), None);
        assert_eq!(meaning("　"), None);
    }

    #[test]
    fn arrows_are_known_however_they_are_drawn() {
        for arrow in ["→", "⇒", "――→", "-->", "➡️", "〃", "＝＞", "━━━"] {
            assert!(is_arrow(arrow), "{arrow}");
        }
        for other in ["", "検討", "-", "－", "→実施", "・", "ー"] {
            assert!(!is_arrow(other), "{other}");
        }
        assert!(is_nothing("－") && is_nothing("なし") && !is_nothing(""));
    }
}
