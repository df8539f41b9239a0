-- Who did what, and who looked at whose data. Written in the transaction of the change. What is chained is the text
-- of the columns from `key` to `hashes`; personal values stand beside it and can be erased without breaking the chain.
CREATE TABLE audit_entry (
    id {id},
    key {text} NOT NULL UNIQUE,
    at {time} NOT NULL,
    actor {text} NOT NULL,
    action {text} NOT NULL,
    subject {text} NOT NULL,
    request {text} NOT NULL,
    detail {text} NOT NULL,
    hashes {text} NOT NULL,
    personal {text},
    mac {text} NOT NULL
){strict};
-- Each ends in the order in which people read, so that a page costs its length and not the table's.
CREATE INDEX audit_entry_by_time ON audit_entry (at, id);
CREATE INDEX audit_entry_of_subject ON audit_entry (subject, at, id);
CREATE INDEX audit_entry_of_actor ON audit_entry (actor, at, id);
CREATE INDEX audit_entry_of_action ON audit_entry (action, at, id);

-- The chain: each seal takes in the one before it. `day` is the day of sealing in the city.
CREATE TABLE audit_seal (
    position {int} PRIMARY KEY,
    entry {int} NOT NULL UNIQUE REFERENCES audit_entry (id),
    hash {text} NOT NULL,
    day {date} NOT NULL
){strict};

-- The chain's end as of each day, which is published; signed, so that nobody without the key puts another in its place.
CREATE TABLE audit_day (
    day {date} PRIMARY KEY,
    position {int} NOT NULL,
    hash {text} NOT NULL,
    mac {text} NOT NULL
){strict};

@sqlite CREATE TRIGGER audit_entry_is_never_changed BEFORE UPDATE ON audit_entry
@sqlite WHEN NEW.personal IS NOT NULL
@sqlite   OR (NEW.id, NEW.key, NEW.at, NEW.actor, NEW.action, NEW.subject, NEW.request, NEW.detail, NEW.hashes, NEW.mac)
@sqlite   IS NOT (OLD.id, OLD.key, OLD.at, OLD.actor, OLD.action, OLD.subject, OLD.request, OLD.detail, OLD.hashes, OLD.mac)
@sqlite BEGIN SELECT RAISE(ABORT, 'an audit entry is never changed; its personal values can be erased'); END;
@sqlite CREATE TRIGGER audit_entry_is_never_deleted BEFORE DELETE ON audit_entry BEGIN SELECT RAISE(ABORT, 'an audit entry is never deleted'); END;
@sqlite CREATE TRIGGER audit_seal_is_never_changed BEFORE UPDATE ON audit_seal BEGIN SELECT RAISE(ABORT, 'a seal is never changed'); END;
@sqlite CREATE TRIGGER audit_seal_is_never_deleted BEFORE DELETE ON audit_seal BEGIN SELECT RAISE(ABORT, 'a seal is never deleted'); END;
@sqlite CREATE TRIGGER audit_day_only_grows BEFORE UPDATE ON audit_day WHEN NEW.day IS NOT OLD.day OR NEW.position < OLD.position
@sqlite BEGIN SELECT RAISE(ABORT, 'the seal of a day only grows'); END;
@sqlite CREATE TRIGGER audit_day_is_never_deleted BEFORE DELETE ON audit_day BEGIN SELECT RAISE(ABORT, 'the seal of a day is never deleted'); END;

@postgres CREATE FUNCTION audit_entry_stays() RETURNS trigger LANGUAGE plpgsql AS '
@postgres BEGIN
@postgres     IF TG_OP = ''UPDATE'' THEN
@postgres         OLD.personal := NULL;
@postgres         IF NEW IS NOT DISTINCT FROM OLD THEN
@postgres             RETURN NEW;
@postgres         END IF;
@postgres     END IF;
@postgres     RAISE EXCEPTION ''an audit entry is never changed or deleted; its personal values can be erased'';
@postgres END';
@postgres CREATE FUNCTION audit_seal_stays() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''a seal is never changed or deleted''; END';
@postgres CREATE FUNCTION audit_day_grows() RETURNS trigger LANGUAGE plpgsql AS '
@postgres BEGIN
@postgres     IF TG_OP = ''UPDATE'' THEN
@postgres         IF NEW.day = OLD.day AND NEW.position >= OLD.position THEN
@postgres             RETURN NEW;
@postgres         END IF;
@postgres     END IF;
@postgres     RAISE EXCEPTION ''the seal of a day only grows'';
@postgres END';
@postgres CREATE TRIGGER audit_entry_is_never_changed BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_entry_stays();
@postgres CREATE TRIGGER audit_entry_is_never_emptied BEFORE TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_stays();
@postgres CREATE TRIGGER audit_seal_is_never_changed BEFORE UPDATE OR DELETE ON audit_seal FOR EACH ROW EXECUTE FUNCTION audit_seal_stays();
@postgres CREATE TRIGGER audit_seal_is_never_emptied BEFORE TRUNCATE ON audit_seal FOR EACH STATEMENT EXECUTE FUNCTION audit_seal_stays();
@postgres CREATE TRIGGER audit_day_only_grows BEFORE UPDATE OR DELETE ON audit_day FOR EACH ROW EXECUTE FUNCTION audit_day_grows();
@postgres CREATE TRIGGER audit_day_is_never_emptied BEFORE TRUNCATE ON audit_day FOR EACH STATEMENT EXECUTE FUNCTION audit_day_grows();
