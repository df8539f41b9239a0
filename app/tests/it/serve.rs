//! `kyodo serve`: cities on their hosts, an orderly end, and what is said when it cannot begin.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use kyodo::data::DataFolder;
use kyodo_db::{Db, Pools};
use kyodo_kernel::Clock;
use kyodo_kernel::jobs::{self, State};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use tokio::time::{sleep, timeout};

use crate::world::{Server, World, ask};

const CERTIFICATE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/tls-certificate.pem");
const KEY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/tls-key.pem");

/// A world with two cities, the second with a port of its own.
fn two_cities() -> (World, [String; 2]) {
    let world = World::new();
    let (first, second) = (world.pack(), world.pack());
    second.change("terms.ftl", "-city = 見本市", "-city = 別の市");
    let one = world.kyodo(&["city", "add", first.path(), "--host", "kyodo.mihon.example"]);
    let two = world.kyodo(&["city", "add", second.path(), "--own-listen", "127.0.0.1:0"]);
    assert_eq!((one.code, two.code), (0, 0), "{}{}", one.err, two.err);
    (world, [first.slug, second.slug])
}

#[test]
fn an_empty_data_folder_says_how_to_add_a_city() {
    let told = World::new().kyodo(&["serve"]);
    assert_eq!(told.code, 1);
    assert!(told.err.contains("kyodo city add ichinoseki --data ./data"), "{}", told.err);
}

#[test]
fn a_city_answers_on_its_hosts_and_on_its_own_port() {
    let (world, [first, second]) = two_cities();
    let server = world.start(&["serve"]);
    for word in ["http://kyodo.mihon.example:", &second, "http://127.0.0.1:"] {
        assert!(server.greeting.contains(word), "{word} is missing in\n{}", server.greeting);
    }
    let of_first = server.ask(&format!("{first}.localhost"), "/api/v1/plan");
    assert!(of_first.starts_with("HTTP/1.1 200"), "{of_first}");
    assert!(server.ask("kyodo.mihon.example", "/").contains("<title>見本市"));
    let own_port =
        server.greeting.split_once("http://127.0.0.1:").and_then(|(_, rest)| rest.split_once('/')).unwrap().0;
    let own_address = ([127, 0, 0, 1], own_port.parse().unwrap()).into();
    let own = ask(own_address, &format!("Host: {first}.localhost\r\n"), "/");
    assert!(own.contains("別の市"), "{own}");
    assert!(server.ask("localhost", "/healthz").ends_with("ok\n"));
    assert!(server.ask("localhost", "/readyz").ends_with("ready\n"));
    assert!(server.ask("localhost", "/metrics").contains("kyodo_requests_total"));
}

