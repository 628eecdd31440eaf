-- What playbooks say is owed, before it is promised, for as long as the transaction lasts.
CREATE TEMPORARY TABLE IF NOT EXISTS owed (
    key text NOT NULL,
    playbook_id bigint NOT NULL,
    kind text NOT NULL,
    household_id bigint NOT NULL,
    child_id bigint,
    store_id bigint NOT NULL,
    keeper_id bigint,
    purpose text NOT NULL,
    channel text NOT NULL,
    script_id bigint,
    why jsonb NOT NULL,
    weight real NOT NULL,
    on_day date NOT NULL,
    made_at timestamptz NOT NULL,
    shows_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL
) ON COMMIT DELETE ROWS
