//! Signing in at a real identity provider on this machine, as a browser and our house do it together.

mod browser;
mod provider;

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use kyodo_accounts::oidc::{
    Answer, ClientKey, ForRole, Gate, Identity, Kept, OidcFault, SettingsFault, TokenFault, new_key,
};
use kyodo_kernel::{Chance, Clock};
use serde_json::{Value, json};

use browser::{Person, visit};
use provider::{BACK, open, provider, world, write_secret};

fn now() -> DateTime<Utc> {
    Clock::Real.now()
}

/// Begins at the gate, goes to the provider as a person, and comes back.
async fn come_back(gate: &Gate, person: Person<'_>) -> (Kept, Answer) {
    let begin = gate.begin(BACK, Chance::Real, now()).await.expect("a sign-in begins");
    let answer = visit(&begin.address, person).await;
    (begin.kept, answer)
}

async fn finish(gate: &Gate, kept: &Kept, answer: &Answer) -> Result<Identity, OidcFault> {
    gate.finish(kept, answer, Chance::Real, now()).await
}

async fn sign_in(gate: &Gate, name: &str) -> Result<Identity, OidcFault> {
    let (kept, answer) = come_back(gate, Person::Called(name)).await;
    finish(gate, &kept, &answer).await
}

#[tokio::test]
async fn a_person_signs_in_and_we_prove_ourselves_by_our_key() {
    let started = now();
    let hana = sign_in(&world().gate("kyodo"), "hana").await.unwrap();
    assert!(hana.auth_time.is_some_and(|time| time >= started - TimeDelta::seconds(2) && time <= now()));
    assert_eq!(
        Identity { auth_time: None, ..hana },
        Identity {
            issuer: world().issuer.clone(),
            subject: "hana".to_owned(),
            account: "hana@city.example.jp".to_owned(),
            name: Some("hana さん".to_owned()),
            email: Some("hana@city.example.jp".to_owned()),
            acr: None,
            auth_time: None,
        }
    );
}

#[tokio::test]
async fn keys_of_other_kinds_and_secrets_do_as_well() {
    let by_number = |settings: &mut Value| {
        settings["scopes"] = json!(["staff"]);
        settings["claim_account"] = json!("employee_number");
        settings["acr_values"] = json!("aal3");
    };
    let by_pss = |settings: &mut Value| {
        settings["key_algorithm"] = json!("PS256");
        settings["key_id"] = json!("city-2026");
        settings["assertion_audience"] = json!("issuer");
        settings["claim_account"] = json!("sub");
    };
    assert_eq!(sign_in(&world().gate_with("kyodo-rsa", by_number), "hana").await.unwrap().account, "20481");
    assert_eq!(sign_in(&world().gate_with("kyodo-pss", by_pss), "hana").await.unwrap().account, "hana");
    assert_eq!(sign_in(&world().gate("kyodo-secret"), "hana").await.unwrap().account, "hana@city.example.jp");
}

#[tokio::test]
async fn an_answer_to_another_sign_in_is_refused_before_anyone_is_asked() {
    let gate = world().gate("kyodo");
    let (kept, answer) = come_back(&gate, Person::Called("hana")).await;
    let with = |change: fn(&mut Answer)| {
        let mut answer = answer.clone();
        change(&mut answer);
        answer
    };
    for (wrong, fault) in [
        (with(|a| a.state = Some("x".to_owned())), "oidc-fault-state"),
        (with(|a| a.state = None), "oidc-fault-state"),
        (with(|a| (a.state, a.error) = (None, Some("access_denied".to_owned()))), "oidc-fault-state"),
        (with(|a| a.iss = Some("https://login.example.jp".to_owned())), "oidc-fault-issuer"),
        (with(|a| a.iss = None), "oidc-fault-issuer"),
        (with(|a| a.code = None), "oidc-fault-answer"),
        (with(|a| a.error = Some("invalid_scope".to_owned())), "oidc-fault-refused"),
        (with(|a| a.error = Some("temporarily_unavailable".to_owned())), "oidc-fault-trouble"),
    ] {
        assert_eq!(finish(&gate, &kept, &wrong).await.unwrap_err().message(), fault);
    }
    let elsewhere = Kept { provider: "別の認証".to_owned(), ..kept.clone() };
    assert!(matches!(finish(&gate, &elsewhere, &answer).await, Err(OidcFault::State)));
    // The code is still good: none of them has been to the provider.
    assert!(finish(&gate, &kept, &answer).await.is_ok());
}

#[tokio::test]
async fn a_sign_in_waits_ten_minutes_by_the_clock_that_was_handed_in() {
    let gate = world().gate("kyodo-secret");
    let (kept, answer) = come_back(&gate, Person::Called("hana")).await;
    for minutes in [11, -2] {
        let later = gate.finish(&kept, &answer, Chance::Real, now() + TimeDelta::minutes(minutes)).await;
        assert!(matches!(later, Err(OidcFault::Expired)), "{later:?}");
    }
    let in_a_day = now() + TimeDelta::days(1);
    let kept = Kept { issued_at: in_a_day, ..kept };
    let later = gate.finish(&kept, &answer, Chance::Real, in_a_day).await.unwrap_err();
    assert!(matches!(later, OidcFault::Token(TokenFault::Expired)), "{later:?}");
    assert_eq!(later.message(), "oidc-fault-clock");
}

