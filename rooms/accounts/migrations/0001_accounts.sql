-- The city's rules for signing in: one row, from its pack.
CREATE TABLE account_rules (
    id {int} PRIMARY KEY CHECK (id = 1),
    rules {json} NOT NULL
){strict};

-- A password as argon2id keeps it.
CREATE TABLE password (
    account {int} PRIMARY KEY REFERENCES account (id),
    kept {text} NOT NULL,
    set_at {time} NOT NULL
){strict};

-- Passwords that were used before, for cities that refuse them.
CREATE TABLE former_password (
    id {id},
    account {int} NOT NULL REFERENCES account (id),
    kept {text} NOT NULL,
    set_at {time} NOT NULL
){strict};
CREATE INDEX former_password_of ON former_password (account, id);

CREATE TABLE passkey (
    id {id},
    account {int} NOT NULL REFERENCES account (id),
    credential {text} NOT NULL UNIQUE,
    kept {json} NOT NULL,
    name {text} NOT NULL,
    made_at {time} NOT NULL,
    used_at {time}
){strict};
CREATE INDEX passkey_of ON passkey (account, id);

-- The secret of an app that shows codes, locked with the city's key. `last_step` refuses a code that was used.
CREATE TABLE code_app (
    account {int} PRIMARY KEY REFERENCES account (id),
    locked {text} NOT NULL,
    since {time} NOT NULL,
    last_step {int}
){strict};

CREATE TABLE recovery_code (
    account {int} NOT NULL REFERENCES account (id),
    kept {text} NOT NULL,
    used_at {time},
    PRIMARY KEY (account, kept)
){strict};

-- Who somebody is at an identity provider.
CREATE TABLE outside_identity (
    issuer {text} NOT NULL,
    subject {text} NOT NULL,
    account {int} NOT NULL REFERENCES account (id),
    since {time} NOT NULL,
    PRIMARY KEY (issuer, subject)
){strict};
CREATE INDEX outside_identity_of ON outside_identity (account);

-- A link sent by mail, good once: an invitation, a new password, a new address.
CREATE TABLE mail_link (
    id {id},
    token {text} NOT NULL UNIQUE,
    kind {text} NOT NULL CHECK (kind IN ('invitation', 'reset', 'address')),
    account {int} NOT NULL REFERENCES account (id),
    address {text} NOT NULL,
    made_at {time} NOT NULL,
    expires_at {time} NOT NULL,
    used_at {time}
){strict};
CREATE INDEX mail_link_of ON mail_link (account, kind, id);

-- What must be remembered between two requests of one sign-in; `token` is a fingerprint of what the browser holds.
CREATE TABLE sign_in_step (
    token {text} PRIMARY KEY,
    kind {text} NOT NULL,
    account {int} REFERENCES account (id),
    kept {json} NOT NULL,
    leads_to {text} NOT NULL,
    expires_at {time} NOT NULL
){strict};
CREATE INDEX sign_in_step_by_time ON sign_in_step (expires_at);
