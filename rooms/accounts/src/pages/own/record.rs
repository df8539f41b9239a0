//! Everything the city keeps about somebody, as a file for themselves. What proves who they are stays out of it, and so
//! does every link that was sent to prove something.

use axum::response::{IntoResponse, Response};
use kyodo_kernel::audit::{self, Entry, Filter, Row};
use kyodo_kernel::people::{self, AccountId};
use kyodo_kernel::{drafts, mail, notices};
use kyodo_web::answer::Download;
use kyodo_web::{Ctx, Error, Result};
use serde_json::{Map, Value, json};

use super::looks::Lookers;
use super::{Ways, frame, owner};

/// How much is read at a time.
const AT_ONCE: i64 = 500;

/// `GET /account/data.json`
pub(super) async fn record(ctx: Ctx) -> Result<Response> {
    let account = owner(&ctx).await?;
    let mut tx = ctx.db.begin().await?;
    ctx.trail().note(&mut tx, Entry::new("account.data-taken", account.id.subject())).await?;
    tx.commit().await?;
    let ways = Ways::of(&ctx, account.id).await?;
    let record = json!({
        "made_at": ctx.now,
        "city": ctx.state.profile.name,
        "account": {
            "number": account.id.0,
            "name": account.name,
            "kana": account.kana,
            "email": account.email,
            "staff_number": account.staff_number,
            "created_at": account.created_at,
        },
        "duties": duties(&ctx, account.id).await?,
        "sign_in": {
            "password_set_at": ways.password,
            "passkeys": ways.passkeys.iter().map(|own| json!({
                "name": own.name,
                "made_at": own.made_at,
                "used_at": own.used_at,
            })).collect::<Vec<_>>(),
            "code_app_since": ways.app.map(|app| app.since),
            "recovery_codes_left": ways.recovery,
            "providers": ways.providers.iter().map(|(name, since)| json!({
                "name": name,
                "since": since,
            })).collect::<Vec<_>>(),
        },
        "sessions": sessions(&ctx, account.id).await?,
        "mails": mails(&ctx, account.id).await?,
        "subscriptions": mail::subscriptions(&ctx.db, account.id.0).await?.into_iter().map(|one| json!({
            "topic": one.topic,
            "ended_at": one.ended_at,
        })).collect::<Vec<_>>(),
        "notices": told(&ctx, account.id).await?,
        "drafts": drafts::mine(&ctx.db, account.id).await?.into_iter().map(|draft| json!({
            "about": draft.subject,
            "fields": draft.fields,
            "saved_at": draft.saved_at,
        })).collect::<Vec<_>>(),
        "written": written(&ctx, account.id).await?,
        "looks": looks(&ctx, account.id).await?,
        "changes": changes(&ctx, account.id).await?,
    });
    let content = serde_json::to_vec_pretty(&record).map_err(Error::internal)?;
    let name = format!("{}.json", ctx.words().say("own-data-file"));
    Ok(Download { name, kind: "application/json", content }.into_response())
}

/// What they wrote in each room, whether the city has it at the moment or not.
async fn written(ctx: &Ctx, account: AccountId) -> Result<Value> {
    let mut written = Map::new();
    for room in &ctx.house.rooms {
        if let Some(wrote) = room.wrote {
            written.insert(room.name.to_owned(), wrote(ctx, account).await?);
        }
    }
    Ok(Value::Object(written))
}

async fn duties(ctx: &Ctx, account: AccountId) -> Result<Vec<Value>> {
    let duties = people::duties(&ctx.db, account).await?.into_iter().map(|duty| {
        json!({
            "role": duty.role.name(),
            "department": duty.department,
            "organisation": duty.organisation,
            "starts_on": duty.starts_on,
            "ends_on": duty.ends_on,
            "deputy": duty.deputy_of.is_some(),
        })
    });
    Ok(duties.collect())
}

async fn sessions(ctx: &Ctx, account: AccountId) -> Result<Vec<Value>> {
    let sessions = people::sessions(&ctx.db, account, ctx.now).await?.into_iter().map(|session| {
        json!({
            "method": session.method,
            "agent": session.agent,
            "began_at": session.began_at,
            "seen_at": session.seen_at,
            "expires_at": session.expires_at,
        })
    });
    Ok(sessions.collect())
}

