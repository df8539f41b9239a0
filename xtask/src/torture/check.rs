//! The judgement: what was answered is held against what stands in the database, and what stands there against itself.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::deeds::{self, Deed, Fate, Kind};
use super::rows::{Act, Report, Rows};

/// What is wrong.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Finding {
    pub(super) fault: Fault,
    pub(super) told: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// An accepted change is not there.
    Lost,
    /// Something stands there without what belongs to it, or in pieces.
    Half,
    /// A change is there twice, or one that was refused is there.
    Double,
    /// A letter did not leave, or left twice without a crash in between.
    Letter,
    /// The audit trail does not verify.
    Seal,
}

/// The findings so far, about one city.
#[derive(Default)]
struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, fault: Fault, told: impl Into<String>) {
        self.0.push(Finding { fault, told: told.into() });
    }

    /// So many there must be exactly.
    fn must(&mut self, there: usize, wanted: usize, missing: Fault, told: impl FnOnce() -> String) {
        let fault = if there > wanted { Fault::Double } else { missing };
        if there != wanted {
            self.add(fault, format!("{}: {there} instead of {wanted}", told()));
        }
    }
}

/// Addresses of people by the measure that they have to do with.
pub(super) type Addresses = BTreeMap<String, BTreeSet<String>>;

/// Who has to do with what in a city.
#[derive(Default)]
pub(super) struct People {
    /// Those who are told when a text of a measure changes.
    pub(super) colleagues: Addresses,
    /// Those who report an item of the round, those who agree first, and those who are asked after them.
    pub(super) reporters: Addresses,
    pub(super) heads: Addresses,
    pub(super) office: Addresses,
}

/// Judges one city. `deeds` are its own, all answered.
pub(super) fn city(deeds: &[Deed], rows: &Rows, people: &People) -> Vec<Finding> {
    let mut findings = Findings::default();
    submissions(&mut findings, deeds, rows);
    texts(&mut findings, deeds, rows);
    texts_told(&mut findings, rows, people);
    rounds(&mut findings, deeds, rows);
    reports(&mut findings, deeds, rows, people);
    invitations(&mut findings, deeds, rows);
    documents(&mut findings, deeds, rows);
    letters(&mut findings, rows);
    findings.0
}

fn of(deeds: &[Deed], kind: Kind) -> impl Iterator<Item = &Deed> {
    deeds.iter().filter(move |deed| deed.kind == kind)
}

/// How often a deed must be there.
fn wanted(deed: &Deed) -> usize {
    usize::from(deed.fate == Some(Fate::Accepted))
}

fn grouped<'r, R>(rows: &'r [R], key: impl Fn(&'r R) -> Option<&'r str>) -> BTreeMap<&'r str, Vec<&'r R>> {
    let mut groups: BTreeMap<&str, Vec<&R>> = BTreeMap::new();
    for row in rows {
        if let Some(key) = key(row) {
            groups.entry(key).or_default().push(row);
        }
    }
    groups
}

/// Each deed is there as often as it was accepted, and nothing is there that nobody did.
fn counted<R>(findings: &mut Findings, deeds: &[Deed], kind: Kind, there: &BTreeMap<&str, Vec<&R>>) {
    let mut known = BTreeSet::new();
    for deed in of(deeds, kind) {
        known.insert(deed.token.as_str());
        let count = there.get(deed.token.as_str()).map_or(0, Vec::len);
        findings.must(count, wanted(deed), Fault::Lost, || format!("{} ({:?})", deed.token, deed.fate));
    }
    for token in there.keys().filter(|token| !known.contains(*token)) {
        findings.add(Fault::Half, format!("{token} is there, and nobody did it"));
    }
}

/// How often the trail tells of an action, by its subject and one field of its detail.
fn noted(rows: &Rows, action: &str, field: &str) -> BTreeMap<(String, String), usize> {
    let mut noted = BTreeMap::new();
    for entry in rows.entries.iter().filter(|entry| entry.action == action) {
        *noted.entry((entry.subject.clone(), entry.detail[field].to_string())).or_default() += 1;
    }
    noted
}

