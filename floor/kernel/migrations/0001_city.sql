-- The city itself: one row. `revision` rises with every public change, so that a kept page is never stale.
CREATE TABLE city (
    id {int} PRIMARY KEY CHECK (id = 1),
    slug {text} NOT NULL,
    profile {json} NOT NULL,
    terms {json} NOT NULL,
    revision {int} NOT NULL,
    {bool demo} NOT NULL
){strict};

CREATE TABLE department (
    id {id},
    key {text} NOT NULL UNIQUE,
    position {int} NOT NULL,
    name {text} NOT NULL,
    {bool placeholder} NOT NULL,
    address {text},
    phone {text},
    fax {text},
    email {text},
    hours {text},
    -- Made at the desk, which no pack update removes.
    {bool own} NOT NULL
){strict};

-- How a word is read. `source` is who says so: `pack`, or the subject whose department wrote it (`measure:1-2-4`).
CREATE TABLE reading (
    surface {text} NOT NULL,
    source {text} NOT NULL,
    reading {text} NOT NULL,
    -- None for what the pack says: anybody who wrote later knows better.
    written_at {time},
    PRIMARY KEY (surface, source)
){strict};
CREATE INDEX reading_of_source ON reading (source);

-- What happened, once, on a day. Never changed: a mistake is taken back by a fact that reverses it.
CREATE TABLE fact (
    id {id},
    kind {text} NOT NULL,
    day {date} NOT NULL,
    fiscal_year {int} NOT NULL,
    quantity {int} NOT NULL,
    area {int},
    party {int},
    subject {text},
    tag {text},
    reverses {int} UNIQUE REFERENCES fact (id),
    {bool example} NOT NULL,
    recorded_at {time} NOT NULL
){strict};
-- Every figure is recounted along the first, in its order; the second is the order in which people read the records.
CREATE INDEX fact_by_kind ON fact (kind, fiscal_year, tag, day, id, quantity, reverses, subject);
CREATE INDEX fact_in_order ON fact (kind, fiscal_year, day, id);
-- Without it PostgreSQL takes the groups of a recount for far more than there are, and counts them with one worker.
@postgres CREATE STATISTICS fact_groups (ndistinct) ON kind, fiscal_year, tag, day FROM fact;

@sqlite CREATE TRIGGER fact_is_never_changed BEFORE UPDATE ON fact BEGIN SELECT RAISE(ABORT, 'a fact is never changed'); END;
@sqlite CREATE TRIGGER fact_is_never_deleted BEFORE DELETE ON fact BEGIN SELECT RAISE(ABORT, 'a fact is never deleted'); END;
@postgres CREATE FUNCTION fact_stays() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''a fact is never changed or deleted''; END';
@postgres CREATE TRIGGER fact_is_never_changed BEFORE UPDATE OR DELETE ON fact FOR EACH ROW EXECUTE FUNCTION fact_stays();
@postgres CREATE TRIGGER fact_is_never_emptied BEFORE TRUNCATE ON fact FOR EACH STATEMENT EXECUTE FUNCTION fact_stays();

-- Search: bigrams over a normalised key, one of the named places where the two databases differ.
CREATE TABLE search_document (
    id {id},
    room {text} NOT NULL,
    address {text} NOT NULL,
    kind {text} NOT NULL,
    title {text} NOT NULL,
    body {text} NOT NULL
@postgres , title_words tsvector NOT NULL, body_words tsvector NOT NULL
){strict};
CREATE INDEX search_document_of_room ON search_document (room, address);
@sqlite CREATE VIRTUAL TABLE search_index USING fts5 (title, body, content='', contentless_delete=1, detail=full, tokenize="ascii");
@postgres CREATE INDEX search_title ON search_document USING gin (title_words);
@postgres CREATE INDEX search_all ON search_document USING gin ((title_words || body_words));
