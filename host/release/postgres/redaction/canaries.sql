-- Plants three rows in every table of an empty copy, with a word in each column that can be given one. Every uuid of a row set is
-- the same, so that all foreign keys meet; the sets differ in the kind of credential. What the word survives in, a person would.
\set ON_ERROR_STOP on
SET session_replication_role = replica;
DO $$
DECLARE
  rule record;
  n int;
BEGIN
  FOR rule IN SELECT conrelid::regclass AS tbl, conname FROM pg_constraint
              WHERE contype = 'c' AND connamespace = 'public'::regnamespace LOOP
    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', rule.tbl, rule.conname);
  END LOOP;
  FOR n IN 1..3 LOOP
    FOR rule IN
      SELECT c.table_name AS tbl, string_agg(quote_ident(c.column_name), ', ') AS names, string_agg(CASE
          WHEN class = 'must' THEN quote_literal(allowed[1])
          WHEN c.table_name = 'identity_credential_types' AND c.column_name = 'name' AND n > 1 THEN quote_literal((ARRAY['password', 'code'])[n - 1])
          WHEN c.data_type = 'uuid' THEN quote_literal('00000000-0000-4000-8000-00000000000' || n)
          WHEN c.data_type IN ('smallint', 'integer', 'bigint', 'numeric', 'double precision') THEN n::text
          WHEN c.data_type = 'boolean' THEN 'true'
          WHEN c.data_type LIKE 'timestamp%' OR c.data_type = 'date' THEN 'now()'
          WHEN c.data_type IN ('json', 'jsonb') THEN quote_literal(jsonb_build_object('hashed_password', word, 'list', jsonb_build_array(word)))
          WHEN c.data_type = 'bytea' THEN format('%L::bytea', word)
          WHEN c.data_type IN ('inet', 'cidr') THEN quote_literal('192.0.2.' || n)
          ELSE quote_literal(left(word, coalesce(c.character_maximum_length, 100))) END, ', ') AS made
      FROM information_schema.columns c JOIN information_schema.tables USING (table_schema, table_name)
        JOIN classified ON tbl = c.table_name AND col = c.column_name,
        LATERAL (SELECT 'kanarie' || substr(md5(c.table_name || c.column_name || n), 1, 8) AS word) AS w
      WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
        -- Postgres itself writes these, from the others or by counting.
        AND c.is_generated = 'NEVER' AND c.identity_generation IS DISTINCT FROM 'ALWAYS' GROUP BY c.table_name
    LOOP
      EXECUTE format('INSERT INTO %I (%s) VALUES (%s)', rule.tbl, rule.names, rule.made);
    END LOOP;
  END LOOP;
END $$;