/// The token of a form is taken in the transaction of the change, and says where it led.
fn submissions(findings: &mut Findings, deeds: &[Deed], rows: &Rows) {
    let there: BTreeMap<&str, &str> =
        rows.submissions.iter().map(|row| (row.token.as_str(), row.answer.as_str())).collect();
    for deed in deeds {
        match there.get(deed.token.as_str()) {
            None if wanted(deed) == 1 => findings.add(Fault::Half, format!("the token of {} is not there", deed.token)),
            Some(_) if wanted(deed) == 0 => {
                findings.add(Fault::Double, format!("the token of {} was taken", deed.token));
            }
            Some(&"") => findings.add(Fault::Half, format!("the token of {} leads nowhere", deed.token)),
            _ => {}
        }
    }
    let known: BTreeSet<&str> = deeds.iter().map(|deed| deed.token.as_str()).collect();
    for token in there.keys().filter(|token| !known.contains(*token)) {
        findings.add(Fault::Half, format!("the token {token} is there, and nobody sent it"));
    }
}

fn texts(findings: &mut Findings, deeds: &[Deed], rows: &Rows) {
    let there = grouped(&rows.texts, |text| deeds::token_of_purpose(&text.purpose));
    counted(findings, deeds, Kind::Text, &there);
    for deed in of(deeds, Kind::Text) {
        for text in there.get(deed.token.as_str()).into_iter().flatten() {
            if (&text.key, &text.body) != (&deed.line, &deeds::text(&deed.token)) {
                findings.add(Fault::Half, format!("the text {} is not as it was written", deed.token));
            }
        }
    }
    let published = noted(rows, "measure.published", "number");
    for text in &rows.texts {
        let own = published.get(&(format!("measure:{}", text.key), text.number.to_string())).copied();
        let told = || format!("audit entries of text {} of {}", text.number, text.key);
        findings.must(own.unwrap_or_default(), 1, Fault::Half, told);
    }
    findings.must(published.values().sum(), rows.texts.len(), Fault::Half, || "audit entries of texts".into());
    for (key, texts) in grouped(&rows.texts, |text| Some(&text.key)) {
        // The first is the plan's own.
        let numbers: Vec<i64> = texts.iter().map(|text| text.number).collect();
        if numbers.iter().zip(2..).any(|(number, wanted)| *number != wanted) {
            findings.add(Fault::Half, format!("the texts of {key} are numbered {numbers:?}"));
        }
        let public = rows.lines.iter().find(|line| line.key == key);
        let stands = public.map(|line| (line.purpose.as_deref(), line.text.as_deref()));
        if texts.last().map(|text| (Some(text.purpose.as_str()), Some(text.body.as_str()))) != stands {
            findings.add(Fault::Half, format!("what stands in public of {key} is not its last text"));
        }
    }
}

/// Each colleague is told of each text once.
fn texts_told(findings: &mut Findings, rows: &Rows, people: &People) {
    for line in people.colleagues.keys() {
        let texts = rows.texts.iter().filter(|text| text.key == *line).count();
        let about = About { line, message: "notice-text-published", address: format!("/desk/plan/nodes/{line}/texts") };
        told(findings, rows, &people.colleagues, &about, texts);
    }
}

/// What people are told of.
struct About<'a> {
    line: &'a str,
    message: &'static str,
    address: String,
}

/// Everybody who has to do with a measure was told so often.
fn told(findings: &mut Findings, rows: &Rows, people: &Addresses, about: &About<'_>, wanted: usize) {
    for email in people.get(about.line).into_iter().flatten() {
        let account = rows.accounts.iter().find(|account| account.email.as_deref() == Some(email)).map(|own| own.id);
        let notices = rows.notices.iter().filter(|notice| Some(notice.account) == account);
        let own =
            notices.filter(|notice| (notice.message.as_str(), &notice.address) == (about.message, &about.address));
        let there = usize::try_from(own.map(|notice| notice.count).sum::<u64>()).unwrap_or(usize::MAX);
        findings
            .must(there, wanted, Fault::Half, || format!("notices {} to {email} about {}", about.message, about.line));
    }
}

/// A round is opened once, with a report for every measure.
fn rounds(findings: &mut Findings, deeds: &[Deed], rows: &Rows) {
    let opened = rows.entries.iter().filter(|entry| entry.action == "round.opened").count();
    let accepted: Vec<&Deed> = of(deeds, Kind::Round).filter(|deed| wanted(deed) == 1).collect();
    findings.must(opened, accepted.len(), Fault::Half, || "audit entries of rounds".into());
    for deed in accepted {
        let reports = rows.reports.iter().filter(|report| report.year.to_string() == deed.line).count();
        findings.must(reports, rows.lines.len(), Fault::Lost, || format!("reports of the round {}", deed.line));
    }
}

