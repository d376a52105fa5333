-- Each table of the role that asks with the number of its rows and a sum over their contents, whatever their order.
SET TimeZone = 'UTC';
SET DateStyle = 'ISO, YMD';
SET extra_float_digits = 1;
SELECT format('SELECT %L, count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM %I.%I AS t',
              schemaname || '.' || tablename, schemaname, tablename)
FROM pg_tables WHERE tableowner = CURRENT_USER AND schemaname NOT IN ('pg_catalog', 'information_schema')
ORDER BY schemaname, tablename \gexec
