-- Carries out the classes that need no knowledge of the program: after kratos.sql or hydra.sql, in the same transaction.
DO $$
DECLARE
  names text;
  rule record;
  bad text;
BEGIN
  FOR rule IN SELECT * FROM classified JOIN information_schema.columns ON table_name = tbl AND column_name = col AND table_schema = 'public'
              WHERE class IN ('must', 'digits', 'only') LOOP
    IF rule.class = 'must' THEN
      EXECUTE format('SELECT string_agg(DISTINCT %I::text, '', '') FROM %I WHERE NOT %I = ANY ($1)', rule.col, rule.tbl, rule.col)
        INTO bad USING rule.allowed;
      IF bad IS NOT NULL THEN RAISE EXCEPTION '%.% holds %: there is no rule for that', rule.tbl, rule.col, bad; END IF;
    ELSIF rule.class = 'digits' THEN
      EXECUTE format('DELETE FROM %I WHERE %I !~ ''^[0-9]+$''', rule.tbl, rule.col);
    ELSE
      EXECUTE format('DELETE FROM %I WHERE NOT %I = ANY ($1)', rule.tbl, rule.col) USING rule.allowed;
    END IF;
  END LOOP;

  SELECT string_agg(DISTINCT quote_ident(tbl), ', ') INTO names FROM classified
  WHERE class = 'empty' AND to_regclass(quote_ident(tbl)) IS NOT NULL;
  IF names IS NOT NULL THEN EXECUTE 'TRUNCATE ' || names; END IF;

  FOR rule IN
    SELECT tbl, string_agg(CASE class
        WHEN 'day' THEN format('%1$I = date_trunc(''day'', t.%1$I)', col)
        WHEN 'null' THEN format('%I = NULL', col)
        WHEN 'blank' THEN format('%I = %L', col, allowed[1])
        WHEN 'known' THEN format('%1$I = CASE WHEN t.%1$I = ANY (%2$L::text[]) OR t.%1$I IS NULL THEN t.%1$I ELSE %3$L END', col, allowed, allowed[1])
        WHEN 'identity' THEN format('%I = person.id', col) END, ', ') AS changes,
      max(col) FILTER (WHERE class = 'identity') AS identity
    FROM classified JOIN information_schema.columns ON table_name = tbl AND column_name = col AND table_schema = 'public'
    WHERE class IN ('day', 'null', 'blank', 'known', 'identity')
      -- What Postgres itself writes cannot be given a value: it follows from columns that are changed here.
      AND is_generated = 'NEVER' AND identity_generation IS DISTINCT FROM 'ALWAYS' GROUP BY tbl
  LOOP
    EXECUTE format('UPDATE %I AS t SET %s', rule.tbl, rule.changes)
      || CASE WHEN rule.identity IS NULL THEN '' ELSE format(' FROM person WHERE t.%I = person.was', rule.identity) END;
  END LOOP;
END $$;

-- Ids that sessions show and applications log: new ones, drawn at random, first where they are made, then where they are referred to.
CREATE TEMP TABLE fresh_id (tbl text, was uuid, id uuid, PRIMARY KEY (tbl, was));
DO $$
DECLARE rule record;
BEGIN
  FOR rule IN
    SELECT tbl, col, min(c.confrelid::regclass::text) AS parent
    FROM classified JOIN information_schema.columns ON table_name = tbl AND column_name = col AND table_schema = 'public'
      JOIN pg_attribute a ON a.attrelid = format('public.%I', tbl)::regclass AND a.attname = col
      LEFT JOIN pg_constraint c ON c.contype = 'f' AND c.conrelid = a.attrelid AND c.conkey = ARRAY[a.attnum]
    WHERE class = 'fresh' GROUP BY tbl, col ORDER BY parent NULLS FIRST
  LOOP
    IF rule.parent IS NULL THEN
      EXECUTE format('INSERT INTO fresh_id SELECT %1$L, %2$I, gen_random_uuid() FROM public.%3$I WHERE %2$I IS NOT NULL', rule.tbl, rule.col, rule.tbl);
    END IF;
    EXECUTE format('UPDATE public.%I AS t SET %2$I = f.id FROM fresh_id f WHERE f.tbl = %3$L AND f.was = t.%2$I',
                   rule.tbl, rule.col, coalesce(rule.parent, rule.tbl));
  END LOOP;
END $$;

-- Rows lie as they were written, which is the order in which people came: now in that of their new ids.
DO $$
DECLARE sorted record;
BEGIN
  FOR sorted IN
    SELECT DISTINCT i.indrelid::regclass AS tbl, x.relname AS key FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
    WHERE i.indisprimary AND i.indrelid::regclass::text IN (SELECT quote_ident(tbl) FROM classified WHERE class <> 'empty')
  LOOP
    EXECUTE format('CLUSTER %s USING %I', sorted.tbl, sorted.key);
    EXECUTE format('ALTER TABLE %s SET WITHOUT CLUSTER', sorted.tbl);
  END LOOP;
END $$;

-- Triggers of foreign keys were off while ids changed.
DO $$
DECLARE
  link record;
  lost bigint;
BEGIN
  FOR link IN
    SELECT c.conname, c.conrelid::regclass AS child, c.confrelid::regclass AS parent, a.attname AS child_column, b.attname AS parent_column
    FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
      JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = c.confkey[1]
    WHERE c.contype = 'f' AND cardinality(c.conkey) = 1
  LOOP
    EXECUTE format('SELECT count(*) FROM %s t WHERE t.%I IS NOT NULL AND NOT EXISTS (SELECT FROM %s p WHERE p.%I = t.%I)',
                   link.child, link.child_column, link.parent, link.parent_column, link.child_column) INTO lost;
    IF lost > 0 THEN RAISE EXCEPTION '% rows of % point at nothing (%)', lost, link.child, link.conname; END IF;
  END LOOP;
END $$;
