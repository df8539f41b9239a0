//! Forms that are accepted, beside bare transactions of as many sentences; signing in, beside one hash of a password.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use super::http::{FORM, Question, hidden};
use super::load::{CONNECTIONS, Load, Reading};
use super::server::{Mode, Server};
use super::{Bench, CITY, ROUNDS, pages};
use crate::postgres::percent_encoded;
use crate::process::{ours, output};

/// So many people write, in turn: more than connections, so that nobody waits for their own row.
const WRITERS: usize = 128;
/// So many sign in at a time.
pub(crate) const SIGNING_IN: u32 = 4;
/// So many hashes are made one after the other.
const HASHES: &str = "20";

/// Who signs in, as the demo's greeting prints it: what stands before the @ of the address, and the password.
const NAME: &str = "tanto";
const PASSWORD: &str = "mihon-no-tobira-2026";

pub(crate) struct WriteFigures {
    pub(crate) name: &'static str,
    pub(crate) sentences: u32,
    pub(crate) reading: Reading,
    /// Bare transactions of as many sentences per second.
    pub(crate) bare: f64,
}

pub(crate) struct SignInFigures {
    pub(crate) reading: Reading,
    pub(crate) hash: Hash,
}

/// What one password costs.
#[derive(Debug, PartialEq)]
pub(crate) struct Hash {
    /// As argon2 names it.
    pub(crate) cost: String,
    pub(crate) time: Duration,
}

/// A form that can be posted without end, by everybody, each time with an effect.
struct Write {
    name: &'static str,
    path: String,
    /// What the browser's program takes for an answer.
    accept: &'static str,
    /// The fields, in turn, so that each post changes what the one before left.
    fields: [String; 2],
    /// How many sentences its transaction has: the fewest of the two turns.
    sentences: u32,
    /// Status and address of the answer to a form that was accepted.
    accepted: (u16, Option<&'static str>),
}

fn all(server: &Server, cookie: &str) -> Result<Vec<Write>, String> {
    let editor = pages::editor(server)?;
    let page = server.get_as(CITY, &editor, &[("Cookie", cookie)])?.text();
    let base = hidden(&page, "base").ok_or_else(|| format!("{editor} has no field `base`"))?;
    let draft = |text: &str| format!("base={base}&purpose={}", percent_encoded(&text.repeat(8)));
    Ok(vec![
        Write {
            name: "a draft kept by itself: one upsert, not audited",
            path: format!("{editor}/draft"),
            accept: "application/json",
            fields: [draft("地域の話し合いを広げます。"), draft("話し合いの場をひらきます。")],
            sentences: 1,
            accepted: (200, None),
        },
        Write {
            // Its form taken once, the topic looked up, ended or resumed, told to the trail, the form settled.
            name: "choice of mail: posted once, stored, audited",
            path: "/account/mail".into(),
            accept: "text/html",
            fields: ["mail=chosen".into(), "mail=chosen&topic=bench".into()],
            sentences: 6,
            accepted: (303, Some("/account/mail")),
        },
    ])
}

impl Bench<'_> {
    /// The server and the bare transactions in turn. The server is ended first: what it does behind its answers would
    /// be done at the cost of the bare ones.
    pub(super) fn writes(&self) -> Result<Vec<WriteFigures>, String> {
        let mut cookies = Vec::new();
        let mut writes = Vec::new();
        let mut taken: Vec<(Vec<Reading>, Vec<f64>)> = Vec::new();
        for round in 0..ROUNDS {
            let server = self.ready("demo", Mode::Production)?;
            if round == 0 {
                cookies = self.cookies(WRITERS)?;
                writes = all(&server, &cookies[0])?;
                taken.resize_with(writes.len(), Default::default);
            }
            for (at, (write, (readings, _))) in writes.iter().zip(&mut taken).enumerate() {
                let label = format!("{round}-{at}");
                write.try_once(&server, &cookies[0], &label)?;
                self.post(&server, write, &cookies, &format!("{label}-first"), 1)?;
                readings.push(self.post(&server, write, &cookies, &label, self.seconds)?);
                write.try_once(&server, &cookies[0], &format!("{label}-last"))?;
            }
            drop(server);
            for (write, (_, bare)) in writes.iter().zip(&mut taken) {
                bare.push(self.bare(write.sentences)?);
            }
        }
        let figures = writes.iter().zip(taken).map(|(write, (readings, mut bare))| {
            bare.sort_by(f64::total_cmp);
            let reading = Reading::median(&readings).ok_or("nothing was written")?;
            Ok(WriteFigures { name: write.name, sentences: write.sentences, reading, bare: bare[bare.len() / 2] })
        });
        figures.collect()
    }

