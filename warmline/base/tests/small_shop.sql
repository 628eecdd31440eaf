-- A shop with all kinds of columns, for backups.
CREATE TABLE family (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text,
    phone bytea,
    joined timestamptz,
    weight float8,
    points numeric,
    notes jsonb
);
INSERT INTO family (name, phone, joined, weight, points, notes) VALUES
    ('周安安', '\x00ff10', '2026-11-21 08:00+08', 3.1415926535897931, 12.50, '{"爱好": ["绘本"]}'),
    ('欧阳小暖', NULL, '1970-01-01 00:00+00', 'NaN', 0, NULL),
    (NULL, '\x', '2026-02-28 23:59:59.999999+00', -0.1, 1e30, '[]');
REVOKE UPDATE ON family FROM warmline_app;
CREATE TABLE sale (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, cents int);
INSERT INTO sale (cents) SELECT i FROM generate_series(1, 1000) i;
CREATE UNLOGGED TABLE scratch (what text);
INSERT INTO scratch VALUES ('gone after a crash');
