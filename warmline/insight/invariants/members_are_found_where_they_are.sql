-- A member is found in the store of her family, by a phone that is there whole.
-- 中文：会员在她家所属的门店里能被找到；手机号要么完整，要么没有。
SELECT m.id AS member, m.search_store, h.store_id
FROM people_member m
JOIN people_household h ON h.id = m.household_id
WHERE m.search IS NULL OR m.search_store IS DISTINCT FROM h.store_id
   OR (m.phone_bi IS NULL) <> (length(m.phone) = 0)
