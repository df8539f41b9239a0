//! The letters to partners, in Japanese: being asked, and being reminded. Each carries the same link.

use chrono::{DateTime, Utc};
use kyodo_db::Tx;
use kyodo_kernel::jobs::Work;
use kyodo_kernel::mail::{self, Address, Letter};
use kyodo_kernel::{Chance, CityState, Language, Secret};
use kyodo_web::{Ctx, format};

use crate::partner::{Partner, token};
use crate::store;

/// What a letter is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    Asked,
    Reminded,
}

/// Where letters are written from: a request, or a job.
pub(super) struct Desk<'a> {
    state: &'a CityState,
    secret: &'a Secret,
    address: String,
    now: DateTime<Utc>,
    chance: Chance,
}

impl<'a> Desk<'a> {
    pub(super) fn of(ctx: &'a Ctx) -> Self {
        Self {
            state: &ctx.state,
            secret: &ctx.city.secret,
            address: ctx.house.address_of(&ctx.city.slug),
            now: ctx.now,
            chance: ctx.house.chance,
        }
    }

    pub(super) fn of_job(work: &'a Work, state: &'a CityState) -> Self {
        Self { state, secret: &work.city.secret, address: work.address.clone(), now: work.now(), chance: work.chance }
    }

    /// Writes to a partner, in the transaction of the change. False where there is no address that could be written to.
    pub(super) async fn write(&self, tx: &mut Tx, partner: &Partner, about: About) -> kyodo_db::Result<bool> {
        let Ok(to) = partner.email.parse::<Address>() else { return Ok(false) };
        let words = self.state.words(Language::Japanese);
        let who = if partner.name.is_empty() {
            words.with("partner-whom", [("organisation", partner.organisation.as_str())])
        } else {
            let whom = [("organisation", partner.organisation.as_str()), ("name", partner.name.as_str())];
            words.with("partner-whom-named", whom)
        };
        let titles = store::asked_titles(tx, partner.id).await?;
        let lines = titles.iter().map(|(code, title)| {
            let item = [code.as_str(), title.as_str()].join(" ");
            words.with("letter-partner-item", [("item", item.trim())])
        });
        let mut items = lines.collect::<Vec<_>>().join("\n");
        if !partner.note.is_empty() {
            items.push_str("\n\n");
            items.push_str(&partner.note);
        }
        let year = self.state.profile.fiscal_year.long(partner.year);
        let link = format!("{}/plan/partners/{}", self.address, token(self.secret, &partner.seed));
        let due = format::day(partner.due_on, Language::Japanese);
        let contact = &self.state.profile.contact;
        let phone = contact.phone.as_ref().map(|phone| words.with("letter-partner-phone", [("phone", phone.as_str())]));
        let phone = phone.unwrap_or_default();
        let values = [
            ("who", who.as_str()),
            ("year", year.as_str()),
            ("items", items.as_str()),
            ("due", due.as_str()),
            ("link", link.as_str()),
            ("phone", phone.as_str()),
        ];
        let (subject, text) = match about {
            About::Asked => ("letter-partner-asked-subject", "letter-partner-asked-text"),
            About::Reminded => ("letter-partner-reminded-subject", "letter-partner-reminded-text"),
        };
        let subject = words.with(subject, [("year", year.as_str()), ("due", due.as_str())]);
        let letter = Letter {
            to_name: Some(partner.name.clone()).filter(|name| !name.is_empty()),
            reply_to: contact.email.as_deref().and_then(|email| email.parse().ok()),
            ..Letter::new(to, subject, words.with(text, values))
        };
        mail::post(tx, &letter, self.now, self.chance).await?;
        Ok(true)
    }
}
