-- Holds every table and column of this database against classes.csv. What has no class stops the redaction: a migration that
-- brings a column brings a decision. Also what a dump would carry besides tables: views, functions, large objects.
\set ON_ERROR_STOP on
-- A dash stands for the empty text.
CREATE TEMP TABLE classified AS
SELECT "table" AS tbl, col, class, array_replace(string_to_array(allowed, ' '), '-', '') AS allowed
FROM class_row, unnest(string_to_array(columns, ' ')) AS col WHERE database = :'kind';

-- Columns that can hold words. A class that leaves a value as it is, is not for them.
CREATE TEMP VIEW worded AS
SELECT c.table_name::text AS tbl, c.column_name::text AS col, c.data_type::text AS type, c.character_maximum_length AS width
FROM information_schema.columns c JOIN information_schema.tables USING (table_schema, table_name)
WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
  AND c.data_type NOT IN ('uuid', 'smallint', 'integer', 'bigint', 'boolean', 'date', 'timestamp without time zone',
                          'timestamp with time zone', 'double precision', 'numeric');

DO $$
DECLARE problems text;
BEGIN
  SELECT string_agg(line, E'\n' ORDER BY line) INTO problems FROM (
    SELECT format('column %s.%s (%s) has no class', c.table_name, c.column_name, c.data_type) AS line
    FROM information_schema.columns c JOIN information_schema.tables USING (table_schema, table_name)
      LEFT JOIN classified ON tbl = c.table_name AND col = c.column_name
    WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND class IS NULL
    UNION ALL
    SELECT format('column %s.%s holds words: keep, day and fresh are not for it', tbl, col)
    FROM worded JOIN classified USING (tbl, col) WHERE class IN ('keep', 'day', 'identity', 'fresh')
    UNION ALL
    SELECT format('table %s is emptied as a whole or not at all', tbl)
    FROM classified GROUP BY tbl HAVING bool_or(class = 'empty') AND NOT bool_and(class = 'empty')
    UNION ALL
    SELECT format('%s %s is no table of the public schema: there is no rule for it', relkind, oid::regclass)
    FROM pg_class WHERE relnamespace::regnamespace::text !~ '^(pg_|information_schema$)'
      AND (relkind IN ('v', 'm', 'f') OR relkind IN ('r', 'p') AND relnamespace <> 'public'::regnamespace)
    UNION ALL
    SELECT format('function %s would travel with the dump', p.oid::regprocedure)
    FROM pg_proc p WHERE pronamespace::regnamespace::text !~ '^(pg_|information_schema$)'
      AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = p.oid AND deptype = 'e')
    UNION ALL
    SELECT 'large objects would travel with the dump' WHERE EXISTS (SELECT FROM pg_largeobject_metadata)
  ) AS found;
  IF problems IS NOT NULL THEN RAISE EXCEPTION E'postgres/redaction/classes.csv does not cover this database:\n%', problems; END IF;
END $$;
