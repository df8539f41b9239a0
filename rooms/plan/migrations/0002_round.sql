-- A year's round: departments report, others agree, the office publishes and freezes the year.
CREATE TABLE plan_round (
    id {id},
    plan {int} NOT NULL REFERENCES plan (id),
    fiscal_year {int} NOT NULL,
    opens_on {date} NOT NULL,
    due_on {date} NOT NULL,
    decide_on {date} NOT NULL,
    note {text} NOT NULL,
    frozen_at {time},
    UNIQUE (plan, fiscal_year)
){strict};

-- Which departments a placeholder such as 関係課 stands for in a round.
CREATE TABLE plan_round_member (
    round {int} NOT NULL REFERENCES plan_round (id),
    placeholder {text} NOT NULL,
    department {text} NOT NULL,
    PRIMARY KEY (round, placeholder, department)
){strict};

-- What a department says of an item in a round. `version` rises with every change, so that nobody decides on what they
-- have not seen.
CREATE TABLE plan_report (
    id {id},
    round {int} NOT NULL REFERENCES plan_round (id),
    node {int} NOT NULL REFERENCES plan_node (id),
    version {int} NOT NULL,
    content {json} NOT NULL,
    UNIQUE (round, node)
){strict};

-- What was done with it, by whom, when and why: where a report stands follows from the last of these. `step` is the step
-- of the route at which it waits from then on; `content` is what it said then.
CREATE TABLE plan_report_act (
    id {id},
    report {int} NOT NULL REFERENCES plan_report (id),
    act {text} NOT NULL CHECK (act IN ('submitted', 'agreed', 'returned', 'withdrawn', 'published', 'corrected')),
    step {int} NOT NULL,
    -- None when it came with the demo or by import.
    done_by {int} REFERENCES account (id),
    at {time} NOT NULL,
    note {text} NOT NULL,
    content {json} NOT NULL
){strict};
CREATE INDEX plan_report_act_of_report ON plan_report_act (report, id);

-- Who was reminded of which item, and by whom; none when it came by itself.
CREATE TABLE plan_reminder (
    id {id},
    report {int} NOT NULL REFERENCES plan_report (id),
    account {int} NOT NULL REFERENCES account (id),
    reminded_by {int} REFERENCES account (id),
    at {time} NOT NULL
){strict};
CREATE INDEX plan_reminder_of_report ON plan_reminder (report, id);

-- What was public of a node's year before a correction, the first with the number 1.
CREATE TABLE plan_progress_before (
    progress {int} NOT NULL REFERENCES plan_progress (id),
    number {int} NOT NULL,
    content {json} NOT NULL,
    published_on {date} NOT NULL,
    -- Why it was corrected.
    reason {text} NOT NULL,
    corrected_on {date} NOT NULL,
    PRIMARY KEY (progress, number)
){strict};
