-- Tables of this session alone: the file's rows, which point to their receipt, article and figures, and
-- what each different one of these means. They are gone with the transaction, and are in no dump.
DROP TABLE IF EXISTS pg_temp.raw_sale, pg_temp.meant_receipt, pg_temp.meant_item,
    pg_temp.meant_figure, pg_temp.head;
CREATE TEMPORARY TABLE raw_sale (
    no integer, fault text, receipt integer, item integer, figure integer
) ON COMMIT DROP;
CREATE TEMPORARY TABLE meant_receipt (
    receipt integer, document text, store_id bigint, at timestamptz, day date, buyer text,
    phone_bi bytea, guide_id bigint, field text, reason text, facts jsonb, cell text
) ON COMMIT DROP;
CREATE TEMPORARY TABLE meant_item (
    item integer, local text, world text, title text,
    field text, reason text, facts jsonb, cell text
) ON COMMIT DROP;
CREATE TEMPORARY TABLE meant_figure (
    figure integer, line integer, quantity numeric(10, 3), paid numeric(12, 2),
    field text, reason text, facts jsonb, cell text
) ON COMMIT DROP;
