use proptest::prelude::*;

use super::*;
use crate::schedule::Schedule;

fn line(key: &str, parent: Option<&str>) -> Node {
    Node {
        key: key.to_owned(),
        parent: parent.map(str::to_owned),
        level: key.split('-').count(),
        code: key.to_owned(),
        title: format!("題{key}"),
        ..Node::default()
    }
}

/// Two policies with two measures each; the last measure repeats the first.
fn plan() -> Lines {
    let mut nodes = vec![
        line("1", None),
        line("1-1", Some("1")),
        line("1-2", Some("1")),
        line("2", None),
        line("2-1", Some("2")),
        line("2-2", Some("2")),
    ];
    nodes[5].alias_of = Some("1-1".to_owned());
    Lines { nodes, links: Vec::new() }
}

fn ground() -> Ground {
    let known = plan().nodes.into_iter().map(|node| node.key).collect();
    Ground { levels: 2, from: 2027, known }
}

fn keys(lines: &Lines) -> Vec<&str> {
    lines.all_standing().map(|node| node.key.as_str()).collect()
}

fn done(lines: &Lines, act: &Act) -> Lines {
    let after = lines.apply(act, &ground()).expect("it can be done");
    assert_eq!(after.faults(2), Vec::<String>::new());
    after
}

fn place(parent: Option<&str>, after: Option<&str>) -> Place {
    Place { parent: parent.map(str::to_owned), after: after.map(str::to_owned) }
}

#[test]
fn a_line_moves_with_all_below_it_and_keeps_its_key() {
    let after = done(&plan(), &Act::Move { key: "1-2".to_owned(), place: place(Some("2"), Some("2-1")) });
    assert_eq!(keys(&after), ["1", "1-1", "2", "2-1", "1-2", "2-2"]);
    let after = done(&after, &Act::Move { key: "2".to_owned(), place: place(None, None) });
    assert_eq!(keys(&after), ["2", "2-1", "1-2", "2-2", "1", "1-1"]);
    let below_itself = Act::Move { key: "1".to_owned(), place: place(Some("2"), None) };
    assert_eq!(after.apply(&below_itself, &ground()), Err(Refusal::NoPlace));
}

#[test]
fn up_and_down_pass_one_sibling() {
    let up = plan().beside("1-2", false).unwrap();
    assert_eq!(keys(&done(&plan(), &Act::Move { key: "1-2".to_owned(), place: up }))[1..3], ["1-2", "1-1"]);
    assert_eq!(plan().beside("1-2", true), None);
    assert_eq!(plan().beside("1-1", false), None);
    let down = plan().beside("1", true).unwrap();
    assert_eq!(keys(&done(&plan(), &Act::Move { key: "1".to_owned(), place: down }))[0], "2");
}

#[test]
fn a_line_that_leaves_takes_its_repetition_along_and_its_key_is_never_given_again() {
    let gone = Act::Retire { key: "1-1".to_owned(), into: vec!["2-1".to_owned()], kind: Kind::Continued };
    let after = done(&plan(), &gone);
    assert_eq!(keys(&after), ["1", "1-2", "2", "2-1"]);
    assert_eq!(after.get("2-2").unwrap().retired_from, Some(2027));
    assert_eq!(after.fresh_key(Some("1")), "1-3");
    assert_eq!(after.fresh_key(Some("2")), "2-3");
    let back = done(&after, &Act::Restore { key: "1-1".to_owned() });
    assert!(back.links.is_empty());
    assert_eq!(back.apply(&Act::Restore { key: "1-1".to_owned() }, &ground()), Err(Refusal::Gone));
}

#[test]
fn a_line_that_comes_back_was_away_in_the_years_between_unless_it_leaves_at_once() {
    let away = |lines: &Lines| -> Vec<i32> {
        let line = lines.get("1-1").unwrap();
        (2022..2030).filter(|year| !line.is_in(year.into_year())).collect()
    };
    let leave = Act::Retire { key: "1-1".to_owned(), into: Vec::new(), kind: Kind::Continued };
    let back = Act::Restore { key: "1-1".to_owned() };
    let left = plan().apply(&leave, &Ground { from: 2025, ..ground() }).unwrap();
    assert_eq!(away(&left), [2025, 2026, 2027, 2028, 2029]);
    let returned = done(&left, &back);
    assert_eq!(away(&returned), [2025, 2026]);
    assert_eq!(done(&returned, &leave), left, "it never came back");
    let again = returned.apply(&leave, &Ground { from: 2029, ..ground() }).unwrap();
    assert_eq!(away(&again), [2025, 2026, 2029]);
}

