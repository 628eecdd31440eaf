-- Numbers for rows that are about to be written.
SELECT nextval(pg_get_serial_sequence(%(table)s, 'id')) FROM generate_series(1, %(many)s)
