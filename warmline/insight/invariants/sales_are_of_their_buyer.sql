-- Who bought belongs to the family that the receipt is of.
-- 中文：买的人属于这张小票的家庭。
SELECT s.id AS sale, s.household_id AS of_sale, m.id AS member, m.household_id AS of_member
FROM sales_sale s
JOIN people_member m ON m.id = s.member_id
WHERE s.household_id IS DISTINCT FROM m.household_id
