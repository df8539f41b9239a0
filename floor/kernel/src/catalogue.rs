//! The catalogue of facts: every kind that any room writes, in one table. Source: `domain.md`.

/// A kind of fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// `noun.happened`
    pub name: &'static str,
    /// The room that writes it.
    pub room: &'static str,
    /// What one unit of its quantity is.
    pub unit: &'static str,
    /// Whether it moves a figure that the public sees at once.
    pub moves_figures: bool,
}

const fn kind(name: &'static str, room: &'static str, unit: &'static str) -> Kind {
    Kind { name, room, unit, moves_figures: true }
}

/// Every kind of fact there is.
pub static CATALOGUE: &[Kind] = &[
    kind("organisation.registered", "registry", "団体"),
    kind("organisation.withdrawn", "registry", "団体"),
    kind("talent.registered", "registry", "人"),
    kind("talent.withdrawn", "registry", "人"),
    kind("area_council.founded", "registry", "団体"),
    kind("intermediary.registered", "registry", "団体"),
    kind("case.opened", "coordination", "件"),
    kind("support.given", "coordination", "件"),
    kind("match.made", "coordination", "件"),
    kind("dispatch.done", "coordination", "回"),
    kind("help.hours", "coordination", "時間"),
    kind("project.started", "collab", "件"),
    kind("project.finished", "collab", "件"),
    kind("proposal.submitted", "collab", "件"),
    kind("proposal.adopted", "collab", "件"),
    kind("agreement.signed", "collab", "件"),
    kind("evaluation.done", "collab", "件"),
    kind("grant.decided", "grants", "円"),
    kind("grant.paid", "grants", "円"),
    kind("grant.settled", "grants", "円"),
    kind("application.received", "grants", "件"),
    kind("opinion.received", "participation", "件"),
    kind("opinion.answered", "participation", "件"),
    kind("survey.answered", "participation", "件"),
    kind("meeting.held", "participation", "回"),
    kind("comment.received", "participation", "件"),
    kind("youth_support.given", "participation", "回"),
    kind("council.met", "councils", "回"),
    kind("minutes.published", "councils", "件"),
    kind("member.appointed", "councils", "人"),
    kind("table.held", "deliberation", "回"),
    kind("team_meeting.held", "areas", "回"),
    kind("area_activity.done", "areas", "件"),
    kind("request.answered", "areas", "件"),
    kind("place.used", "places", "人"),
    kind("booking.made", "places", "件"),
    kind("course.held", "learning", "回"),
    kind("course.attended", "learning", "人"),
    kind("exchange.held", "news", "回"),
    kind("post.published", "news", "件"),
    kind("message.sent", "news", "件"),
    // Counted all day long; the pages that show it are refreshed with the next change of the city.
    Kind { name: "page.viewed", room: "web", unit: "回", moves_figures: false },
];

/// The kind of a name, if there is one.
#[must_use]
pub fn kind_named(name: &str) -> Option<&'static Kind> {
    CATALOGUE.iter().find(|kind| kind.name == name)
}
