"""Consents are append-only for the app. One thing alone takes some away: the undo of the file that
brought them, through this function of the owner, and of no others."""

from django.db import migrations

MAKE = """
CREATE FUNCTION intake_strike_consents(ids bigint[]) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    WITH struck AS (
        DELETE FROM public.people_consent c
        WHERE c.id = ANY(ids) AND c.channel = 'import' AND EXISTS (
            SELECT FROM public.intake_change h JOIN public.intake_import f ON f.id = h.of_id
            WHERE h."table" = 'people.Consent' AND h.row_id = c.id AND f.status = 'undoing')
        RETURNING 1
    )
    SELECT count(*) FROM struck
$$
"""


class Migration(migrations.Migration):
    dependencies = [("intake", "0003_looked_as"), ("people", "0002_append_only")]
    operations = [migrations.RunSQL(MAKE, "DROP FUNCTION intake_strike_consents(bigint[])")]