/// How the trail names a report.
fn subject(report: &Report) -> String {
    format!("report:{}/{}", report.year, report.key)
}

fn acts_of<'r>(rows: &'r Rows, report: &Report) -> Vec<&'r Act> {
    rows.acts.iter().filter(|act| (&act.key, act.year) == (&report.key, report.year)).collect()
}

/// A report has a version for everything that was done with it, and says what it said in the last.
fn reports(findings: &mut Findings, deeds: &[Deed], rows: &Rows, people: &People) {
    let mut known = 0;
    for report in &rows.reports {
        let (acts, subject) = (acts_of(rows, report), subject(report));
        known += acts.iter().filter(|act| TURNS.iter().any(|turn| turn.act == act.name)).count();
        findings.must(acts.len(), report.version, Fault::Lost, || format!("acts of {subject}"));
        if acts.last().is_some_and(|last| last.content != report.content) {
            findings.add(Fault::Half, format!("{subject} does not say what was last done with it"));
        }
    }
    findings.must(rows.acts.len(), known, Fault::Half, || "acts of all reports".into());
    for turn in &TURNS {
        turned(findings, turn, deeds, rows, people);
    }
}

/// What is done with a report, and what belongs to it.
struct Turn {
    kind: Kind,
    act: &'static str,
    action: &'static str,
    /// The step of the city's route at which the report waits from then on.
    step: i64,
    by: fn(&People) -> &Addresses,
    /// Those of the next step.
    told: fn(&People) -> &Addresses,
    /// The token of the deed that left it on a version.
    token: for<'d> fn(&'d Act, &str, &'d [Deed]) -> Option<&'d str>,
    /// What the report says from then on, by that token and by what it said before.
    said: fn(&str, Option<&Value>) -> Option<Value>,
}

const TURNS: [Turn; 2] = [
    Turn {
        kind: Kind::Report,
        act: "submitted",
        action: "report.submitted",
        step: 0,
        by: |people| &people.reporters,
        told: |people| &people.heads,
        token: |act, _, _| act.content["next"].as_str().and_then(deeds::token_of_purpose),
        said: |token, _| Some(deeds::report(token)),
    },
    Turn {
        kind: Kind::Agreement,
        act: "agreed",
        action: "report.agreed",
        step: 1,
        by: |people| &people.heads,
        told: |people| &people.office,
        token: |act, base, deeds| {
            // Of those who had seen the same version, one may have been accepted.
            let here = |deed: &&Deed| (deed.line.as_str(), deed.base.as_str()) == (act.key.as_str(), base);
            of(deeds, Kind::Agreement).filter(here).max_by_key(|deed| wanted(deed)).map(|deed| deed.token.as_str())
        },
        said: |_, before| before.cloned(),
    },
];

/// Each deed left its act, whole, on the version that its writer had seen, with its entry in the trail and a notice to
/// everybody of the next step.
fn turned(findings: &mut Findings, turn: &Turn, deeds: &[Deed], rows: &Rows, people: &People) {
    let mut there: BTreeMap<&str, Vec<&Act>> = BTreeMap::new();
    let known: BTreeMap<&str, &Deed> = of(deeds, turn.kind).map(|deed| (deed.token.as_str(), deed)).collect();
    let noted = noted(rows, turn.action, "step");
    for report in &rows.reports {
        let (acts, subject) = (acts_of(rows, report), subject(report));
        let mut times = 0;
        for (at, act) in acts.iter().copied().enumerate().filter(|(_, act)| act.name == turn.act) {
            times += 1;
            let base = at.to_string();
            let token = (turn.token)(act, &base, deeds).unwrap_or("an act of nobody");
            there.entry(token).or_default().push(act);
            let deed = known.get(token).filter(|deed| (&deed.line, &deed.base) == (&report.key, &base));
            let before = at.checked_sub(1).and_then(|before| Some(&acts.get(before)?.content));
            let by = (turn.by)(people).get(&report.key).zip(act.by.as_ref());
            let is_whole = (turn.said)(token, before).as_ref() == Some(&act.content)
                && act.step == turn.step
                && by.is_some_and(|(known, email)| known.contains(email));
            if deed.is_none() || !is_whole {
                findings
                    .add(Fault::Half, format!("{token} on version {base} of {subject} is not as it was sent: {act:?}"));
            }
        }
        let entries = noted.get(&(subject.clone(), turn.step.to_string())).copied().unwrap_or_default();
        findings.must(entries, times, Fault::Half, || format!("audit entries {} of {subject}", turn.action));
        let address = subject.replacen("report:", "/desk/plan/rounds/", 1);
        let about = About { line: &report.key, message: "notice-report-submitted", address };
        told(findings, rows, (turn.told)(people), &about, times);
    }
    counted(findings, deeds, turn.kind, &there);
    let all = there.values().map(Vec::len).sum();
    findings.must(noted.values().sum(), all, Fault::Half, || format!("audit entries {}", turn.action));
}

