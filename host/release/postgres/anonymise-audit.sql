-- Takes the people out of Olympus's own tables after the time that logs are kept: 90 days. The tables are created by the
-- applications on first use, so each statement runs only where its table exists. Repeating it changes nothing.
\set ON_ERROR_STOP on
\set QUIET on
SELECT format($$UPDATE %I SET identifier = 'anonymised', identity_id = NULL, admin_identity_id = NULL, metadata = NULL
                WHERE created_at < now() - interval '90 days' AND identifier IS DISTINCT FROM 'anonymised'$$, table_name)
FROM information_schema.tables WHERE table_schema = 'public' AND table_name IN ('ciam_security_audit_log', 'iam_security_audit_log') \gexec

SELECT format($$UPDATE %I SET identifier = 'anonymised', identity_id = NULL, unlocked_by_admin_id = NULL, trigger_ip = NULL
                WHERE locked_at < now() - interval '90 days' AND identifier <> 'anonymised'$$, table_name)
FROM information_schema.tables WHERE table_schema = 'public' AND table_name IN ('ciam_lockouts', 'iam_lockouts') \gexec

SELECT format($$DELETE FROM %I WHERE attempt_time < now() - interval '90 days'$$, table_name)
FROM information_schema.tables WHERE table_schema = 'public' AND table_name IN ('ciam_login_attempts', 'iam_login_attempts') \gexec

SELECT format($$DELETE FROM %I WHERE created_at < now() - interval '90 days'$$, table_name)
FROM information_schema.tables WHERE table_schema = 'public' AND table_name IN ('ciam_session_locations', 'iam_session_locations') \gexec
