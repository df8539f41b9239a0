//! A small mail server on this machine, which writes down what it received, and from whom.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// So long it takes between having a letter whole and saying so: a crash shall find its way in between.
const PONDERS: Duration = Duration::from_millis(15);

/// A letter as it came in.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Received {
    /// What stands in its Message-ID before the city: its key.
    pub(super) key: String,
    /// What stands behind it.
    pub(super) city: String,
    /// Who brought it: each life of a process says hello by a name of its own.
    pub(super) life: String,
    /// Whether it goes on to its last line.
    pub(super) whole: bool,
}

/// Serves until the program ends.
pub(super) struct PostOffice {
    port: u16,
    received: Arc<Mutex<Vec<Received>>>,
}

impl PostOffice {
    pub(super) fn open() -> Result<Self, String> {
        let failed = |error: std::io::Error| format!("the mail server of the test: {error}");
        let listener = TcpListener::bind("127.0.0.1:0").map_err(failed)?;
        let port = listener.local_addr().map_err(failed)?.port();
        let received = Arc::<Mutex<Vec<Received>>>::default();
        let kept = Arc::clone(&received);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let kept = Arc::clone(&kept);
                // A process that is killed leaves in the middle of a sentence.
                thread::spawn(move || drop(converse(&stream, &kept)));
            }
        });
        Ok(Self { port, received })
    }

    /// Its address for the life of a process.
    pub(super) fn address(&self, life: &str) -> String {
        format!("smtp://127.0.0.1:{}/{life}", self.port)
    }

    pub(super) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn converse(stream: &TcpStream, received: &Mutex<Vec<Received>>) -> std::io::Result<()> {
    let mut say = stream;
    let mut lines = BufReader::new(stream);
    let mut hello = String::new();
    say.write_all(b"220 torture\r\n")?;
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let (word, rest) = line.trim_end().split_once(' ').unwrap_or((line.trim_end(), ""));
        match word.to_ascii_uppercase().as_str() {
            "EHLO" | "HELO" => {
                rest.clone_into(&mut hello);
                say.write_all(b"250 torture\r\n")?;
            }
            "DATA" => {
                say.write_all(b"354 go on\r\n")?;
                let Some(letter) = letter(&mut lines)? else {
                    return Ok(());
                };
                let known = known(&letter).unwrap_or_default();
                let letter = Received { life: hello.clone(), ..known };
                received.lock().unwrap_or_else(PoisonError::into_inner).push(letter);
                thread::sleep(PONDERS);
                say.write_all(b"250 taken\r\n")?;
            }
            "QUIT" => return say.write_all(b"221 bye\r\n"),
            _ => say.write_all(b"250 yes\r\n")?,
        }
    }
}

/// The letter up to the line with a dot; none when the sender was cut off.
fn letter(lines: &mut impl BufRead) -> std::io::Result<Option<String>> {
    let mut letter = String::new();
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        if line == ".\r\n" {
            return Ok(Some(letter));
        }
        letter.push_str(&line);
    }
}

/// A letter by its Message-ID, `<key.city@…>`, and by its end.
pub(super) fn known(letter: &str) -> Option<Received> {
    let id = letter.lines().find_map(|line| line.strip_prefix("Message-ID: <"))?;
    let (key, city) = id.split_once('@')?.0.split_once('.')?;
    let whole = letter.trim_end().ends_with(&format!("--kyodo-{key}--"));
    Some(Received { key: key.to_owned(), city: city.to_owned(), life: String::new(), whole })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_is_known_by_its_message_id_and_by_its_end() {
        let whole = "Message-ID: <ab12.ichinoseki@kyodo.example>\r\n\r\n--kyodo-ab12\r\n\r\n--kyodo-ab12--\r\n";
        let letter = Received { key: "ab12".into(), city: "ichinoseki".into(), whole: true, ..Received::default() };
        assert_eq!(known(whole), Some(letter.clone()));
        assert_eq!(known(&whole[..60]), Some(Received { whole: false, ..letter }));
        assert_eq!(known("Subject: x"), None);
    }

    #[test]
    fn a_letter_that_is_cut_off_was_not_received() {
        let mut whole = "a\r\n..\r\n.\r\nrest".as_bytes();
        assert_eq!(letter(&mut whole).expect("lines"), Some("a\r\n..\r\n".to_owned()));
        assert_eq!(letter(&mut "a\r\n".as_bytes()).expect("lines"), None);
    }
}
