-- A year's evaluation by the committee: its members work through a list, the office writes down what the meeting said.
CREATE TABLE plan_review (
    id {id},
    plan {int} NOT NULL REFERENCES plan (id),
    fiscal_year {int} NOT NULL,
    -- The committee's name, as the public reads it.
    body {text} NOT NULL,
    opens_on {date} NOT NULL,
    -- The last day for members to write; the office reads what they wrote from the day after.
    due_on {date} NOT NULL,
    note {text} NOT NULL,
    -- Rises with everything that the office writes down of the meeting, so that two of its people wait for each other.
    turn {int} NOT NULL,
    published_at {time},
    UNIQUE (plan, fiscal_year)
){strict};

-- What is on the committee's list.
CREATE TABLE plan_review_item (
    id {id},
    review {int} NOT NULL REFERENCES plan_review (id),
    node {int} NOT NULL REFERENCES plan_node (id),
    UNIQUE (review, node)
){strict};

-- What one member says of an item, for the meeting: it is never public. `version` rises with every change.
CREATE TABLE plan_review_remark (
    item {int} NOT NULL REFERENCES plan_review_item (id),
    account {int} NOT NULL REFERENCES account (id),
    version {int} NOT NULL,
    -- None where the member cannot judge it, or the plan has no grades.
    grade {text},
    comment {text} NOT NULL,
    written_at {time} NOT NULL,
    PRIMARY KEY (item, account)
){strict};

-- On its way to the public: what a department answers to an opinion, until the office publishes it. `version` rises with
-- every change.
CREATE TABLE plan_answer (
    evaluation {int} NOT NULL PRIMARY KEY REFERENCES plan_evaluation (id),
    due_on {date} NOT NULL,
    version {int} NOT NULL,
    text {text} NOT NULL,
    -- None while it is with the department.
    sent_at {time},
    sent_by {int} REFERENCES account (id),
    -- Why the office sent it back.
    note {text} NOT NULL
){strict};

-- What was public of an opinion or of its answer before a correction, the first with the number 1.
CREATE TABLE plan_evaluation_before (
    evaluation {int} NOT NULL REFERENCES plan_evaluation (id),
    number {int} NOT NULL,
    grade {text},
    comment {text} NOT NULL,
    answer {text} NOT NULL,
    -- Why it was corrected.
    reason {text} NOT NULL,
    corrected_on {date} NOT NULL,
    PRIMARY KEY (evaluation, number)
){strict};
