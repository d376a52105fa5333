-- People of Kratos: each becomes somebody else, drawn at random and not derived from anything, so that nothing leads back.
CREATE TEMP TABLE person AS
SELECT id AS was, new_id AS id, schema_id, n, 'user-' || new_id || '@redacted.invalid' AS email,
       CASE schema_id WHEN 'organizational' THEN 'RED-' || n WHEN 'customer' THEN 'CUST-' || n END AS number
FROM (SELECT id, schema_id, gen_random_uuid() AS new_id, row_number() OVER (ORDER BY random()) AS n FROM identities) AS drawn;
CREATE UNIQUE INDEX ON person (was);

-- Only a password and a code by mail can be replaced; second factors, passkeys and social logins go.
CREATE TEMP TABLE kept_credential AS
SELECT c.id, t.name, c.identity_id FROM identity_credentials c
  JOIN identity_credential_types t ON t.id = c.identity_credential_type_id WHERE t.name IN ('password', 'code');
DELETE FROM identity_credential_identifiers WHERE identity_credential_id NOT IN (SELECT id FROM kept_credential);
DELETE FROM identity_credentials WHERE id NOT IN (SELECT id FROM kept_credential);
UPDATE identity_credentials c
SET config = CASE WHEN k.name = 'code' THEN jsonb_build_object('addresses', jsonb_build_array(jsonb_build_object('channel', 'email', 'address', email)))
                  WHEN c.config ? 'hashed_password' THEN jsonb_build_object('hashed_password', (SELECT hash FROM password))
                  ELSE '{}' END
FROM kept_credential k JOIN person ON person.was = k.identity_id WHERE k.id = c.id;

-- As many identifiers as the new traits have, in lower case as Kratos looks them up. Rows are changed and not made anew,
-- since versions differ in columns.
CREATE TEMP TABLE identifier AS
SELECT i.id, CASE WHEN n = 1 THEN (CASE WHEN k.name = 'password' AND schema_id = 'organizational' THEN lower(number) ELSE email END)
                  WHEN n = 2 AND k.name = 'password' AND schema_id = 'customer' THEN lower(number) END AS value
FROM (SELECT id, identity_credential_id, row_number() OVER (PARTITION BY identity_credential_id ORDER BY id) AS n
      FROM identity_credential_identifiers) AS i
  JOIN kept_credential k ON k.id = i.identity_credential_id
  JOIN (SELECT was, email, number, schema_id FROM person) AS person ON person.was = k.identity_id;
DELETE FROM identity_credential_identifiers WHERE id NOT IN (SELECT id FROM identifier WHERE value IS NOT NULL);
UPDATE identity_credential_identifiers t SET identifier = identifier.value FROM identifier WHERE identifier.id = t.id;

-- One address each, verified as it was.
DELETE FROM identity_verifiable_addresses a USING (SELECT id, row_number() OVER (PARTITION BY identity_id ORDER BY verified DESC, id) AS n FROM identity_verifiable_addresses) AS r
WHERE r.id = a.id AND r.n > 1;
DELETE FROM identity_recovery_addresses a USING (SELECT id, row_number() OVER (PARTITION BY identity_id ORDER BY id) AS n FROM identity_recovery_addresses) AS r
WHERE r.id = a.id AND r.n > 1;
UPDATE identity_verifiable_addresses a SET value = email FROM person WHERE person.was = a.identity_id;
UPDATE identity_recovery_addresses a SET value = email FROM person WHERE person.was = a.identity_id;

-- Every trait that the schema requires, and none besides.
UPDATE identities i SET traits = jsonb_build_object('email', email) || CASE i.schema_id
  WHEN 'default' THEN jsonb_build_object('first_name', 'Redacted', 'last_name', 'User ' || n)
  WHEN 'customer' THEN jsonb_build_object('first_name', 'Redacted', 'last_name', 'User ' || n, 'customer_id', number)
  WHEN 'organizational' THEN jsonb_build_object('first_name', 'Redacted', 'last_name', 'User ' || n, 'employee_id', number,
    'department', 'Operations', 'role', 'junior')
  ELSE jsonb_build_object('name', jsonb_build_object('first', 'Redacted', 'last', 'User ' || n), 'role', 'viewer') END
FROM person WHERE person.was = i.id;
