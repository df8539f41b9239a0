//! Passkeys (WebAuthn level 2): making one, signing in with one, with or without saying first who signs in.
//! The library draws its challenges from the machine's own chance; a state lies in the database between the two
//! requests, is taken out once, and is good for five minutes, which its keeper sees to.

use chrono::{DateTime, Utc};
use data_encoding::BASE64URL_NOPAD;
use kyodo_kernel::Secret;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey, PasskeyAuthentication, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Url, Uuid, Webauthn, WebauthnBuilder, WebauthnError,
};

/// How long a person may take between the two requests, in seconds: what the options tell the browser.
pub const PATIENCE: u64 = 300;

/// The passkeys of one city at one address; a passkey made here is good nowhere else.
#[derive(Clone, Debug)]
pub struct Passkeys {
    house: Webauthn,
}

/// Why no passkeys are offered at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoPasskeys {
    /// Browsers bind passkeys to a name: neither to an IP address nor to plain `localhost`.
    #[error("passkeys need a host name, not an IP address or localhost")]
    Address,
    /// Browsers offer them only over TLS, or on this machine itself (`*.localhost`).
    #[error("passkeys need https")]
    Insecure,
}

impl NoPasskeys {
    /// The message for the page that offers none.
    #[must_use]
    pub fn message(self) -> &'static str {
        match self {
            Self::Address => "no-passkeys-address",
            Self::Insecure => "no-passkeys-insecure",
        }
    }
}

/// Under what an authenticator files an account: 128 bits that tell nothing of the person, the same for every
/// passkey of the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handle(Uuid);

impl Handle {
    /// The handle of an account of this city.
    #[must_use]
    pub fn of(secret: &Secret, account: i64) -> Self {
        let signed = secret.derive("passkey handle").sign(format!("account:{account}").as_bytes());
        Self(Uuid::from_u128(signed.iter().take(16).fold(0, |bits, byte| (bits << 8) | u128::from(*byte))))
    }
}

/// A passkey as the database keeps it, as JSON: a public key and what is known of its device, nothing to hide.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KeptPasskey(Passkey);

impl KeptPasskey {
    /// Its name in the database: the credential's id in base64url, different for every passkey in the world.
    #[must_use]
    pub fn id(&self) -> String {
        BASE64URL_NOPAD.encode(self.0.cred_id().as_slice())
    }
}

/// A passkey in the list of its owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasskeySummary {
    /// [`KeptPasskey::id`].
    pub id: String,
    /// What its owner calls it: 仕事のパソコン.
    pub name: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last used.
    pub used_at: Option<DateTime<Utc>>,
}

/// The making of a passkey, between its two requests. Keep it on this side, with the session that began it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Making(PasskeyRegistration);

/// The use of a passkey, between its two requests. Keep it on this side, with the browser that began it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Using(Begun);

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Begun {
    /// The account was named, and one of its passkeys is asked for.
    Named(PasskeyAuthentication),
    /// Whoever holds a passkey of this city.
    Anyone(DiscoverableAuthentication),
}

/// What went wrong with a passkey.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasskeyFault {
    /// The browser's answer could not be read, or does not hold.
    #[error("the answer does not hold")]
    Refused,
    /// It answers another question than the one kept: too late, or twice.
    #[error("the answer is not to this question")]
    Stale,
    /// The device did not ask for finger, face or number.
    #[error("the person was not verified")]
    Unverified,
    /// The account has this passkey already.
    #[error("this passkey is known already")]
    Known,
    /// Nobody, or somebody else than was named, has this passkey.
    #[error("this passkey is not known")]
    Unknown,
    /// Its counter went back: there may be two of it.
    #[error("this passkey may have been copied")]
    Copied,
}

impl PasskeyFault {
    /// The message that says it and what to do.
    #[must_use]
    pub fn message(self) -> &'static str {
        match self {
            Self::Refused => "passkey-fault-again",
            Self::Stale => "passkey-fault-stale",
            Self::Unverified => "passkey-fault-unverified",
            Self::Known => "passkey-fault-known",
            Self::Unknown => "passkey-fault-unknown",
            Self::Copied => "passkey-fault-copied",
        }
    }
}

