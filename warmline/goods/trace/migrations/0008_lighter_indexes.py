"""Indexes that cost capture less, and one for what was shipped and never received."""

from django.db import migrations

FORWARD = """
-- An event without a location is looked for by no location.
DROP INDEX trace_event_location, trace_event_read_point;
CREATE INDEX trace_event_location ON trace_event (biz_location, id) WHERE biz_location IS NOT NULL;
CREATE INDEX trace_event_read_point ON trace_event (read_point, id) WHERE read_point IS NOT NULL;
-- Which runs of pages hold a thing on the road: a few bytes a run, and a unit that moves on is still
-- rewritten in its place, as it would not be with a tree over what changes with every event.
CREATE INDEX trace_unit_disposition ON trace_unit
    USING brin (disposition int2_minmax_multi_ops) WITH (pages_per_range = 16, autosummarize = on);
"""
BACK = """
DROP INDEX trace_unit_disposition, trace_event_location, trace_event_read_point;
CREATE INDEX trace_event_location ON trace_event (biz_location, id);
CREATE INDEX trace_event_read_point ON trace_event (read_point, id);
"""


class Migration(migrations.Migration):
    dependencies = [("trace", "0007_strangers_back")]
    operations = [migrations.RunSQL(FORWARD, BACK)]
