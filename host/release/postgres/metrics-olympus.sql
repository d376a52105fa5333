-- Lockouts and failed logins of one domain (:domain), as lines for Prometheus, asked by the role of that domain. The
-- applications make these tables on first use: while there is none, nobody was locked.
SET default_transaction_read_only = on;
SET statement_timeout = '10s';
\set lockouts :domain _lockouts
\set attempts :domain _login_attempts
SELECT to_regclass('public.' || :'lockouts') IS NOT NULL AND to_regclass('public.' || :'attempts') IS NOT NULL AS there \gset
\if :there
  SELECT format('olympus_lockouts_last_hour{domain="%s"} %s', :'domain', count(*))
  FROM public.:"lockouts" WHERE locked_at > now() - interval '1 hour';
  SELECT format('olympus_failed_logins_last_hour{domain="%s"} %s', :'domain', count(*))
  FROM public.:"attempts" WHERE attempt_time > now() - interval '1 hour';
\else
  SELECT format('%s{domain="%s"} 0', name, :'domain')
  FROM unnest(ARRAY['olympus_lockouts_last_hour', 'olympus_failed_logins_last_hour']) AS name;
\endif
