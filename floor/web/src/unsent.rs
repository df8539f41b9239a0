//! A form whose sender's session was over when it came: their words are kept as a draft of theirs, and they can send
//! them again as soon as they have signed in.

use std::sync::Arc;

use axum::extract::Request;
use http::Uri;
use kyodo_kernel::drafts;

use crate::form::Form;
use crate::{Ctx, Error};

/// The subject of such a draft begins so; the address the form was meant for follows.
pub const UNSENT: &str = "form:";

/// The field by which a form says that it sends what was kept: when its change is done, the kept copy goes with it.
pub const FROM_KEPT: &str = "from-kept";

/// What such a draft is about. Some clients name the host in the address as well.
pub(crate) fn subject(address: &Uri) -> String {
    format!("{UNSENT}{}", address.path_and_query().map_or("/", |address| address.as_str()))
}

/// Keeps what was sent, for somebody whose session we know. Strangers leave nothing here: what they sent stands on the
/// answer, in their own hands.
pub(crate) async fn keep(ctx: &Ctx, request: Request) -> Error {
    let subject = subject(request.uri());
    let Ok(form) = Form::read(request).await else {
        return Error::Over(None);
    };
    let Some(account) = ctx.over else {
        let words = form.words();
        return if words.is_empty() { Error::Over(None) } else { Error::Unsent(Arc::new(words)) };
    };
    match put(ctx, account, &subject, &form).await {
        Ok(id) => Error::Over(id),
        Err(error) => error.into(),
    }
}

async fn put(
    ctx: &Ctx,
    account: kyodo_kernel::people::AccountId,
    subject: &str,
    form: &Form,
) -> kyodo_db::Result<Option<i64>> {
    let mut tx = ctx.db.begin().await?;
    drafts::save(&mut tx, account, subject, "", &form.words(), ctx.now).await?;
    tx.commit().await?;
    Ok(drafts::of(&ctx.db, account, subject).await?.map(|draft| draft.id))
}
