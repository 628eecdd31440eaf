-- Which number comes next on this channel and day? Its row stays locked until the giver commits: a
-- number that is rolled back is given again, so there is never a gap.
INSERT INTO desk_numbering (channel, "on", last) VALUES (%(channel)s::text, %(on)s::date, 1)
ON CONFLICT (channel, "on") DO UPDATE SET last = desk_numbering.last + 1
RETURNING last
