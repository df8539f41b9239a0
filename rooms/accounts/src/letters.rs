//! The letters of this room: an invitation, a new password, a new address. Each carries a link that is good once.

use chrono::Duration;
use kyodo_db::Tx;
use kyodo_kernel::mail::{self, Address, Letter};
use kyodo_kernel::people::Account;
use kyodo_kernel::secret::hex;
use kyodo_web::{Ctx, Error, Result};
use sha2::{Digest, Sha256};

use crate::store::{self, Link, LinkKind};

/// How long a link is good.
#[must_use]
pub fn lasting(kind: LinkKind) -> Duration {
    match kind {
        // Over a holiday week, and until somebody finds the time.
        LinkKind::Invitation => Duration::days(14),
        LinkKind::Reset => Duration::hours(1),
        LinkKind::Address => Duration::days(1),
    }
}

/// What the database keeps of the token that a mail carries.
#[must_use]
pub fn fingerprint(token: &str) -> String {
    hex(&Sha256::digest(token))
}

/// Sends somebody a link, in the transaction of the change it belongs to. Older links of its kind are worthless from
/// then on. False when there is no address it could be sent to.
pub async fn send(ctx: &Ctx, tx: &mut Tx, kind: LinkKind, account: &Account, to: &str) -> Result<bool> {
    let Ok(address) = to.parse::<Address>() else {
        return Ok(false);
    };
    let token = hex(&ctx.house.chance.bytes());
    let link = Link { account: account.id, address: to.to_owned() };
    let until = ctx.now + lasting(kind);
    store::put_link(tx, &fingerprint(&token), kind, &link, ctx.now, until).await?;
    let words = ctx.words();
    let href = format!("{}/{}/{token}", ctx.house.address_of(&ctx.city.slug), kind.name());
    let until = kyodo_web::format::long_moment(until, ctx.language);
    let values = [("name", account.name.as_str()), ("link", href.as_str()), ("until", until.as_str())];
    let subject = words.say(&format!("letter-{}-subject", kind.name()));
    let text = words.with(&format!("letter-{}-text", kind.name()), values);
    let letter =
        Letter::new(address, subject, text).for_account(account.id.0, account.name.clone()).in_language(ctx.language);
    mail::post(tx, &letter, ctx.now, ctx.house.chance).await.map_err(Error::from)?;
    Ok(true)
}

/// Tells somebody that something about their account has changed, so that they notice what they did not do.
pub async fn tell(ctx: &Ctx, tx: &mut Tx, account: &Account, what: &'static str) -> Result<()> {
    let Some(address) = account.email.as_deref().and_then(|email| email.parse::<Address>().ok()) else {
        return Ok(());
    };
    let words = ctx.words();
    let when = kyodo_web::format::long_moment(ctx.now, ctx.language);
    let did = words.say(&format!("changed-{what}"));
    let href = format!("{}/account", ctx.house.address_of(&ctx.city.slug));
    let values = [("name", account.name.as_str()), ("what", &did), ("when", &when), ("link", &href)];
    let letter = Letter::new(address, words.say("letter-changed-subject"), words.with("letter-changed-text", values))
        .for_account(account.id.0, account.name.clone())
        .in_language(ctx.language);
    mail::post(tx, &letter, ctx.now, ctx.house.chance).await?;
    Ok(())
}
