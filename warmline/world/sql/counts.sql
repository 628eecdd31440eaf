-- How big has the chain become?
SELECT (SELECT count(*) FROM people_household), (SELECT count(*) FROM sales_saleline),
       (SELECT count(*) FROM care_runout), (SELECT count(*) FROM promises_promise)
