//! `kyodo key`: makes the key by which this Kyodo proves itself to an identity provider.

use std::io::Write;
use std::path::Path;

use clap::{ArgMatches, Command};
use kyodo_accounts::oidc::new_key;
use kyodo_kernel::Chance;

use super::{positional, text};
use crate::failure::{Failure, OrTell, Result};
use crate::{platform, terminal};

pub(super) fn command() -> Command {
    Command::new("key")
        .about("認証サービスに Kyodo を証明する鍵を作り、登録する公開鍵（JWK）を表示します")
        .arg(positional("FILE", "秘密鍵を書くファイル。まだないもの"))
}

pub(super) fn run(flags: &ArgMatches) -> Result<()> {
    let file = Path::new(text(flags, "FILE"));
    let key = new_key(Chance::Real).or_tell(|| "鍵を作れませんでした。もう一度実行してください。".to_owned())?;
    let mut out = platform::create_private(file).or_tell(|| {
        format!("{} に書けません。もうあるファイルには書きません。場所と権限を確かめてください。", file.display())
    })?;
    out.write_all(key.pem.as_bytes()).and_then(|()| out.sync_all()).map_err(|error| {
        Failure::work(format!("{} を書き終えられません。空き容量を確かめてください。", file.display())).because(error)
    })?;
    terminal::print(&format!("{}\n", key.jwk))
}
