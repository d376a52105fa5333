-- Names every column in which the word still stands.
SELECT format('SELECT %L FROM %I WHERE position(''kanarie'' in %s) > 0 LIMIT 1',
              tbl || '.' || col, tbl, CASE type WHEN 'bytea' THEN format('encode(%I, ''escape'')', col) ELSE format('%I::text', col) END)
FROM worded \gexec
