//! The identity providers of the cities, opened at the start: a key that is missing or open to others shows before anybody
//! wants to come in.

use std::collections::HashMap;
use std::sync::Arc;

use kyodo_accounts::Gates;
use kyodo_accounts::oidc::Gate;

use crate::data::{DataFolder, Registration};
use crate::failure::{OrTell, Result};

/// Opens the providers of every city. Nobody is asked anything yet.
pub fn open(data: &DataFolder, registrations: &[Registration]) -> Result<Gates> {
    let mut gates = HashMap::new();
    for city in registrations {
        let opened = city.sign_in.iter().map(|provider| {
            Gate::open(provider.clone(), &data.cities()).or_tell(|| {
                format!(
                    "{}: [[sign_in]] の「{}」を使えません。",
                    data.file(&city.slug, "toml").display(),
                    provider.name
                )
            })
        });
        gates.insert(city.slug.clone(), opened.collect::<Result<Vec<_>>>()?);
    }
    Ok(Gates(Arc::new(gates)))
}
