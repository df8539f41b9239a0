-- What happened, summed up by day for the figures of indicators. Facts append to figure_increment in their own
-- transaction, so that nobody waits for a total; a job folds it into figure_day and figure_year. What is true is always
-- all of them together.
CREATE TABLE figure_increment (
    id {id},
    kind {text} NOT NULL,
    -- Empty for all facts of the kind, else the beginning of the subjects that are counted: `^/news`.
    part {text} NOT NULL,
    -- Empty for facts without one.
    tag {text} NOT NULL,
    fiscal_year {int} NOT NULL,
    day {date} NOT NULL,
    -- Facts, less those that were taken back.
    n {int} NOT NULL,
    -- Those that take back.
    reversed {int} NOT NULL,
    -- Quantities, less what was taken back.
    quantity {int} NOT NULL,
    -- What was taken back.
    taken {int} NOT NULL
){strict};
CREATE INDEX figure_increment_of_kind ON figure_increment (kind);

CREATE TABLE figure_day (
    kind {text} NOT NULL,
    fiscal_year {int} NOT NULL,
    day {date} NOT NULL,
    part {text} NOT NULL,
    tag {text} NOT NULL,
    n {int} NOT NULL,
    reversed {int} NOT NULL,
    quantity {int} NOT NULL,
    taken {int} NOT NULL,
    PRIMARY KEY (kind, fiscal_year, day, part, tag)
){strict};

CREATE TABLE figure_year (
    kind {text} NOT NULL,
    fiscal_year {int} NOT NULL,
    part {text} NOT NULL,
    tag {text} NOT NULL,
    n {int} NOT NULL,
    reversed {int} NOT NULL,
    quantity {int} NOT NULL,
    taken {int} NOT NULL,
    PRIMARY KEY (kind, fiscal_year, part, tag)
){strict};

-- The beginnings of subjects that some indicator counts by.
CREATE TABLE figure_prefix (
    kind {text} NOT NULL,
    prefix {text} NOT NULL,
    PRIMARY KEY (kind, prefix)
){strict};

-- How many different subjects were first seen on a day of a year, by the rule that counts them. Recounted by the job,
-- because one more fact does not say whether its subject is new.
CREATE TABLE figure_distinct (
    kind {text} NOT NULL,
    part {text} NOT NULL,
    fiscal_year {int} NOT NULL,
    day {date} NOT NULL,
    n {int} NOT NULL,
    PRIMARY KEY (kind, part, fiscal_year, day)
){strict};

-- Who folds or recounts holds its one row, so that they come one after the other. Facts do not wait for it.
CREATE TABLE figure_keeping (
    id {int} PRIMARY KEY CHECK (id = 1),
    kept_at {time} NOT NULL
){strict};
