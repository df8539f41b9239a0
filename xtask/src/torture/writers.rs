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
    /// The measure written about; the year of a round.
    pub(super) line: String,
    /// Its address at the desk.
    pub(super) address: String,
}

/// Where a form stands and where it goes, below the address of what it is about.
struct Door {
    kind: Kind,
    /// The page that tells its writer what stands there now, for a form that says what they saw.
    page: Option<&'static str>,
    action: &'static str,
    /// Whether the form is there only for those who have something to do.
    may_be_absent: bool,
}

const DOORS: [Door; 6] = [
    Door { kind: Kind::Text, page: Some(""), action: "/publication", may_be_absent: false },
    Door { kind: Kind::Document, page: None, action: "/documents", may_be_absent: false },
    Door { kind: Kind::Invitation, page: None, action: "", may_be_absent: false },
    Door { kind: Kind::Round, page: None, action: "", may_be_absent: false },
    Door { kind: Kind::Report, page: Some("?write=1"), action: "/submission", may_be_absent: false },
    // Whoever agreed, or waits for the department, has nothing to agree to.
    Door { kind: Kind::Agreement, page: Some(""), action: "/agreement", may_be_absent: true },
];

/// What a page says after its form came too late, where the answer is none of its own.
const OVERTAKEN: &str = "kyodo_said=said-report-elsewhere";

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
    pub(super) fn write(&self, office: &Office, done: u32) -> Result<(), String> {
        let name = format!("{:?}", self.kind).to_lowercase();
        let token = format!("{name}-{}-{done}", self.number);
        let door = DOORS.iter().find(|door| door.kind == self.kind).ok_or("a form without a door")?;
        // Nothing to post: nothing to agree to, or somebody ended the rounds while the processes were down.
        let Some(base) = self.base(office, door)? else { return Ok(()) };
        let form = self.form(door, &base, &token);
        let (city, kind, line) = (self.city, self.kind, self.line.clone());
        let deed = Deed { city, kind, line, token: token.clone(), base, posts: 0, fate: None };
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
            let told = answer
                .as_ref()
                .map(|answer| (answer.status, answer.header("location").unwrap_or_default(), answer.leaves(OVERTAKEN)));
            match told {
                Ok((409, ..) | (303, _, true)) => return Ok(Fate::Refused),
                Ok((303, location, _)) if location.starts_with("/desk/") => return Ok(Fate::Accepted),
                // The process is there and its database not yet.
                Ok((503, ..)) | Err(_) if begun.elapsed() < PATIENCE => thread::sleep(PAUSE),
                Ok((status, location, _)) => return Err(format!("{token} was answered with {status} {location}")),
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

    /// The form as it is posted.
    fn form(&self, door: &Door, base: &str, token: &str) -> Posted {
        let path = format!("{}{}", self.address, door.action);
        if self.kind == Kind::Document {
            let kind = format!("multipart/form-data; boundary={BOUNDARY}");
            return Posted { path, kind, body: with_file(token, &deeds::document(token), &deeds::content(token)) };
        }
        let hidden = [("once", token.to_owned()), ("base", base.to_owned())];
        let fields = hidden.into_iter().chain(self.fields(token)).filter(|(_, value)| !value.is_empty());
        let written: Vec<String> = fields.map(|(name, value)| format!("{name}={}", percent_encoded(&value))).collect();
        Posted { path, kind: http::FORM.into(), body: written.join("&").into() }
    }

    /// What is typed into the fields.
    fn fields(&self, token: &str) -> Vec<(&'static str, String)> {
        match self.kind {
            Kind::Text => vec![("purpose", deeds::purpose(token)), ("text", deeds::text(token))],
            Kind::Invitation => vec![
                ("name", format!("試験 {token}")),
                ("email", deeds::email(token)),
                ("role", "committee_member".to_owned()),
            ],
            Kind::Round => {
                let day = |name: &'static str, years: u32, day: &str| {
                    let year = self.line.parse::<u32>().unwrap_or_default() + years;
                    (name, format!("{year}-{day}"))
                };
                let days = [day("opens", 0, "04-01"), day("due", 1, "04-24"), day("decide", 1, "05-15")];
                [("year", self.line.clone())].into_iter().chain(days).collect()
            }
            Kind::Report => {
                let said = deeds::report(token);
                let field = |name: &'static str| (name, said[name].as_str().unwrap_or_default().to_owned());
                ["grade", "text", "next"].map(field).to_vec()
            }
            Kind::Document | Kind::Agreement => Vec::new(),
        }
    }

    /// What stands in the form of what its writer saw, or nothing for a form that does not say it. None when there is
    /// nothing to post, and when the rounds ended meanwhile.
    fn base(&self, office: &Office, door: &Door) -> Result<Option<String>, String> {
        let Some(page) = door.page else { return Ok(Some(String::new())) };
        let (path, action) = (format!("{}{page}", self.address), format!("{}{}", self.address, door.action));
        let removal = format!("{}/draft/removal", self.address);
        let begun = Instant::now();
        let mut last = String::new();
        for turn in self.number.. {
            match self.ask(office, turn, Question { path: &path, ..Question::default() }) {
                Ok(answer) if answer.status == 200 => {
                    let page = answer.text();
                    match (
                        form_to(&page, &action).and_then(|form| http::hidden(form, "base")),
                        form_to(&page, &removal),
                    ) {
                        // Their words of before, and what they saw then, would fill the form for ever.
                        (Some(_), Some(_)) => {
                            let form = Question { path: &removal, form: Some(""), ..Question::default() };
                            last = self.ask(office, turn, form).map_or_else(|error| error, |_| "a draft".to_owned());
                        }
                        (Some(base), None) => return Ok(Some(base.to_owned())),
                        (None, _) if door.may_be_absent => return Ok(None),
                        (None, _) => last = format!("{path} is a page without `base`"),
                    }
                }
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

/// What stands in the form of a page that is posted to an address.
fn form_to<'p>(page: &'p str, action: &str) -> Option<&'p str> {
    page.split_once(&format!(" action=\"{action}\""))?.1.split("</form>").next()
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
    fn the_form_of_an_address_is_found_among_others() {
        let page =
            "<form action=\"/a\" x><i name=\"base\" value=\"1\"></form><form class=\"f\" action=\"/a/b\"><p></form>";
        assert_eq!(form_to(page, "/a").and_then(|form| http::hidden(form, "base")), Some("1"));
        assert!(form_to(page, "/a/b").is_some_and(|form| http::hidden(form, "base").is_none()));
        assert_eq!(form_to(page, "/b"), None);
    }

    #[test]
    fn a_form_with_a_file_is_written_as_browsers_do() {
        let form = String::from_utf8(with_file("t1", "a.pdf", b"%PDF-")).expect("text");
        assert!(form.contains("name=\"once\"\r\n\r\nt1\r\n") && form.contains("filename=\"a.pdf\""), "{form}");
        assert!(form.ends_with("\r\n\r\n%PDF-\r\n--torture-boundary--\r\n"), "{form}");
    }
}
