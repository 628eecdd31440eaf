-- The number that the next case gets.
SELECT nextval('desk_case_id_seq')
