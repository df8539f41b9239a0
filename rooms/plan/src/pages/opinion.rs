//! What somebody said of a year, as it stands on every page: the words, whose they are, what the departments answer, and
//! what it said before it was corrected.

use askama::Template;
use askama::filters::HtmlSafe;
use kyodo_web::{Frame, Html};

use super::measure::graded;
use crate::evaluation::Evaluation;
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
            answer: said.answer.as_ref().map(|answer| f.prose(&answer.text)),
            answered: said.answer.as_ref().map(|answer| answered(answer.on)).unwrap_or_default(),
            corrections: corrections
                .get(&said.id)
                .map(|before| before.iter().map(|one| corrected(f, outline, one)).collect())
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

fn corrected(f: &Frame, outline: &Outline, before: &OpinionBefore) -> (Html, Vec<Html>) {
    let day = f.day(before.corrected_on);
    let reason = f.with("corrected-on", &[("day", &day), ("reason", &before.reason)]);
    let grade = before.grade.as_deref().map(|grade| graded(f, outline, grade));
    let said = [grade.unwrap_or_default(), before.comment.clone(), before.answer.clone()];
    (sentence(f, &reason), said.iter().filter(|text| !text.is_empty()).map(|text| f.prose(text)).collect())
}
