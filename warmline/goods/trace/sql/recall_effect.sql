-- How far a recall is: holders, families, and buyers whom nobody knows, in tins. What one holder put aside beyond what it was
-- known to have makes up for nothing that another one misses (found).
SELECT h.stock, h.set_aside, h.destroyed, h.holders, h.confirmed,
       f.families, f.told, f.texted, f.sold, f.returned, f.used_up, h.found,
       greatest(r.sold - f.sold, 0), least(r.strangers_back, greatest(r.sold - f.sold, 0))
FROM trace_recall r, (
    SELECT coalesce(sum(stock), 0)::int AS stock, coalesce(sum(set_aside), 0)::int AS set_aside,
           coalesce(sum(destroyed), 0)::int AS destroyed,
           coalesce(sum(least(set_aside, stock)), 0)::int AS found, count(*)::int AS holders,
           count(confirmed_at)::int AS confirmed
    FROM trace_recallholding WHERE recall_id = %(recall)s
) h, (
    SELECT count(*)::int AS families, count(told_at)::int AS told, count(messaged_at)::int AS texted,
           coalesce(sum(cardinality(units)), 0)::int AS sold, coalesce(sum(returned), 0)::int AS returned,
           coalesce(sum(used_up), 0)::int AS used_up
    FROM trace_recallfamily WHERE recall_id = %(recall)s
) f
WHERE r.id = %(recall)s