fn invitations(findings: &mut Findings, deeds: &[Deed], rows: &Rows) {
    let there = grouped(&rows.accounts, |account| deeds::token_of_email(account.email.as_deref()?));
    counted(findings, deeds, Kind::Invitation, &there);
    let entries = grouped(&rows.entries, |entry| Some(&entry.subject));
    for (token, accounts) in there {
        for account in accounts {
            let entries = entries.get(format!("account:{}", account.id).as_str()).map_or(&[] as &[_], Vec::as_slice);
            for action in ["account.opened", "duty.given", "account.invited"] {
                let count = entries.iter().filter(|entry| entry.action == action).count();
                findings.must(count, 1, Fault::Half, || format!("entries {action} of {token}"));
            }
            let letters = rows.letters.iter().filter(|letter| letter.account == Some(account.id)).count();
            findings.must(letters, 1, Fault::Half, || format!("letters to {token}"));
            if (account.duties, account.links) != (1, 1) {
                let (duties, links) = (account.duties, account.links);
                findings.add(Fault::Half, format!("{token} has {duties} duties and {links} links"));
            }
        }
    }
}

fn documents(findings: &mut Findings, deeds: &[Deed], rows: &Rows) {
    let there = grouped(&rows.files, |file| deeds::token_of_document(&file.name));
    counted(findings, deeds, Kind::Document, &there);
    let added = noted(rows, "measure.document-added", "hash");
    for deed in of(deeds, Kind::Document) {
        for file in there.get(deed.token.as_str()).into_iter().flatten() {
            let subject = format!("measure:{}", deed.line);
            let own = added.get(&(subject.clone(), format!("{:?}", file.hash))).copied();
            findings.must(own.unwrap_or_default(), 1, Fault::Half, || format!("audit entries of {}", deed.token));
            if file.subject != subject {
                findings.add(Fault::Half, format!("{} belongs to {}", deed.token, file.subject));
            }
        }
    }
    findings.must(added.values().sum(), rows.files.len(), Fault::Half, || "audit entries of documents".into());
    for content in &rows.contents {
        // What was kept and not attached waits to be swept.
        if content.doomed != (content.files == 0) {
            findings.add(Fault::Half, format!("the content {} has {} files", content.hash, content.files));
        }
    }
}

