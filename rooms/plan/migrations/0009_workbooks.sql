-- When the workbook of a department was last handed out, and when one was last taken in.
CREATE TABLE plan_workbook (
    round {int} NOT NULL REFERENCES plan_round (id),
    department {text} NOT NULL,
    handed_at {time},
    taken_at {time},
    PRIMARY KEY (round, department)
){strict};

-- What a workbook last said of a report or a figure, and which copy of it: whoever goes on writing in the same copy has
-- been overtaken by nobody but themselves.
CREATE TABLE plan_workbook_line (
    round {int} NOT NULL REFERENCES plan_round (id),
    subject {text} NOT NULL,
    copy {text} NOT NULL,
    -- The fingerprint of what it said.
    content {text} NOT NULL,
    {bool submitted} NOT NULL,
    PRIMARY KEY (round, subject)
){strict};

-- Filled-in workbooks that somebody is about to take in: kept until they have looked at what would change.
CREATE TABLE plan_workbook_file (
    account {int} NOT NULL REFERENCES account (id),
    number {int} NOT NULL,
    round {int} NOT NULL REFERENCES plan_round (id),
    name {text} NOT NULL,
    -- The file, base64.
    content {text} NOT NULL,
    brought_at {time} NOT NULL,
    PRIMARY KEY (account, number)
){strict};
