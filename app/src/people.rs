//! Accounts opened and duties given without a page: by the command line, and for the demo. What a page would tell (the
//! trail, the person) is told here too.

use kyodo_db::{Result, Tx};
use kyodo_kernel::audit::{Entry, Trail};
use kyodo_kernel::people::{self, AccountId, Duty, NewAccount, NewDuty};
use kyodo_kernel::{CityState, Language, notices};
use serde_json::json;

/// Whoever opens accounts and gives duties.
pub(crate) struct Keeper<'a> {
    /// The city.
    pub(crate) state: &'a CityState,
    /// Who does it, and when.
    pub(crate) trail: Trail,
}

impl Keeper<'_> {
    /// Opens an account.
    pub(crate) async fn open(&self, tx: &mut Tx, new: &NewAccount) -> Result<AccountId> {
        let id = people::open(tx, new, self.trail.now).await?;
        let opened = Entry::new("account.opened", id.subject()).personal("name", &new.name);
        let opened = match &new.email {
            Some(email) => opened.personal("email", email),
            None => opened,
        };
        self.trail.note(tx, opened).await?;
        Ok(id)
    }

    /// Gives somebody a duty; its number.
    pub(crate) async fn give(&self, tx: &mut Tx, (id, name): (AccountId, &str), duty: &NewDuty) -> Result<i64> {
        let number = people::give(tx, id, duty, self.trail.now).await?;
        let detail = json!({
            "duty": number,
            "role": duty.role.name(),
            "department": duty.department,
            "from": duty.starts_on,
            "to": duty.ends_on,
            "deputy_of": duty.deputy_of,
        });
        self.trail.note(tx, Entry::new("duty.given", id.subject()).detail(detail).personal("name", name)).await?;
        let words = self.state.words(Language::Japanese);
        let (role, day) = (words.say(duty.role.message()), kyodo_wareki::long_date(duty.starts_on));
        let department = duty.department.as_deref().and_then(|key| self.state.department(key));
        let place = department.map_or_else(|| words.say("city-name"), |department| department.name.clone());
        let message = if duty.deputy_of.is_some() { "notice-deputy-named" } else { "notice-duty-given" };
        let said = [("role", role.as_str()), ("place", place.as_str()), ("day", day.as_str())];
        notices::tell(tx, id, message, &said, "/desk", self.trail.now).await?;
        Ok(number)
    }

    /// Ends a duty on its last day.
    pub(crate) async fn end(
        &self,
        tx: &mut Tx,
        (id, name): (AccountId, &str),
        duty: &Duty,
        last: chrono::NaiveDate,
    ) -> Result<()> {
        people::end_duty(tx, duty.id, last).await?;
        let detail = json!({ "duty": duty.id, "role": duty.role.name(), "department": duty.department, "last": last });
        self.trail.note(tx, Entry::new("duty.ended", id.subject()).detail(detail).personal("name", name)).await
    }
}
