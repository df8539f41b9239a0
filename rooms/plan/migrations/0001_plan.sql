-- A plan. Its outline (levels, marks, grades, columns …) is what the pack says of the whole.
CREATE TABLE plan (
    id {id},
    title {text} NOT NULL,
    status {text} NOT NULL CHECK (status IN ('draft', 'adopted')),
    version {int} NOT NULL,
    outline {json} NOT NULL
){strict};

-- A line of the plan at any level. Its key is its own for ever, wherever it moves; its place is its parent and its position. A 再掲 line has only its place; everything else is its real node's.
CREATE TABLE plan_node (
    id {id},
    plan {int} NOT NULL REFERENCES plan (id),
    key {text} NOT NULL,
    parent {text},
    level {int} NOT NULL,
    position {int} NOT NULL,
    code {text} NOT NULL,
    alias_of {text},
    title {text} NOT NULL,
    details {json} NOT NULL,
    -- The first fiscal year in which it is in the plan, where it came later than the plan.
    since {int},
    -- The first fiscal year in which it is not in the plan any more: its page and its years stay.
    retired_from {int},
    -- The fiscal years for which it had left the plan before it came back, between spaces; empty for most.
    away {text} NOT NULL,
    UNIQUE (plan, key)
){strict};
CREATE INDEX plan_node_in_order ON plan_node (plan, position);
CREATE INDEX plan_node_below ON plan_node (plan, parent, position);
CREATE INDEX plan_node_again ON plan_node (plan, alias_of);

CREATE TABLE plan_node_department (
    node {int} NOT NULL REFERENCES plan_node (id),
    position {int} NOT NULL,
    department {text} NOT NULL,
    -- Put in charge at the desk, where the pack may name nobody.
    {bool own} NOT NULL,
    PRIMARY KEY (node, position)
){strict};
CREATE INDEX plan_node_of_department ON plan_node_department (department, node);

-- The year grid as printed: → continues the mark before it, no row is an empty cell.
CREATE TABLE plan_mark (
    node {int} NOT NULL REFERENCES plan_node (id),
    fiscal_year {int} NOT NULL,
    mark {text} NOT NULL,
    PRIMARY KEY (node, fiscal_year)
){strict};

-- What a department reported of a node for a year.
CREATE TABLE plan_progress (
    id {id},
    node {int} NOT NULL REFERENCES plan_node (id),
    fiscal_year {int} NOT NULL,
    mark {text},
    grade {text},
    text {text} NOT NULL,
    next_step {text} NOT NULL,
    published_on {date} NOT NULL,
    {bool example} NOT NULL,
    UNIQUE (node, fiscal_year)
){strict};
CREATE INDEX plan_progress_of_year ON plan_progress (fiscal_year, node);

-- What others say of a year: of one node, or of the whole plan.
CREATE TABLE plan_evaluation (
    id {id},
    plan {int} NOT NULL REFERENCES plan (id),
    -- None where it is said of the whole.
    node {int} REFERENCES plan_node (id),
    fiscal_year {int} NOT NULL,
    kind {text} NOT NULL CHECK (kind IN ('third_party', 'mutual', 'resident')),
    -- Who, as the public reads it.
    evaluator {text} NOT NULL,
    grade {text},
    comment {text} NOT NULL,
    -- None until the office publishes it.
    published_on {date},
    -- What the departments in charge say to it; public from the day on which they answered.
    answer {text} NOT NULL,
    answered_on {date},
    -- Since when its words are gone; why stands in their place.
    withdrawn_on {date},
    {bool example} NOT NULL
){strict};
CREATE INDEX plan_evaluation_of_node ON plan_evaluation (node, fiscal_year);
CREATE INDEX plan_evaluation_of_year ON plan_evaluation (plan, fiscal_year);

-- Every text that a node had in public since a department first changed it; the one with the highest number stands.
CREATE TABLE plan_text (
    id {id},
    node {int} NOT NULL REFERENCES plan_node (id),
    number {int} NOT NULL,
    content {json} NOT NULL,
    -- None for the first, which came with the plan before anybody wrote.
    published_at {time},
    -- None when it came with the plan's document.
    published_by {int} REFERENCES account (id),
    UNIQUE (node, number)
){strict};

CREATE TABLE indicator (
    id {id},
    plan {int} NOT NULL REFERENCES plan (id),
    key {text} NOT NULL,
    node {text},
    position {int} NOT NULL,
    name {text} NOT NULL,
    definition {json} NOT NULL,
    UNIQUE (plan, key)
){strict};

-- The kinds of facts an indicator is counted from.
CREATE TABLE indicator_kind (
    indicator {int} NOT NULL REFERENCES indicator (id),
    kind {text} NOT NULL,
    PRIMARY KEY (indicator, kind)
){strict};
CREATE INDEX indicator_of_kind ON indicator_kind (kind);

-- What is entered by hand: the figure or the target of an indicator for a year, or the city's population at a year's
-- end. A correction is a record of its own: of one year the highest number stands, and what it says may be nothing.
CREATE TABLE observation (
    id {id},
    what {text} NOT NULL CHECK (what IN ('figure', 'target', 'population')),
    -- None for the population.
    indicator {int} REFERENCES indicator (id),
    fiscal_year {int} NOT NULL,
    number {int} NOT NULL,
    -- None when it was taken back.
    value {real},
    -- Where it comes from, in words.
    source {text} NOT NULL,
    -- Whose people entered it, as everybody may know.
    department {text},
    -- Who, as the desk may know; none when it came with a document.
    entered_by {int} REFERENCES account (id),
    entered_at {time} NOT NULL,
    {bool example} NOT NULL
){strict};
CREATE UNIQUE INDEX observation_of_year ON observation (what, COALESCE(indicator, 0), fiscal_year, number);