impl From<WebauthnError> for PasskeyFault {
    fn from(error: WebauthnError) -> Self {
        match error {
            WebauthnError::MismatchedChallenge | WebauthnError::ChallengeNotFound => Self::Stale,
            WebauthnError::UserNotVerified | WebauthnError::UserNotPresent => Self::Unverified,
            WebauthnError::CredentialAlreadyExists | WebauthnError::CredentialExcludedFromRequest => Self::Known,
            WebauthnError::CredentialNotFound | WebauthnError::InvalidUserUniqueId => Self::Unknown,
            WebauthnError::CredentialPossibleCompromise => Self::Copied,
            _ => Self::Refused,
        }
    }
}

impl Passkeys {
    /// The passkeys of the city at a host (`ichinoseki.example.jp`, without port) that browsers see as this origin
    /// (`https://ichinoseki.example.jp:8443`). Passkeys are bound to the host: under a new name all must be made anew.
    pub fn for_host(host: &str, origin: &str, city: &str) -> Result<Self, NoPasskeys> {
        let host = host.to_ascii_lowercase();
        let origin = Url::parse(origin).map_err(|_| NoPasskeys::Address)?;
        if host == "localhost" || origin.domain() != Some(host.as_str()) {
            return Err(NoPasskeys::Address);
        }
        if origin.scheme() != "https" && !host.ends_with(".localhost") {
            return Err(NoPasskeys::Insecure);
        }
        let house = WebauthnBuilder::new(&host, &origin)
            .and_then(|house| house.rp_name(city).timeout(std::time::Duration::from_secs(PATIENCE)).build())
            .map_err(|_| NoPasskeys::Address)?;
        Ok(Self { house })
    }

    /// Begins to make a passkey for an account: the options for the browser, and the state to keep. `sign_in_name`
    /// and `name` are what the device shows; `known` are the account's passkeys, whose devices will not make another.
    pub fn start_making(
        &self,
        handle: Handle,
        sign_in_name: &str,
        name: &str,
        known: &[KeptPasskey],
    ) -> Result<(Value, Making), PasskeyFault> {
        let known = known.iter().map(|passkey| passkey.0.cred_id().clone()).collect();
        let (options, state) = self.house.start_passkey_registration(handle.0, sign_in_name, name, Some(known))?;
        let mut options = serde_json::to_value(options).map_err(|_| PasskeyFault::Refused)?;
        // The library asks for keys that need a name first; those found without one are kinder, and phones make no other.
        options["publicKey"]["authenticatorSelection"]["residentKey"] = json!("preferred");
        Ok((options, Making(state)))
    }

    /// Ends the making with the browser's answer. The id must be new in the whole city: let the database refuse it.
    pub fn finish_making(&self, answer: &str, state: &Making) -> Result<KeptPasskey, PasskeyFault> {
        let answer: RegisterPublicKeyCredential = serde_json::from_str(answer).map_err(|_| PasskeyFault::Refused)?;
        Ok(KeptPasskey(self.house.finish_passkey_registration(&answer, &state.0)?))
    }

    /// Begins to sign in with a passkey: the options for the browser, and the state to keep. `known` are the passkeys
    /// of the account that was named; without any, whoever has a passkey of this city is asked, which is also the
    /// answer to an account that does not exist.
    pub fn start_using(&self, known: &[KeptPasskey]) -> Result<(Value, Using), PasskeyFault> {
        let (options, state) = if known.is_empty() {
            let (mut options, state) = self.house.start_discoverable_authentication()?;
            // It is a button that asks, not a field that offers.
            options.mediation = None;
            (options, Begun::Anyone(state))
        } else {
            let known: Vec<Passkey> = known.iter().map(|passkey| passkey.0.clone()).collect();
            let (options, state) = self.house.start_passkey_authentication(&known)?;
            (options, Begun::Named(state))
        };
        let options = serde_json::to_value(options).map_err(|_| PasskeyFault::Refused)?;
        Ok((options, Using(state)))
    }

    /// Which passkey answered, by [`KeptPasskey::id`]: look it and its account up, then [`Self::finish_using`].
    /// Nothing is proved yet.
    pub fn which(answer: &str) -> Result<String, PasskeyFault> {
        let answer: PublicKeyCredential = serde_json::from_str(answer).map_err(|_| PasskeyFault::Refused)?;
        Ok(BASE64URL_NOPAD.encode(answer.get_credential_id()))
    }