#[cfg(unix)]
#[test]
fn a_server_that_is_told_to_stop_writes_down_what_it_counted_and_leaves_whole_databases() {
    let (world, [first, _]) = two_cities();
    let server = world.start(&["serve"]);
    assert!(server.ask(&format!("{first}.localhost"), "/plan").starts_with("HTTP/1.1 200"));
    assert!(server.stop().success());
    assert_eq!(views(&world, &first), 1);
    let beside: Vec<String> = world.files("data/cities").into_iter().filter(|name| name.contains(".db-")).collect();
    assert!(beside.is_empty(), "{beside:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn what_a_killed_server_was_doing_is_done_by_the_next_at_once() {
    let (world, [first, _]) = two_cities();
    let server = world.start(&["serve"]);
    let process = world.files("data/running").remove(0);
    drop(server);
    assert_eq!(world.files("data/running"), [process.as_str()], "nobody could tidy up");
    let data = DataFolder::new(world.path("data"));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let _inside = runtime.enter();
    let db = data.place(&data.registered(&first).unwrap()).unwrap().open(Pools::default()).unwrap();
    let job = runtime.block_on(held_by(&db, &process));
    let server = world.start(&["serve"]);
    // Its lease holds for minutes.
    let done = async {
        while jobs::job(&db, job).await.unwrap().unwrap().state() != State::Done {
            sleep(Duration::from_millis(20)).await;
        }
    };
    runtime.block_on(async { timeout(Duration::from_secs(30), done).await.unwrap() });
    assert_eq!(runtime.block_on(jobs::job(&db, job)).unwrap().unwrap().attempts, 2);
    runtime.block_on(db.close());
    assert!(server.stop().success());
    assert!(world.files("data/running").is_empty());
}

/// A job in the hands of a process; its number.
async fn held_by(db: &Db, process: &str) -> i64 {
    let mut tx = db.begin().await.unwrap();
    let now = Clock::Real.now();
    assert!(jobs::put(&mut tx, jobs::New::new("sweep", &()), now).await.unwrap());
    let sql =
        "UPDATE job SET attempts = 1, claim = 1, claimed_by = $1, claimed_until = $2 WHERE kind = 'sweep' RETURNING id";
    let held = tx.ask(sql).with(process.to_owned()).with(now + jobs::LEASE);
    let (id,) = held.one::<(i64,)>().await.unwrap();
    tx.commit().await.unwrap();
    id
}

/// How many views of pages a city's database holds.
fn views(world: &World, slug: &str) -> i64 {
    let data = DataFolder::new(world.path("data"));
    let place = data.place(&data.registered(slug).unwrap()).unwrap();
    let count = async {
        let db = place.open(Pools::default()).unwrap();
        let sql = "SELECT CAST(SUM(quantity) AS BIGINT) FROM fact WHERE kind = 'page.viewed' AND subject = '/plan'";
        let (count,) = db.ask(sql).one::<(i64,)>().await.unwrap();
        db.close().await;
        count
    };
    tokio::runtime::Runtime::new().unwrap().block_on(count)
}

#[test]
fn a_port_that_is_taken_is_named() {
    let (world, _) = two_cities();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let told = world.kyodo(&["serve", "--listen", &address]);
    assert_eq!(told.code, 1);
    assert!(told.err.contains(&address) && told.err.contains("--listen"), "{}", told.err);
}

#[test]
fn only_a_trusted_proxy_may_say_which_host_was_meant() {
    let (world, [first, _]) = two_cities();
    let asked = |server: &Server| {
        let headers = format!("Host: inside\r\nX-Forwarded-Host: {first}.localhost\r\n");
        ask(server.address, &headers, "/plan").starts_with("HTTP/1.1 200")
    };
    assert!(!asked(&world.start(&["serve"])));
    assert!(!asked(&world.start(&["serve", "--trusted-proxies", "10.0.0.0/8"])));
    assert!(asked(&world.start(&["serve", "--trusted-proxies", "10.0.0.0/8,127.0.0.1"])));
}

#[test]
fn behind_a_public_address_cities_have_names_below_it_and_browsers_stay_on_https() {
    let (world, [first, _]) = two_cities();
    let server = world.start(&["serve", "--public-url", "https://kyodo.example.jp"]);
    assert!(server.greeting.contains(&format!("https://{first}.kyodo.example.jp/")), "{}", server.greeting);
    let answer = server.ask(&format!("{first}.kyodo.example.jp"), "/plan").to_ascii_lowercase();
    assert!(answer.starts_with("http/1.1 200") && answer.contains("strict-transport-security"), "{answer}");
}

#[test]
fn with_a_certificate_it_speaks_https() {
    let (world, [_, second]) = two_cities();
    let server = world.start(&["serve", "--tls-certificate", CERTIFICATE, "--tls-key", KEY]);
    assert!(server.greeting.contains(&format!("https://{second}.localhost:")), "{}", server.greeting);
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(CERTIFICATE).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let client = ClientConnection::new(Arc::new(config), ServerName::try_from("localhost").unwrap()).unwrap();
    let mut stream = StreamOwned::new(client, TcpStream::connect(server.address).unwrap());
    write!(stream, "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[test]
fn a_certificate_that_cannot_be_read_is_named() {
    let (world, _) = two_cities();
    let told = world.kyodo(&["serve", "--listen", "127.0.0.1:0", "--tls-certificate", "none.pem", "--tls-key", KEY]);
    assert_eq!(told.code, 1);
    assert!(told.err.contains("none.pem"), "{}", told.err);
}
