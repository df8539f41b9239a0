//! The preview as it is kept: the list that was read, the day, and what was answered; with a fingerprint of the duties it was
//! compared with, so that what is confirmed is what was seen.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use kyodo_kernel::drafts::{self, Fields};
use kyodo_kernel::people::{self, Account, email_key};
use kyodo_kernel::secret::hex;
use kyodo_web::{Ctx, Result};
use sha2::{Digest, Sha256};

use crate::handover::{Answers, Known, Line, Plan, plan};

/// What the draft is about.
pub(super) const SUBJECT: &str = "handover";

/// A list on its way.
pub(super) struct Kept {
    pub(super) day: NaiveDate,
    /// The name of the file, or what stands for it.
    pub(super) source: String,
    pub(super) lines: Vec<Line>,
    pub(super) answers: Answers,
}

/// The list that somebody has under way, and the fingerprint of the duties they saw.
pub(super) async fn of(ctx: &Ctx) -> Result<Option<(Kept, String)>> {
    let Some(draft) = drafts::of(&ctx.db, ctx.person()?.id, SUBJECT).await? else {
        return Ok(None);
    };
    let value = |name: &str| draft.fields.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
    let Some(day) = value("day").and_then(|day| day.parse().ok()) else {
        return Ok(None);
    };
    let all = |name: &'static str| draft.fields.iter().filter(move |(own, _)| own == name).map(|(_, value)| value);
    let lines = all("line").filter_map(|line| serde_json::from_str(line).ok()).collect();
    let answers = [("same", true), ("other", false)]
        .into_iter()
        .flat_map(|(name, is_same)| all(name).filter_map(move |row| Some((row.parse().ok()?, is_same))))
        .collect();
    let source = value("source").unwrap_or_default().to_owned();
    Ok(Some((Kept { day, source, lines, answers }, draft.based_on)))
}

impl Kept {
    /// What it would do, and who it was compared with.
    pub(super) async fn plan(&self, ctx: &Ctx) -> Result<(Vec<Known>, Plan)> {
        let known = known(ctx, self).await?;
        let plan = plan(&known, &self.lines, self.day, &self.answers);
        Ok((known, plan))
    }

    /// Keeps it instead of what was kept before.
    pub(super) async fn keep(&self, ctx: &Ctx, known: &[Known]) -> Result<()> {
        let mut tx = ctx.db.begin().await?;
        drafts::save(&mut tx, ctx.person()?.id, SUBJECT, &fingerprint(known), &self.fields(), ctx.now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Names what is shown, so that two windows with two lists are not mixed up.
    pub(super) fn version(&self, based_on: &str) -> String {
        let text = format!("{based_on}{:?}", self.fields());
        hex(&Sha256::digest(text))
    }

    fn fields(&self) -> Fields {
        let mut fields = vec![("day".to_owned(), self.day.to_string()), ("source".to_owned(), self.source.clone())];
        let lines = self.lines.iter().filter_map(|line| serde_json::to_string(line).ok());
        fields.extend(lines.map(|line| ("line".to_owned(), line)));
        let mut answers: Vec<_> = self.answers.iter().collect();
        answers.sort();
        let name = |is_same: bool| if is_same { "same" } else { "other" };
        fields.extend(answers.into_iter().map(|(row, is_same)| (name(*is_same).to_owned(), row.to_string())));
        fields
    }
}

/// A fingerprint of people and duties.
pub(super) fn fingerprint(known: &[Known]) -> String {
    hex(&Sha256::digest(format!("{known:?}")))
}

/// Everybody with a duty on the eve or later, and whoever else the list means.
async fn known(ctx: &Ctx, kept: &Kept) -> Result<Vec<Known>> {
    let eve = kept.day.pred_opt().unwrap_or(kept.day);
    let mut known: Vec<Known> = Vec::new();
    for (account, duty) in people::everybody(&ctx.db, eve).await? {
        match known.last_mut().filter(|last| last.account.id == account.id) {
            Some(last) => last.duties.push(duty),
            None => known.push(Known { account, duties: vec![duty] }),
        }
    }
    let (mut names, mut ids) = (HashSet::new(), HashMap::new());
    for (at, one) in known.iter().enumerate() {
        ids.insert(one.account.id, at);
        names.extend([&one.account.staff_number, &one.account.email].into_iter().flatten().cloned());
    }
    for line in &kept.lines {
        let said = [Some(line.number.clone()), line.email.as_deref().map(email_key)];
        // Who has an account and no duty is only looked for when the list gives them one, or somebody known might take
        // their number or address.
        if line.role.is_none() && !said.iter().flatten().any(|name| names.contains(name)) {
            continue;
        }
        for name in said.into_iter().flatten() {
            if names.insert(name.clone())
                && let Some(account) = people::account_named(&ctx.db, &name).await?
                && !ids.contains_key(&account.id)
            {
                ids.insert(account.id, known.len());
                known.push(idle(account));
            }
        }
    }
    Ok(known)
}

fn idle(account: Account) -> Known {
    Known { account, duties: Vec::new() }
}
