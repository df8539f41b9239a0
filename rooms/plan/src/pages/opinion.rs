//! What somebody said of a year, as it stands on every page: the words, whose they are, what the departments answer, and
//! what it said before it was corrected.

use askama::Template;
use askama::filters::HtmlSafe;
use kyodo_web::{Frame, Html};

use super::measure::graded;
use crate::evaluation::{Evaluation, Kind};
use crate::plan::Outline;
use crate::store::{Corrections, OpinionBefore};
use crate::view::sentence;

/// An opinion with its answer.
#[derive(Template)]
#[template(path = "opinion-block.html")]
pub(crate) struct OpinionBlock<'a> {
    f: &'a Frame,
    comment: Html,
    by: String,
    /// What the answer is called, by who gives it.
    answered_by: &'static str,
    answer: Option<Html>,
    answered: String,
    /// Why it was corrected and when, and what it said before.
    corrections: Vec<(Html, Vec<Html>)>,
}
impl HtmlSafe for OpinionBlock<'_> {}

impl<'a> OpinionBlock<'a> {
    pub(crate) fn of(f: &'a Frame, outline: &Outline, said: &Evaluation, corrections: &Corrections) -> Self {
        let answered = |on| f.with("opinion-answered", &[("day", &f.day(on))]);
        Self {
            comment: f.prose(&said.comment),
            by: by(f, outline, said),
            answered_by: answer_name(said),
            answer: said.answer.as_ref().map(|answer| f.prose(&answer.text)),
            answered: said.answer.as_ref().map(|answer| answered(answer.on)).unwrap_or_default(),
            corrections: corrections
                .get(&said.id)
                .map(|before| before.iter().map(|one| corrected(f, outline, said.kind, one)).collect())
                .unwrap_or_default(),
            f,
        }
    }
}

/// Whose view it is, with the grade they gave.
pub(crate) fn by(f: &Frame, outline: &Outline, said: &Evaluation) -> String {
    match &said.grade {
        Some(grade) => f.with("opinion-by-graded", &[("who", &said.evaluator), ("grade", &graded(f, outline, grade))]),
        None => f.with("opinion-by", &[("who", &said.evaluator)]),
    }
}

/// The message that names the answer: of the plan as a whole the office gives it.
pub(crate) fn answer_name(said: &Evaluation) -> &'static str {
    if said.node.is_some() { "opinion-answer" } else { "opinion-answer-office" }
}

fn corrected(f: &Frame, outline: &Outline, kind: Kind, before: &OpinionBefore) -> (Html, Vec<Html>) {
    let day = f.day(before.corrected_on);
    let reason = f.with("corrected-on", &[("day", &day), ("reason", &before.reason)]);
    let grade = before.grade.as_deref().map(|grade| graded(f, outline, grade));
    // What was covered of a resident's words was covered so that nobody reads it.
    let comment = if kind == Kind::Resident { String::new() } else { before.comment.clone() };
    let said = [grade.unwrap_or_default(), comment, before.answer.clone()];
    (sentence(f, &reason), said.iter().filter(|text| !text.is_empty()).map(|text| f.prose(text)).collect())
}
