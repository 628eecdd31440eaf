-- Forget what was found before.
DELETE FROM found
