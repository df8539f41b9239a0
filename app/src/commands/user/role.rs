//! `kyodo user role`: a duty given to somebody, or ended.

use chrono::NaiveDate;
use clap::{ArgMatches, Command};
use kyodo_kernel::people::{self, Account, Duty, NewDuty, Role};

use super::{DEPARTMENT, Office, ROLE, city, day, option};
use crate::commands::{positional, switch, text, with_settings};
use crate::failure::{Failure, Result};

pub(super) fn command() -> Command {
    let role = Command::new("role")
        .about("役割を渡します。--end を付けると終わらせます")
        .arg(positional("EMAIL", "その人のメールアドレスか職員番号"))
        .arg(positional("ROLE", ROLE))
        .arg(city())
        .arg(option("department", "KEY", DEPARTMENT))
        .arg(option("from", "YYYY-MM-DD", "はじめの日（既定 今日）"))
        .arg(option("to", "YYYY-MM-DD", "終わりの日（--end のときの既定 今日）"))
        .arg(switch("end", "この役割を終わらせます"));
    with_settings(role, &[], &[])
}

pub(super) async fn run(office: &Office, flags: &ArgMatches) -> Result<String> {
    let name = text(flags, "EMAIL");
    let account = people::account_named(&office.city.db, name).await?;
    let Some(account) = account.filter(|account| account.closed_at.is_none()) else {
        return Err(Failure::work(format!(
            "「{name}」のアカウントはありません。kyodo user list --city {} で確かめてください。",
            office.city.slug
        )));
    };
    let (role, department) = office.place(flags, text(flags, "ROLE"))?;
    let held: Vec<Duty> = people::duties(&office.city.db, account.id)
        .await?
        .into_iter()
        .filter(|duty| duty.role == role && duty.department == department)
        .filter(|duty| duty.ends_on.is_none_or(|last| last >= office.clock.today()))
        .collect();
    let (from, to) = (day(flags, "from")?, day(flags, "to")?);
    if flags.get_flag("end") {
        return end(office, &account, (role, department), &held, to).await;
    }
    give(office, &account, (role, department), &held, (from.unwrap_or(office.clock.today()), to)).await
}

async fn give(
    office: &Office,
    account: &Account,
    (role, department): (Role, Option<String>),
    held: &[Duty],
    (from, to): (NaiveDate, Option<NaiveDate>),
) -> Result<String> {
    if to.is_some_and(|to| to < from) {
        return Err(Failure::usage("--to は、--from と同じ日か、それよりあとの日にしてください。"));
    }
    let name = office.role_name(role, department.as_deref());
    let meets = |duty: &&Duty| duty.ends_on.is_none_or(|last| last >= from) && to.is_none_or(|to| duty.starts_on <= to);
    if let Some(other) = held.iter().find(meets) {
        return Err(Failure::work(format!(
            "{} さんは、その間の{name}をもう持っています（{}）。",
            account.name,
            term(other.starts_on, other.ends_on)
        )));
    }
    let keeper = office.keeper();
    let duty = NewDuty { department, ends_on: to, ..NewDuty::new(role, from) };
    let mut tx = office.city.db.begin().await?;
    keeper.give(&mut tx, (account.id, &account.name), &duty).await?;
    tx.commit().await?;
    Ok(format!("{} さんに{name}を渡しました（{}）。\n", account.name, term(from, to)))
}

async fn end(
    office: &Office,
    account: &Account,
    (role, department): (Role, Option<String>),
    held: &[Duty],
    to: Option<NaiveDate>,
) -> Result<String> {
    let name = office.role_name(role, department.as_deref());
    let last = to.unwrap_or(office.clock.today());
    if held.is_empty() {
        return Err(Failure::work(format!("{} さんは、{name}を持っていません。", account.name)));
    }
    let keeper = office.keeper();
    let mut tx = office.city.db.begin().await?;
    for duty in held {
        keeper.end(&mut tx, (account.id, &account.name), duty, last).await?;
    }
    tx.commit().await?;
    let mut told = format!("{} さんの{name}は、{last} で終わります。\n", account.name);
    let after = last.succ_opt().unwrap_or(last);
    if role == Role::Administrator
        && people::holders(&office.city.db, Role::Administrator, None, after).await?.is_empty()
    {
        // Who holds the data folder can always name another: it is said, not refused.
        told.push_str("そのあと、この自治体には管理者がいません。kyodo user role で、だれかに渡してください。\n");
    }
    Ok(told)
}

/// From when to when.
fn term(from: NaiveDate, to: Option<NaiveDate>) -> String {
    to.map_or_else(|| format!("{from} から"), |to| format!("{from} から {to} まで"))
}
