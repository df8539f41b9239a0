-- A spreadsheet that somebody is about to bring in: kept from step to step, one for each person.
CREATE TABLE plan_import (
    account {int} PRIMARY KEY REFERENCES account (id),
    name {text} NOT NULL,
    -- The file, base64.
    content {text} NOT NULL,
    mapping {json} NOT NULL,
    brought_at {time} NOT NULL
){strict};

-- Which column said what when a plan last came in under these heads, so that nobody is asked twice.
CREATE TABLE plan_mapping (
    fingerprint {text} PRIMARY KEY,
    mapping {json} NOT NULL,
    used_at {time} NOT NULL
){strict};
