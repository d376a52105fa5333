"""Certificates, and what belongs to an account: the last argument is a certificate request."""

import sys

from client import account, client, in_account, in_zone, refused
from conformance import run

csr = sys.argv[5]


def certificates():
    order = {"csr": csr, "hostnames": ["ciam.example.com", "*.example.com"], "request_type": "origin-ecc"}
    made = client.origin_ca_certificates.create(**order, requested_validity=90)
    assert made.certificate.startswith("-----BEGIN CERTIFICATE-----") and made.requested_validity == 90
    assert client.origin_ca_certificates.get(made.id).hostnames == order["hostnames"]
    assert [each.id for each in client.origin_ca_certificates.list(**in_zone)] == [made.id]
    refused((400, 1010), client.origin_ca_certificates.create, **{**order, "hostnames": ["example.org"]})
    refused((400, 1010), client.origin_ca_certificates.create, **order, requested_validity=8)
    assert client.origin_ca_certificates.delete(made.id).id == made.id
    pulls = client.origin_tls_client_auth.settings
    assert pulls.get(**in_zone).enabled is False
    assert pulls.update(**in_zone, enabled=True).enabled is True
    hosts = client.origin_tls_client_auth.hostnames
    association = {"hostname": "ciam.example.com", "cert_id": "c" * 32, "enabled": True}
    assert len(list(hosts.update(**in_zone, config=[association]))) == 1
    assert hosts.get("ciam.example.com", **in_zone).enabled is True
    refused((404, 1553), hosts.get, "iam.example.com", **in_zone)


def workers():
    scripts = client.workers.scripts
    source = ("clock.js", b"export default { async scheduled() {} }", "application/javascript+module")

    def upload(options={}, **metadata):
        metadata = {"main_module": "clock.js", "compatibility_date": "2026-01-01", **metadata}
        return scripts.update("clock", **in_account, metadata=metadata, files=[source], **options)

    made = upload(bindings=[{"type": "plain_text", "name": "REPOSITORY", "text": "https://git.example.com"}])
    assert (made.id, made.handlers, made.has_modules) == ("clock", ["scheduled"], True)
    assert b"async scheduled" in scripts.content.get("clock", **in_account).read()
    secret = {"name": "TOKEN", "type": "secret_text"}
    assert scripts.secrets.update("clock", **in_account, **secret, text="hidden").name == "TOKEN"
    upload(keep_bindings=["secret_text"])
    assert [each.to_dict() for each in scripts.secrets.list("clock", **in_account)] == [secret]
    kept = scripts.script_and_version_settings.get("clock", **in_account)
    assert [each.name for each in kept.bindings] == ["TOKEN"] and kept.compatibility_date == "2026-01-01"
    # A binding that inherits from nothing is dropped, unless the caller asks to be told.
    lost = {"bindings": [{"type": "inherit", "name": "NOTHING"}], "keep_bindings": ["secret_text"]}
    upload(**lost)
    refused((400, 10021), upload, {"bindings_inherit": "strict"}, **lost)
    assert [each.name for each in scripts.secrets.list("clock", **in_account)] == ["TOKEN"]
    scripts.secrets.delete("TOKEN", **in_account, script_name="clock")
    assert list(scripts.secrets.list("clock", **in_account)) == []

    crons = [{"cron": f"0 {hour} * * *"} for hour in range(6)]
    assert len(scripts.schedules.update("clock", **in_account, body=crons[:5]).schedules) == 5
    refused((400, 10072), scripts.schedules.update, "clock", **in_account, body=crons)
    refused((400, 10100), scripts.schedules.update, "clock", **in_account, body=[{"cron": "daily"}])
    assert scripts.schedules.get("clock", **in_account).schedules[4].cron == "0 4 * * *"
    refused((404, 10007), scripts.schedules.get, "nobody", **in_account)
    assert scripts.subdomain.get("clock", **in_account).enabled is False
    assert scripts.subdomain.create("clock", **in_account, enabled=True).previews_enabled is True
    assert scripts.subdomain.delete("clock", **in_account).enabled is False
    assert client.workers.subdomains.get(**in_account).subdomain == "sandbox"
    assert [each.id for each in scripts.list(**in_account)] == ["clock"]
    assert scripts.get("clock", **in_account).startswith("--")
    # Other clients ask for the service of a script.
    service = client.get(f"/accounts/{account}/workers/services/clock", cast_to=object)
    assert service["result"]["default_environment"]["script"]["id"] == "clock"
    scripts.delete("clock", **in_account)
    refused((404, 10007), scripts.get, "clock", **in_account)


def namespaces():
    spaces = client.kv.namespaces
    made = spaces.create(**in_account, title="state")
    refused((400, 10014), spaces.create, **in_account, title="state")
    assert spaces.update(made.id, **in_account, title="kept").title == "kept"
    assert spaces.get(made.id, **in_account).supports_url_encoding is True
    assert [each.title for each in spaces.list(**in_account, per_page=20)] == ["kept"]
    spaces.delete(made.id, **in_account)
    refused((404, 10013), spaces.get, made.id, **in_account)


def widgets():
    widget = {**in_account, "name": "login", "domains": ["example.com"], "mode": "managed"}
    made = client.turnstile.widgets.create(**widget)
    assert made.secret and made.region == "world" and made.clearance_level == "no_clearance"
    changed = client.turnstile.widgets.update(made.sitekey, **{**widget, "mode": "invisible"})
    assert (changed.sitekey, changed.secret, changed.mode) == (made.sitekey, made.secret, "invisible")
    assert client.turnstile.widgets.get(made.sitekey, **in_account).domains == ["example.com"]
    assert [each.sitekey for each in client.turnstile.widgets.list(**in_account)] == [made.sitekey]
    assert client.turnstile.widgets.delete(made.sitekey, **in_account).sitekey == made.sitekey


run(certificates, workers, namespaces, widgets)
