-- Promise what is owed; what was promised before under the same key is not promised again.
INSERT INTO promises_promise (
    key, playbook_id, kind, household_id, child_id, store_id, keeper_id, purpose, channel, script_id,
    why, weight, made_at, shows_at, due_at, status, words, waived_for, tries
)
SELECT key, playbook_id, kind, household_id, child_id, store_id, keeper_id, purpose, channel,
    script_id, why, weight, made_at, shows_at, due_at, 'made', '', '', 0
FROM owed
ON CONFLICT (key) DO NOTHING
