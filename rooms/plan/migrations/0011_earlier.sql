-- A plan before the one that stands: it runs no more. Its key is its years, e.g. 2019-2023.
CREATE TABLE plan_earlier (
    plan {int} NOT NULL REFERENCES plan (id),
    key {text} NOT NULL,
    title {text} NOT NULL,
    from_year {int} NOT NULL,
    to_year {int} NOT NULL,
    summary {text} NOT NULL,
    -- From the pack, written down at the desk, or run here until the next plan took its place.
    source {text} NOT NULL CHECK (source IN ('pack', 'desk', 'adopted')),
    PRIMARY KEY (plan, key)
){strict};

-- A line of such a plan as it was in the end.
CREATE TABLE plan_earlier_line (
    plan {int} NOT NULL,
    earlier {text} NOT NULL,
    position {int} NOT NULL,
    key {text} NOT NULL,
    code {text} NOT NULL,
    title {text} NOT NULL,
    details {json} NOT NULL,
    -- The line here that it was, whose page has its reports; none where the plan did not run here.
    node {text},
    PRIMARY KEY (plan, earlier, position),
    FOREIGN KEY (plan, earlier) REFERENCES plan_earlier (plan, key),
    FOREIGN KEY (plan, node) REFERENCES plan_node (plan, key)
){strict};
CREATE INDEX plan_earlier_line_of_node ON plan_earlier_line (plan, node);
