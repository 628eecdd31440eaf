-- Which of the days that matter to a family come round? By the sun or by the moon: every way of
-- writing each day is handed in.
INSERT INTO found (kind, household_id, child_id, subject, due_on, facts, weight)
SELECT 'care.important_date', i.household_id, i.child_id, 'd' || i.id || ':' || k.on_day, k.on_day,
    jsonb_build_object('name', i.name, 'calendar', i.calendar), 1
FROM unnest(
    %(days)s::date[], %(calendars)s::text[], %(months)s::int[], %(numbers)s::int[],
    %(leaps)s::boolean[]
) AS k (on_day, calendar, month, day, leap)
JOIN people_importantdate i ON i.calendar = k.calendar AND i.month = k.month AND i.day = k.day
    AND (i.calendar = 'solar' OR i.is_leap_month = k.leap)
