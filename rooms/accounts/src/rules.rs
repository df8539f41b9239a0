//! The city's rules for signing in, from `accounts.toml` of its pack: data, because cities differ. A pack that says
//! nothing takes the defaults.

use chrono::{DateTime, Duration, Utc};
use kyodo_db::{Db, Result, Tx};
use kyodo_kernel::pack::city::CityPack;
use kyodo_kernel::pack::part::{Later, Part, Reading};
use kyodo_kernel::pack::{Faults, Pack};
use kyodo_web::session::Lasting;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{password, store};

const FILE: &str = "accounts.toml";

/// The city's rules.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rules {
    /// For passwords.
    pub password: password::Rules,
    /// For sessions.
    pub sessions: Sessions,
}

/// How long sessions last.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sessions {
    /// How long a session of the staff may lie unused, in minutes.
    pub staff_idle_minutes: u32,
    /// How long it lasts at most, in hours.
    pub staff_hours: u32,
    /// How long a session of anybody else may lie unused, in days.
    pub resident_idle_days: u32,
    /// How long it lasts at most, in days.
    pub resident_days: u32,
}

impl Default for Sessions {
    fn default() -> Self {
        Self { staff_idle_minutes: 60, staff_hours: 12, resident_idle_days: 14, resident_days: 90 }
    }
}

impl Sessions {
    /// How long a session lasts for somebody who is of the staff, or is not.
    #[must_use]
    pub fn lasting(&self, staff: bool) -> Lasting {
        if staff {
            Lasting {
                idle: Duration::minutes(self.staff_idle_minutes.into()),
                most: Duration::hours(self.staff_hours.into()),
            }
        } else {
            Lasting {
                idle: Duration::days(self.resident_idle_days.into()),
                most: Duration::days(self.resident_days.into()),
            }
        }
    }
}

/// What the room reads from packs.
#[derive(Debug)]
pub struct RulesPart;

impl Part for RulesPart {
    fn read(&self, pack: &Pack, _: &CityPack, faults: &mut Faults) -> Box<dyn Reading> {
        let mut rules = Rules::default();
        if pack.file(FILE).is_some()
            && let Some(mut file) = pack.toml(FILE, faults)
        {
            rules.password = file.maybe("password", faults).unwrap_or_default();
            rules.sessions = file.maybe("sessions", faults).unwrap_or_default();
            file.finish(faults);
            if let Err(fault) = rules.password.check() {
                faults.add(FILE, 1, fault.to_string());
            }
        }
        Box::new(RulesReading(rules))
    }

    fn stored<'a>(&'a self, db: &'a Db) -> Later<'a, Result<Value>> {
        Box::pin(async move { Ok(serde_json::to_value(store::rules(db).await?).unwrap_or_default()) })
    }
}

struct RulesReading(Rules);

impl Reading for RulesReading {
    fn value(&self) -> Value {
        serde_json::to_value(&self.0).unwrap_or_default()
    }

    fn install<'a>(&'a self, tx: &'a mut Tx, _: DateTime<Utc>) -> Later<'a, Result<()>> {
        Box::pin(store::put_rules(tx, &self.0))
    }
}
