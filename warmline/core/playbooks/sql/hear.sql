-- Which playbooks does what happened call for, and what is owed then, by whom, until when?
INSERT INTO owed (
    key, playbook_id, kind, household_id, child_id, store_id, keeper_id, purpose, channel, script_id,
    why, weight, on_day, made_at, shows_at, due_at
)
WITH playbook AS MATERIALIZED (
    SELECT p.*, p.condition::jsonpath AS holds
    FROM jsonb_to_recordset(%(playbooks)s::jsonb) AS p (
        id bigint, signal text, condition text, promise_kind text, who text, days_after int,
        due text, within_hours int, purpose text, channel text, script_id bigint, weight real
    )
),
heard AS (
    SELECT e.id, e.kind, e.body, greatest(e.at, %(now)s::timestamptz) AS at, h.id AS household_id,
        h.tier, h.dialect, h.joined_on, h.complained_at, h.home_guide_id, h.store_id, h.status,
        s.code, s.time_zone,
        (greatest(e.at, %(now)s::timestamptz) AT TIME ZONE s.time_zone)::date AS today
    FROM journal_entry e
    JOIN people_household o ON o.id = e.household_id
    JOIN people_household h ON h.id = coalesce(o.merged_into_id, o.id)
    JOIN people_store s ON s.id = h.store_id
    WHERE e.id = ANY (%(entries)s)
),
matched AS MATERIALIZED (
    SELECT e.*, p.id AS playbook_id, p.promise_kind, p.who, p.days_after, p.due, p.within_hours,
        p.purpose, p.channel, p.script_id, p.weight
    FROM heard e
    JOIN playbook p ON p.signal = e.kind
    WHERE (
        SELECT e.body || jsonb_strip_nulls(jsonb_build_object(
            'tier', e.tier, 'store', e.code, 'dialect', nullif(e.dialect, ''),
            'joined_days', e.today - e.joined_on,
            'complained_days', e.today - (e.complained_at AT TIME ZONE e.time_zone)::date,
            'child_age_days', e.today - max(c.born_on),
            'children', count(c.id),
            'expecting', coalesce(bool_or(c.born_on IS NULL AND c.due_on IS NOT NULL), false)
        ))
        FROM people_child c
        WHERE c.household_id = e.household_id
    ) @@ p.holds
),
allowed AS (
    SELECT m.* FROM matched m
    WHERE (m.status <> 'gone' OR m.purpose NOT IN ('care', 'sales', 'survey'))
      AND CASE
          WHEN m.purpose IN ('recall', 'logistics') THEN true
          ELSE coalesce((
              SELECT granted FROM people_consent
              WHERE household_id = m.household_id AND child_id IS NULL AND purpose = m.purpose
              ORDER BY id DESC
              LIMIT 1
          ), m.purpose = 'service')
      END
      AND NOT EXISTS (  -- a service that is owed stays owed: its budget only warns who rings
          SELECT FROM contacts_budget b
          WHERE b.purpose = m.purpose AND b.purpose NOT IN ('recall', 'logistics', 'service')
            AND b.tries_max <= (
                SELECT count(*) FROM contacts_contact
                WHERE household_id = m.household_id AND purpose = m.purpose AND NOT is_inbound
                  AND at > m.at - make_interval(days => b.days) AND at <= m.at
            ) + (
                SELECT count(*) FROM contacts_message
                WHERE household_id = m.household_id AND purpose = m.purpose AND status <> 'failed'
                  AND created_at > m.at - make_interval(days => b.days) AND created_at <= m.at
            )
      )
)
SELECT 'pb:' || a.playbook_id || ':e' || a.id, a.playbook_id, a.promise_kind, a.household_id,
    (SELECT c.id FROM people_child c
     WHERE c.id = (a.body ->> 'child')::bigint AND c.household_id = a.household_id),
    a.store_id,
    CASE a.who
        WHEN 'home_guide' THEN coalesce(home.id, stand_in.id)
        WHEN 'manager' THEN manager.id
    END,
    a.purpose, a.channel, a.script_id,
    a.body - 'household' - 'store' - 'keeper' || jsonb_build_object('heard', a.kind),
    a.weight, coalesce(d.on, a.today + a.days_after), a.at,
    CASE WHEN a.days_after > 0
        THEN greatest(a.at, coalesce(d.on, a.today + a.days_after)::timestamp
            AT TIME ZONE a.time_zone)
        ELSE a.at
    END,
    coalesce(
        CASE a.due
            WHEN 'hours' THEN greatest(a.at, d.opens_at) + make_interval(hours => a.within_hours)
            WHEN 'closing' THEN d.closes_at
            ELSE d.sundown_at
        END,
        a.at + make_interval(days => greatest(a.days_after, 0) + 1)
    )
FROM allowed a
LEFT JOIN LATERAL (  -- the day on which it can be kept: open, and not over yet
    SELECT d.on, d.opens_at, d.closes_at, d.sundown_at FROM people_storeday d
    WHERE d.store_id = a.store_id AND d.on >= a.today + a.days_after AND d.opens_at IS NOT NULL
      AND CASE a.due WHEN 'sundown' THEN d.sundown_at ELSE d.closes_at END > a.at
    ORDER BY d.on
    LIMIT 1
) d ON true
LEFT JOIN people_staff home ON home.id = a.home_guide_id AND home.store_id = a.store_id
    AND home.is_active AND (home.away_until IS NULL OR home.away_until <= a.at)
LEFT JOIN LATERAL (
    SELECT g.id FROM people_staff g
    WHERE a.who = 'home_guide' AND home.id IS NULL AND g.store_id = a.store_id
      AND g.role IN ('guide', 'manager') AND g.is_active AND (g.away_until IS NULL OR g.away_until <= a.at)
    ORDER BY a.dialect <> '' AND a.dialect = ANY (g.dialects) DESC, g.role = 'guide' DESC,
        abs(hashint8(a.household_id * 31 + g.id)), g.id
    LIMIT 1
) stand_in ON true
LEFT JOIN LATERAL (
    SELECT m.id FROM people_staff m
    WHERE a.who = 'manager' AND m.store_id = a.store_id AND m.role = 'manager' AND m.is_active
      AND (m.away_until IS NULL OR m.away_until <= a.at)
    ORDER BY m.id
    LIMIT 1
) manager ON true
