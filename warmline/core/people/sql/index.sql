-- These members are found by these words from now on.
UPDATE people_member AS member SET
    search = array_to_tsvector(string_to_array(said.words, ' ')),
    search_store = said.store,
    name_sort = said.sort
FROM unnest(%(ids)s::bigint[], %(words)s::text[], %(stores)s::bigint[], %(sorts)s::text[])
    AS said (id, words, store, sort)
WHERE member.id = said.id