    pub(super) fn sign_in(&self) -> Result<SignInFigures, String> {
        let server = self.ready("demo", Mode::Production)?;
        let name = percent_encoded(&format!("{NAME}@{CITY}.example"));
        let fields = format!("name={name}&password={}", percent_encoded(PASSWORD));
        let try_once = || {
            let form = Some(fields.as_str());
            accepted(&server, Question { path: "/login", form, ..Question::default() }, (303, Some("/desk")))
        };
        try_once()?;
        let script = self.file("sign-in.lua", &format!("wrk.method = \"POST\"\nwrk.body = \"{fields}\"\n"))?;
        let load = form_load(&server, "/login").connections(SIGNING_IN).script(&script);
        load.measure(1)?;
        let (mut readings, mut hashes) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            readings.push(load.measure(self.seconds)?);
            hashes.push(self.hash()?);
        }
        try_once()?;
        hashes.sort_by_key(|hash| hash.time);
        let reading = Reading::median(&readings).ok_or("nobody signed in")?;
        Ok(SignInFigures { reading, hash: hashes.swap_remove(ROUNDS / 2) })
    }

    fn post(
        &self,
        server: &Server,
        write: &Write,
        cookies: &[String],
        label: &str,
        seconds: u64,
    ) -> Result<Reading, String> {
        let script = self.file("write.lua", &script(cookies, &write.fields, label))?;
        form_load(server, &write.path).header("Accept", write.accept).script(&script).measure(seconds)
    }

    fn bare(&self, sentences: u32) -> Result<f64, String> {
        let mut command = self.command("bench-write");
        command.args(["--city", CITY, "--statements", &sentences.to_string()]);
        command.args(["--seconds", &self.seconds.to_string(), "--concurrency", &CONNECTIONS.to_string()]);
        let text = output(&mut command).ok_or("kyodo bench-write failed")?;
        let rate = word_of(&text, "transactions_per_second").and_then(|word| word.parse().ok());
        rate.ok_or_else(|| format!("kyodo bench-write said something new: {text}"))
    }

    fn hash(&self) -> Result<Hash, String> {
        let text = output(ours(self.program).args(["bench-write", "--hashes", HASHES])).ok_or("no hash was made")?;
        hash_of(&text).ok_or_else(|| format!("kyodo bench-write said something new: {text}"))
    }

    fn file(&self, name: &str, text: &str) -> Result<PathBuf, String> {
        let file = self.data.path().join(name);
        fs::write(&file, text).map_err(|error| format!("{}: {error}", file.display()))?;
        Ok(file)
    }
}

impl Write {
    /// A redirection to the door counts as a success under load, so one answer is looked at.
    fn try_once(&self, server: &Server, cookie: &str, label: &str) -> Result<(), String> {
        let form = format!("{}&once=bench-{label}-try", self.fields[0]);
        let headers = [("Cookie", cookie), ("Accept", self.accept)];
        accepted(
            server,
            Question { path: &self.path, headers: &headers, form: Some(&form), ..Question::default() },
            self.accepted,
        )
    }
}

/// Posts a form as the page it stands on does, and sees that it is accepted.
fn accepted(server: &Server, question: Question<'_>, wanted: (u16, Option<&str>)) -> Result<(), String> {
    let origin = origin(server);
    let headers = [question.headers, &[("Origin", origin.as_str())]].concat();
    let answer = server.ask(CITY, Question { headers: &headers, ..question })?;
    if (answer.status, answer.header("location")) == wanted {
        return Ok(());
    }
    Err(format!("{} was not accepted: {} {}", question.path, answer.status, answer.header("location").unwrap_or("")))
}

fn form_load<'a>(server: &'a Server, path: &'a str) -> Load<'a> {
    Load::of(server, path).header("Origin", &origin(server)).header("Content-Type", FORM)
}

fn origin(server: &Server) -> String {
    format!("http://{}", server.host(CITY))
}

/// Each request by the next person, with a token of its own; when everybody has had their turn, with the other fields.
fn script(cookies: &[String], fields: &[String; 2], label: &str) -> String {
    let quoted: Vec<String> = cookies.iter().map(|cookie| format!("\"{cookie}\"")).collect();
    let [first, second] = fields;
    format!(
        "local cookies = {{{}}}\n\
         local fields = {{\"{first}\", \"{second}\"}}\n\
         local n = 0\n\
         wrk.method = \"POST\"\n\
         function request()\n\
         \x20 local turn = math.floor(n / #cookies)\n\
         \x20 wrk.headers[\"Cookie\"] = cookies[n % #cookies + 1]\n\
         \x20 wrk.body = fields[turn % 2 + 1] .. \"&once=bench-{label}-\" .. n\n\
         \x20 n = n + 1\n\
         \x20 return wrk.format()\n\
         end\n",
        quoted.join(", ")
    )
}

/// The word behind `name=`.
pub(super) fn word_of<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    text.split_whitespace().find_map(|word| word.strip_prefix(name)?.strip_prefix('='))
}

fn hash_of(text: &str) -> Option<Hash> {
    let (m, t, p) = (word_of(text, "m")?, word_of(text, "t")?, word_of(text, "p")?);
    let time = Duration::from_micros(word_of(text, "microseconds")?.parse().ok()?);
    Some(Hash { cost: format!("m={m} KiB, t={t}, p={p}"), time })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cost_of_a_password_is_read() {
        let hash = hash_of("m=19456 t=2 p=1 microseconds=12500").expect("a hash");
        assert_eq!(hash, Hash { cost: "m=19456 KiB, t=2, p=1".into(), time: Duration::from_micros(12500) });
        assert_eq!(hash_of("m=19456 t=2 p=1"), None);
        assert_eq!(word_of("transactions_per_second=812.4", "transactions_per_second"), Some("812.4"));
        assert_eq!(word_of("per_second=812.4", "second"), None);
    }

    #[test]
    fn a_script_gives_each_person_their_turn_and_each_form_its_token() {
        let text = script(&["s=1".into(), "s=2".into()], &["a=1".into(), "a=2".into()], "0-1");
        assert!(text.contains("local cookies = {\"s=1\", \"s=2\"}\n"), "{text}");
        assert!(text.contains("local fields = {\"a=1\", \"a=2\"}\n"), "{text}");
        assert!(text.contains(".. \"&once=bench-0-1-\" .. n\n"), "{text}");
    }
}
