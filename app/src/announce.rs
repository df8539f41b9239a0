//! Where the cities are found: the addresses that people type, worked out from settings and registrations.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use kyodo_kernel::Language;
use kyodo_kernel::people::{self, Role};
use kyodo_kernel::words::Words;
use kyodo_web::House;

use crate::data::Registration;
use crate::settings::Config;

/// A city with the addresses it answers to.
#[derive(Clone, Debug)]
pub struct Place {
    /// Its slug.
    pub slug: String,
    /// Its name, or its slug while its database is away.
    pub name: String,
    /// Its plan's name.
    pub plan: String,
    /// The addresses, the one to give to people first.
    pub addresses: Vec<String>,
    /// Whether it is certain that nobody administers it, so that nobody could let others in.
    pub is_without_administrator: bool,
    words: Option<Arc<Words>>,
}

impl Place {
    /// A role in the words of the city; its plain name while the city's database is away.
    #[must_use]
    pub fn role(&self, role: Role) -> String {
        self.words.as_ref().map_or_else(|| role.name().to_owned(), |words| words.say(role.message()))
    }
}

/// Whether people reach the server by https.
#[must_use]
pub fn is_https(config: &Config) -> bool {
    config.public_url.as_ref().map_or(config.tls_certificate.is_some(), |url| url.scheme() == "https")
}

/// The host name a city gets from `public_url`: its slug before the public host, where that is a name.
#[must_use]
pub fn public_host(config: &Config, slug: &str) -> Option<String> {
    config.public_url.as_ref()?.domain().map(|domain| format!("{slug}.{domain}"))
}

/// Every city with its addresses. Those whose database is `away` are not asked for their names.
pub async fn places(
    config: &Config,
    listen: SocketAddr,
    registrations: &[Registration],
    house: &House,
    away: &[String],
) -> Vec<Place> {
    let mut places = Vec::new();
    for registration in registrations {
        let mut place = Place {
            slug: registration.slug.clone(),
            name: registration.slug.clone(),
            plan: String::new(),
            addresses: addresses(config, listen, registration, registrations.len() == 1),
            is_without_administrator: false,
            words: None,
        };
        let city = house.cities.named(&registration.slug).filter(|city| !away.contains(&city.slug));
        if let Some(city) = city
            && let Ok(state) = city.state().await
        {
            place.name.clone_from(&state.profile.name);
            let words = state.words(Language::Japanese);
            place.plan = words.say("plan-name");
            place.words = Some(Arc::clone(words));
            let today = house.clock.today();
            let administrators = people::holders(&city.db, Role::Administrator, None, today).await;
            place.is_without_administrator = administrators.is_ok_and(|holders| holders.is_empty());
        }
        places.push(place);
    }
    places
}

/// The addresses of a city, the one to give to people first.
pub(crate) fn addresses(config: &Config, listen: SocketAddr, city: &Registration, alone: bool) -> Vec<String> {
    let direct = if config.tls_certificate.is_some() { "https" } else { "http" };
    let (scheme, port) = match &config.public_url {
        Some(url) => (url.scheme(), url.port()),
        None => (direct, Some(listen.port()).filter(|port| *port != if direct == "https" { 443 } else { 80 })),
    };
    let port = port.map(|port| format!(":{port}")).unwrap_or_default();
    let mut hosts = city.hosts.clone();
    hosts.extend(public_host(config, &city.slug));
    if hosts.is_empty() {
        hosts.push(format!("{}.localhost", city.slug));
    }
    let mut addresses: Vec<String> = hosts.iter().map(|host| format!("{scheme}://{host}{port}/")).collect();
    if let Some(own) = city.listen {
        addresses.push(format!("{direct}://{}/", reachable(own)));
    } else if alone {
        // A single city answers on every host.
        addresses.push(format!("{direct}://{}/", reachable(listen)));
    }
    addresses
}

/// An address that a browser on this machine can open.
fn reachable(address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), address.port())
    } else {
        address
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn city(hosts: &[&str], listen: Option<&str>) -> Registration {
        Registration {
            slug: "mihon".to_owned(),
            database: "mihon.db".to_owned(),
            hosts: hosts.iter().map(ToString::to_string).collect(),
            listen: listen.and_then(|address| address.parse().ok()),
            sign_in: Vec::new(),
        }
    }

    #[test]
    fn a_city_is_found_where_its_registration_and_the_settings_say() {
        let listen = SocketAddr::from(([127, 0, 0, 1], 8080));
        let mut config = Config::blank();
        assert_eq!(addresses(&config, listen, &city(&[], None), false), ["http://mihon.localhost:8080/"]);
        assert_eq!(
            addresses(&config, listen, &city(&["kyodo.example"], Some("0.0.0.0:8081")), false),
            ["http://kyodo.example:8080/", "http://127.0.0.1:8081/"]
        );
        assert_eq!(
            addresses(&config, listen, &city(&[], None), true),
            ["http://mihon.localhost:8080/", "http://127.0.0.1:8080/"]
        );
        config.public_url = "https://kyodo.example.jp".parse().ok();
        assert_eq!(addresses(&config, listen, &city(&[], None), false), ["https://mihon.kyodo.example.jp/"]);
    }
}
