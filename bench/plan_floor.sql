-- The bare morning plan: what is due, the best of each family, twenty a guide, written down.
INSERT INTO promises_promise (
    key, playbook_id, kind, household_id, store_id, keeper_id, purpose, channel, script_id, why,
    weight, made_at, shows_at, due_at, status, words, waived_for, tries
)
SELECT 'pb:1:r' || id, 1, 'care.run_out', household_id, store_id, home_guide_id, 'care', 'phone', %(script)s,
    '{}', weight, %(now)s, %(now)s, %(due)s, 'made', '', '', 0
FROM (
    SELECT best.*, h.store_id, h.home_guide_id,
        row_number() OVER (PARTITION BY h.home_guide_id ORDER BY best.weight DESC) AS place
    FROM (
        SELECT DISTINCT ON (household_id) household_id, id, coalesce(chance, 0.7) AS weight
        FROM care_runout
        WHERE call_on BETWEEN %(first)s AND %(on)s
        ORDER BY household_id, coalesce(chance, 0.7) DESC
    ) best
    JOIN people_household h ON h.id = best.household_id
) ranked
WHERE place <= 20
