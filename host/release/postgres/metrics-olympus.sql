-- Lockouts and failed logins of one domain (:domain), as lines for Prometheus, counted as the role metrics. The
-- applications make these tables on first use: while there is none, nobody was locked.
\set lockouts :domain _lockouts
\set attempts :domain _login_attempts
SELECT to_regclass(:'lockouts') IS NOT NULL AND to_regclass(:'attempts') IS NOT NULL AS there \gset
\if :there
  SELECT format('GRANT SELECT (%s) ON %I TO metrics', needed, name)
  FROM (VALUES (:'lockouts', 'locked_at'), (:'attempts', 'attempt_time')) AS wanted (name, needed)
  WHERE NOT has_column_privilege('metrics', name, needed, 'SELECT') \gexec
  SET SESSION AUTHORIZATION metrics;
  SET default_transaction_read_only = on;
  SET statement_timeout = '10s';
  SELECT format('olympus_lockouts_last_hour{domain="%s"} %s', :'domain', count(*))
  FROM :"lockouts" WHERE locked_at > now() - interval '1 hour';
  SELECT format('olympus_failed_logins_last_hour{domain="%s"} %s', :'domain', count(*))
  FROM :"attempts" WHERE attempt_time > now() - interval '1 hour';
\else
  SELECT format('%s{domain="%s"} 0', name, :'domain')
  FROM unnest(ARRAY['olympus_lockouts_last_hour', 'olympus_failed_logins_last_hour']) AS name;
\endif
