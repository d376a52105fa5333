-- Roles and databases, run at every start after passwords.sql has set one variable per role. It creates what is missing
-- and sets every password again, so that a rotated password needs a restart and nothing more.
\set ON_ERROR_STOP on
\set QUIET on
-- Passwords are in these statements: an error must not copy them into the log.
SET log_min_error_statement = panic;
SET log_min_duration_statement = -1;
SET client_min_messages = warning;

-- One role per service, none of them a superuser, none able to make roles or databases.
SELECT format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION', name)
FROM unnest(ARRAY['ciam_kratos', 'ciam_hydra', 'iam_kratos', 'iam_hydra', 'olympus_ciam', 'olympus_iam', 'metrics', 'pgadmin']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec

-- Above the pool of each (max_conns in secrets/*.env): a container that is tried beside it and a migration take the rest. Kratos calls a
-- password wrong where it gets no connection.
ALTER ROLE ciam_kratos PASSWORD :'ciam_kratos' CONNECTION LIMIT 25;
ALTER ROLE ciam_hydra PASSWORD :'ciam_hydra' CONNECTION LIMIT 20;
ALTER ROLE iam_kratos PASSWORD :'iam_kratos' CONNECTION LIMIT 15;
ALTER ROLE iam_hydra PASSWORD :'iam_hydra' CONNECTION LIMIT 15;
-- Three processes each (Hera, Athena, and a new one beside the old one while it is replaced), five connections a process.
ALTER ROLE olympus_ciam PASSWORD :'olympus_ciam' CONNECTION LIMIT 15;
ALTER ROLE olympus_iam PASSWORD :'olympus_iam' CONNECTION LIMIT 15;
ALTER ROLE metrics PASSWORD :'metrics' CONNECTION LIMIT 4;
ALTER ROLE pgadmin PASSWORD :'pgadmin' CONNECTION LIMIT 8;
-- pgAdmin looks and does not touch: who must write does so on the machine, as postgres.
ALTER ROLE pgadmin SET default_transaction_read_only = on;
-- Services make what they like in the schema public: nobody with more rights than theirs looks names up there (CVE-2018-1058).
ALTER ROLE postgres SET search_path = '';
ALTER ROLE pgadmin SET search_path = '';
GRANT pg_monitor TO metrics, pgadmin;
GRANT pg_read_all_data TO pgadmin;

SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0', name, owner)
FROM (VALUES ('ciam_kratos', 'ciam_kratos'), ('ciam_hydra', 'ciam_hydra'), ('iam_kratos', 'iam_kratos'),
             ('iam_hydra', 'iam_hydra'), ('olympus', 'postgres')) AS wanted (name, owner)
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = name) \gexec

-- By default everybody may connect everywhere and make temporary tables there.
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', datname)
FROM pg_database WHERE datname IN ('ciam_kratos', 'ciam_hydra', 'iam_kratos', 'iam_hydra', 'olympus', 'postgres') \gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO pgadmin', datname)
FROM pg_database WHERE NOT datistemplate \gexec
GRANT CONNECT ON DATABASE postgres TO metrics;
GRANT CONNECT, TEMPORARY ON DATABASE olympus TO olympus_ciam, olympus_iam;

-- Settings, lockouts and audit of both domains share a database; each table belongs to the role that creates it.
\connect olympus
GRANT CREATE, USAGE ON SCHEMA public TO olympus_ciam, olympus_iam;
