-- Each table of the role that asks with the number of its rows and of those that are older than :since, by the first column that tells an age; a
-- table without one has none that is older.
SET TimeZone = 'UTC';
SELECT format('SELECT %L, count(*), count(*) FILTER (WHERE %s) FROM %I.%I', schemaname || '.' || tablename,
              coalesce((SELECT format('%I < %L::timestamptz', attname, :'since')
                        FROM unnest(ARRAY['created_at', 'requested_at', 'attempt_time', 'locked_at', 'seen_at', 'authenticated_at']) WITH ORDINALITY AS wanted (name, place)
                        JOIN pg_attribute ON attname = name AND attrelid = format('%I.%I', schemaname, tablename)::regclass
                        WHERE NOT attisdropped AND atttypid IN ('timestamp'::regtype, 'timestamptz'::regtype)
                        ORDER BY place LIMIT 1), 'false'),
              schemaname, tablename)
FROM pg_tables WHERE tableowner = CURRENT_USER AND schemaname NOT IN ('pg_catalog', 'information_schema')
ORDER BY schemaname, tablename \gexec
