-- Every contact of a channel and day has its number, and none is missing among them.
-- 中文：每个渠道每天的来件编号连续，没有缺号。
SELECT n.channel, n."on", n.last, count(a.id) AS arrivals, coalesce(max(a.number), 0) AS highest
FROM desk_numbering n
LEFT JOIN desk_arrival a ON a.channel = n.channel AND a."on" = n."on"
GROUP BY n.id, n.channel, n."on", n.last
HAVING count(a.id) <> n.last OR coalesce(max(a.number), 0) <> n.last
