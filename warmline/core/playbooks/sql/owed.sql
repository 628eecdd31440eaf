-- What is owed, for a preview: on which day, in which store, to which family?
SELECT on_day, store_id, household_id FROM owed
WHERE on_day >= %(first)s
ORDER BY on_day, weight DESC, household_id
