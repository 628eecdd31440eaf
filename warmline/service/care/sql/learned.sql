-- Where the habits of some families are put down, before they go where they belong in one statement.
CREATE TEMPORARY TABLE care_learned (
    household_id bigint, category_id bigint, store_id bigint, product_id bigint, purchases int,
    n float8, s1 float8, s2 float8, e1 float8, last_day int, last_offset float8,
    last_content float8, last_packs float8, last_trips float8, pile float8, bought float8
) ON COMMIT DROP
