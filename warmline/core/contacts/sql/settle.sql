-- What came of the tries. What a provider took stays taken, whoever was told; the rest only counts
-- while the message is ours.
UPDATE contacts_message m SET
    status = r.status,
    receipt = CASE WHEN r.receipt = '' THEN m.receipt ELSE r.receipt END,
    error = r.error,
    run_at = coalesce(r.run_at, m.run_at),
    tries = m.tries - r.give_back,
    accepted_at = CASE WHEN r.status IN ('accepted', 'delivered') THEN %(now)s ELSE m.accepted_at END,
    delivered_at = CASE WHEN r.status = 'delivered' THEN %(now)s ELSE m.delivered_at END,
    owner_id = NULL
FROM unnest(
    %(ids)s::bigint[], %(statuses)s::text[], %(receipts)s::text[], %(errors)s::text[],
    %(run_ats)s::timestamptz[], %(give_backs)s::int[]
) AS r (id, status, receipt, error, run_at, give_back)
WHERE m.id = r.id AND m.status NOT IN ('accepted', 'delivered')
  AND (r.status IN ('accepted', 'delivered') OR m.owner_id = %(owner)s)
RETURNING m.id, m.status, m.household_id, m.store_id, m.error
