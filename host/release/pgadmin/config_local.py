# pgAdmin behind the office ranges, with logins at IAM only.
import os

with open("/run/secrets/pgadmin.OAUTH_CLIENT_SECRET", encoding="utf-8") as secret:
    _client_secret = secret.read().strip()

AUTHENTICATION_SOURCES = ["oauth2"]
# Without it nobody could enter a fresh instance; the claim below decides who may.
OAUTH2_AUTO_CREATE_USER = True
MASTER_PASSWORD_REQUIRED = False
# In days.
SESSION_EXPIRATION_TIME = 1
ENHANCED_COOKIE_PROTECTION = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_SAMESITE = "Lax"
# One proxy in front: Caddy.
PROXY_X_FOR_COUNT = PROXY_X_PROTO_COUNT = PROXY_X_HOST_COUNT = 1
UPGRADE_CHECK_ENABLED = False

OAUTH2_CONFIG = [
    {
        "OAUTH2_NAME": "olympus",
        "OAUTH2_DISPLAY_NAME": "Olympus",
        "OAUTH2_CLIENT_ID": "pgadmin",
        "OAUTH2_CLIENT_SECRET": _client_secret,
        "OAUTH2_TOKEN_URL": "http://iam-hydra:7002/oauth2/token",
        "OAUTH2_AUTHORIZATION_URL": os.environ["IAM_OAUTH_URL"] + "/oauth2/auth",
        "OAUTH2_SERVER_METADATA_URL": "http://iam-hydra:7002/.well-known/openid-configuration",
        "OAUTH2_API_BASE_URL": "http://iam-hydra:7002/",
        "OAUTH2_USERINFO_ENDPOINT": "userinfo",
        "OAUTH2_SCOPE": "openid email profile",
        # Hera puts the roles of the identity into the token at consent; only database administrators enter.
        "OAUTH2_ADDITIONAL_CLAIMS": {"roles": ["dba"]},
    }
]