    /// Ends the use with the browser's answer: it is the holder of this passkey, whose account has this handle.
    /// `true` when the passkey's counter or state went on and must be kept again.
    pub fn finish_using(
        &self,
        answer: &str,
        state: Using,
        handle: Handle,
        passkey: &mut KeptPasskey,
    ) -> Result<bool, PasskeyFault> {
        let answer: PublicKeyCredential = serde_json::from_str(answer).map_err(|_| PasskeyFault::Refused)?;
        let says = answer.get_user_unique_id();
        let result = match state.0 {
            // Older security keys do not say whose they are; the account was named instead.
            Begun::Named(state) if says.is_none_or(|bytes| bytes == handle.0.as_bytes()) => {
                self.house.finish_passkey_authentication(&answer, &state)?
            }
            Begun::Anyone(state) if says.is_some_and(|bytes| bytes == handle.0.as_bytes()) => {
                self.house.finish_discoverable_authentication_v2(&answer, state, &passkey.0)?
            }
            Begun::Named(_) | Begun::Anyone(_) => return Err(PasskeyFault::Unknown),
        };
        passkey.0.update_credential(&result).ok_or(PasskeyFault::Unknown)
    }
}

#[cfg(test)]
mod tests {
    use webauthn_authenticator_rs::WebauthnAuthenticator;
    use webauthn_authenticator_rs::softpasskey::SoftPasskey;

    use super::*;

    const ORIGIN: &str = "https://ichinoseki.example.jp:8443";

    fn city() -> Passkeys {
        Passkeys::for_host("ichinoseki.example.jp", ORIGIN, "一関市").unwrap()
    }

    fn hana() -> Handle {
        Handle::of(&Secret::new([1; 32]), 12)
    }

    /// A phone and the browser in front of it, which opened a page of some origin.
    struct Phone {
        key: SoftPasskey,
        at: &'static str,
    }

    impl Phone {
        fn new() -> Self {
            Self { key: SoftPasskey::new(true), at: ORIGIN }
        }

        fn makes(&mut self, options: Value) -> String {
            let options = serde_json::from_value(options).unwrap();
            let answer = self.key.do_registration(Url::parse(self.at).unwrap(), options).unwrap();
            serde_json::to_string(&answer).unwrap()
        }

        fn answers(&mut self, options: Value) -> String {
            let options = serde_json::from_value(options).unwrap();
            let answer = self.key.do_authentication(Url::parse(self.at).unwrap(), options).unwrap();
            serde_json::to_string(&answer).unwrap()
        }

        /// What phones do and this one cannot: it finds the passkey itself, and says whose it is.
        fn finds(&mut self, mut options: Value, passkey: &KeptPasskey, whose: Handle) -> String {
            assert_eq!(options["publicKey"]["allowCredentials"], json!([]), "nobody was named");
            options["publicKey"]["allowCredentials"] = json!([{ "type": "public-key", "id": passkey.id() }]);
            let mut answer: Value = serde_json::from_str(&self.answers(options)).unwrap();
            answer["response"]["userHandle"] = json!(BASE64URL_NOPAD.encode(whose.0.as_bytes()));
            answer.to_string()
        }
    }

    fn made(phone: &mut Phone) -> KeptPasskey {
        let (options, state) = city().start_making(hana(), "hana@example.jp", "佐藤 花", &[]).unwrap();
        city().finish_making(&phone.makes(options), &state).unwrap()
    }

    /// Through the database and back.
    fn stored<T: Serialize + serde::de::DeserializeOwned>(thing: &T) -> T {
        serde_json::from_str(&serde_json::to_string(thing).unwrap()).unwrap()
    }

