-- How many rows of this file stand understood in the staging tables?
SELECT count(*) FROM intake_saleline WHERE import_id = %(import)s
