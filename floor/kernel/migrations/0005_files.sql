-- What people send. The content lies in the store under its hash, once however often it is sent; `doomed_at` is
-- when nothing referred to it any more, or when it was announced before its content was written.
CREATE TABLE blob (
    hash {text} PRIMARY KEY,
    size {int} NOT NULL,
    stored_at {time} NOT NULL,
    doomed_at {time}
){strict};
CREATE INDEX blob_doomed ON blob (doomed_at);

-- A file as people see it. `subject` is what it belongs to (`measure:1-2-4`) and is erased with; `key` is its address.
CREATE TABLE file (
    id {id},
    key {text} NOT NULL UNIQUE,
    hash {text} NOT NULL REFERENCES blob (hash),
    name {text} NOT NULL,
    kind {text} NOT NULL,
    subject {text} NOT NULL,
    audience {text} NOT NULL CHECK (audience IN ('public', 'desk')),
    uploaded_by {int},
    created_at {time} NOT NULL
){strict};
CREATE INDEX file_of_subject ON file (subject, id);
CREATE INDEX file_of_blob ON file (hash);
