-- Whoever holds one of these two marks is waited for, until they commit; always in the same order.
SELECT pg_advisory_xact_lock(79, %(first)s::int), pg_advisory_xact_lock(79, %(second)s::int)