/// Every letter has its job, and both are done.
fn letters(findings: &mut Findings, rows: &Rows) {
    for letter in &rows.letters {
        if let (true, 1, None) = (letter.sent, letter.jobs, letter.detail.as_ref()) {
            continue;
        }
        findings.add(Fault::Letter, format!("the letter {letter:?} did not leave as it should"));
    }
    for job in rows.jobs.iter().filter(|job| job.state != "done") {
        let (kind, once, state, attempts) =
            (&job.kind, job.once.as_deref().unwrap_or_default(), &job.state, job.attempts);
        let error = job.error.as_deref().unwrap_or_default();
        findings.add(Fault::Letter, format!("the job {kind} {once} is {state} after {attempts} attempts {error}"));
    }
    let of_letters = rows.jobs.iter().filter(|job| job.kind == "mail").count();
    findings.must(of_letters, rows.letters.len(), Fault::Half, || "jobs of letters".into());
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::rows::{Account, Content, Entry, File, Job, Letter, Line, Notice, Submission, Text};
    use super::*;

    const LINE: &str = "1-1-1";
    const HANA: &str = "hana@city.example";
    const MAKOTO: &str = "makoto@city.example";
    const MEGUMI: &str = "megumi@city.example";

    /// Something that goes wrong, and how it must be found.
    type Damage = (fn(&mut Rows), Fault);

    fn deed(kind: Kind, token: &str) -> Deed {
        let (token, base, fate) = (token.into(), String::new(), Some(Fate::Accepted));
        Deed { city: "mihon", kind, line: LINE.into(), token, base, posts: 1, fate }
    }

    fn act(name: &str, step: i64, by: &str) -> Act {
        let (name, by, content) = (name.into(), Some(by.into()), deeds::report("r"));
        Act { key: LINE.into(), year: 2026, name, step, by, content }
    }

    fn notice(account: i64, message: &str, address: &str) -> Notice {
        Notice { account, message: message.into(), address: format!("/desk/plan/{address}"), count: 1 }
    }

    fn entry(action: &str, subject: &str, detail: serde_json::Value) -> Entry {
        Entry { action: action.into(), subject: subject.into(), detail, position: None }
    }

    fn text(token: &str, number: i64) -> Text {
        Text { key: LINE.into(), number, purpose: deeds::purpose(token), body: deeds::text(token) }
    }

    /// A city in which a text was published, somebody invited, a document added, a round opened, a report handed in and
    /// agreed to, and all of it is there. Somebody else agreed too late.
    fn whole() -> (Vec<Deed>, Rows) {
        let seen = |kind, token, base: &str| Deed { base: base.into(), ..deed(kind, token) };
        let deeds = vec![
            deed(Kind::Text, "t"),
            deed(Kind::Invitation, "i"),
            deed(Kind::Document, "d"),
            Deed { line: "2026".into(), ..deed(Kind::Round, "o") },
            seen(Kind::Report, "r", "0"),
            seen(Kind::Agreement, "a", "1"),
            Deed { fate: Some(Fate::Refused), ..seen(Kind::Agreement, "b", "1") },
        ];
        let submission = |token: &str| Submission { token: token.into(), answer: "/desk".into() };
        let account = |id, email: String| Account { id, email: Some(email), duties: 1, links: 1 };
        let (measure, report) = (format!("measure:{LINE}"), format!("report:2026/{LINE}"));
        let rows = Rows {
            lines: vec![Line {
                key: LINE.into(),
                purpose: Some(deeds::purpose("t")),
                text: Some(deeds::text("t")),
                department: None,
            }],
            texts: vec![text("t", 2)],
            reports: vec![Report { key: LINE.into(), year: 2026, version: 2, content: deeds::report("r") }],
            acts: vec![act("submitted", 0, HANA), act("agreed", 1, MAKOTO)],
            entries: vec![
                entry("measure.published", &measure, json!({ "number": 2 })),
                entry("account.opened", "account:7", json!({})),
                entry("duty.given", "account:7", json!({})),
                entry("account.invited", "account:7", json!({})),
                entry("measure.document-added", &measure, json!({ "hash": "ab" })),
                entry("round.opened", "round:2026", json!({ "items": 1 })),
                entry("report.submitted", &report, json!({ "step": 0 })),
                entry("report.agreed", &report, json!({ "step": 1 })),
            ],
            notices: vec![
                notice(1, "notice-text-published", &format!("nodes/{LINE}/texts")),
                notice(2, "notice-report-submitted", &format!("rounds/2026/{LINE}")),
                notice(3, "notice-report-submitted", &format!("rounds/2026/{LINE}")),
            ],
            submissions: ["t", "i", "d", "o", "r", "a"].map(submission).into(),
            accounts: vec![
                account(1, HANA.into()),
                account(2, MAKOTO.into()),
                account(3, MEGUMI.into()),
                account(7, deeds::email("i")),
            ],
            letters: vec![Letter { key: "k".into(), account: Some(7), sent: true, detail: None, jobs: 1 }],
            jobs: vec![Job { kind: "mail".into(), state: "done".into(), attempts: 1, ..Job::default() }],
            contents: vec![Content { hash: "ab".into(), doomed: false, files: 1 }],
            files: vec![File { name: deeds::document("d"), hash: "ab".into(), subject: measure }],
        };
        (deeds, rows)
    }

    fn judged(deeds: &[Deed], rows: &Rows) -> Vec<Fault> {
        let of = |email: &str| BTreeMap::from([(LINE.to_owned(), BTreeSet::from([email.to_owned()]))]);
        let people = People { colleagues: of(HANA), reporters: of(HANA), heads: of(MAKOTO), office: of(MEGUMI) };
        city(deeds, rows, &people).into_iter().map(|finding| finding.fault).collect()
    }

    #[test]
    fn a_city_in_which_all_is_there_has_no_findings() {
        let (deeds, rows) = whole();
        assert_eq!(judged(&deeds, &rows), []);
    }

    #[test]
    fn whatever_is_missing_is_found() {
        let remove: [Damage; 19] = [
            (|rows| rows.texts.clear(), Fault::Lost),
            (|rows| rows.accounts.truncate(3), Fault::Lost),
            (|rows| rows.files.clear(), Fault::Lost),
            (|rows| rows.reports.clear(), Fault::Lost),
            (|rows| rows.acts.clear(), Fault::Lost),
            (|rows| rows.acts.truncate(1), Fault::Lost),
            (|rows| drop(rows.acts.remove(0)), Fault::Lost),
            (|rows| rows.submissions.truncate(5), Fault::Half),
            (|rows| drop(rows.entries.remove(0)), Fault::Half),
            (|rows| drop(rows.entries.remove(3)), Fault::Half),
            (|rows| drop(rows.entries.remove(4)), Fault::Half),
            (|rows| drop(rows.entries.remove(5)), Fault::Half),
            (|rows| drop(rows.entries.remove(6)), Fault::Half),
            (|rows| drop(rows.entries.remove(7)), Fault::Half),
            (|rows| drop(rows.notices.remove(0)), Fault::Half),
            (|rows| drop(rows.notices.remove(1)), Fault::Half),
            (|rows| drop(rows.notices.remove(2)), Fault::Half),
            (|rows| rows.letters.clear(), Fault::Half),
            (|rows| rows.jobs.clear(), Fault::Half),
        ];
        for (at, (remove, fault)) in remove.into_iter().enumerate() {
            let (deeds, mut rows) = whole();
            remove(&mut rows);
            let found = judged(&deeds, &rows);
            assert!(found.contains(&fault), "{at}: {found:?}");
        }
    }

    #[test]
    fn whatever_is_broken_is_found() {
        let breaks: [Damage; 13] = [
            (|rows| rows.texts[0].body.truncate(3), Fault::Half),
            (|rows| rows.reports[0].version = 3, Fault::Lost),
            (|rows| rows.reports[0].content = deeds::report("x"), Fault::Half),
            (|rows| rows.acts[0].content["grade"] = "".into(), Fault::Half),
            (|rows| rows.acts[1].content = deeds::report("x"), Fault::Half),
            (|rows| rows.acts[0].step = 1, Fault::Half),
            (|rows| rows.acts[1].by = Some(HANA.into()), Fault::Half),
            (|rows| rows.acts[1].key = "9".into(), Fault::Lost),
            (|rows| rows.lines[0].text = None, Fault::Half),
            (|rows| rows.submissions[0].answer.clear(), Fault::Half),
            (|rows| rows.contents[0].doomed = true, Fault::Half),
            (|rows| rows.letters[0].sent = false, Fault::Letter),
            (|rows| rows.jobs[0].state = "failed".into(), Fault::Letter),
        ];
        for (at, (damage, fault)) in breaks.into_iter().enumerate() {
            let (deeds, mut rows) = whole();
            damage(&mut rows);
            let found = judged(&deeds, &rows);
            assert!(found.contains(&fault), "{at}: {found:?}");
        }
    }

    #[test]
    fn what_is_there_twice_or_was_refused_is_found() {
        let (mut deeds, mut rows) = whole();
        rows.texts.push(text("t", 3));
        assert!(judged(&deeds, &rows).contains(&Fault::Double));
        let (_, rows) = whole();
        deeds[0].fate = Some(Fate::Refused);
        assert!(judged(&deeds, &rows).contains(&Fault::Double));
        deeds.remove(0);
        assert!(judged(&deeds, &rows).contains(&Fault::Half), "nobody did it");
    }

    #[test]
    fn a_report_that_is_there_twice_or_on_another_version_is_found() {
        let (mut deeds, mut rows) = whole();
        rows.acts.insert(1, act("submitted", 0, HANA));
        rows.reports[0].version = 3;
        assert!(judged(&deeds, &rows).contains(&Fault::Double));
        let (_, rows) = whole();
        deeds[5].fate = Some(Fate::Refused);
        assert!(judged(&deeds, &rows).contains(&Fault::Double), "nobody was accepted who agreed");
        let (mut deeds, rows) = whole();
        deeds[4].base = "1".into();
        assert_eq!(judged(&deeds, &rows), [Fault::Half]);
        let (mut deeds, rows) = whole();
        deeds.truncate(5);
        assert!(judged(&deeds, &rows).contains(&Fault::Half), "nobody did it");
    }
}
