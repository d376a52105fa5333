"""Hetzner's own client for Python, as it is, with the emulator in the service's place: argv is URL TOKEN."""

import sys

from conformance import expect_refusal
from hcloud import APIException, Client
from hcloud.locations import Location

url, token = sys.argv[1:]
client = Client(token=token, api_endpoint=f"{url}/v1", poll_interval=0.02)
stranger = Client(token="nobody's", api_endpoint=f"{url}/v1")

FSN = Location(name="fsn1")
PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA8hOD1EiJuJsVeVDkOYxMqqHmEvVqVIvcJbqmAvnHzy ops"

refused = expect_refusal(APIException, lambda error: error.code)


def done(action):
    action.wait_until_finished()
    assert action.status == "success" and action.progress == 100, action
    return action
