//! `kyodo mail`: letters that came back.

use std::io::{Read, stdin};

use clap::{ArgMatches, Command};
use kyodo_db::Pools;
use kyodo_kernel::mail::{Bounce, bounce, record_bounce};

use super::with_settings;
use crate::config::in_force;
use crate::data::DataFolder;
use crate::failure::{OrTell, Result};
use crate::settings::Config;
use crate::{logs, serve, terminal};

/// Mail systems bound messages themselves; what is longer is no notice.
const LONGEST: u64 = 32 * 1024 * 1024;

pub(super) fn command() -> Command {
    let bounce = Command::new("bounce").about(
        "標準入力のメールを読み、届かなかった知らせなら記録します（kyodo mail bounce < メール）。メールサーバーから、差出人のアドレスに届いたメールを渡してください",
    );
    Command::new("mail")
        .about("届かなかったメールを記録します")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(with_settings(bounce, &[], &[]))
}

pub(super) async fn run(flags: &ArgMatches) -> Result<()> {
    match flags.subcommand() {
        Some(("bounce", flags)) => {
            let config = in_force(flags, &[])?.config;
            logs::begin(&config);
            let mut message = Vec::new();
            let read = stdin().lock().take(LONGEST).read_to_end(&mut message);
            read.or_tell(|| "標準入力からメールを読めません。".to_owned())?;
            let answer = match bounce(&message) {
                Some(bounce) => record(&config, &bounce).await?,
                // Answers and holiday notices come to the same address; a failure would make the mail system return them.
                None => "届かなかった知らせではないので、何も記録しませんでした。\n".to_owned(),
            };
            terminal::print(&answer)
        }
        _ => unreachable!("clap lets nothing else through"),
    }
}

async fn record(config: &Config, bounce: &Bounce) -> Result<String> {
    let data = DataFolder::new(&config.data);
    let db = data.place(&data.registered(&bounce.slug)?)?.open(Pools::default())?;
    let mut tx = db.begin().await?;
    let mail = record_bounce(&mut tx, bounce, serve::clock(config).now()).await?;
    tx.commit().await?;
    db.close().await;
    let Some(mail) = mail else {
        return Ok(format!("{} には、そのメールを送った記録がありません。何も記録しませんでした。\n", bounce.slug));
    };
    let consequence = if bounce.permanent {
        "このアドレスには、変わるまで送りません。"
    } else {
        "このアドレスには、これからも送ります。"
    };
    Ok(format!(
        "{}: {} 宛てのメールが届きませんでした（{}）。{consequence}\n",
        bounce.slug,
        mail.address,
        bounce.detail()
    ))
}
