-- Which of these families may not be touched for this purpose in this way, and which rule says so?
WITH asked AS (
    SELECT h.id, h.status, (%(at)s::timestamptz AT TIME ZONE s.time_zone)::time AS local
    FROM unnest(%(households)s::bigint[]) AS a (id)
    JOIN people_household h ON h.id = a.id
    JOIN people_store s ON s.id = h.store_id
)
SELECT id, 'gone' AS rule, true AS is_hard, '{}'::jsonb AS facts
FROM asked
WHERE status = 'gone' AND %(purpose)s::text IN ('care', 'sales', 'survey')

UNION ALL  -- unknown means no; answering a family's own question only stops when they said so

SELECT a.id, CASE WHEN c.granted THEN '' WHEN c.granted IS NULL THEN 'consent' ELSE 'withdrawn' END,
    %(purpose)s::text <> 'service', '{}'
FROM asked a
LEFT JOIN LATERAL (
    SELECT granted FROM people_consent
    WHERE household_id = a.id AND child_id IS NULL AND purpose = %(purpose)s::text
    ORDER BY id DESC
    LIMIT 1
) c ON true
WHERE c.granted IS NOT TRUE AND (%(purpose)s::text <> 'service' OR c.granted IS FALSE)

UNION ALL  -- attempts count, answered or not, whatever the medium

SELECT a.id, 'budget', b.is_hard,
    jsonb_build_object('tries', t.tries, 'tries_max', b.tries_max, 'days', b.days)
FROM asked a
JOIN contacts_budget b ON b.purpose = %(purpose)s::text
CROSS JOIN LATERAL (
    SELECT (
        SELECT count(*) FROM contacts_contact
        WHERE household_id = a.id AND purpose = b.purpose AND NOT is_inbound
          AND at > %(at)s::timestamptz - make_interval(days => b.days)
    ) + (
        SELECT count(*) FROM contacts_message
        WHERE household_id = a.id AND purpose = b.purpose AND status <> 'failed'
          AND created_at > %(at)s::timestamptz - make_interval(days => b.days)
    ) AS tries
) t
WHERE t.tries >= b.tries_max

UNION ALL  -- a phone that rings at night wakes the baby; who comes to the store is awake

SELECT a.id, 'quiet', %(medium)s::text <> 'phone' OR %(purpose)s::text IN ('sales', 'survey'),
    jsonb_build_object('begins', left(q.begins::text, 5), 'ends', left(q.ends::text, 5))
FROM asked a
CROSS JOIN (
    SELECT
        CASE WHEN %(purpose)s::text IN ('sales', 'survey') THEN sales_begins ELSE begins END AS begins,
        CASE WHEN %(purpose)s::text IN ('sales', 'survey') THEN sales_ends ELSE ends END AS ends
    FROM contacts_quiethours
    ORDER BY id
    LIMIT 1
) q
WHERE %(medium)s::text <> 'visit'
  AND CASE
      WHEN q.begins <= q.ends THEN a.local >= q.begins AND a.local < q.ends
      ELSE a.local >= q.begins OR a.local < q.ends
  END
