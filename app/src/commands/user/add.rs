//! `kyodo user add`: an account with its first duty, and the link or the password by which its owner comes in.

use std::fs;
use std::io::{Read, stdin};

use clap::{ArgMatches, Command};
use kyodo_accounts::letters::{fingerprint, lasting};
use kyodo_accounts::password::{keep, two_at_a_time};
use kyodo_accounts::store::{self, Link, LinkKind};
use kyodo_db::Tx;
use kyodo_kernel::audit::Entry;
use kyodo_kernel::mail::Address;
use kyodo_kernel::people::{self, AccountId, NewAccount, NewDuty, email_key};
use kyodo_kernel::secret::hex;
use kyodo_kernel::{Chance, Language};
use kyodo_web::format;
use serde_json::json;

use super::{DEPARTMENT, Office, ROLE, city, option};
use crate::commands::{text, with_settings};
use crate::failure::{Failure, OrTell, Result};

/// Nobody has a longer password; the rest of a wrong file need not be read.
const MOST_BYTES: u64 = 4096;

pub(super) fn command() -> Command {
    let add = Command::new("add")
        .about("アカウントを作ります。招待のリンクを表示するか、--password-from のパスワードを設定します")
        .arg(city())
        .arg(option("name", "NAME", "氏名").required(true))
        .arg(option("kana", "KANA", "氏名のかな。一覧の並び順に使います"))
        .arg(option("email", "ADDRESS", "メールアドレス。ログインに使います").required(true))
        .arg(option("role", "ROLE", ROLE).required(true))
        .arg(option("department", "KEY", DEPARTMENT))
        .arg(option("password-from", "FILE", "パスワードを1行目に書いたファイル。- なら標準入力から読みます"));
    with_settings(add, &[], &[])
}

pub(super) async fn run(office: &Office, flags: &ArgMatches) -> Result<String> {
    let new = asked_for(flags)?;
    let email = new.email.clone().unwrap_or_default();
    let (role, department) = office.place(flags, text(flags, "role"))?;
    if let Some(other) = people::account_named(&office.city.db, &email).await? {
        return Err(Failure::work(format!(
            "{email} は、{} さんがもう使っています。役割を足すときは kyodo user role を使ってください。",
            other.name
        )));
    }
    let kept = match flags.get_one::<String>("password-from") {
        Some(source) => Some(kept(office, &new, source).await?),
        None => None,
    };
    let keeper = office.keeper();
    let mut tx = office.city.db.begin().await?;
    let account = keeper.open(&mut tx, &new).await?;
    let duty = NewDuty { department, ..NewDuty::new(role, office.clock.today()) };
    keeper.give(&mut tx, (account, &new.name), &duty).await?;
    let told = match kept {
        Some(kept) => {
            store::put_password(&mut tx, account, &kept, keeper.trail.now).await?;
            keeper.trail.note(&mut tx, Entry::new("account.password-set", account.subject())).await?;
            format!("パスワードを設定しました。{}login でログインできます。", office.address())
        }
        None => invite(office, &mut tx, account, &email).await?,
    };
    tx.commit().await?;
    let role = office.role_name(role, duty.department.as_deref());
    Ok(format!("{} さんのアカウントを、{role}として作りました。\n{told}\n", new.name))
}

fn asked_for(flags: &ArgMatches) -> Result<NewAccount> {
    let tidy = |name: &str| text(flags, name).split_whitespace().collect::<Vec<_>>().join(" ");
    let name = tidy("name");
    if name.is_empty() || name.chars().count() > 100 {
        return Err(Failure::usage("--name には、氏名を100文字までで書いてください。"));
    }
    let email = email_key(text(flags, "email"));
    if email.parse::<Address>().is_err() {
        return Err(Failure::usage(format!(
            "--email に「{email}」は使えません。kyodo@city.example.jp のように書いてください。"
        )));
    }
    Ok(NewAccount { name, kana: tidy("kana"), email: Some(email), ..NewAccount::default() })
}

/// Makes the link by which the owner of an account comes in for the first time.
async fn invite(office: &Office, tx: &mut Tx, account: AccountId, email: &str) -> Result<String> {
    let trail = office.keeper().trail;
    let token = hex(&Chance::Real.bytes());
    let until = trail.now + lasting(LinkKind::Invitation);
    let link = Link { account, address: email.to_owned() };
    store::put_link(tx, &fingerprint(&token), LinkKind::Invitation, &link, trail.now, until).await?;
    let invited = Entry::new("account.invited", account.subject()).detail(json!({ "sent": false }));
    trail.note(tx, invited.personal("email", email)).await?;
    Ok(format!(
        "次のリンクを本人だけに渡してください。{}まで、1回だけ使えます。\n\n  {}{}/{token}",
        format::long_moment(until, Language::Japanese),
        office.address(),
        LinkKind::Invitation.name()
    ))
}

/// The password of a file or of the standard input, as it may be kept.
async fn kept(office: &Office, new: &NewAccount, source: &str) -> Result<String> {
    let mut read = String::new();
    let read_it = if source == "-" {
        stdin().lock().take(MOST_BYTES).read_to_string(&mut read)
    } else {
        fs::File::open(source).and_then(|file| file.take(MOST_BYTES).read_to_string(&mut read))
    };
    read_it.or_tell(|| format!("--password-from の {source} を読めません。場所と権限を確かめてください。"))?;
    let password = read.lines().next().unwrap_or_default().to_owned();
    let rules = store::rules(&office.city.db).await?.password;
    let (profile, email) = (&office.state.profile, new.email.clone().unwrap_or_default());
    let about = [&new.name, &new.kana, &email, &profile.name, &profile.kana, &profile.romaji, &profile.slug];
    let words = office.state.words(Language::Japanese);
    let faults = rules.faults(&password, &about.map(String::as_str));
    if !faults.is_empty() {
        let said = faults.iter().map(|fault| words.with(fault.message(), [("n", i64::from(fault.number()))]));
        return Err(Failure::work(format!("このパスワードは使えません。{}", said.collect::<String>())));
    }
    let salt: [u8; 16] = std::array::from_fn({
        let bytes = Chance::Real.bytes();
        move |at| bytes[at]
    });
    Ok(two_at_a_time(move || keep(&password, salt)).await.as_str().to_owned())
}
