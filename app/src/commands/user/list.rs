//! `kyodo user list`: who has an account, and what they may do.

use clap::{ArgMatches, Command};
use kyodo_kernel::audit::Entry;
use kyodo_kernel::clock::day_of;
use kyodo_kernel::people::{self, AccountFilter, Listed, Standing};
use serde_json::json;

use super::{Office, city};
use crate::commands::{switch, with_settings};
use crate::failure::Result;
use crate::terminal;

/// So many people are read at a time.
const PAGE: i64 = 500;

pub(super) fn command() -> Command {
    let all = switch("all", "閉じたアカウントも並べます");
    with_settings(Command::new("list").about("アカウントと役割を並べます").arg(city()).arg(all), &[], &[])
}

pub(super) async fn run(office: &Office, flags: &ArgMatches) -> Result<String> {
    let all = flags.get_flag("all");
    let mut people = people_of(office, Standing::Open).await?;
    if all {
        people.extend(people_of(office, Standing::Closed).await?);
    }
    let keeper = office.keeper();
    let mut tx = office.city.db.begin().await?;
    let looked = Entry::new("people.exported", "people").detail(json!({ "format": "terminal", "closed": all }));
    keeper.trail.note(&mut tx, looked).await?;
    tx.commit().await?;
    if people.is_empty() {
        return Ok("アカウントはまだありません。kyodo user add で作れます。\n".to_owned());
    }
    let mut rows = vec![["氏名", "メールアドレス", "役割", "作った日", "状態"].map(str::to_owned).to_vec()];
    rows.extend(people.iter().map(|one| row(office, one)));
    Ok(terminal::table(&rows))
}

async fn people_of(office: &Office, standing: Standing) -> Result<Vec<Listed>> {
    let filter = AccountFilter { standing, keeper: true, today: office.clock.today(), ..AccountFilter::default() };
    let mut people: Vec<Listed> = Vec::new();
    loop {
        let after = people.last().map(|last| (last.kana_key.clone(), last.account.id.0));
        let page = people::list(&office.city.db, &filter, after, PAGE).await?;
        let is_last = i64::try_from(page.len()).is_ok_and(|found| found < PAGE);
        people.extend(page);
        if is_last {
            return Ok(people);
        }
    }
}

fn row(office: &Office, one: &Listed) -> Vec<String> {
    let today = office.clock.today();
    let duties: Vec<String> = one
        .duties
        .iter()
        .map(|(role, department, from, to)| {
            let name = office.role_name(*role, department.as_deref());
            match (*from > today, to) {
                (true, _) => format!("{name} {from} から"),
                (false, Some(to)) => format!("{name} {to} まで"),
                (false, None) => name,
            }
        })
        .collect();
    let state = match one.account.closed_at {
        Some(at) => format!("{} に閉じました", day_of(at)),
        None if duties.is_empty() => "役割なし".to_owned(),
        None => String::new(),
    };
    vec![
        one.account.name.clone(),
        one.account.email.clone().unwrap_or_default(),
        duties.join("、"),
        day_of(one.account.created_at).to_string(),
        state,
    ]
}
