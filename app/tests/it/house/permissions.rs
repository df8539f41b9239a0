//! Who may use which address: every route, asked by somebody of every role in their own city and in another one, against
//! a table that is checked in. `KYODO_UPDATE=1` writes it anew; whoever reads the change reads who may do more.

use std::fmt::Write as _;
use std::{env, fs};

use http::Method;
use kyodo_kernel::jobs;
use kyodo_kernel::people::{Place, Role};
use kyodo_plan::store;
use kyodo_testkit::{Page, TestCity, TestHouse, TestPack, Visitor};
use kyodo_web::Access;

use super::{TODAY, workspace};

/// What strangers may send us: what proves who they are, what a letter they hold asks for, and what they say while the city
/// wants to hear it.
const TAKEN_FROM_STRANGERS: [&str; 14] = [
    "/address/{token}",
    "/invitation/{token}",
    "/login",
    "/login/code",
    "/login/passkey",
    "/login/passkey/options",
    "/login/provider/{at}",
    "/logout",
    "/plan/nodes/{key}/voice",
    "/plan/partners/{token}/{key}",
    "/plan/reports/{fiscal_year}/voice",
    "/reset",
    "/reset/{token}",
    "/subscriptions/{token}",
];

/// The department whose measure is asked for, in which departments' roles are held.
const DEPARTMENT: &str = "orizuru";

const EXPLANATION: &str = "\
# Who may use which address: a visitor, and somebody of each role, in their own city.
# A is admitted, L is led to signing in, R is refused. The last column is everybody who shows the session
# of another city: they are visitors here. Forms are sent empty, so that admitted means heard, not done.
# Written by KYODO_UPDATE=1; see permissions.rs.
";

#[tokio::test]
async fn everybody_may_do_what_the_table_says_and_nothing_else() {
    let other = TestPack::named("mihon").called("oomihon");
    let house = TestHouse::new(kyodo::rooms()).on(TODAY).with_city("mihon").with_city(other).build().await;
    let (here, elsewhere) = (house.city("mihon"), house.city("oomihon"));
    let places = [places(&here).await, places(&elsewhere).await];
    let people = people(&here).await;
    let mut table = format!("{EXPLANATION}{:58}visitor", "");
    for role in Role::ALL {
        let _ = write!(table, " {}", role.name());
    }
    table.push_str(" elsewhere\n");
    for (method, path, access) in routes() {
        let [own, foreign] = places.each_ref().map(|places| filled(path, places));
        let mut line = format!("{:4} {path:53}", method.as_str());
        let visitor = letter(&ask(&here.visitor("たび人"), &method, &own).await);
        let _ = write!(line, "{visitor:>7}");
        let mut strangers = vec![letter(&ask(&elsewhere.visitor("たび人"), &method, &foreign).await)];
        for (role, person) in Role::ALL.iter().zip(&people) {
            // What is sent may end the session: whoever signs out is signed in no more.
            let fresh = if method.is_safe() { None } else { Some(here.signed_in(role.name(), person.account()).await) };
            let person = fresh.as_ref().unwrap_or(person);
            // What is open to everybody tells nothing about sessions.
            if access != Access::Public {
                strangers.push(letter(&ask(&person.smuggled_into(&elsewhere), &method, &foreign).await));
            }
            let _ = write!(line, " {:>width$}", letter(&ask(person, &method, &own).await), width = role.name().len());
        }
        strangers.dedup();
        assert_eq!(strangers.len(), 1, "{method} {path}: a session of one city opens something in another");
        let _ = writeln!(table, "{line} {:>9}", strangers[0]);
    }
    let file = workspace().join("app/tests/it/house/permissions.txt");
    if env::var("KYODO_UPDATE").as_deref() == Ok("1") {
        fs::write(&file, &table).expect("the table can be written");
    }
    let known = fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
    let changes = |one: &str, other: &str, sign: &str| {
        let missing = one.lines().filter(|line| !other.lines().any(|known| known == *line));
        missing.map(|line| format!("{sign} {line}")).collect::<Vec<_>>().join("\n")
    };
    let (gone, new) = (changes(&known, &table, "-"), changes(&table, &known, "+"));
    assert!(table == known, "who may do what is not what {} says (KYODO_UPDATE=1):\n{gone}\n{new}", file.display());
}

