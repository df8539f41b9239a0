//! Every sentence about files.

pub(super) const ANNOUNCE: &str = "
INSERT INTO blob (hash, size, stored_at, doomed_at)
VALUES ($1, $2, $3, $3)
ON CONFLICT (hash) DO UPDATE SET
    doomed_at = CASE WHEN blob.doomed_at IS NULL THEN NULL ELSE excluded.doomed_at END";

pub(super) const LIFT: &str = "
UPDATE blob
SET doomed_at = NULL
WHERE hash = $1";

pub(super) const ATTACH: &str = "
INSERT INTO file (key, hash, name, kind, subject, audience, uploaded_by, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
RETURNING id AS n";

pub(super) const BY_KEY: &str = "
SELECT f.id, f.key, f.hash, f.name, f.kind, b.size, f.subject, f.audience, f.uploaded_by, f.created_at
FROM file f
JOIN blob b ON b.hash = f.hash
WHERE f.key = $1";

pub(super) const OF_SUBJECT: &str = "
SELECT f.id, f.key, f.hash, f.name, f.kind, b.size, f.subject, f.audience, f.uploaded_by, f.created_at
FROM file f
JOIN blob b ON b.hash = f.hash
WHERE f.subject = $1
ORDER BY f.id";

pub(super) const ERASE: &str = "
DELETE FROM file
WHERE id = $1
RETURNING hash";

pub(super) const ERASE_SUBJECT: &str = "
DELETE FROM file
WHERE subject = $1
RETURNING hash";

pub(super) const DOOM: &str = "
UPDATE blob
SET doomed_at = $2
WHERE hash = $1";

pub(super) const SPARE: &str = "
UPDATE blob
SET doomed_at = NULL
WHERE hash = $1 AND EXISTS (SELECT 1 FROM file WHERE file.hash = blob.hash)";

pub(super) const DOOMED: &str = "
SELECT hash
FROM blob
WHERE doomed_at <= $1
ORDER BY doomed_at, hash
LIMIT $2";

pub(super) const DROP: &str = "
DELETE FROM blob
WHERE hash = $1 AND doomed_at <= $2 AND NOT EXISTS (SELECT 1 FROM file WHERE file.hash = blob.hash)";

pub(super) const KNOWN: &str = "
SELECT hash
FROM blob
WHERE hash >= $1 AND hash < $2";

pub(super) const ADOPT: &str = "
INSERT INTO blob (hash, size, stored_at, doomed_at)
VALUES ($1, $2, $3, $3)
ON CONFLICT (hash) DO NOTHING";

pub(crate) fn all() -> [&'static str; 13] {
    [ANNOUNCE, LIFT, ATTACH, BY_KEY, OF_SUBJECT, ERASE, ERASE_SUBJECT, DOOM, SPARE, DOOMED, DROP, KNOWN, ADOPT]
}