async fn mails(ctx: &Ctx, account: AccountId) -> Result<Vec<Value>> {
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = mail::mails_of(&ctx.db, account.0, after, AT_ONCE).await?;
        let Some(last) = page.last() else {
            return Ok(all);
        };
        after = Some(last.id);
        all.extend(page.into_iter().map(|mail| {
            json!({
                "to": mail.address,
                "subject": mail.subject,
                "text": without_tokens(&mail.text),
                "topic": mail.topic,
                "posted_at": mail.created_at,
                "sent_at": mail.sent_at,
                "refused_at": mail.refused_at,
                "bounced_at": mail.bounced_at,
            })
        }));
    }
}

async fn told(ctx: &Ctx, account: AccountId) -> Result<Vec<Value>> {
    let (mut all, mut before) = (Vec::new(), None);
    loop {
        let page = notices::told(&ctx.db, account, before, AT_ONCE).await?;
        let Some(last) = page.last() else {
            return Ok(all);
        };
        before = Some(last.id);
        all.extend(page.into_iter().map(|notice| {
            let said = ctx
                .words()
                .with(&notice.message, notice.said.iter().map(|(name, value)| (name.as_str(), value.as_str())));
            json!({
                "said": said,
                "address": notice.address,
                "told_at": notice.told_at,
                "read_at": notice.read_at,
            })
        }));
    }
}

async fn looks(ctx: &Ctx, account: AccountId) -> Result<Vec<Value>> {
    let f = frame(ctx, super::TITLE);
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = audit::looks_at(&ctx.db, &account.subject(), after, AT_ONCE).await?;
        let Some(last) = page.last() else {
            return Ok(all);
        };
        after = Some(last.id);
        let lookers = Lookers::of(ctx, &page).await?;
        all.extend(page.iter().map(|row| {
            json!({
                "at": row.at,
                "by": lookers.name(&f, &row.actor),
                "roles": lookers.roles(&f, &row.actor),
                "detail": detail(row),
            })
        }));
    }
}

/// What else was written down about the account; looks stand apart.
async fn changes(ctx: &Ctx, account: AccountId) -> Result<Vec<Value>> {
    let filter = Filter { subject: Some(account.subject()), ..Filter::default() };
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = audit::search(&ctx.db, &filter, after, AT_ONCE).await?;
        let Some(last) = page.last() else {
            return Ok(all);
        };
        after = Some(last.id);
        let own = page.iter().filter(|row| !row.action.ends_with(".looked"));
        all.extend(own.map(|row| {
            json!({
                "at": row.at,
                "action": row.action,
                "by_yourself": row.actor == account.subject(),
                "detail": detail(row),
                "values": row.personal,
            })
        }));
    }
}

fn detail(row: &Row) -> Value {
    serde_json::from_str(&row.detail).unwrap_or_default()
}

/// A letter's text without what its links carry: it proves who reads at an address, and this file is no letter there.
fn without_tokens(text: &str) -> String {
    const TOKEN: usize = 32;
    let (mut out, mut run) = (String::with_capacity(text.len()), String::new());
    for letter in text.chars().chain([' ']) {
        if letter.is_ascii_hexdigit() {
            run.push(letter);
        } else {
            out.push_str(if run.len() >= TOKEN { "…" } else { &run });
            run.clear();
            out.push(letter);
        }
    }
    out.pop();
    out
}

#[cfg(test)]
mod tests {
    use super::without_tokens;

    #[test]
    fn a_letter_keeps_its_words_and_loses_what_its_links_carry() {
        let token = "0123456789abcdef".repeat(4);
        let text = format!("花さま\n\nhttp://mihon.localhost/address/{token}\n\n11月20日 a1b2");
        assert_eq!(without_tokens(&text), "花さま\n\nhttp://mihon.localhost/address/…\n\n11月20日 a1b2");
        assert_eq!(without_tokens(&token), "…");
        assert_eq!(without_tokens(""), "");
    }
}