#[test]
fn what_a_line_becomes_begins_with_the_mark_that_it_continues() {
    let mut lines = plan();
    lines.nodes[1].schedule =
        Schedule::of_printed([(2025, "実施"), (2026, "→"), (2027, "→")].map(|(y, m)| (y.into_year(), m.to_owned())));
    let part = |key: &str| Part { key: key.to_owned(), code: String::new(), title: format!("題{key}") };
    let act = Act::Split { key: "1-1".to_owned(), parts: vec![part("1-3"), part("1-4")], stays: false };
    let after = done(&lines, &act);
    assert_eq!(keys(&after)[..4], ["1", "1-3", "1-4", "1-2"]);
    let cells: Vec<_> =
        after.get("1-3").unwrap().schedule.printed().map(|(y, m)| (i32::from(y), m.to_owned())).collect();
    assert_eq!(cells, [(2027, "実施".to_owned())]);
    assert_eq!(after.links.len(), 2);
    let told = difference(&lines, &after, &[]);
    let told: Vec<_> = told.iter().map(|one| (one.key.as_str(), one.what.as_slice())).collect();
    assert_eq!(
        told,
        [
            ("1-1", [What::Split].as_slice()),
            ("1-3", &[What::Parted]),
            ("1-4", &[What::Parted]),
            ("2-2", &[What::Retired])
        ]
    );
}

trait IntoYear {
    fn into_year(self) -> kyodo_kernel::FiscalYear;
}
impl IntoYear for i32 {
    fn into_year(self) -> kyodo_kernel::FiscalYear {
        kyodo_kernel::FiscalYear::new(self)
    }
}

#[test]
fn as_few_lines_as_can_be_are_called_moved() {
    let after = done(&plan(), &Act::Move { key: "1".to_owned(), place: place(None, Some("2")) });
    let told: Vec<_> = difference(&plan(), &after, &[]).into_iter().map(|one| one.key).collect();
    assert_eq!(told.len(), 1, "{told:?}");
}

#[test]
fn codes_go_on_as_they_count() {
    for (code, next) in
        [("①", "②"), ("Ⅰ-(1)-③", "Ⅰ-(1)-④"), ("事業9", "事業10"), ("(2)", "(3)"), ("Ⅱ", "Ⅲ"), ("柱", ""), ("⑳", "")]
    {
        assert_eq!(next_code(code), next);
    }
}

#[test]
fn what_was_meant_for_a_line_that_was_not_brought_is_done_with_no_other() {
    let add =
        Act::Add { key: "1-3".to_owned(), place: place(Some("1"), None), code: String::new(), title: "案".to_owned() };
    let change =
        Act::Change { key: "1-3".to_owned(), fields: [("title".to_owned(), "書き直し".to_owned())].into() };
    let below = Act::Move { key: "1-2".to_owned(), place: place(Some("1"), Some("1-3")) };
    let heir = Act::Retire { key: "2-1".to_owned(), into: vec!["1-3".to_owned()], kind: Kind::Merged };
    // Meanwhile another line got the key.
    let mut other = plan();
    other.nodes.insert(3, line("1-3", Some("1")));
    let known = other.nodes.iter().map(|node| node.key.clone()).collect();
    let (lines, refused) = replay(&other, &[add, change, below, heir], &Ground { known, ..ground() });
    assert_eq!(lines, other);
    let why: Vec<_> = refused.into_iter().map(|(_, why)| why).collect();
    assert_eq!(why, [Refusal::Taken, Refusal::Gone, Refusal::Gone, Refusal::Gone]);
}

