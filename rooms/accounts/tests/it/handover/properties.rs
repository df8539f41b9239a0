//! What must hold of every list and every city: the plan makes the list come true, and nothing else.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use kyodo_accounts::handover::{Answers, Beginning, Known, Line, Plan, plan};
use kyodo_kernel::people::{Account, AccountId, Duty, Place, Role};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

const DECIDED: [Role; 3] = [Role::Coordinator, Role::Reporter, Role::Head];
const DEPARTMENTS: [&str; 3] = ["a", "b", "c"];

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2027, 4, 1).unwrap()
}

fn some_day() -> impl Strategy<Value = NaiveDate> {
    (-400_i64..400).prop_map(|days| day() + chrono::Duration::days(days))
}

fn department(role: Role, at: usize) -> Option<String> {
    (role.place() == Place::Department).then(|| DEPARTMENTS[at].to_owned())
}

prop_compose! {
    fn a_duty()(role in select(Role::ALL.to_vec()), at in 0..3_usize, from in some_day(), lasts in option::of(0_i64..500)) -> Duty {
        Duty {
            id: 0,
            role,
            department: department(role, at),
            organisation: None,
            starts_on: from,
            ends_on: lasts.map(|days| from + chrono::Duration::days(days)),
            deputy_of: None,
        }
    }
}

fn a_city() -> impl Strategy<Value = Vec<Known>> {
    vec(vec(a_duty(), 0..4), 0..8).prop_map(|people| {
        let mut id = 0;
        let known = people.into_iter().enumerate().map(|(n, mut duties)| {
            // Nobody holds the same duty twice at once.
            let mut seen = BTreeSet::new();
            duties.retain(|duty| seen.insert((duty.role, duty.department.clone())));
            for duty in &mut duties {
                id += 1;
                duty.id = id;
            }
            Known { account: account(i64::try_from(n).unwrap(), n), duties }
        });
        known.collect()
    })
}

fn account(id: i64, n: usize) -> Account {
    Account {
        id: AccountId(id),
        name: format!("職員{n}"),
        kana: String::new(),
        email: None,
        staff_number: Some(n.to_string()),
        created_at: chrono::DateTime::UNIX_EPOCH,
        closed_at: None,
    }
}

fn a_list() -> impl Strategy<Value = Vec<Line>> {
    let roles = [DECIDED.to_vec(), vec![Role::Administrator, Role::CentreStaff]].concat();
    vec((0..12_usize, select(roles), 0..3_usize), 0..10).prop_map(|lines| {
        let lines = lines.into_iter().enumerate().map(|(row, (n, role, at))| Line {
            row: u32::try_from(row + 2).unwrap(),
            number: n.to_string(),
            name: format!("職員{n}"),
            kana: None,
            email: None,
            department: department(role, at),
            role: Some(role),
        });
        lines.collect()
    })
}

/// The city after a plan was done.
fn done(known: &[Known], plan: &Plan) -> Vec<Known> {
    let mut city = known.to_vec();
    let eve = day().pred_opt().unwrap();
    let mut id = 1_000;
    let mut begin = |begins: &[Beginning]| -> Vec<Duty> {
        let begun = begins.iter().map(|begin| {
            id += 1;
            Duty {
                id,
                role: begin.role,
                department: begin.department.clone(),
                organisation: None,
                starts_on: day(),
                ends_on: begin.ends_on,
                deputy_of: None,
            }
        });
        begun.collect()
    };
    for changed in plan.moving.iter().chain(&plan.leaving) {
        let one = city.iter_mut().find(|one| one.account.id == changed.account.id).unwrap();
        for duty in &mut one.duties {
            if changed.ends.iter().any(|ended| ended.id == duty.id || Some(ended.id) == duty.deputy_of) {
                duty.ends_on = Some(eve);
            }
        }
        one.duties.extend(begin(&changed.begins));
    }
    for newcomer in &plan.newcomers {
        let n: usize = newcomer.line.number.parse().unwrap();
        let duties = begin(&newcomer.begins);
        city.push(Known { account: account(100 + i64::try_from(n).unwrap(), n), duties });
    }
    // The next look at the city takes what is held on the eve or later.
    for one in &mut city {
        one.duties.retain(|duty| duty.ends_on.is_none_or(|last| last >= eve));
    }
    city
}

type Held = BTreeSet<(String, Role, Option<String>)>;

fn held(city: &[Known], roles: &[Role]) -> Held {
    let all = city.iter().flat_map(|one| one.duties.iter().map(move |duty| (one, duty)));
    let on_the_day = all.filter(|(_, duty)| roles.contains(&duty.role) && duty.is_in_force(day()));
    on_the_day
        .map(|(one, duty)| (one.account.staff_number.clone().unwrap(), duty.role, duty.department.clone()))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn on_the_day_the_staff_holds_exactly_what_the_list_says(known in a_city(), lines in a_list()) {
        let plan = plan(&known, &lines, day(), &Answers::new());
        prop_assert!(plan.is_ready());
        let city = done(&known, &plan);
        let wanted: Held = lines
            .iter()
            .filter(|line| DECIDED.contains(&line.role.unwrap()))
            .map(|line| (line.number.clone(), line.role.unwrap(), line.department.clone()))
            .collect();
        prop_assert_eq!(held(&city, &DECIDED), wanted);
    }

    #[test]
    fn doing_it_twice_changes_nothing(known in a_city(), lines in a_list()) {
        let first = plan(&known, &lines, day(), &Answers::new());
        let city = done(&known, &first);
        let second = plan(&city, &lines, day(), &Answers::new());
        prop_assert!(second.is_empty(), "{:?}", second);
    }

    #[test]
    fn nobody_loses_what_the_list_does_not_decide(known in a_city(), lines in a_list()) {
        let kept = [Role::Administrator, Role::CommitteeMember, Role::CentreStaff, Role::Auditor, Role::Resident];
        let plan = plan(&known, &lines, day(), &Answers::new());
        let city = done(&known, &plan);
        prop_assert!(held(&known, &kept).is_subset(&held(&city, &kept)));
        let ends = plan.moving.iter().chain(&plan.leaving).flat_map(|one| &one.ends);
        prop_assert!(ends.map(|duty| duty.role).all(|role| DECIDED.contains(&role)));
    }

    #[test]
    fn no_duty_overlaps_itself(known in a_city(), lines in a_list()) {
        let plan = plan(&known, &lines, day(), &Answers::new());
        for one in done(&known, &plan) {
            for duty in &one.duties {
                let same = |other: &&Duty| {
                    other.id != duty.id
                        && (other.role, &other.department) == (duty.role, &duty.department)
                        && other.ends_on.is_none_or(|last| last >= duty.starts_on && last >= other.starts_on)
                        && duty.ends_on.is_none_or(|last| last >= other.starts_on && last >= duty.starts_on)
                };
                prop_assert!(!one.duties.iter().any(|other| same(&other)), "{:?}", one);
            }
        }
    }

    #[test]
    fn what_passes_on_goes_to_somebody_who_holds_it(known in a_city(), lines in a_list()) {
        let plan = plan(&known, &lines, day(), &Answers::new());
        let city = done(&known, &plan);
        for pass in &plan.passing {
            let wanted: BTreeSet<String> = held(&city, &DECIDED)
                .into_iter()
                .filter(|(_, role, department)| (*role, department) == (pass.duty.role, &pass.duty.department))
                .map(|(number, ..)| format!("職員{number}"))
                .collect();
            let told: BTreeSet<String> = pass.to.iter().map(|follower| follower.name().to_owned()).collect();
            prop_assert_eq!(told, wanted);
        }
    }
}
