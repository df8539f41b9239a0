-- The plan reviewed midway: every department says what becomes of its items, the office takes that into the draft of the
-- plan or sets it aside.
CREATE TABLE plan_revision (
    id {id},
    plan {int} NOT NULL REFERENCES plan (id),
    -- From which fiscal year what it decides holds.
    from_year {int} NOT NULL,
    name {text} NOT NULL,
    opens_on {date} NOT NULL,
    due_on {date} NOT NULL,
    decide_on {date} NOT NULL,
    note {text} NOT NULL,
    closed_at {time},
    UNIQUE (plan, from_year)
){strict};

-- What a department proposes for an item. `version` rises with every change, so that nobody decides on what they have not
-- seen.
CREATE TABLE plan_proposal (
    id {id},
    revision {int} NOT NULL REFERENCES plan_revision (id),
    node {int} NOT NULL REFERENCES plan_node (id),
    version {int} NOT NULL,
    content {json} NOT NULL,
    -- The act of the draft that carries it out, as long as the draft is not adopted.
    draft_act {int},
    reminded_at {time},
    UNIQUE (revision, node)
){strict};

-- What was done with it: where a proposal stands follows from the last of these. `step` is the step of the way of reports
-- at which it is from then on; `content` is what it said then.
CREATE TABLE plan_proposal_act (
    id {id},
    proposal {int} NOT NULL REFERENCES plan_proposal (id),
    act {text} NOT NULL
        CHECK (act IN ('submitted', 'agreed', 'returned', 'withdrawn', 'taken', 'aside', 'reopened')),
    step {int} NOT NULL,
    -- None when it came with the demo.
    done_by {int} REFERENCES account (id),
    at {time} NOT NULL,
    note {text} NOT NULL,
    content {json} NOT NULL
){strict};
CREATE INDEX plan_proposal_act_of_proposal ON plan_proposal_act (proposal, id);
