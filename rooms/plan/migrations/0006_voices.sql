-- Somebody who worked on the plan with the city and is asked by mail what they think of a year. Of their link only a
-- fingerprint stands in this table; the link follows from `seed` and the city's key, so that a reminder can bring it
-- again. The letter itself keeps the whole link as long as letters keep their text.
CREATE TABLE plan_partner (
    id {id},
    plan {int} NOT NULL REFERENCES plan (id),
    fiscal_year {int} NOT NULL,
    organisation {text} NOT NULL,
    -- Personal: whom in it, and where. Empty once it is forgotten.
    name {text} NOT NULL,
    email {text} NOT NULL,
    due_on {date} NOT NULL,
    note {text} NOT NULL,
    seed {text} NOT NULL,
    link {text} NOT NULL UNIQUE,
    asked_by {int} REFERENCES account (id),
    asked_at {time} NOT NULL,
    reminded_at {time},
    revoked_at {time},
    {bool example} NOT NULL
){strict};
CREATE INDEX plan_partner_of_year ON plan_partner (plan, fiscal_year, id);
CREATE INDEX plan_partner_by_day ON plan_partner (due_on);

-- What a partner says of one item. `version` rises with every change, so that nothing is published that nobody has seen.
CREATE TABLE plan_partner_item (
    id {id},
    partner {int} NOT NULL REFERENCES plan_partner (id),
    node {int} NOT NULL REFERENCES plan_node (id),
    version {int} NOT NULL,
    content {json} NOT NULL,
    answered_at {time},
    published_at {time},
    -- Kept back by the office, and why; the reason is for the desk alone.
    aside_at {time},
    reason {text} NOT NULL,
    UNIQUE (partner, node)
){strict};
CREATE INDEX plan_partner_item_of_node ON plan_partner_item (node);

-- Whether, when and with which question residents are asked for comments on a year. No row: they are not.
CREATE TABLE plan_voice_call (
    plan {int} NOT NULL REFERENCES plan (id),
    fiscal_year {int} NOT NULL,
    opens_on {date} NOT NULL,
    closes_on {date} NOT NULL,
    question {text} NOT NULL,
    version {int} NOT NULL,
    PRIMARY KEY (plan, fiscal_year)
){strict};

-- A comment from a resident. The words as they were sent are for the office alone and are forgotten after a year; `shown`
-- is what everybody may read of them.
CREATE TABLE plan_voice (
    id {id},
    plan {int} NOT NULL REFERENCES plan (id),
    -- None where it is about the whole year.
    node {int} REFERENCES plan_node (id),
    fiscal_year {int} NOT NULL,
    receipt {text} NOT NULL UNIQUE,
    comment {text} NOT NULL,
    -- Personal, where the writer gave one; empty for 匿名.
    name {text} NOT NULL,
    received_at {time} NOT NULL,
    stage {text} NOT NULL CHECK (stage IN ('new', 'ready', 'aside', 'merged', 'published')),
    shown {text} NOT NULL,
    shown_as {text} NOT NULL,
    -- Why it was set aside; for the desk alone.
    reason {text} NOT NULL,
    -- The comment that speaks for this one as well.
    merged_into {int} REFERENCES plan_voice (id),
    -- What everybody reads of it, once it is published.
    evaluation {int} REFERENCES plan_evaluation (id),
    version {int} NOT NULL,
    decided_by {int} REFERENCES account (id),
    decided_at {time},
    forgotten_at {time},
    {bool example} NOT NULL
){strict};
CREATE INDEX plan_voice_in_order ON plan_voice (plan, fiscal_year, stage, id);
CREATE INDEX plan_voice_of_node ON plan_voice (node);
CREATE INDEX plan_voice_by_time ON plan_voice (received_at);
