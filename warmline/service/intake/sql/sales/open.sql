-- Tables of this session alone: the file's rows as they stand, and what each different combination
-- of their cells means. They are gone with the transaction, and are in no dump.
DROP TABLE IF EXISTS pg_temp.raw_sale, pg_temp.meant_receipt, pg_temp.meant_item,
    pg_temp.meant_figure, pg_temp.head;
CREATE TEMPORARY TABLE raw_sale (
    no integer, fault text, document_no text, line_no text, store text, sold_at text,
    member_no text, phone text, gtin text, code text, product_name text, qty text, price text,
    amount text, guide text, way text
) ON COMMIT DROP;
CREATE TEMPORARY TABLE meant_receipt (
    document_no text, store text, sold_at text, member_no text, phone text, guide text,
    document text, store_id bigint, at timestamptz, day date, buyer text, phone_bi bytea,
    guide_id bigint, field text, reason text, facts jsonb
) ON COMMIT DROP;
CREATE TEMPORARY TABLE meant_item (
    gtin text, code text, product_name text,
    item integer, local text, world text, title text, field text, reason text, facts jsonb
) ON COMMIT DROP;
CREATE TEMPORARY TABLE meant_figure (
    line_no text, qty text, price text, amount text, way text,
    line integer, quantity numeric(10, 3), paid numeric(12, 2), field text, reason text, facts jsonb
) ON COMMIT DROP;