    #[test]
    fn passkeys_are_offered_by_name_and_over_tls() {
        let offered = |host, origin| Passkeys::for_host(host, origin, "一関市").err();
        assert_eq!(offered("ichinoseki.localhost", "http://ichinoseki.localhost:8000"), None);
        assert_eq!(offered("kyodo.example.jp", "https://kyodo.example.jp"), None);
        assert_eq!(offered("Kyodo.Example.jp", "https://KYODO.example.jp:8443"), None);
        assert_eq!(offered("localhost", "http://localhost:8000"), Some(NoPasskeys::Address));
        assert_eq!(offered("192.0.2.7", "https://192.0.2.7"), Some(NoPasskeys::Address));
        assert_eq!(offered("::1", "https://[::1]"), Some(NoPasskeys::Address));
        assert_eq!(offered("example.jp", "https://kyodo.example.jp"), Some(NoPasskeys::Address));
        assert_eq!(offered("kyodo.example.jp", "no address"), Some(NoPasskeys::Address));
        assert_eq!(offered("kyodo.example.jp", "http://kyodo.example.jp"), Some(NoPasskeys::Insecure));
    }

    #[test]
    fn a_handle_tells_an_account_apart_and_nothing_of_it() {
        let secret = Secret::new([1; 32]);
        assert_eq!(Handle::of(&secret, 12), Handle::of(&secret, 12));
        assert_ne!(Handle::of(&secret, 12), Handle::of(&secret, 13));
        assert_ne!(Handle::of(&secret, 12), Handle::of(&Secret::new([2; 32]), 12));
    }

    #[test]
    fn the_options_ask_for_the_person_and_for_a_key_that_is_found_without_a_name() {
        let (options, _) = city().start_making(hana(), "hana@example.jp", "佐藤 花", &[]).unwrap();
        let options = &options["publicKey"];
        assert_eq!(options["rp"], json!({ "id": "ichinoseki.example.jp", "name": "一関市" }));
        assert_eq!(options["user"]["displayName"], "佐藤 花");
        assert_eq!(options["authenticatorSelection"]["userVerification"], "required");
        assert_eq!(options["authenticatorSelection"]["residentKey"], "preferred");
        assert_eq!(options["attestation"], "none");
        assert_eq!(options["timeout"], 300_000);
        let (options, _) = city().start_using(&[]).unwrap();
        assert_eq!(options["publicKey"]["userVerification"], "required");
        assert_eq!(options.get("mediation"), None);
    }

    #[test]
    fn a_passkey_is_made_and_signs_its_named_owner_in() {
        let mut phone = Phone::new();
        let (options, state) = city().start_making(hana(), "hana@example.jp", "佐藤 花", &[]).unwrap();
        let mut passkey = stored(&city().finish_making(&phone.makes(options), &stored(&state)).unwrap());
        let (options, state) = city().start_using(std::slice::from_ref(&passkey)).unwrap();
        assert_eq!(options["publicKey"]["allowCredentials"][0]["id"], passkey.id());
        // A security key without room for names does not say whose it is.
        let mut answer: Value = serde_json::from_str(&phone.answers(options)).unwrap();
        answer["response"].as_object_mut().unwrap().remove("userHandle");
        let answer = answer.to_string();
        assert_eq!(Passkeys::which(&answer), Ok(passkey.id()));
        assert_eq!(city().finish_using(&answer, stored(&state), hana(), &mut passkey), Ok(true), "the counter went on");
    }

    #[test]
    fn a_passkey_signs_in_whoever_holds_it() {
        let mut phone = Phone::new();
        let mut passkey = made(&mut phone);
        let (options, state) = city().start_using(&[]).unwrap();
        let answer = phone.finds(options, &passkey, hana());
        assert_eq!(Passkeys::which(&answer), Ok(passkey.id()));
        assert_eq!(city().finish_using(&answer, stored(&state), hana(), &mut passkey), Ok(true));
    }

    #[test]
    fn a_passkey_does_not_sign_in_anybody_else() {
        let mut phone = Phone::new();
        let mut passkey = made(&mut phone);
        let taro = Handle::of(&Secret::new([1; 32]), 13);
        let (options, state) = city().start_using(&[]).unwrap();
        let answer = phone.finds(options, &passkey, hana());
        assert_eq!(city().finish_using(&answer, state, taro, &mut passkey), Err(PasskeyFault::Unknown));

        let mut other_phone = Phone::new();
        let mut other = made(&mut other_phone);
        let (options, state) = city().start_using(&[]).unwrap();
        let answer = phone.finds(options, &passkey, hana());
        assert_eq!(
            city().finish_using(&answer, state, hana(), &mut other),
            Err(PasskeyFault::Unknown),
            "another passkey"
        );

        let (options, state) = city().start_using(&[other]).unwrap();
        let answer = other_phone.answers(options);
        assert_eq!(
            city().finish_using(&answer, state, hana(), &mut passkey),
            Err(PasskeyFault::Unknown),
            "not the one asked for"
        );
    }

