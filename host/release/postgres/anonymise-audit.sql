-- Takes the people out of Olympus's own tables after the time that logs are kept: 90 days. Each domain (:domain) has its own,
-- and this is run by the role that owns them. The applications create them on first use, so each statement runs only where
-- its table exists. Repeating it changes nothing.
\set ON_ERROR_STOP on
\set QUIET on
SELECT format($$UPDATE public.%I SET identifier = 'anonymised', identity_id = NULL, admin_identity_id = NULL, metadata = NULL
                WHERE created_at < now() - interval '90 days' AND identifier IS DISTINCT FROM 'anonymised'$$, table_name)
FROM information_schema.tables WHERE table_schema = 'public' AND table_name = :'domain' || '_security_audit_log' \gexec

SELECT format($$UPDATE public.%I SET identifier = 'anonymised', identity_id = NULL, unlocked_by_admin_id = NULL, trigger_ip = NULL
                WHERE locked_at < now() - interval '90 days' AND identifier <> 'anonymised'$$, table_name)
FROM information_schema.tables WHERE table_schema = 'public' AND table_name = :'domain' || '_lockouts' \gexec

SELECT format($$DELETE FROM public.%I WHERE attempt_time < now() - interval '90 days'$$, table_name)
FROM information_schema.tables WHERE table_schema = 'public' AND table_name = :'domain' || '_login_attempts' \gexec

SELECT format($$DELETE FROM public.%I WHERE created_at < now() - interval '90 days'$$, table_name)
FROM information_schema.tables WHERE table_schema = 'public' AND table_name = :'domain' || '_session_locations' \gexec
