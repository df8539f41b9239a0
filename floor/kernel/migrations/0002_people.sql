-- Somebody who signs in. What proves who they are (password, passkey …) belongs to the accounts room.
CREATE TABLE account (
    id {id},
    name {text} NOT NULL,
    kana {text} NOT NULL,
    -- By which people are sorted and found.
    kana_key {text} NOT NULL,
    name_key {text} NOT NULL,
    -- In lower case; none when the city knows no address.
    email {text} UNIQUE,
    staff_number {text} UNIQUE,
    created_at {time} NOT NULL,
    closed_at {time},
    {bool example} NOT NULL
){strict};
CREATE INDEX account_by_kana ON account (kana_key, id);

-- A duty somebody holds: a role, where, from which day, to which day (its last).
CREATE TABLE duty (
    id {id},
    account {int} NOT NULL REFERENCES account (id),
    role {text} NOT NULL,
    department {text},
    organisation {int},
    starts_on {date} NOT NULL,
    ends_on {date},
    -- The duty whose holder is stood in for.
    deputy_of {int} REFERENCES duty (id),
    note {text} NOT NULL,
    given_by {int} REFERENCES account (id),
    given_at {time} NOT NULL
){strict};
CREATE INDEX duty_of_account ON duty (account, starts_on);
CREATE INDEX duty_of_role ON duty (role, department, starts_on);
CREATE INDEX duty_of_deputies ON duty (deputy_of);

-- Being signed in, in one browser. `token` is a fingerprint of what the browser holds.
CREATE TABLE session (
    id {id},
    token {text} NOT NULL UNIQUE,
    account {int} NOT NULL REFERENCES account (id),
    -- password, passkey, provider
    method {text} NOT NULL,
    agent {text} NOT NULL,
    began_at {time} NOT NULL,
    -- When it was last seen, to the minute.
    seen_at {time} NOT NULL,
    -- When who it is was last proved, for changes that ask for it.
    proved_at {time} NOT NULL,
    idle_minutes {int} NOT NULL,
    expires_at {time} NOT NULL,
    -- Whether the city asks for one more proof before the session opens a desk.
    {bool half} NOT NULL,
    ended_at {time}
){strict};
CREATE INDEX session_of_account ON session (account, id);
CREATE INDEX session_by_end ON session (expires_at);

-- What somebody is writing: kept by itself, until it is sent.
CREATE TABLE draft (
    id {id},
    account {int} NOT NULL REFERENCES account (id),
    subject {text} NOT NULL,
    -- What the writer saw when they began, so that two people in one text are noticed.
    based_on {text} NOT NULL,
    fields {json} NOT NULL,
    saved_at {time} NOT NULL,
    UNIQUE (account, subject)
){strict};
CREATE INDEX draft_of_subject ON draft (subject, saved_at);

-- A form that was sent, so that sending it twice happens once.
CREATE TABLE submission (
    token {text} PRIMARY KEY,
    answer {text} NOT NULL,
    sent_at {time} NOT NULL
){strict};
CREATE INDEX submission_by_time ON submission (sent_at);

-- How often something limited was tried, in whole windows of time.
CREATE TABLE throttle (
    key {text} NOT NULL,
    -- The window's end.
    until {time} NOT NULL,
    tried {int} NOT NULL,
    PRIMARY KEY (key, until)
){strict};
CREATE INDEX throttle_by_time ON throttle (until);

-- Something somebody should know. Its words are a message with values, said in the reader's language.
CREATE TABLE notice (
    id {id},
    account {int} NOT NULL REFERENCES account (id),
    message {text} NOT NULL,
    said {json} NOT NULL,
    address {text} NOT NULL,
    told_at {time} NOT NULL,
    read_at {time},
    -- When it went out by mail, together with others; it never goes twice.
    mailed_at {time}
){strict};
CREATE INDEX notice_of_account ON notice (account, id);
CREATE INDEX notice_to_mail ON notice (account, id) WHERE read_at IS NULL AND mailed_at IS NULL;
