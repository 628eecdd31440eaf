-- So that the plan is made with the true numbers in mind.
ANALYZE found (kind, household_id, due_on)
