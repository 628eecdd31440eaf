"""Staging tables of sales: unlogged, keyed by import, empty again once it is settled."""

from django.db import migrations

MAKE = """
CREATE UNLOGGED TABLE intake_salehead (
    import_id bigint NOT NULL, sale_id bigint NOT NULL, document_no varchar(60) NOT NULL,
    store_id bigint, household_id bigint, member_id bigint, member_no varchar(40) NOT NULL,
    phone_bi bytea, guide_id bigint, sold_at timestamptz, sold_on date, total numeric(12, 2),
    rows integer NOT NULL, bad_row integer, state text NOT NULL, reason text
);
CREATE INDEX intake_salehead_of ON intake_salehead (import_id, sale_id);
CREATE UNLOGGED TABLE intake_saleitem (
    import_id bigint NOT NULL, item integer NOT NULL, code varchar(40) NOT NULL,
    gtin varchar(14), name varchar(120) NOT NULL, product_id bigint
);
CREATE INDEX intake_saleitem_of ON intake_saleitem (import_id, item);
CREATE UNLOGGED TABLE intake_saleline (
    import_id bigint NOT NULL, no integer NOT NULL, sale_id bigint, item integer, line_no integer,
    quantity numeric(10, 3), amount numeric(12, 2), is_twice boolean NOT NULL DEFAULT false,
    fault text, field text, reason text, facts jsonb, cell text
);
CREATE INDEX intake_saleline_of ON intake_saleline USING brin (import_id);
ALTER TABLE intake_progress SET UNLOGGED;
"""
UNMAKE = """
DROP TABLE intake_salehead, intake_saleitem, intake_saleline;
ALTER TABLE intake_progress SET LOGGED;
"""


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]
    operations = [migrations.RunSQL(MAKE, UNMAKE)]
