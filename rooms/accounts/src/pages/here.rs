//! The passkeys of the address this request came to: they are bound to the host that the browser sees.

use http::HeaderMap;
use http::header::HOST;
use kyodo_web::Ctx;

use crate::passkeys::{NoPasskeys, Passkeys};

/// The passkeys that can be made and used under this address, or why none can.
pub(super) fn passkeys_here(ctx: &Ctx, headers: &HeaderMap) -> Result<Passkeys, NoPasskeys> {
    let authority = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => authority,
    };
    let scheme = if ctx.house.settings.https { "https" } else { "http" };
    Passkeys::for_host(host, &format!("{scheme}://{authority}"), &ctx.state.profile.name)
}
