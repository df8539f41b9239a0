-- Work that is done behind the requests. `claim` rises with every process that takes the job up, so that one that
-- was given up for dead cannot finish it.
CREATE TABLE job (
    id {id},
    kind {text} NOT NULL,
    payload {json} NOT NULL,
    once {text} UNIQUE,
    run_at {time} NOT NULL,
    attempts {int} NOT NULL,
    claim {int} NOT NULL,
    claimed_by {text},
    claimed_until {time},
    done_at {time},
    failed_at {time},
    stopped_at {time},
    last_error {text},
    created_at {time} NOT NULL
){strict};
CREATE INDEX job_due ON job (run_at, id) WHERE done_at IS NULL AND failed_at IS NULL AND stopped_at IS NULL;
CREATE INDEX job_failed ON job (id) WHERE failed_at IS NOT NULL;

-- The last slot of a schedule that became a job. It outlives the job, so that no slot ever comes twice.
CREATE TABLE job_schedule (
    name {text} PRIMARY KEY,
    slot {time} NOT NULL
){strict};

-- A letter to one address, with what became of it. `key` names it in its Message-ID.
CREATE TABLE mail (
    id {id},
    key {text} NOT NULL UNIQUE,
    account {int},
    address {text} NOT NULL,
    name {text},
    reply_to {text},
    subject {text} NOT NULL,
    text {text} NOT NULL,
    language {text} NOT NULL,
    topic {text},
    token {text},
    created_at {time} NOT NULL,
    sent_at {time},
    refused_at {time},
    bounced_at {time},
    skipped_at {time},
    detail {text}
){strict};
CREATE INDEX mail_of_account ON mail (account, id);

-- What somebody is written to about. `token` is the way out that every such letter carries.
CREATE TABLE subscription (
    id {id},
    account {int} NOT NULL,
    topic {text} NOT NULL,
    token {text} NOT NULL UNIQUE,
    ended_at {time},
    UNIQUE (account, topic)
){strict};

-- Addresses at which nobody can be reached, in small letters.
CREATE TABLE undeliverable (
    address {text} PRIMARY KEY,
    since {time} NOT NULL,
    reason {text} NOT NULL
){strict};