#[test]
fn strangers_send_us_only_what_is_named_here() {
    let rooms = kyodo::rooms();
    let routes = rooms.iter().flat_map(|room| room.routes.iter());
    let mut taken: Vec<&str> = routes
        .filter(|route| !route.method.is_safe() && route.access == Access::Public)
        .map(|route| route.path)
        .collect();
    taken.sort_unstable();
    assert_eq!(taken, TAKEN_FROM_STRANGERS);
}

#[test]
fn who_audits_changes_nothing() {
    let table = fs::read_to_string(workspace().join("app/tests/it/house/permissions.txt")).expect("the table is there");
    let rooms = kyodo::rooms();
    let auditor = Role::ALL.iter().position(|role| *role == Role::Auditor).expect("there are auditors") + 3;
    for route in rooms.iter().flat_map(|room| room.routes.iter()).filter(|route| !route.method.is_safe()) {
        if matches!(route.access, Access::Roles(_)) {
            let line = table.lines().find(|line| {
                let mut words = line.split_whitespace();
                words.next() == Some("POST") && words.next() == Some(route.path)
            });
            let line = line.unwrap_or_else(|| panic!("POST {} is not in the table", route.path));
            assert_eq!(line.split_whitespace().nth(auditor), Some("R"), "{line}");
        }
    }
}

/// Every route, by path.
fn routes() -> Vec<(Method, &'static str, Access)> {
    let rooms = kyodo::rooms();
    let all = rooms.iter().flat_map(|room| room.routes.iter());
    let mut routes: Vec<_> = all.map(|route| (route.method.clone(), route.path, route.access)).collect();
    routes.sort_by_key(|(method, path, _)| (*path, method.to_string()));
    routes
}

/// Somebody of each role, in the order of the roles.
async fn people(city: &TestCity) -> Vec<Visitor> {
    let mut people = Vec::new();
    for role in Role::ALL {
        let department = (role.place() == Place::Department).then_some(DEPARTMENT);
        people.push(city.person(role.name(), &[(role, department)]).await);
    }
    people
}

/// What variables of addresses stand for, by the address before them.
async fn places(city: &TestCity) -> Vec<(&'static str, String)> {
    let somebody = city.holder("だれか", Role::Coordinator).await.account().0;
    let (plan, known) = store::plan(city.db()).await.expect("the plan can be read").expect("there is a plan");
    let nodes = store::nodes(city.db(), plan).await.expect("the plan can be read");
    let measure = nodes
        .iter()
        .find(|node| node.level == known.outline.levels.len() && node.departments.iter().any(|key| key == DEPARTMENT))
        .expect("the department has a measure");
    let indicators = store::indicators(city.db(), plan).await.expect("the plan can be read");
    let now = city.house().house().clock.now();
    let mut tx = city.db().begin().await.expect("the city takes a change");
    jobs::put(&mut tx, jobs::New::new("sweep", &()), now).await.expect("a job can be put");
    tx.commit().await.expect("the change is permanent");
    vec![
        ("/plan/nodes/", measure.key.clone()),
        ("/plan/indicators/", indicators[0].key.clone()),
        ("/desk/plan/nodes/", measure.key.clone()),
        ("/desk/people/", somebody.to_string()),
        ("/desk/jobs/", "1".to_owned()),
        ("/desk/departments/", DEPARTMENT.to_owned()),
    ]
}

/// An address with something plausible in the place of its variables.
fn filled(path: &str, places: &[(&'static str, String)]) -> String {
    let Some((before, rest)) = path.split_once('{') else {
        return path.to_owned();
    };
    let value = places.iter().find(|(place, _)| *place == before).map_or("1", |(_, value)| value);
    let after = rest.split_once('}').map_or("", |(_, after)| after);
    format!("{before}{value}{}", filled(after, &[]))
}

async fn ask(person: &Visitor, method: &Method, address: &str) -> Page {
    if method.is_safe() { person.gets(address).await } else { person.posts(address, &[]).await }
}

fn letter(page: &Page) -> char {
    assert!(!page.status().is_server_error(), "{page:?}");
    match page.status().as_u16() {
        303 if page.header("location").starts_with("/login?to=") => 'L',
        // What was posted stands on the answer, beside the way to sign in.
        401 => 'L',
        403 => 'R',
        _ => 'A',
    }
}
