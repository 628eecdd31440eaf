-- Which promises were not kept in time? Rows that somebody is just keeping are passed over.
-- The array is read once; behind IN the limit would be counted anew for each row that is looked at.
UPDATE promises_promise SET status = 'broken', closed_at = %(now)s
WHERE id = ANY (ARRAY(
    SELECT id FROM promises_promise
    WHERE status = 'made' AND due_at < %(now)s
    ORDER BY due_at
    LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
))
RETURNING id AS promise, kind AS promise_kind, household_id AS household, store_id AS store,
    keeper_id AS keeper
