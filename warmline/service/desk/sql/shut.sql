-- Is this limit used up?
SELECT 1 FROM desk_tally WHERE key = %(key)s AND since > %(begin)s AND count >= %(max)s