#[tokio::test]
async fn a_code_is_good_once_for_who_began() {
    let gate = world().gate("kyodo");
    let (kept, answer) = come_back(&gate, Person::Called("hana")).await;
    assert!(finish(&gate, &kept, &answer).await.is_ok());
    assert!(matches!(finish(&gate, &kept, &answer).await, Err(OidcFault::Code)));

    // A code caught on the way, brought into somebody else's sign-in: state fits, PKCE does not.
    let (_, caught) = come_back(&gate, Person::Called("mayor")).await;
    let begin = gate.begin(BACK, Chance::Real, now()).await.unwrap();
    let brought = Answer { state: Some(begin.kept.state.clone()), ..caught };
    assert!(matches!(finish(&gate, &begin.kept, &brought).await, Err(OidcFault::Code)));

    // Another client's code, with everything else as it began.
    let (kept, answer) = come_back(&world().gate("kyodo-other"), Person::Called("mayor")).await;
    assert!(matches!(finish(&gate, &kept, &answer).await, Err(OidcFault::Code)));
}

#[tokio::test]
async fn who_says_no_is_not_signed_in_and_may_try_again() {
    let gate = world().gate("kyodo");
    let (kept, answer) = come_back(&gate, Person::Unwilling).await;
    let fault = finish(&gate, &kept, &answer).await.unwrap_err();
    assert!(matches!(fault, OidcFault::Denied), "{fault:?}");
    assert!(fault.may_pass());
}

#[tokio::test]
async fn a_key_that_is_not_ours_is_told_as_such() {
    let (kept, answer) = come_back(&world().gate("kyodo"), Person::Called("hana")).await;
    let fault = finish(&world().gate_with_the_wrong_key(), &kept, &answer).await.unwrap_err();
    assert!(matches!(&fault, OidcFault::Client(error) if error == "invalid_client"), "{fault:?}");
    assert!(!fault.may_pass());
}

#[tokio::test]
async fn a_token_that_proves_nothing_is_not_believed() {
    let gate = world().gate("kyodo");
    for (name, fault) in [
        ("other-audience", TokenFault::Audience),
        ("two-audiences", TokenFault::Audience),
        ("other-issuer", TokenFault::Issuer),
        ("other-nonce", TokenFault::Nonce),
        ("no-nonce", TokenFault::Nonce),
        ("no-end", TokenFault::Shape),
        ("long-ago", TokenFault::Expired),
        ("far-ahead", TokenFault::Future),
        ("other-hash", TokenFault::AccessToken),
        ("other-key", TokenFault::Signature),
        ("changed", TokenFault::Signature),
        ("unsigned", TokenFault::Shape),
        ("shared-secret", TokenFault::Algorithm),
        ("two-faced", TokenFault::Subject),
    ] {
        let outcome = sign_in(&gate, name).await;
        assert!(matches!(outcome, Err(OidcFault::Token(found)) if found == fault), "{name}: {outcome:?}");
    }
    for name in ["long-winded", "speechless", "moved"] {
        let outcome = sign_in(&gate, name).await;
        assert!(matches!(outcome, Err(OidcFault::Answer(_))), "{name}: {outcome:?}");
    }
}

#[tokio::test]
async fn a_nonce_that_was_not_ours_is_refused_even_from_the_right_provider() {
    let gate = world().gate("kyodo");
    let (kept, answer) = come_back(&gate, Person::Called("hana")).await;
    let kept = Kept { nonce: "another".to_owned(), ..kept };
    assert!(matches!(finish(&gate, &kept, &answer).await, Err(OidcFault::Token(TokenFault::Nonce))));
}

#[tokio::test]
async fn a_new_key_of_the_providers_is_fetched_when_it_first_signs() {
    let gate = world().gate("kyodo");
    assert!(sign_in(&gate, "hana").await.is_ok());
    assert_eq!(sign_in(&gate, "next-key").await.unwrap().subject, "next-key");
}

#[tokio::test]
async fn the_settings_say_which_claim_names_the_account_and_whom_to_believe() {
    let gate = world().gate("kyodo");
    assert!(matches!(sign_in(&gate, "unverified").await, Err(OidcFault::Email)));
    let trusting = world().gate_with("kyodo", |settings| settings["trust_email"] = json!(true));
    assert_eq!(sign_in(&trusting, "unverified").await.unwrap().account, "unverified@city.example.jp");

    let by_number = world().gate_with("kyodo", |settings| {
        settings["scopes"] = json!(["staff", "email"]);
        settings["claim_account"] = json!("employee_number");
    });
    assert!(matches!(sign_in(&by_number, "numberless").await, Err(OidcFault::Account(_))));
    let unverified = sign_in(&by_number, "unverified").await.unwrap();
    assert_eq!((unverified.account.as_str(), unverified.email), ("20481", None));

    // When the token says it all, nobody is asked again: the other answer would be about somebody else.
    assert_eq!(sign_in(&gate, "talkative").await.unwrap().name.as_deref(), Some("花"));
}

