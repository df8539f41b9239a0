//! Just enough HTTP to ask a server on this machine one question at a time.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// An answer; the body is as it came over the wire, compressed or not.
#[derive(Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Whether it leaves a cookie of this name and value.
    pub(crate) fn leaves(&self, cookie: &str) -> bool {
        let cookies = self.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case("set-cookie"));
        cookies.filter_map(|(_, value)| value.split(';').next()).any(|value| value.trim() == cookie)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// What is asked.
#[derive(Clone, Copy, Default)]
pub(crate) struct Question<'a> {
    pub(crate) path: &'a str,
    /// Names and values beside `Host`.
    pub(crate) headers: &'a [(&'a str, &'a str)],
    /// The fields of a form, which is then posted.
    pub(crate) form: Option<&'a str>,
    /// A form with a file, which is then posted: its kind and its body.
    pub(crate) upload: Option<(&'a str, &'a [u8])>,
}

impl Question<'_> {
    fn written(&self, host: &str) -> Vec<u8> {
        let posted = self.form.map(|form| (FORM, form.as_bytes())).or(self.upload);
        let method = if posted.is_some() { "POST" } else { "GET" };
        let own: String = self.headers.iter().map(|(name, value)| [name, ": ", value, "\r\n"].concat()).collect();
        let (length, body) = match posted {
            Some((kind, body)) => (format!("Content-Type: {kind}\r\nContent-Length: {}\r\n", body.len()), body),
            None => (String::new(), &[] as &[u8]),
        };
        let head = format!("{method} {} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{own}{length}\r\n", self.path);
        [head.as_bytes(), body].concat()
    }
}

/// How a form is written when it is sent.
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

/// Asks `127.0.0.1` in the name of a host, which programs other than browsers could not resolve.
pub(crate) fn ask(port: u16, host: &str, question: Question<'_>) -> Result<Answer, String> {
    let path = question.path;
    let failed = |error: std::io::Error| format!("http://{host}{path}: {error}");
    let mut stream = TcpStream::connect(("127.0.0.1", port)).map_err(failed)?;
    stream.set_read_timeout(Some(Duration::from_mins(1))).map_err(failed)?;
    stream.write_all(&question.written(host)).map_err(failed)?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).map_err(failed)?;
    parse(&bytes).ok_or_else(|| format!("http://{host}{path}: not an HTTP answer"))
}

/// The value of a hidden field of a page.
pub(crate) fn hidden<'p>(page: &'p str, name: &str) -> Option<&'p str> {
    page.split_once(&format!("name=\"{name}\" value=\""))?.1.split('"').next()
}

fn parse(bytes: &[u8]) -> Option<Answer> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).ok()?;
    let body = &bytes[end + 4..];
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
        .collect();
    let mut answer = Answer { status, headers, body: Vec::new() };
    let chunked = answer.header("transfer-encoding").is_some_and(|value| value.eq_ignore_ascii_case("chunked"));
    answer.body = if chunked { joined(body)? } else { body.to_vec() };
    Some(answer)
}

/// Puts the chunks of a body together.
fn joined(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.windows(2).position(|window| window == b"\r\n")?;
        let size = std::str::from_utf8(&rest[..end]).ok()?.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        if size == 0 {
            return Some(body);
        }
        let chunk = rest.get(end + 2..end + 2 + size)?;
        body.extend_from_slice(chunk);
        rest = rest.get(end + 4 + size..)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_posted_with_its_length() {
        let headers = [("Cookie", "a=b")];
        let question = Question { path: "/login", headers: &headers, form: Some("x=1"), ..Question::default() };
        let written = |question: Question<'_>| String::from_utf8(question.written("city.localhost")).expect("text");
        assert_eq!(
            written(question),
            "POST /login HTTP/1.1\r\nHost: city.localhost\r\nConnection: close\r\nCookie: a=b\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\nx=1"
        );
        assert_eq!(
            written(Question { path: "/", ..Question::default() }),
            "GET / HTTP/1.1\r\nHost: city.localhost\r\nConnection: close\r\n\r\n"
        );
    }

    #[test]
    fn a_hidden_field_is_found() {
        let page = r#"<input type="hidden" name="once" value="1"><input type="hidden" name="base" value="a1b2">"#;
        assert_eq!(hidden(page, "base"), Some("a1b2"));
        assert_eq!(hidden(page, "other"), None);
    }

    #[test]
    fn a_plain_answer_is_read() {
        let answer = parse(b"HTTP/1.1 200 OK\r\nX-Kyodo-Queries: 3\r\n\r\nhello").expect("an answer");
        assert_eq!(
            (answer.status, answer.header("x-kyodo-queries"), answer.text().as_str()),
            (200, Some("3"), "hello")
        );
    }

    #[test]
    fn every_cookie_of_an_answer_is_seen() {
        let answer =
            parse(b"HTTP/1.1 303 See Other\r\nSet-Cookie: a=b; Path=/\r\nset-cookie: c=said-x; HttpOnly\r\n\r\n");
        let answer = answer.expect("an answer");
        assert!(answer.leaves("a=b") && answer.leaves("c=said-x") && !answer.leaves("c=said"));
    }

    #[test]
    fn chunks_are_put_together_and_broken_ones_refused() {
        let head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
        let whole = [head.clone(), b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n".to_vec()].concat();
        assert_eq!(parse(&whole).expect("an answer").text(), "abcde");
        let broken = [head, b"9\r\nabc".to_vec()].concat();
        assert_eq!(parse(&broken), None);
    }
}
