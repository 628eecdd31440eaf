-- Of what nobody asked any more, how much was drawn, looked at again, and found not right?
SELECT s.reason, count(*) AS drawn, count(*) FILTER (WHERE s.status <> 'drawn') AS looked_at,
    count(*) FILTER (WHERE s.status = 'wrong') AS wrong
FROM desk_sample s
WHERE s.drawn_on >= %(first)s::date AND s.drawn_on < %(last)s::date
GROUP BY s.reason
ORDER BY array_position(ARRAY['no_reply', 'thanks', 'settled'], s.reason::text)
