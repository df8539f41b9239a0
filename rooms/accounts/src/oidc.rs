//! Signing in through the city's own identity provider or a national one: OpenID Connect with a code, PKCE, state and
//! nonce, the client proved by its private key. `Gate::begin` sends a browser to the provider; `Gate::finish` says who came back.

mod claims;
mod fault;
mod flow;
mod gate;
mod http;
mod keys;
mod provider;
mod signatures;

pub use claims::Identity;
pub use fault::{OidcFault, SettingsFault, TokenFault};
pub use flow::{Answer, Begin, Kept, Metadata, begin};
pub use gate::Gate;
pub use keys::{ClientKey, NewKey, new_key};
pub use provider::{Audience, ForRole, KeyAlgorithm, Provider};
