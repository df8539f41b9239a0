//! Those who write: each a thread that posts one form after the other, and posts it again, the same, until somebody
//! answers.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::deeds::{self, Deed, Deeds, Fate, Kind};
use crate::http::{self, Answer, Question};
use crate::postgres::percent_encoded;

/// How long a writer waits before the next try, when nobody answers.
const PAUSE: Duration = Duration::from_millis(20);
/// A browser's user would have given up by then.
const PATIENCE: Duration = Duration::from_mins(1);
const BOUNDARY: &str = "torture-boundary";

/// Somebody who writes.
#[derive(Clone)]
pub(super) struct Writer {
    pub(super) number: usize,
    pub(super) city: &'static str,
    pub(super) kind: Kind,
    pub(super) cookie: String,
    /// The measure written about.
    pub(super) line: String,
}

/// What all writers share.
#[derive(Clone)]
pub(super) struct Office {
    /// Where the processes listen; each writer begins with its own and goes on to the next.
    pub(super) ports: Vec<u16>,
    pub(super) deeds: Deeds,
    pub(super) gate: Gate,
    /// What nobody had expected.
    pub(super) surprises: Arc<Mutex<Vec<String>>>,
}

impl Writer {
    pub(super) fn begin(self, office: Office) -> JoinHandle<()> {
        thread::spawn(move || {
            let mut done = 0;
            while office.gate.enter() {
                done += 1;
                if let Err(surprise) = self.write(&office, done) {
                    office.surprises.lock().unwrap_or_else(PoisonError::into_inner).push(surprise);
                }
                office.gate.leave();
                if self.kind != Kind::Text {
                    thread::sleep(PAUSE * 3);
                }
            }
        })
    }

    /// One change, from the first look to the answer.
    fn write(&self, office: &Office, done: u32) -> Result<(), String> {
        let name = format!("{:?}", self.kind).to_lowercase();
        let token = format!("{name}-{}-{done}", self.number);
        // Nothing to post: somebody ended the rounds while the processes were down.
        let Some(form) = self.form(office, &token)? else { return Ok(()) };
        let (city, kind, line) = (self.city, self.kind, self.line.clone());
        let deed = Deed { city, kind, line, token: token.clone(), posts: 0, fate: None };
        let number = office.deeds.begin(deed);
        let fate = self.posted(office, &form, &token, || office.deeds.change(number, |deed| deed.posts += 1))?;
        office.deeds.change(number, |deed| deed.fate = Some(fate));
        Ok(())
    }

    /// Posts the same form until it is answered.
    fn posted(&self, office: &Office, form: &Posted, token: &str, mut tried: impl FnMut()) -> Result<Fate, String> {
        let begun = Instant::now();
        for turn in self.number.. {
            tried();
            let answer = self.ask(office, turn, form.question());
            match answer.as_ref().map(|answer| (answer.status, answer.header("location").unwrap_or_default())) {
                Ok((303, location)) if location.starts_with("/desk/") => return Ok(Fate::Accepted),
                Ok((409, _)) => return Ok(Fate::Refused),
                // The process is there and its database not yet.
                Ok((503, _)) | Err(_) if begun.elapsed() < PATIENCE => thread::sleep(PAUSE),
                Ok((status, location)) => return Err(format!("{token} was answered with {status} {location}")),
                Err(error) => return Err(format!("{token} was not answered: {error}")),
            }
        }
        Ok(Fate::Refused)
    }

    fn ask(&self, office: &Office, turn: usize, question: Question<'_>) -> Result<Answer, String> {
        let port = office.ports[turn % office.ports.len()];
        let host = format!("{}.localhost:{port}", self.city);
        let origin = format!("http://{host}");
        let headers = [("Cookie", self.cookie.as_str()), ("Origin", origin.as_str())];
        http::ask(port, &host, Question { headers: &headers, ..question })
    }

    /// The form as it is posted; for a text with the fingerprint of what stands there now.
    fn form(&self, office: &Office, token: &str) -> Result<Option<Posted>, String> {
        let once = format!("once={token}");
        let line = &self.line;
        Ok(Some(match self.kind {
            Kind::Text => {
                let path = format!("/desk/plan/nodes/{line}");
                let Some(base) = self.base(office, &path)? else {
                    return Ok(None);
                };
                let (purpose, text) = (deeds::purpose(token), deeds::text(token));
                let fields =
                    format!("base={base}&purpose={}&text={}", percent_encoded(&purpose), percent_encoded(&text));
                Posted {
                    path: format!("{path}/publication"),
                    kind: http::FORM.into(),
                    body: format!("{once}&{fields}").into(),
                }
            }
            Kind::Invitation => {
                let name = format!("{} {token}", percent_encoded("試験")).replace(' ', "+");
                let email = percent_encoded(&deeds::email(token));
                let fields = format!("name={name}&email={email}&role=committee_member");
                Posted { path: "/desk/people".into(), kind: http::FORM.into(), body: format!("{once}&{fields}").into() }
            }
            Kind::Document => Posted {
                path: format!("/desk/plan/nodes/{line}/documents"),
                kind: format!("multipart/form-data; boundary={BOUNDARY}"),
                body: with_file(token, &deeds::document(token), &deeds::content(token)),
            },
        }))
    }