#[tokio::test]
async fn a_provider_that_is_away_or_another_is_told_as_such() {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let away = world().gate_with("kyodo", |settings| settings["issuer"] = json!(format!("http://{nobody}")));
    let fault = away.begin(BACK, Chance::Real, now()).await.unwrap_err();
    assert!(matches!(fault, OidcFault::Unreachable(_)) && fault.may_pass(), "{fault:?}");

    let alias = world().issuer.replace("127.0.0.1", "localhost");
    let other = world().gate_with("kyodo", |settings| settings["issuer"] = json!(alias));
    let fault = other.begin(BACK, Chance::Real, now()).await.unwrap_err();
    assert!(matches!(fault, OidcFault::Answer(_)), "{fault:?}");
}

#[tokio::test]
async fn documents_are_kept_for_an_hour() {
    let gate = world().gate("kyodo");
    let first = gate.metadata(now()).await.unwrap();
    let soon = gate.metadata(now() + TimeDelta::minutes(59)).await.unwrap();
    let later = gate.metadata(now() + TimeDelta::minutes(61)).await.unwrap();
    assert!(Arc::ptr_eq(&first, &soon));
    assert!(!Arc::ptr_eq(&first, &later));
}

#[test]
fn a_new_key_is_written_read_and_shown_by_the_same_name() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key.pem");
    let key = new_key(Chance::Real).unwrap();
    write_secret(&file, &key.pem);
    assert_eq!(ClientKey::read(&file).unwrap().jwk(), key.jwk);

    let jwk: Value = serde_json::from_str(&key.jwk).unwrap();
    assert_eq!(
        (&jwk["kty"], &jwk["crv"], &jwk["use"], &jwk["alg"]),
        (&json!("EC"), &json!("P-256"), &json!("sig"), &json!("ES256"))
    );
    assert!(jwk["d"].is_null() && jwk["kid"].is_string());
    assert!(!format!("{:?}", ClientKey::read(&file)).contains("PRIVATE"));
    // Chance that is always nothing gives no key, and no endless search.
    assert!(matches!(new_key(Chance::Fixed(0)), Err(SettingsFault::Chance)));
}

#[test]
fn settings_that_cannot_work_are_refused_at_the_start() {
    let key = new_key(Chance::Real).unwrap().pem;
    let settings = json!({
        "name": "認証", "issuer": "https://login.example.jp", "client_id": "kyodo", "key_file": "key.pem", "for_role": "residents",
    });
    let refused = |change: &[(&str, Value)], key: &str| {
        let mut settings = settings.clone();
        for (name, value) in change {
            settings[*name] = value.clone();
        }
        open(&settings, key).map(|_| ()).map_err(|fault| fault.message())
    };
    assert_eq!(provider(&settings).for_role, ForRole::Residents);
    assert_eq!(refused(&[("issuer", json!("http://login.example.jp"))], &key), Err("oidc-settings-issuer"));
    assert_eq!(refused(&[("key_file", Value::Null)], &key), Err("oidc-settings-proof"));
    assert_eq!(refused(&[("client_secret_file", json!("key.pem"))], &key), Err("oidc-settings-proof"));
    assert_eq!(refused(&[("key_file", json!("none.pem"))], &key), Err("oidc-settings-file"));
    assert_eq!(refused(&[], "no key"), Err("oidc-settings-key"));
    assert_eq!(refused(&[("key_algorithm", json!("RS256"))], &key), Err("oidc-settings-algorithm"));
    assert_eq!(refused(&[("ca_file", json!("none.pem"))], &key), Err("oidc-settings-file"));
    assert_eq!(refused(&[("ca_file", json!("key.pem"))], &key), Err("oidc-settings-certificates"));
    let secret = [("key_file", Value::Null), ("client_secret_file", json!("key.pem"))];
    assert_eq!(refused(&secret, "\n"), Err("oidc-settings-empty"));
    assert!(serde_json::from_value::<kyodo_accounts::oidc::Provider>(json!({ "nmae": "認証" })).is_err());
}

#[cfg(unix)]
#[test]
fn a_key_that_others_may_read_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("key.pem");
    write_secret(&file, &new_key(Chance::Real).unwrap().pem);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    let fault = ClientKey::read(&file).unwrap_err();
    assert!(matches!(fault, SettingsFault::OpenToOthers { mode: 0o640, .. }), "{fault:?}");
    assert_eq!(fault.file(), Some(file.as_path()));
}

#[test]
fn every_fault_is_said_in_every_language() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let source = fs::read_to_string(folder.join("src/oidc/fault.rs")).unwrap();
    let keys: Vec<_> = source.split('"').filter(|text| text.starts_with("oidc-")).collect();
    assert_eq!(keys.len(), 23);
    for language in ["ja", "ja-easy", "en"] {
        let messages = fs::read_to_string(folder.join(format!("messages/sign-in.{language}.ftl"))).unwrap();
        for key in &keys {
            assert!(messages.lines().any(|line| line.starts_with(&format!("{key} = "))), "{language}: {key}");
        }
    }
}
