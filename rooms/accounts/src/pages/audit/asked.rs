//! What is looked for in the trail, as it was typed and as it was understood.

use std::collections::HashMap;

use chrono::NaiveDate;
use kyodo_jptext::half_width;
use kyodo_kernel::audit::Filter;
use kyodo_kernel::people::{self, AccountFilter, AccountId, Listed, Standing};
use kyodo_wareki::parse_date;
use kyodo_web::{Faults, Frame, Params, Result};
use serde_json::{Value, json};

use crate::actions::{ACTORS, account_in};

/// So many people of one name are offered to choose from.
const OFFERED: i64 = 20;

/// What is looked for.
pub(super) struct Asked {
    /// As it was typed.
    pub(super) params: Params,
    /// As it was understood.
    pub(super) filter: Filter,
    /// Whether personal values are shown too.
    pub(super) personal: bool,
    /// What was not understood.
    pub(super) faults: Faults,
    /// The people who may be meant, when there are several.
    pub(super) candidates: Vec<Candidate>,
    /// The name of the one who is meant.
    pub(super) who: Option<String>,
}

/// Somebody who may be meant.
pub(super) struct Candidate {
    /// The same search for this person.
    pub(super) href: String,
    /// Their name.
    pub(super) name: String,
    /// What tells them from others: the roles, or that the account is closed.
    pub(super) note: String,
}

impl Asked {
    pub(super) async fn read(f: &Frame, params: &Params) -> Result<Self> {
        let mut faults = Faults::default();
        let from = day(f, params, "from", &mut faults);
        let to = day(f, params, "to", &mut faults);
        let text = |name: &str| params.get(name).map(str::to_owned);
        let filter = Filter {
            actor: None,
            action: text("what"),
            // 「measure：1-2-4」, as a Japanese keyboard writes it.
            subject: params.get("about").map(|about| half_width(about).replace(' ', "")),
            from,
            to,
            text: text("text"),
        };
        let mut asked = Self {
            params: params.clone(),
            filter,
            personal: params.get("personal").is_some(),
            faults,
            candidates: Vec::new(),
            who: None,
        };
        if let Some(who) = params.get("who") {
            asked.find(f, who).await?;
        }
        Ok(asked)
    }

    /// Who is meant by a name: an account, or one of those who act without one.
    async fn find(&mut self, f: &Frame, who: &str) -> Result<()> {
        let known = ACTORS.iter().find(|(name, message)| *name == who || f.t(message) == who);
        if let Some((name, _)) = known {
            self.filter.actor = Some((*name).to_owned());
            return Ok(());
        }
        if let Some(id) = account_in(&half_width(who)).map(AccountId) {
            self.who = people::names(&f.ctx.db, &[id]).await?.remove(&id);
            self.filter.actor = Some(id.subject());
            return Ok(());
        }
        let mut found = Vec::new();
        for standing in [Standing::Open, Standing::Closed] {
            let filter = AccountFilter { q: who.to_owned(), standing, today: f.ctx.today, ..AccountFilter::default() };
            found.extend(people::list(&f.ctx.db, &filter, None, OFFERED).await?);
        }
        match found.as_slice() {
            [] => self.faults.add("who", f.t("audit-nobody")),
            [one] => {
                self.filter.actor = Some(one.account.id.subject());
                self.who = Some(one.account.name.clone());
            }
            several => self.candidates = several.iter().map(|listed| self.candidate(f, listed)).collect(),
        }
        Ok(())
    }

    fn candidate(&self, f: &Frame, listed: &Listed) -> Candidate {
        let roles: Vec<String> = listed.duties.iter().map(|(role, ..)| f.t(role.message())).collect();
        Candidate {
            href: format!("?{}", self.params.with("who", &listed.account.id.subject())),
            name: listed.account.name.clone(),
            note: if listed.account.closed_at.is_some() { f.t("audit-closed") } else { roles.join("、") },
        }
    }

    /// Whether it was understood, so that something can be shown.
    pub(super) fn is_clear(&self) -> bool {
        self.faults.is_empty() && self.candidates.is_empty()
    }

    /// Whether anything was asked for.
    pub(super) fn is_narrow(&self) -> bool {
        self.filter != Filter::default()
    }

    pub(super) fn typed(&self, name: &str) -> &str {
        self.params.get(name).unwrap_or_default()
    }

    /// What the trail is told of a search.
    pub(super) fn detail(&self) -> Value {
        let Filter { actor, action, subject, from, to, .. } = &self.filter;
        let mut detail: HashMap<&str, Value> = HashMap::new();
        let texts = [("actor", actor), ("action", action), ("about", subject)];
        detail.extend(texts.into_iter().filter_map(|(name, text)| Some((name, json!(text.as_ref()?)))));
        let days = [("from", from), ("to", to)];
        detail.extend(days.into_iter().filter_map(|(name, day)| Some((name, json!(day.as_ref()?)))));
        if self.personal {
            detail.insert("personal", json!(true));
        }
        json!(detail)
    }
}

/// A day as people write it.
fn day(f: &Frame, params: &Params, name: &str, faults: &mut Faults) -> Option<NaiveDate> {
    let day = parse_date(params.get(name)?);
    if day.is_err() {
        faults.add(name, f.t("audit-no-day"));
    }
    day.ok()
}
