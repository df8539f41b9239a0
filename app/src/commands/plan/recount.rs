//! `kyodo plan recount`: every counted figure is counted again from the facts themselves.

use clap::{ArgMatches, Command};
use kyodo_db::Pools;
use kyodo_plan::folding::{self, Difference};

use crate::commands::{positional, switch, text, with_settings};
use crate::config::in_force;
use crate::data::DataFolder;
use crate::failure::{Failure, Result};
use crate::serve::clock;
use crate::{logs, terminal};

pub(super) fn command() -> Command {
    let recount = Command::new("recount")
        .about("数えてある指標の数字を、もとの記録からはじめから数え直し、違うところを直します")
        .arg(positional("CITY", "自治体（kyodo city list の左端の名前）"))
        .arg(switch("dry-run", "違うところを言うだけで、直しません（種類の数は確かめません）"));
    with_settings(recount, &[], &[])
}

pub(super) async fn run(flags: &ArgMatches) -> Result<()> {
    let config = in_force(flags, &[])?.config;
    logs::begin(&config);
    let data = DataFolder::new(&config.data);
    let city = data.registered(text(flags, "CITY"))?;
    let db = data.place(&city)?.open(Pools::default())?;
    if flags.get_flag("dry-run") {
        let is_right = folding::is_right(&db).await;
        db.close().await;
        return if is_right? {
            terminal::print(RIGHT)
        } else {
            Err(Failure::work(
                "数えてある数字が、記録と合いません。--dry-run を付けずに実行すると、数え直して直します。",
            ))
        };
    }
    let found = folding::recount(&db, clock(&config).now()).await;
    db.close().await;
    terminal::print(&told(&found?))
}

const RIGHT: &str = "数えてある数字は、すべて記録のとおりです。\n";

fn told(found: &[Difference]) -> String {
    if found.is_empty() {
        return RIGHT.to_owned();
    }
    let mut lines =
        vec![format!("記録と違う数字が {} 件ありました。数え直して、記録のとおりにしました。", found.len())];
    lines.extend(found.iter().map(line));
    lines.push(String::new());
    lines.join("\n")
}

/// One difference: which facts, and by how much what was kept had been wrong.
fn line(found: &Difference) -> String {
    let which = if found.which.is_empty() { String::new() } else { format!("（{}）", found.which) };
    let amount = |n: i64| match n {
        0 => None,
        n if n > 0 => Some(format!("{n} 足りず")),
        n => Some(format!("{} 多く", n.abs())),
    };
    let counts = amount(found.n).map(|told| format!("数が {told}"));
    let quantities = amount(found.quantity).map(|told| format!("量が {told}"));
    let wrong: Vec<String> = [counts, quantities].into_iter().flatten().collect();
    let wrong = if wrong.is_empty() { "内訳が違って".to_owned() } else { wrong.join("、") };
    format!("{}年度 {}{which}: {wrong}数えていました。", found.fiscal_year, found.kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(n: i64, quantity: i64, which: &str) -> Difference {
        Difference { kind: "course.held".to_owned(), which: which.to_owned(), fiscal_year: 2026, n, quantity }
    }

    #[test]
    fn each_difference_is_told_with_its_year_and_amount() {
        assert_eq!(told(&[]), RIGHT);
        let lines = told(&[found(-2, 0, ""), found(3, 12, "centre"), found(0, 0, "^/news")]);
        assert!(lines.starts_with("記録と違う数字が 3 件ありました。"), "{lines}");
        assert!(lines.contains("\n2026年度 course.held: 数が 2 多く数えていました。\n"), "{lines}");
        assert!(
            lines.contains("\n2026年度 course.held（centre）: 数が 3 足りず、量が 12 足りず数えていました。\n"),
            "{lines}"
        );
        assert!(lines.ends_with("2026年度 course.held（^/news）: 内訳が違って数えていました。\n"), "{lines}");
    }
}