    /// The fingerprint in the editor of a measure; none when the rounds ended meanwhile.
    fn base(&self, office: &Office, path: &str) -> Result<Option<String>, String> {
        let begun = Instant::now();
        let mut last = String::new();
        for turn in self.number.. {
            match self.ask(office, turn, Question { path, ..Question::default() }) {
                Ok(answer) if answer.status == 200 => match http::hidden(&answer.text(), "base") {
                    Some(base) => return Ok(Some(base.to_owned())),
                    None => last = format!("{path} is a page without `base`"),
                },
                Ok(answer) if answer.status == 503 => last = format!("{path}: {}", answer.status),
                Ok(answer) => return Err(format!("{path} was answered with {}", answer.status)),
                Err(error) => last = error,
            }
            if office.gate.is_closed() {
                return Ok(None);
            }
            if begun.elapsed() > PATIENCE {
                break;
            }
            thread::sleep(PAUSE);
        }
        Err(format!("nobody answered: {last}"))
    }
}

/// A form on its way.
struct Posted {
    path: String,
    kind: String,
    body: Vec<u8>,
}

impl Posted {
    fn question(&self) -> Question<'_> {
        Question { path: &self.path, upload: Some((&self.kind, &self.body)), ..Question::default() }
    }
}

/// A form with a token and a file, as browsers write it (RFC 7578).
fn with_file(token: &str, name: &str, content: &[u8]) -> Vec<u8> {
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"once\"\r\n\r\n{token}\r\n\
         --{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: application/pdf\r\n\r\n"
    );
    [head.as_bytes(), content, format!("\r\n--{BOUNDARY}--\r\n").as_bytes()].concat()
}

/// Lets the writers work, and tells when all of them have their answers.
#[derive(Clone, Default)]
pub(super) struct Gate(Arc<(Mutex<Passage>, Condvar)>);

#[derive(Default)]
struct Passage {
    open: bool,
    ended: bool,
    busy: usize,
}

impl Gate {
    pub(super) fn open(&self) {
        self.change(|passage| passage.open = true);
    }

    /// Lets nobody begin any more, and waits until everybody has ended. False when it takes too long.
    pub(super) fn close(&self, within: Duration) -> bool {
        self.change(|passage| passage.open = false);
        let waited = self.0.1.wait_timeout_while(self.locked(), within, |passage| passage.busy > 0);
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
    }

    pub(super) fn end(&self) {
        self.change(|passage| passage.ended = true);
    }

    fn is_closed(&self) -> bool {
        !self.locked().open
    }

    fn enter(&self) -> bool {
        let waited = self.0.1.wait_while(self.locked(), |passage| !passage.open && !passage.ended);
        let mut passage = waited.unwrap_or_else(PoisonError::into_inner);
        if passage.ended {
            return false;
        }
        passage.busy += 1;
        true
    }

    fn leave(&self) {
        self.change(|passage| passage.busy -= 1);
    }

    fn change(&self, change: impl FnOnce(&mut Passage)) {
        change(&mut self.locked());
        self.0.1.notify_all();
    }

    fn locked(&self) -> MutexGuard<'_, Passage> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gate_waits_for_those_inside_and_lets_nobody_else_in() {
        let gate = Gate::default();
        gate.open();
        assert!(gate.enter());
        assert!(!gate.close(Duration::from_millis(1)), "one is still busy");
        gate.leave();
        assert!(gate.close(Duration::from_secs(5)));
        gate.end();
        assert!(!gate.enter());
    }

    #[test]
    fn a_form_with_a_file_is_written_as_browsers_do() {
        let form = String::from_utf8(with_file("t1", "a.pdf", b"%PDF-")).expect("text");
        assert!(form.contains("name=\"once\"\r\n\r\nt1\r\n") && form.contains("filename=\"a.pdf\""), "{form}");
        assert!(form.ends_with("\r\n\r\n%PDF-\r\n--torture-boundary--\r\n"), "{form}");
    }
}
