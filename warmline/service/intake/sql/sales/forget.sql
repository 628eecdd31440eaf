-- Whatever an earlier look at this file left in the staging tables is gone.
WITH line AS (
    DELETE FROM intake_saleline WHERE import_id = %(import)s
), item AS (
    DELETE FROM intake_saleitem WHERE import_id = %(import)s
)
DELETE FROM intake_salehead WHERE import_id = %(import)s
