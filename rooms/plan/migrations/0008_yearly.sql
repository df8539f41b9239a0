-- A year's report as it was adopted: the document and its table, kept whole. A later correction changes neither; the office
-- may adopt anew, which is another number.
CREATE TABLE plan_yearly (
    id {id},
    plan {int} NOT NULL REFERENCES plan (id),
    fiscal_year {int} NOT NULL,
    number {int} NOT NULL,
    adopted_on {date} NOT NULL,
    -- Who adopted it, as residents read it: a council, a decision of the mayor.
    body {text} NOT NULL,
    -- Why it was adopted anew; empty for the first.
    reason {text} NOT NULL,
    done_by {int} REFERENCES account (id),
    at {time} NOT NULL,
    -- The fingerprint of what the document was made of.
    content {text} NOT NULL,
    -- As text, so that both databases keep them letter by letter.
    paper {text} NOT NULL,
    sheet {text} NOT NULL,
    UNIQUE (plan, fiscal_year, number)
){strict};
@sqlite CREATE TRIGGER plan_yearly_is_never_changed BEFORE UPDATE ON plan_yearly BEGIN SELECT RAISE(ABORT, 'what was adopted is never changed'); END;
@sqlite CREATE TRIGGER plan_yearly_is_never_deleted BEFORE DELETE ON plan_yearly BEGIN SELECT RAISE(ABORT, 'what was adopted is never deleted'); END;
@postgres CREATE FUNCTION plan_yearly_stays() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''what was adopted is never changed or deleted''; END';
@postgres CREATE TRIGGER plan_yearly_is_never_changed BEFORE UPDATE OR DELETE ON plan_yearly FOR EACH ROW EXECUTE FUNCTION plan_yearly_stays();
