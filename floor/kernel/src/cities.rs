//! The cities of this process: host name → city → database.

use std::collections::HashMap;
use std::sync::Arc;

use crate::City;

/// Every city this process serves.
#[derive(Debug, Default)]
pub struct Cities {
    all: Vec<Arc<City>>,
    by_host: HashMap<String, usize>,
}

/// Where a host name leads.
#[derive(Clone, Debug)]
pub enum Seat {
    /// To one city.
    City(Arc<City>),
    /// To the list of cities: the bare host, or a name nobody answers to.
    Lobby,
}

impl Cities {
    /// Adds a city with the host names it answers to beside `<slug>.localhost`.
    pub fn add(&mut self, city: City, hosts: impl IntoIterator<Item = String>) {
        let at = self.all.len();
        let own = format!("{}.localhost", city.slug);
        for host in hosts.into_iter().chain([own]) {
            self.by_host.insert(host.to_ascii_lowercase(), at);
        }
        self.all.push(Arc::new(city));
    }

    /// Who answers on a host. A single city answers on every host.
    #[must_use]
    pub fn seat(&self, host: &str) -> Seat {
        let name = without_port(host).to_ascii_lowercase();
        match (self.by_host.get(&name), self.all.as_slice()) {
            (Some(at), cities) => Seat::City(Arc::clone(&cities[*at])),
            (None, [only]) => Seat::City(Arc::clone(only)),
            (None, _) => Seat::Lobby,
        }
    }

    /// A city by its slug.
    #[must_use]
    pub fn named(&self, slug: &str) -> Option<&Arc<City>> {
        self.all.iter().find(|city| city.slug == slug)
    }

    /// Every city, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<City>> {
        self.all.iter()
    }
}

fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) && !name.is_empty() => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::without_port;

    #[test]
    fn a_port_says_nothing_about_the_city() {
        assert_eq!(without_port("ichinoseki.localhost:8080"), "ichinoseki.localhost");
        assert_eq!(without_port("ichinoseki.localhost"), "ichinoseki.localhost");
        assert_eq!(without_port("[::1]:8080"), "[::1]");
    }
}
