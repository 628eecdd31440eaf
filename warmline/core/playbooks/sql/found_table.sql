-- What finders found, for as long as the transaction lasts.
CREATE TEMPORARY TABLE IF NOT EXISTS found (
    kind text NOT NULL,
    household_id bigint NOT NULL,
    child_id bigint,
    subject text NOT NULL,
    due_on date NOT NULL,
    facts jsonb NOT NULL DEFAULT '{}',
    weight real NOT NULL DEFAULT 1
) ON COMMIT DELETE ROWS
