-- Forget what was owed before.
DELETE FROM owed
