-- Administrators of IAM, and those who log in with a password alone, as lines for Prometheus, asked by the role that Kratos has.
-- An application makes a right of `role` or of `dba`. Kinds of a second factor are those that kratos.yml of IAM enables.
SET default_transaction_read_only = on;
SET statement_timeout = '10s';

SELECT format(E'olympus_administrators %s\nolympus_administrators_without_second_factor %s',
              count(*), count(*) FILTER (WHERE NOT has_second_factor))
FROM (
  SELECT EXISTS (
    SELECT FROM public.identity_credentials AS c
    JOIN public.identity_credential_types AS t ON t.id = c.identity_credential_type_id
    WHERE c.identity_id = i.id AND t.name IN ('totp')
  ) AS has_second_factor
  FROM public.identities AS i
  WHERE i.state = 'active' AND (i.traits ->> 'role' = 'admin' OR i.traits -> 'roles' ? 'dba')
) AS administrators;
