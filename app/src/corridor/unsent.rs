//! `/desk/unsent/{id}`: a form whose sender's session was over. What was typed is there to be read, sent or thrown away.
//!
//! It is sent straight to the address it was meant for, as the same form with a new token, so that every check and every
//! answer is that address's own. Along goes `FROM_KEPT`: the kept copy is dropped in the transaction of the change
//! (`kyodo_web::form`), neither before it is certain nor ever after. What the address refuses it shows filled in, to be
//! corrected; the copy then stays until it is thrown away here.

use askama::Template;
use axum::response::Response;
use http::Method;
use kyodo_kernel::drafts::{self, Draft};
use kyodo_web::form::TOKEN;
use kyodo_web::unsent::{FROM_KEPT, UNSENT};
use kyodo_web::{Ctx, Error, Form, Frame, KeyPath, Page, Result, filters, format};

use super::desk::somebody;

/// What was typed, and two buttons.
#[derive(Template)]
#[template(path = "unsent.html")]
pub(super) struct UnsentPage {
    f: Frame,
    id: i64,
    when: String,
    /// Where it is sent; none when there is nothing at that address.
    address: Option<String>,
    draft: Draft,
    from_kept: &'static str,
}

pub(super) async fn unsent(ctx: Ctx, KeyPath(id): KeyPath) -> Result<Page<UnsentPage>> {
    let draft = kept(&ctx, &id).await?;
    let meant_for = draft.subject.strip_prefix(UNSENT).unwrap_or_default();
    let title = title(&ctx, meant_for);
    Ok(Page(UnsentPage {
        id: draft.id,
        when: format::moment(draft.saved_at, ctx.language),
        address: takes_forms(&ctx, meant_for).then(|| meant_for.to_owned()),
        f: ctx.frame(title).crumb("/desk", "nav-desk").crumb("", "unsent-crumb").at_desk(),
        draft,
        from_kept: FROM_KEPT,
    }))
}

/// `POST /desk/unsent/{id}/removal`
pub(super) async fn remove(ctx: Ctx, KeyPath(id): KeyPath, form: Form) -> Result<Response> {
    let account = somebody(&ctx)?.id;
    let mut change = ctx.change(&form).await?;
    // Gone already is as good: it was sent meanwhile, or thrown away in another window.
    if let Ok(draft) = kept(&ctx, &id).await {
        drafts::drop(&mut change.tx, account, &draft.subject).await?;
    }
    change.done("/desk", "said-unsent-removed").await
}

/// A kept form of whoever asks, and of nobody else.
async fn kept(ctx: &Ctx, id: &str) -> Result<Draft> {
    let account = somebody(ctx)?.id;
    let id = id.parse().map_err(|_| Error::NotFound)?;
    let draft = drafts::draft(&ctx.db, account, id).await?;
    draft.filter(|draft| draft.subject.starts_with(UNSENT)).ok_or(Error::NotFound)
}

/// What a kept form is called: by the page of the desk it belongs to.
pub(super) fn title(ctx: &Ctx, address: &str) -> String {
    let items = ctx.house.rooms_of(&ctx.state.profile).flat_map(|room| room.desk);
    let nearest = items
        .filter(|item| address.starts_with(item.path))
        .max_by_key(|item| item.path.len())
        .filter(|item| item.path != "/desk");
    match nearest {
        Some(item) => ctx.words().with("unsent-title-of", [("page", ctx.words().say(item.label))]),
        None => ctx.words().say("unsent-title"),
    }
}

/// Whether an address is one of this city's that forms are sent to: a form must lead nowhere else.
fn takes_forms(ctx: &Ctx, address: &str) -> bool {
    let path = address.split('?').next().unwrap_or_default();
    let mut routes = ctx.house.rooms_of(&ctx.state.profile).flat_map(|room| room.routes.iter());
    routes.any(|route| route.method == Method::POST && fits(route.path, path))
}

/// Whether a path is one of a route's: `{id}` stands for one step.
fn fits(route: &str, path: &str) -> bool {
    let (mut wanted, mut steps) = (route.split('/'), path.split('/'));
    loop {
        match (wanted.next(), steps.next()) {
            (None, None) => return true,
            (Some(wanted), Some(step)) if wanted == step || (wanted.starts_with('{') && !step.is_empty()) => {}
            _ => return false,
        }
    }
}

impl UnsentPage {
    /// Field and text of what was typed; an empty field is left out.
    fn answers(&self) -> impl Iterator<Item = &(String, String)> {
        self.draft.fields.iter().filter(|(name, value)| name != TOKEN && !value.trim().is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_path_fits_its_route_step_by_step() {
        assert!(fits("/desk/people/{id}/duties", "/desk/people/12/duties"));
        for wrong in ["/desk/people//duties", "/desk/people/12", "//desk/people/12/duties", "https://x/desk", ""] {
            assert!(!fits("/desk/people/{id}/duties", wrong), "{wrong}");
        }
    }
}
