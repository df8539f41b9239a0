//! Jobs in the reader's words: their state, when they come, and what went wrong.

use kyodo_kernel::jobs::{Every, State};
use kyodo_web::Frame;
use kyodo_web::components::Shape;

use super::Shown;

/// The mark and the message of a state.
pub(super) fn of_state(state: State) -> Shown {
    match state {
        State::Failed => (Shape::Late, "jobs-state-failed"),
        State::Running => (Shape::Part, "jobs-state-running"),
        State::Waiting => (Shape::None, "jobs-state-waiting"),
        State::Done => (Shape::Done, "jobs-state-done"),
        State::Stopped => (Shape::Not, "jobs-state-stopped"),
    }
}

const WEEKDAYS: [&str; 7] = [
    "jobs-weekday-1",
    "jobs-weekday-2",
    "jobs-weekday-3",
    "jobs-weekday-4",
    "jobs-weekday-5",
    "jobs-weekday-6",
    "jobs-weekday-7",
];

/// When a schedule comes: 毎日 3:20.
pub(super) fn of_schedule(f: &Frame, every: Every) -> String {
    let time = |hour: u32, minute: u32| format!("{hour}:{minute:02}");
    match every {
        Every::Minutes(minutes) => f.n("jobs-every-minutes", minutes),
        Every::Daily { hour, minute } => f.with("jobs-every-day", &[("time", &time(hour, minute))]),
        Every::Weekly { weekday, hour, minute } => {
            let day = f.t(WEEKDAYS[weekday.num_days_from_monday() as usize]);
            f.with("jobs-every-week", &[("day", &day), ("time", &time(hour, minute))])
        }
        Every::Monthly { day, hour, minute } => {
            f.with("jobs-every-month", &[("day", &day.to_string()), ("time", &time(hour, minute))])
        }
    }
}

/// What a part of an error means, the first that fits: what the queue says itself, then what mail systems answer
/// (RFC 3463, and the codes of RFC 5321 where there is no better).
const TROUBLES: [(&str, &str); 17] = [
    ("there is no kind of job", "jobs-trouble-unknown"),
    ("every attempt ended with the process", "jobs-trouble-ended"),
    ("the work panicked", "jobs-trouble-panic"),
    ("forgotten before it was sent", "jobs-trouble-forgotten"),
    ("not a mail address", "jobs-trouble-address"),
    ("5.2.2", "jobs-trouble-full"),
    ("5.1.", "jobs-trouble-address"),
    ("550", "jobs-trouble-address"),
    ("551", "jobs-trouble-address"),
    ("553", "jobs-trouble-address"),
    ("552", "jobs-trouble-full"),
    ("5.7.", "jobs-trouble-policy"),
    ("554", "jobs-trouble-policy"),
    ("could not be reached", "jobs-trouble-mail"),
    ("connecting:", "jobs-trouble-mail"),
    ("mail", "jobs-trouble-mail"),
    ("database", "jobs-trouble-database"),
];

/// The message that says what an error means.
pub(super) fn of_trouble(error: &str) -> &'static str {
    let error = error.to_lowercase();
    TROUBLES.iter().find(|(part, _)| error.contains(part)).map_or("jobs-trouble-other", |(_, message)| message)
}

#[cfg(test)]
mod tests {
    use super::of_trouble;

    #[test]
    fn what_a_mail_system_answers_is_said_in_plain_words() {
        for (error, message) in [
            ("550 5.1.1 No such user", "jobs-trouble-address"),
            ("552 5.2.2 Mailbox full", "jobs-trouble-full"),
            ("554 5.7.1 Denied by policy", "jobs-trouble-policy"),
            ("the work panicked: the printer burns", "jobs-trouble-panic"),
            ("connecting: Connection error: refused", "jobs-trouble-mail"),
            ("127.0.0.1:25 could not be reached just now", "jobs-trouble-mail"),
            ("something else", "jobs-trouble-other"),
        ] {
            assert_eq!(of_trouble(error), message, "{error}");
        }
    }
}