    #[test]
    fn without_a_name_the_passkey_must_say_whose_it_is() {
        let mut phone = Phone::new();
        let mut passkey = made(&mut phone);
        let (mut options, state) = city().start_using(&[]).unwrap();
        options["publicKey"]["allowCredentials"] = json!([{ "type": "public-key", "id": passkey.id() }]);
        let answer = phone.answers(options);
        assert_eq!(city().finish_using(&answer, state, hana(), &mut passkey), Err(PasskeyFault::Unknown));
    }

    #[test]
    fn an_answer_is_good_for_its_own_question_only() {
        let mut phone = Phone::new();
        let mut passkey = made(&mut phone);
        let (options, _) = city().start_using(&[]).unwrap();
        let (_, another) = city().start_using(&[]).unwrap();
        let answer = phone.finds(options, &passkey, hana());
        assert_eq!(city().finish_using(&answer, another, hana(), &mut passkey), Err(PasskeyFault::Stale));
        let (options, _) = city().start_making(hana(), "hana@example.jp", "佐藤 花", &[]).unwrap();
        let (_, another) = city().start_making(hana(), "hana@example.jp", "佐藤 花", &[]).unwrap();
        assert_eq!(city().finish_making(&phone.makes(options), &another), Err(PasskeyFault::Stale));
    }

    #[test]
    fn a_page_of_another_address_gets_nothing() {
        let mut phone = Phone::new();
        let mut passkey = made(&mut phone);
        phone.at = "https://ichinoseki.example.jp:9000";
        let (options, state) = city().start_using(&[]).unwrap();
        let answer = phone.finds(options, &passkey, hana());
        assert_eq!(city().finish_using(&answer, state, hana(), &mut passkey), Err(PasskeyFault::Refused));
    }

    #[test]
    fn a_device_that_asks_for_nothing_is_refused() {
        let mut phone = Phone::new();
        let mut passkey = made(&mut phone);
        let (mut options, state) = city().start_using(&[]).unwrap();
        options["publicKey"]["userVerification"] = json!("discouraged");
        let answer = phone.finds(options, &passkey, hana());
        assert_eq!(city().finish_using(&answer, state, hana(), &mut passkey), Err(PasskeyFault::Unverified));
    }

    #[test]
    fn a_copy_gives_itself_away_by_its_counter() {
        let mut phone = Phone::new();
        let mut passkey = made(&mut phone);
        let (first, first_state) = city().start_using(&[]).unwrap();
        let (second, second_state) = city().start_using(&[]).unwrap();
        let first = phone.finds(first, &passkey, hana());
        let second = phone.finds(second, &passkey, hana());
        assert_eq!(city().finish_using(&second, second_state, hana(), &mut passkey), Ok(true));
        assert_eq!(city().finish_using(&first, first_state, hana(), &mut passkey), Err(PasskeyFault::Copied));
    }

    #[test]
    fn a_known_passkey_is_not_made_again() {
        let mut phone = Phone::new();
        let passkey = made(&mut phone);
        let (options, _) =
            city().start_making(hana(), "hana@example.jp", "佐藤 花", std::slice::from_ref(&passkey)).unwrap();
        assert_eq!(options["publicKey"]["excludeCredentials"][0]["id"], passkey.id());
    }

    #[test]
    fn a_heap_of_letters_is_no_answer() {
        let mut passkey = made(&mut Phone::new());
        for heap in ["", "null", "{}", "[1]", r#"{"id":"a","rawId":"a","type":"public-key","response":{}}"#] {
            assert_eq!(Passkeys::which(heap), Err(PasskeyFault::Refused), "{heap}");
            let (_, making) = city().start_making(hana(), "hana@example.jp", "佐藤 花", &[]).unwrap();
            assert_eq!(city().finish_making(heap, &making), Err(PasskeyFault::Refused), "{heap}");
            let (_, using) = city().start_using(&[]).unwrap();
            assert_eq!(city().finish_using(heap, using, hana(), &mut passkey), Err(PasskeyFault::Refused), "{heap}");
        }
    }
}
