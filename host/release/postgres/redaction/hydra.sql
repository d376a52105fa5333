-- Clients of Hydra keep what they may do and lose who they are; their secrets no longer open anything.
CREATE TEMP TABLE client AS SELECT id, nid, row_number() OVER (ORDER BY random()) AS n FROM hydra_client;
UPDATE hydra_client c
SET id = 'client-' || n,
    client_name = 'Client ' || n,
    redirect_uris = jsonb_build_array('https://client-' || n || '.redacted.invalid/callback'),
    scope = (SELECT coalesce(string_agg(word, ' '), '') FROM unnest(string_to_array(c.scope, ' ')) AS word
             WHERE word IN ('openid', 'offline', 'offline_access', 'profile', 'email')),
    grant_types = (SELECT coalesce(jsonb_agg(word), '[]') FROM unnest(ARRAY['authorization_code', 'refresh_token', 'client_credentials', 'implicit',
             'urn:ietf:params:oauth:grant-type:device_code', 'urn:ietf:params:oauth:grant-type:jwt-bearer']) AS word WHERE c.grant_types ? word),
    response_types = (SELECT coalesce(jsonb_agg(word), '[]') FROM unnest(ARRAY['code', 'token', 'id_token', 'code token', 'code id_token',
             'token id_token', 'code token id_token']) AS word WHERE c.response_types ? word)
FROM client WHERE client.id = c.id AND client.nid = c.nid;
