//! Filtering measures by what people ask for. The filter lives in the address.

use kyodo_jptext::search_key;
use kyodo_web::{Ctx, Frame, Params};

use crate::node::Node;
use crate::progress::Standing;
use crate::schedule::ARROW;
use crate::view::Whole;

/// What was asked for; empty texts ask for nothing.
#[derive(Clone, Debug, Default)]
pub(super) struct Filter {
    pub(super) department: String,
    pub(super) actor: String,
    pub(super) mark: String,
    pub(super) q: String,
    pub(super) late: bool,
}

const NAMES: [&str; 5] = ["department", "actor", "mark", "q", "late"];

/// A choice of a select box.
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) label: String,
    pub(super) chosen: bool,
}

impl Filter {
    /// Reads the filter from the address.
    pub(super) fn of(params: &Params) -> Self {
        let text = |name| params.get(name).unwrap_or_default().to_owned();
        Self {
            department: text("department"),
            actor: text("actor"),
            mark: text("mark"),
            q: text("q"),
            late: params.get("late").is_some(),
        }
    }

    /// Whether anything was asked for.
    pub(super) fn is_active(params: &Params) -> bool {
        !params.has_none_of(&NAMES)
    }

    /// Whether a measure is asked for.
    pub(super) fn admits(&self, whole: &Whole, node: &Node) -> bool {
        let has = |list: &[String], wanted: &String| wanted.is_empty() || list.contains(wanted);
        let acts = self.actor.is_empty()
            || node.details.roles.contains_key(&self.actor)
            || node.details.implementers.contains(&self.actor);
        let marked = self.mark.is_empty()
            || node.schedule.printed().any(|(_, mark)| mark.split('・').any(|part| part == self.mark));
        let late = !self.late || matches!(whole.standing(node), Standing::Late | Standing::Partly | Standing::NotDone);
        has(&node.departments, &self.department) && acts && marked && late && self.says(node)
    }

    fn says(&self, node: &Node) -> bool {
        let details = &node.details;
        let text = [&node.code, &node.title, &details.heading, &details.text, &details.purpose, &details.situation];
        let text = search_key(&text.map(String::as_str).join(" "));
        self.q.split_whitespace().map(search_key).all(|word| text.contains(&word))
    }

    /// The departments that are in charge of any measure.
    pub(super) fn departments(&self, ctx: &Ctx, whole: &Whole) -> Vec<Choice> {
        let in_charge = |key: &str| whole.measures().any(|node| node.departments.iter().any(|own| own == key));
        ctx.state
            .departments
            .iter()
            .filter(|department| in_charge(&department.key))
            .map(|department| choice(&department.key, &department.name, &self.department))
            .collect()
    }

    /// The parties and implementing bodies of any measure.
    pub(super) fn actors(&self, whole: &Whole) -> Vec<Choice> {
        let mut actors: Vec<&String> = whole.plan.outline.parties.iter().collect();
        for implementer in whole.measures().flat_map(|node| &node.details.implementers) {
            if !actors.contains(&implementer) {
                actors.push(implementer);
            }
        }
        actors.into_iter().map(|actor| choice(actor, actor, &self.actor)).collect()
    }

    /// The marks that stand anywhere in the grid.
    pub(super) fn marks(&self, whole: &Whole) -> Vec<Choice> {
        let stands = |name: &str| {
            whole.measures().any(|node| {
                node.schedule.printed().any(|(_, mark)| mark != ARROW && mark.split('・').any(|part| part == name))
            })
        };
        let marks = whole.plan.outline.marks.iter().filter(|mark| stands(&mark.name));
        marks.map(|mark| choice(&mark.name, &mark.name, &self.mark)).collect()
    }
}

fn choice(value: &str, label: &str, chosen: &str) -> Choice {
    Choice { value: value.to_owned(), label: label.to_owned(), chosen: value == chosen }
}

/// How many measures a list shows, in words.
pub(super) fn count(f: &Frame, whole: &Whole, shown: usize) -> String {
    f.tell("measures-count", &[("n", shown.into()), ("level", whole.measure_name().into())])
}
