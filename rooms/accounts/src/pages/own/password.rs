//! A new password: the rules before, what is wrong beside the field, and every other device signed out.

use askama::Template;
use axum::response::{IntoResponse, Response};
use kyodo_kernel::audit::Entry;
use kyodo_kernel::people::{self, Account};
use kyodo_web::components::{Field, Wrongs};
use kyodo_web::{Ctx, Faults, Form, Frame, Page, Result, Wrong, filters};

use super::super::links::faults_of;
use super::super::sign_in::salt;
use super::proof::{count_try, forget_tries, is_password, note_refusal};
use super::{Tab, WAYS, frame, owner, proof_first, sign_in_name, tabs};
use crate::password::{self, two_at_a_time};
use crate::rules::Rules;
use crate::{letters, store};

const HERE: &str = "/account/password";

#[derive(Template)]
#[template(path = "own-password.html")]
struct PasswordPage {
    f: Frame,
    tabs: Vec<Tab>,
    faults: Faults,
    name: String,
    rules: Vec<String>,
    /// Asked for where there is one already.
    current: Option<Field>,
    password: Field,
}

impl PasswordPage {
    fn new(ctx: &Ctx, account: &Account, rules: &Rules, has_one: bool, faults: Faults) -> Self {
        let f = frame(ctx, "own-password-title");
        let field = |name: &'static str, label: &str, autocomplete| {
            Field::line(name, f.t(label))
                .kind("password")
                .autocomplete(autocomplete)
                .need(&f)
                .heard(&Form::default(), &faults)
        };
        Self {
            tabs: tabs(&f, WAYS),
            name: sign_in_name(account).to_owned(),
            rules: rules.password.sentences().into_iter().map(|(message, n)| f.n(message, n)).collect(),
            current: has_one.then(|| field("current-password", "own-password-current", "current-password")),
            password: field("password", "new-password", "new-password"),
            faults,
            f,
        }
    }

    fn wrongs(&self) -> Wrongs<'_> {
        Wrongs { f: &self.f, faults: &self.faults }
    }
}

/// `GET /account/password`
pub(super) async fn ask(ctx: Ctx) -> Result<Response> {
    if let Some(first) = proof_first(&ctx, HERE)? {
        return Ok(first);
    }
    let account = owner(&ctx).await?;
    let rules = store::rules(&ctx.db).await?;
    let has_one = store::password(&ctx.db, account.id).await?.is_some();
    Ok(Page(PasswordPage::new(&ctx, &account, &rules, has_one, Faults::default())).into_response())
}

/// `POST /account/password`
pub(super) async fn set(ctx: Ctx, form: Form) -> Result<Response> {
    if let Some(first) = proof_first(&ctx, HERE)? {
        return Ok(first);
    }
    let account = owner(&ctx).await?;
    let rules = store::rules(&ctx.db).await?;
    let has_one = store::password(&ctx.db, account.id).await?.is_some();
    let (current, typed) = (form.raw("current-password"), form.raw("password"));
    let mut faults = Faults::default();
    if has_one {
        count_try(&ctx, &rules, account.id).await?;
        if !is_password(&ctx, account.id, current).await? {
            note_refusal(&ctx, account.id, "password").await?;
            faults.add("current-password", ctx.words().say("own-password-wrong"));
        } else if current == typed {
            faults.add("password", ctx.words().say("own-password-same"));
        }
    }
    for (field, text) in faults_of(&ctx, &rules, &account, typed).await?.iter() {
        faults.add(field, text);
    }
    if !faults.is_empty() {
        return Ok(Wrong(PasswordPage::new(&ctx, &account, &rules, has_one, faults)).into_response());
    }
    let (salt, typed) = (salt(&ctx), typed.to_owned());
    let kept = two_at_a_time(move || password::keep(&typed, salt)).await;
    let mut change = ctx.change(&form).await?;
    store::put_password(&mut change.tx, account.id, kept.as_str(), ctx.now).await?;
    // Whoever came in with the old one is out.
    people::end_all(&mut change.tx, account.id, Some(ctx.person()?.session), ctx.now).await?;
    forget_tries(&mut change.tx, account.id).await?;
    letters::tell(&ctx, &mut change.tx, &account, "password").await?;
    ctx.trail().note(&mut change.tx, Entry::new("account.password-set", account.id.subject())).await?;
    change.done("/account", "said-own-password").await
}
