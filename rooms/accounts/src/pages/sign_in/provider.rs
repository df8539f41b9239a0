//! Coming in through a provider: away with a button, back with a code.

use askama::Template;
use axum::response::{IntoResponse, Response};
use http::header::REFRESH;
use http::{HeaderMap, HeaderValue};
use kyodo_kernel::people::{self, AccountId, Method, Role};
use kyodo_kernel::{Clock, audit};
use kyodo_web::{Ctx, Error, Form, Frame, KeyPath, Page, Params, Result, filters};
use serde_json::json;

use super::come_in::{Proof, come_in};
use super::{FROM_ONE_PLACE, from, gates, limited, step, stopped, wrong};
use crate::oidc::{Answer, ForRole, Gate, Identity, Kept, OidcFault};
use crate::store;

const PROVIDER: &str = "provider";

fn gate<'c>(ctx: &'c Ctx, at: &str) -> Result<&'c Gate> {
    at.parse().ok().and_then(|at: usize| gates(ctx).get(at)).ok_or(Error::NotFound)
}

/// `POST /login/provider/{at}`: sends the browser to the provider.
pub(super) async fn leave(ctx: Ctx, KeyPath(at): KeyPath, headers: HeaderMap, form: Form) -> Result<Response> {
    let gate = gate(&ctx, &at)?;
    limited(&ctx, &[(from(&ctx, "provider"), FROM_ONE_PLACE)]).await?;
    let back = format!("{}/login/provider/{at}/answer", ctx.house.address_of(&ctx.city.slug));
    // Tokens go by the provider's clock, whatever day this house believes it is.
    let begun = match gate.begin(&back, ctx.house.chance, Clock::Real.now()).await {
        Ok(begun) => begun,
        Err(fault) => return Ok(told(&ctx, &headers, gate, &fault)),
    };
    let kept = serde_json::to_value(&begun.kept).map_err(Error::internal)?;
    let mut tx = ctx.db.begin().await?;
    let step = store::Step { account: None, kept, leads_to: form.text("to").to_owned() };
    let held = step::begin(&ctx, &mut tx, PROVIDER, &step).await?;
    tx.commit().await?;
    let mut f = ctx.frame(ctx.words().with("provider-away", [("provider", gate.provider().name.as_str())]));
    f.unlisted = true;
    let refresh = HeaderValue::from_str(&format!("0; url={}", begun.address)).map_err(Error::internal)?;
    let mut away = Page(AwayPage { f, address: begun.address.to_string() }).into_response();
    away.headers_mut().insert(REFRESH, refresh);
    Ok(held.with(away))
}

/// The page that leads away: the policy lets no form be answered by another site, so a page of ours does.
#[derive(Template)]
#[template(path = "sign-in-away.html")]
struct AwayPage {
    f: Frame,
    address: String,
}

/// `GET /login/provider/{at}/answer`: the provider leads back here.
pub(super) async fn come_back(ctx: Ctx, KeyPath(at): KeyPath, headers: HeaderMap, params: Params) -> Result<Response> {
    let gate = gate(&ctx, &at)?;
    let Some((token, step)) = step::of(&ctx, &headers, PROVIDER).await? else {
        return Ok(told(&ctx, &headers, gate, &OidcFault::Expired));
    };
    // A step is good once, whatever comes of it.
    let mut tx = ctx.db.begin().await?;
    let first = store::drop_step(&mut tx, &token).await?;
    tx.commit().await?;
    let Some(kept) = serde_json::from_value::<Kept>(step.kept.clone()).ok().filter(|_| first) else {
        return Ok(told(&ctx, &headers, gate, &OidcFault::Expired));
    };
    let text = |name: &str| params.get(name).map(str::to_owned);
    let answer = Answer { code: text("code"), state: text("state"), error: text("error"), iss: text("iss") };
    let identity = match gate.finish(&kept, &answer, ctx.house.chance, Clock::Real.now()).await {
        Ok(identity) => identity,
        Err(fault) => return Ok(told(&ctx, &headers, gate, &fault)),
    };
    let Some(account) = account_of(&ctx, gate, &identity).await? else {
        let text = ctx.words().with("provider-unknown", [("provider", gate.provider().name.as_str())]);
        return Ok(wrong(&ctx, &headers, &Form::default(), "name", text));
    };
    let rules = store::rules(&ctx.db).await?;
    come_in(&ctx, &headers, account, Proof::new(Method::Provider, &rules), &step.leads_to).await
}

fn told(ctx: &Ctx, headers: &HeaderMap, gate: &Gate, fault: &OidcFault) -> Response {
    if fault.may_pass() {
        tracing::info!(id = %ctx.request_id, city = ctx.city.slug, %fault, "a sign-in by a provider ended");
    } else {
        tracing::warn!(id = %ctx.request_id, city = ctx.city.slug, %fault, "a provider needs looking after");
    }
    stopped(ctx, headers, gate, fault)
}

/// Whose identity it is: known from before, or now recognised by what the provider calls the account. Only accounts of
/// those whom the provider is for.
async fn account_of(ctx: &Ctx, gate: &Gate, identity: &Identity) -> Result<Option<AccountId>> {
    if let Some(account) = store::identity(&ctx.db, &identity.issuer, &identity.subject).await? {
        return Ok(Some(account));
    }
    let Some(account) = people::account_named(&ctx.db, &identity.account).await? else {
        return Ok(None);
    };
    let held = people::duties(&ctx.db, account.id).await?;
    let staff = held.iter().any(|duty| duty.is_in_force(ctx.today) && duty.role.is_staff());
    let resident = held.iter().any(|duty| duty.is_in_force(ctx.today) && duty.role == Role::Resident);
    let meant = match gate.provider().for_role {
        ForRole::Staff => staff,
        ForRole::Residents => resident,
    };
    if !meant || account.closed_at.is_some() {
        return Ok(None);
    }
    let mut tx = ctx.db.begin().await?;
    store::put_identity(&mut tx, &identity.issuer, &identity.subject, account.id, ctx.now).await?;
    let entry =
        audit::Entry::new("account.recognised", account.id.subject()).detail(json!({ "issuer": identity.issuer }));
    ctx.trail().note(&mut tx, entry).await?;
    tx.commit().await?;
    Ok(Some(account.id))
}