#[test]
fn a_field_is_told_as_differences_tell_it() {
    let mut after = plan();
    let node = after.nodes[1].clone();
    let mut node = Node { schedule: Schedule::of_printed([(2027.into_year(), "実施".to_owned())]), ..node };
    node.details.targets = vec!["その他".to_owned()];
    node.details.roles.insert("市".to_owned(), crate::node::Role::Lead);
    let before = node.clone();
    for (name, value) in [(mark(2027), ""), (role("市"), "support"), ("other-target".to_owned(), "左きき")] {
        after.nodes[1] = before.clone();
        put(&mut after.nodes[1], &name, value).expect("it can be said");
        let fields = crate::import::line_differences(Some(&before), &after.nodes[1], &[]);
        let told: Vec<_> = fields.iter().map(|one| (one.field, one.about.clone())).collect();
        assert_eq!(told, [told_as(&name)], "{name}");
    }
}

/// An act on lines that may be there or not, in places that may fit or not.
fn any_act() -> impl Strategy<Value = Act> {
    let key = || prop::sample::select(vec!["1", "2", "3", "1-1", "1-2", "1-3", "2-1", "2-2", "2-3", "3-1", "1-1-1"]);
    let maybe = || prop::option::of(key());
    let place_of = || (maybe(), maybe()).prop_map(|(parent, after)| place(parent, after));
    let own = |key: &str| key.to_owned();
    prop_oneof![
        (key(), place_of()).prop_map(move |(key, place)| Act::Add {
            key: own(key),
            place,
            code: String::new(),
            title: "新".to_owned()
        }),
        (key(), place_of()).prop_map(move |(key, place)| Act::Move { key: own(key), place }),
        (key(), "[鶴舟]{0,2}").prop_map(move |(key, title)| Act::Change {
            key: own(key),
            fields: [("title".to_owned(), title), (mark(2027), "実施".to_owned())].into()
        }),
        (key(), key(), key(), any::<bool>()).prop_map(move |(key, one, two, stays)| {
            let part = |key: &str| Part { key: key.to_owned(), code: String::new(), title: "分".to_owned() };
            Act::Split { key: own(key), parts: vec![part(one), part(two)], stays }
        }),
        (key(), maybe()).prop_map(move |(key, into)| Act::Retire {
            key: own(key),
            into: into.into_iter().map(str::to_owned).collect(),
            kind: Kind::Merged
        }),
        key().prop_map(move |key| Act::Restore { key: own(key) }),
        (key(), key(), place_of()).prop_map(move |(key, real, place)| Act::Repeat {
            key: own(key),
            real: own(real),
            place,
            code: String::new()
        }),
        key().prop_map(move |key| Act::Remove { key: own(key) }),
    ]
}

proptest! {
    #[test]
    fn whatever_is_done_the_lines_stay_well_formed(acts in prop::collection::vec(any_act(), 0..40)) {
        let (base, ground) = (plan(), ground());
        let mut lines = base.clone();
        let mut done = Vec::new();
        for act in &acts {
            if let Ok(after) = lines.apply(act, &ground) {
                prop_assert_eq!(after.faults(2), Vec::<String>::new(), "{:?} upon {:?}", act, lines);
                // Nothing that was there before is ever lost.
                prop_assert!(ground.known.iter().all(|key| after.get(key).is_some()), "{:?}", act);
                prop_assert!(!after.nodes.iter().any(|node| node.key == after.fresh_key(node.parent.as_deref())));
                lines = after;
                done.push(act.clone());
            }
        }
        let (again, refused) = replay(&base, &done, &ground);
        prop_assert_eq!(refused, Vec::new());
        prop_assert_eq!(&again, &lines, "the same acts make the same lines");
        let written = serde_json::to_string(&lines).unwrap();
        prop_assert_eq!(serde_json::from_str::<Lines>(&written).unwrap(), lines.clone());
        let acts_written = serde_json::to_string(&acts).unwrap();
        prop_assert_eq!(serde_json::from_str::<Vec<Act>>(&acts_written).unwrap(), acts);
        prop_assert_eq!(difference(&lines, &lines, &[]), Vec::new());
        prop_assert!((difference(&base, &lines, &[]).is_empty()) == (base == lines));
    }
}
