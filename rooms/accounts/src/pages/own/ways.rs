//! The ways somebody can prove who they are, and which of them they cannot do without.

use chrono::{DateTime, Utc};
use kyodo_kernel::people::AccountId;
use kyodo_web::{Ctx, Result};

use super::super::sign_in::gates;
use crate::passkeys::KeptPasskey;
use crate::store::{self, CodeApp, StoredPasskey};

/// The ways somebody can prove who they are.
#[derive(Debug, Default)]
pub(super) struct Ways {
    /// Since when there is a password.
    pub(super) password: Option<DateTime<Utc>>,
    pub(super) passkeys: Vec<StoredPasskey>,
    pub(super) app: Option<CodeApp>,
    /// How many recovery codes are left.
    pub(super) recovery: usize,
    /// The names of providers, and since when they know the account.
    pub(super) providers: Vec<(String, DateTime<Utc>)>,
}

impl Ways {
    pub(super) async fn of(ctx: &Ctx, account: AccountId) -> Result<Self> {
        let named = |(issuer, since): (String, DateTime<Utc>)| {
            let gate = gates(ctx).iter().find(|gate| gate.provider().issuer == issuer);
            (gate.map_or(issuer, |gate| gate.provider().name.clone()), since)
        };
        Ok(Self {
            password: store::password(&ctx.db, account).await?.map(|(_, set_at)| set_at),
            passkeys: store::passkeys(&ctx.db, account).await?,
            app: store::code_app(&ctx.db, account).await?,
            recovery: store::recovery_codes(&ctx.db, account).await?.len(),
            providers: store::identities(&ctx.db, account).await?.into_iter().map(named).collect(),
        })
    }

    /// The passkeys as the library knows them.
    pub(super) fn kept_passkeys(&self) -> Vec<KeptPasskey> {
        self.passkeys.iter().filter_map(|own| serde_json::from_value(own.kept.clone()).ok()).collect()
    }

    /// Why the app cannot go: the message that says it.
    pub(super) fn keeps_app(&self, needs_two: bool) -> Option<&'static str> {
        let last = self.password.is_some() && self.passkeys.is_empty();
        (needs_two && last).then_some("own-codes-needed")
    }

    /// Why one passkey less is one too few: the message that says it.
    pub(super) fn keeps_passkey(&self, needs_two: bool) -> Option<&'static str> {
        if self.passkeys.len() > 1 {
            None
        } else if self.password.is_none() && self.providers.is_empty() {
            Some("own-passkey-last")
        } else {
            (needs_two && self.password.is_some() && self.app.is_none()).then_some("own-passkey-needed")
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use serde_json::Value;

    use super::Ways;
    use crate::store::{CodeApp, StoredPasskey};

    fn then() -> DateTime<Utc> {
        DateTime::UNIX_EPOCH
    }

    fn ways(password: bool, passkeys: usize, app: bool, provider: bool) -> Ways {
        let passkey = |id| StoredPasskey { id, kept: Value::Null, name: String::new(), made_at: then(), used_at: None };
        Ways {
            password: password.then(then),
            passkeys: (1..).take(passkeys).map(passkey).collect(),
            app: app.then(|| CodeApp { locked: String::new(), last_step: None, since: then() }),
            recovery: 0,
            providers: if provider { vec![("市の認証".to_owned(), then())] } else { Vec::new() },
        }
    }

    #[test]
    fn staff_with_a_password_keep_one_second_proof() {
        assert_eq!(ways(true, 0, true, false).keeps_app(true), Some("own-codes-needed"));
        assert_eq!(ways(true, 1, true, false).keeps_app(true), None);
        assert_eq!(ways(true, 0, true, false).keeps_app(false), None, "residents need no second");
        assert_eq!(ways(false, 0, true, true).keeps_app(true), None, "the provider asks for what it wants");
        assert_eq!(ways(true, 1, false, false).keeps_passkey(true), Some("own-passkey-needed"));
        assert_eq!(ways(true, 1, true, false).keeps_passkey(true), None);
        assert_eq!(ways(true, 2, false, false).keeps_passkey(true), None);
    }

    #[test]
    fn nobody_locks_themselves_out() {
        assert_eq!(ways(false, 1, true, false).keeps_passkey(false), Some("own-passkey-last"));
        assert_eq!(ways(false, 2, false, false).keeps_passkey(false), None);
        assert_eq!(ways(false, 1, false, true).keeps_passkey(false), None);
        assert_eq!(ways(true, 1, false, false).keeps_passkey(false), None);
    }
}
