"""Cloudflare's own client for Python, as it is, with the emulator in the service's place: argv is URL TOKEN ACCOUNT ZONE."""

import sys

from cloudflare import APIStatusError, Cloudflare
from conformance import expect_refusal

url, token, account, zone = sys.argv[1:5]
client = Cloudflare(api_token=token, base_url=f"{url}/client/v4", max_retries=0)
in_account = {"account_id": account}
in_zone = {"zone_id": zone}


def answer(error):
    return error.status_code, error.body["errors"][0]["code"]


def message(error):
    return error.body["errors"][0]["message"]


refused = expect_refusal(APIStatusError, answer)
