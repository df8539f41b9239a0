-- The plan under revision: what stood when it was begun, and what the acts upon it make of it. One at a time.
CREATE TABLE plan_draft (
    plan {int} PRIMARY KEY REFERENCES plan (id),
    -- Rises with every act, so that nobody acts on what they have not seen.
    version {int} NOT NULL,
    -- From which fiscal year lines come and go.
    from_year {int} NOT NULL,
    -- Why it is revised.
    note {text} NOT NULL,
    -- What the next plan is called and until when it runs, where the draft is one.
    next {json},
    base {json} NOT NULL,
    content {json} NOT NULL,
    begun_by {int} NOT NULL REFERENCES account (id),
    begun_at {time} NOT NULL
){strict};

-- What was done in the draft, one after the other.
CREATE TABLE plan_draft_act (
    plan {int} NOT NULL REFERENCES plan_draft (plan),
    number {int} NOT NULL,
    act {json} NOT NULL,
    -- The line that it is about, as it was called then.
    title {text} NOT NULL,
    done_by {int} NOT NULL REFERENCES account (id),
    at {time} NOT NULL,
    PRIMARY KEY (plan, number)
){strict};

-- The versions of a plan, the first with the number 1; it is written when another takes its place.
CREATE TABLE plan_version (
    plan {int} NOT NULL REFERENCES plan (id),
    number {int} NOT NULL,
    -- As printed: 令和8年度改訂版. Empty for the first.
    name {text} NOT NULL,
    -- None for the first: when the plan was adopted stands in its document.
    adopted_on {date},
    -- From which fiscal year lines come and go.
    from_year {int},
    reason {text} NOT NULL,
    content {json} NOT NULL,
    PRIMARY KEY (plan, number)
){strict};

-- Which line went on in which, and since which version.
CREATE TABLE plan_lineage (
    from_node {int} NOT NULL REFERENCES plan_node (id),
    to_node {int} NOT NULL REFERENCES plan_node (id),
    kind {text} NOT NULL CHECK (kind IN ('split', 'merged', 'continued')),
    version {int} NOT NULL,
    PRIMARY KEY (from_node, to_node)
){strict};
CREATE INDEX plan_lineage_to ON plan_lineage (to_node);
