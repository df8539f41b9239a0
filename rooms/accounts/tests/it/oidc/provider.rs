//! The identity provider of the tests: npm's `oidc-provider` in a process of its own, one for each test binary, and our gates to it.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use kyodo_accounts::oidc::{Gate, Provider, SettingsFault, new_key};
use kyodo_kernel::Chance;
use serde_json::{Value, json};

/// Our address that browsers come back to. Nobody listens there: the browser of the tests only reads it.
pub(crate) const BACK: &str = "http://127.0.0.1:9/desk/sign-in/back";

/// A secret with letters that mean something in forms and headers.
const SECRET: &str = "half:a%20secret+&other=half";

/// A running provider, and the keys of the clients it knows.
pub(crate) struct World {
    pub(crate) issuer: String,
    key: String,
    other_key: String,
    rsa: String,
    /// The process ends when its standard input does, at the latest with ours.
    _process: Child,
}

/// The provider, started by whoever needs it first.
pub(crate) fn world() -> &'static World {
    static WORLD: OnceLock<World> = OnceLock::new();
    WORLD.get_or_init(start)
}

impl World {
    /// The settings of a client that the provider knows.
    pub(crate) fn settings(&self, client: &str) -> Value {
        let mut settings = json!({
            "name": "職員認証", "issuer": self.issuer, "client_id": client, "key_file": "key.pem", "for_role": "staff",
        });
        if client == "kyodo-secret" {
            settings["key_file"] = Value::Null;
            settings["client_secret_file"] = json!("key.pem");
        }
        settings
    }

    /// A gate for one of the clients that the provider knows.
    pub(crate) fn gate(&self, client: &str) -> Gate {
        self.gate_with(client, |_| {})
    }

    /// The same with other settings.
    pub(crate) fn gate_with(&self, client: &str, change: impl FnOnce(&mut Value)) -> Gate {
        let mut settings = self.settings(client);
        change(&mut settings);
        open(&settings, self.secret_of(client)).expect("a gate opens")
    }

    /// A gate for `kyodo` with the key of `kyodo-other`.
    pub(crate) fn gate_with_the_wrong_key(&self) -> Gate {
        open(&self.settings("kyodo"), &self.other_key).expect("a gate opens")
    }

    fn secret_of(&self, client: &str) -> &str {
        match client {
            "kyodo-secret" => SECRET,
            "kyodo-rsa" | "kyodo-pss" => &self.rsa,
            "kyodo-other" => &self.other_key,
            _ => &self.key,
        }
    }
}

/// A gate from settings, with this text in `key.pem`.
pub(crate) fn open(settings: &Value, key: &str) -> Result<Gate, SettingsFault> {
    let folder = tempfile::tempdir().expect("a folder");
    write_secret(&folder.path().join("key.pem"), key);
    Gate::open(provider(settings), folder.path())
}

/// Settings as the registration file gives them.
pub(crate) fn provider(settings: &Value) -> Provider {
    serde_json::from_value(settings.clone()).expect("settings")
}

/// Writes a file that nobody else may read.
pub(crate) fn write_secret(file: &Path, text: &str) {
    fs::write(file, text).expect("a file is written");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(file, fs::Permissions::from_mode(0o600)).expect("its mode is set");
    }
}

fn start() -> World {
    let e2e = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../e2e");
    assert!(
        e2e.join("node_modules/oidc-provider").exists(),
        "the tests of signing in need npm's oidc-provider: run `npm ci` in e2e"
    );
    let (key, other) = (new_key(Chance::Real).expect("a key"), new_key(Chance::Real).expect("a key"));
    let jwk = |jwk: &str| serde_json::from_str::<Value>(jwk).expect("a JWK");
    let clients = json!({ "redirectUri": BACK, "clients": [
        { "id": "kyodo", "jwk": jwk(&key.jwk), "token_endpoint_auth_signing_alg": "ES256" },
        { "id": "kyodo-other", "jwk": jwk(&other.jwk) },
        { "id": "kyodo-rsa", "rsa": true, "id_token_signed_response_alg": "RS256", "token_endpoint_auth_signing_alg": "RS256" },
        { "id": "kyodo-pss", "rsa": true, "kid": "city-2026", "id_token_signed_response_alg": "PS256", "token_endpoint_auth_signing_alg": "PS256" },
        { "id": "kyodo-secret", "secret": SECRET },
    ]});
    let mut process = Command::new(node())
        .arg(e2e.join("lib/provider.mjs"))
        .arg(clients.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the tests of signing in need node, 18 or newer, and `npm ci` in e2e");
    let mut said = String::new();
    BufReader::new(process.stdout.take().expect("its output")).read_line(&mut said).expect("its first line");
    let said: Value = serde_json::from_str(&said).expect("the provider starts and says where it is");
    let text = |name: &str| said[name].as_str().expect("a text").to_owned();
    World { issuer: text("issuer"), rsa: text("rsa"), key: key.pem, other_key: other.pem, _process: process }
}

fn node() -> PathBuf {
    std::env::var_os("KYODO_NODE").map_or_else(|| "node".into(), PathBuf::from)
}
