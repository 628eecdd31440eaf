-- Which of what was found do we owe today? The best of each family, through the gates, kept by whom
-- the family knows, and no more for anyone than she can do well in a day.
INSERT INTO owed (
    key, playbook_id, kind, household_id, child_id, store_id, keeper_id, purpose, channel, script_id,
    why, weight, on_day, made_at, shows_at, due_at
)
WITH playbook AS MATERIALIZED (
    SELECT p.*, p.condition::jsonpath AS holds, p.condition = 'true' AS always,
        b.tries_max, b.days AS budget_days
    FROM jsonb_to_recordset(%(playbooks)s::jsonb) AS p (
        id bigint, signal text, condition text, promise_kind text, who text, days_after int,
        due text, within_hours int, purpose text, channel text, script_id bigint, weight real,
        grace_days int
    )
    -- A service that is owed stays owed: its budget only warns who rings.
    LEFT JOIN contacts_budget b ON b.purpose = p.purpose
        AND b.purpose NOT IN ('recall', 'logistics', 'service')
),
day AS MATERIALIZED (  -- the stores that are open on the day and can still keep something
    SELECT s.id, s.code, s.time_zone, d.opens_at, d.closes_at,
        CASE WHEN d.sundown_at > %(now)s::timestamptz THEN d.sundown_at ELSE d.closes_at END
            AS sundown_at,
        greatest(%(now)s::timestamptz, d.on::timestamp AT TIME ZONE s.time_zone) AS begins_at,
        (d.on + 1)::timestamp AT TIME ZONE s.time_zone AS ends_at
    FROM people_store s
    JOIN people_storeday d ON d.store_id = s.id AND d.on = %(on)s
    WHERE s.is_open AND d.closes_at > %(now)s::timestamptz
      AND (%(zone)s::text IS NULL OR s.time_zone = %(zone)s::text)
),
served AS MATERIALIZED (  -- one planned call a family and day, also when the plan runs twice
    SELECT p.household_id
    FROM day
    JOIN promises_promise p ON p.store_id = day.id
        AND p.made_at >= day.ends_at - interval '1 day' AND p.playbook_id IS NOT NULL
        AND p.why ? 'found'
    WHERE %(live)s::boolean
    UNION ALL
    SELECT household_id FROM owed WHERE on_day = %(on)s
),
candidate AS (
    SELECT DISTINCT ON (f.household_id)
        f.household_id, f.child_id, f.due_on, f.facts, f.kind AS found, f.subject,
        p.id AS playbook_id, p.weight * f.weight AS weight, p.who, h.tier, h.dialect,
        h.home_guide_id, day.id AS store_id
    FROM found f
    JOIN playbook p ON p.signal = f.kind
        AND f.due_on + p.days_after BETWEEN %(on)s::date - p.grace_days AND %(on)s::date
    JOIN people_household h ON h.id = f.household_id
        AND h.merged_into_id IS NULL
        AND (h.status <> 'gone' OR p.purpose NOT IN ('care', 'sales', 'survey'))
    JOIN day ON day.id = h.store_id
    WHERE NOT EXISTS (SELECT FROM served WHERE served.household_id = f.household_id)
      AND NOT EXISTS (
          SELECT FROM promises_promise WHERE key = 'pb:' || p.id || ':' || f.subject
      )
      AND NOT EXISTS (SELECT FROM owed WHERE key = 'pb:' || p.id || ':' || f.subject)
      AND (p.always OR (
          SELECT f.facts || jsonb_strip_nulls(jsonb_build_object(
              'tier', h.tier, 'store', day.code, 'dialect', nullif(h.dialect, ''),
              'joined_days', %(on)s::date - h.joined_on,
              'complained_days',
              %(on)s::date - (h.complained_at AT TIME ZONE day.time_zone)::date,
              'child_age_days', %(on)s::date - max(c.born_on),
              'children', count(c.id),
              'expecting', coalesce(bool_or(c.born_on IS NULL AND c.due_on IS NOT NULL), false)
          ))
          FROM people_child c
          WHERE c.household_id = h.id
      ) @@ p.holds)
      AND CASE
          WHEN p.purpose IN ('care', 'sales', 'survey') THEN coalesce((
              SELECT granted FROM people_consent
              WHERE household_id = h.id AND child_id IS NULL AND purpose = p.purpose
              ORDER BY id DESC
              LIMIT 1
          ), false)
          WHEN p.purpose = 'service' THEN coalesce((
              SELECT granted FROM people_consent
              WHERE household_id = h.id AND child_id IS NULL AND purpose = p.purpose
              ORDER BY id DESC
              LIMIT 1
          ), true)
          ELSE true
      END
      AND (p.tries_max IS NULL OR p.tries_max > (
          SELECT count(*) FROM contacts_contact
          WHERE household_id = h.id AND purpose = p.purpose AND NOT is_inbound
            AND at > %(now)s::timestamptz - make_interval(days => p.budget_days)
            AND at <= %(now)s::timestamptz
      ) + (
          SELECT count(*) FROM contacts_message
          WHERE household_id = h.id AND purpose = p.purpose AND status <> 'failed'
            AND created_at > %(now)s::timestamptz - make_interval(days => p.budget_days)
            AND created_at <= %(now)s::timestamptz
      ))
    ORDER BY f.household_id, p.weight * f.weight DESC, f.due_on, f.subject
),
kept AS (  -- by the family's guide; by one who speaks its dialect; by one who is there; by the store
    SELECT c.*,
        CASE c.who
            WHEN 'home_guide' THEN coalesce(home.id, stand_in.id)
            WHEN 'manager' THEN manager.id
        END AS keeper_id
    FROM candidate c
    LEFT JOIN people_staff home ON home.id = c.home_guide_id AND home.store_id = c.store_id
        AND home.is_active AND (home.away_until IS NULL OR home.away_until <= %(now)s::timestamptz)
    LEFT JOIN LATERAL (
        SELECT g.id FROM people_staff g
        WHERE c.who = 'home_guide' AND home.id IS NULL AND g.store_id = c.store_id
          AND g.role IN ('guide', 'manager') AND g.is_active
          AND (g.away_until IS NULL OR g.away_until <= %(now)s::timestamptz)
        ORDER BY c.dialect <> '' AND c.dialect = ANY (g.dialects) DESC, g.role = 'guide' DESC,
            abs(hashint8(c.household_id * 31 + g.id)), g.id
        LIMIT 1
    ) stand_in ON true
    LEFT JOIN LATERAL (
        SELECT m.id FROM people_staff m
        WHERE c.who = 'manager' AND m.store_id = c.store_id AND m.role = 'manager' AND m.is_active
          AND (m.away_until IS NULL OR m.away_until <= %(now)s::timestamptz)
        ORDER BY m.id
        LIMIT 1
    ) manager ON true
),
ranked AS (
    SELECT kept.*, row_number() OVER (
        PARTITION BY store_id, keeper_id
        ORDER BY weight * (1 + tier / 3.0) DESC, due_on, household_id
    ) AS place
    FROM kept
),
room AS MATERIALIZED (  -- what somebody can still do well today
    SELECT g.id, g.calls_a_day - CASE WHEN %(live)s::boolean THEN (
        SELECT count(*) FROM promises_promise o
        WHERE o.keeper_id = g.id AND o.status = 'made' AND o.shows_at < day.ends_at
    ) + (
        SELECT count(*) FROM promises_promise o
        WHERE o.keeper_id = g.id AND o.done_at >= day.ends_at - interval '1 day'
          AND o.waived_for = ''  -- letting off took no call
    ) ELSE 0 END AS places
    FROM people_staff g
    JOIN day ON day.id = g.store_id
)
SELECT 'pb:' || r.playbook_id || ':' || r.subject, r.playbook_id, p.promise_kind, r.household_id,
    r.child_id, r.store_id, r.keeper_id, p.purpose, p.channel, p.script_id,
    r.facts || jsonb_build_object('found', r.found, 'due_on', r.due_on), r.weight, %(on)s,
    %(now)s, day.begins_at,
    CASE p.due
        WHEN 'hours' THEN greatest(%(now)s::timestamptz, day.opens_at)
            + make_interval(hours => p.within_hours)
        WHEN 'closing' THEN day.closes_at
        ELSE day.sundown_at
    END
FROM ranked r
JOIN playbook p ON p.id = r.playbook_id
JOIN day ON day.id = r.store_id
LEFT JOIN room ON room.id = r.keeper_id
WHERE r.place <= coalesce(room.places, %(queue_max)s)
