"""Tokens, and what belongs to a zone."""

from client import account, client, in_zone, message, refused, zone
from conformance import run


def tokens():
    assert client.user.tokens.verify().status == "active"
    stranger = client.with_options(api_token="x" * 40)
    refused((401, 1000), stranger.user.tokens.verify)
    refused((403, 9109), stranger.zones.get, **in_zone)
    assert "192.0.2.0/24" in client.ips.list().ipv4_cidrs


def zones():
    assert [each.id for each in client.zones.list(name="example.com")] == [zone]
    assert [each.id for each in client.zones.list(status="active", per_page=5)] == [zone]
    found = client.zones.get(**in_zone)
    assert (found.name, found.status, found.plan.legacy_id) == ("example.com", "active", "free")
    assert found.account.id == account
    refused((404, 7003), client.zones.get, zone_id="example.com")
    refused((403, 9109), client.zones.get, zone_id="f" * 32)


def settings():
    assert client.zones.settings.edit("ssl", **in_zone, value="strict").value == "strict"
    assert client.zones.settings.get("ssl", **in_zone).value == "strict"
    assert client.zones.settings.edit("0rtt", **in_zone, value="off").editable is True
    hsts = {"strict_transport_security": {"enabled": True, "max_age": 31536000}}
    assert client.zones.settings.edit("security_header", **in_zone, value=hsts).value.strict_transport_security.enabled
    refused((400, 1007), client.zones.settings.edit, "ssl", **in_zone, value="bogus")
    refused((400, 1006), client.zones.settings.get, "bogus", **in_zone)
    # The client has no method for all of them at once.
    assert any(each["id"] == "ssl" for each in client.get(f"/zones/{zone}/settings", cast_to=object)["result"])


def records():
    record = {**in_zone, "type": "A", "name": "ciam.example.com", "ttl": 1, "content": "203.0.113.7"}
    made = client.dns.records.create(**record, proxied=True, comment="host")
    assert (made.name, made.comment) == ("ciam.example.com", "host")
    assert (made.proxied, made.proxiable, made.ttl) == (True, True, 1)
    assert client.dns.records.get(made.id, **in_zone).content == "203.0.113.7"
    refused((400, 81058), client.dns.records.create, **record, proxied=True)
    refused((400, 81057), client.dns.records.create, **record, proxied=False)
    assert client.dns.records.edit(made.id, **{**record, "content": "203.0.113.8"}).proxied is True
    written = client.dns.records.update(made.id, **record, comment="ours")
    assert (written.proxied, written.content) == (False, "203.0.113.7")

    private = {**record, "name": "private", "content": "192.168.1.121"}
    error = refused((400, 9003), client.dns.records.create, **private, proxied=True)
    assert message(error) == "Target 192.168.1.121 is not allowed for a proxied record."
    assert client.dns.records.create(**private).proxiable is False
    refused((400, 9005), client.dns.records.create, **{**record, "content": "2001:db8::1"})
    refused((400, 9021), client.dns.records.create, **{**record, "ttl": 5})
    refused((400, 9004), client.dns.records.create, **{**record, "type": "TXT", "content": "x"}, proxied=True)
    refused((400, 9007), client.dns.records.create, **{**record, "type": "CNAME"})
    refused((400, 81053), client.dns.records.create, **{**record, "type": "CNAME", "content": "example.net"})
    mail = {**record, "type": "MX", "name": "example.com", "content": "mail.example.net"}
    refused((400, 9100), client.dns.records.create, **mail)
    refused((400, 9009), client.dns.records.create, **{**mail, "content": "203.0.113.7"}, priority=10)
    assert client.dns.records.create(**mail, priority=10).priority == 10
    rights = {"flags": 0, "tag": "issue", "value": "letsencrypt.org"}
    caa = client.dns.records.create(**in_zone, type="CAA", name="example.com", ttl=300, data=rights)
    assert caa.content == '0 issue "letsencrypt.org"' and caa.data.tag == "issue"

    assert [each.type for each in client.dns.records.list(**in_zone, name={"exact": "ciam.example.com"})] == ["A"]
    assert [each.name for each in client.dns.records.list(**in_zone, type="MX")] == ["example.com"]
    assert len(list(client.dns.records.list(**in_zone, per_page=5))) == 4
    exported = client.dns.records.export(**in_zone)
    assert "\nciam.example.com.\t1\tIN\tA\t203.0.113.7 ; ours cf_tags=cf-proxied:false\n" in exported
    assert "\nexample.com.\t1\tIN\tMX\t10 mail.example.net.\n" in exported
    assert client.dns.records.delete(made.id, **in_zone).id == made.id
    refused((404, 81044), client.dns.records.get, made.id, **in_zone)


def rulesets():
    limit = {
        "ref": "login",
        "action": "block",
        "expression": '(http.request.uri.path contains "/login")',
        "ratelimit": {
            "characteristics": ["ip.src", "cf.colo.id"],
            "period": 10,
            "mitigation_timeout": 10,
            "requests_per_period": 20,
        },
    }
    phase = "http_ratelimit"
    refused((404, 10003), client.rulesets.phases.get, phase, **in_zone)
    # The client gives a written ruleset as a plain dictionary, a read one as an object.
    made = client.rulesets.create(**in_zone, kind="zone", name="Limits", phase=phase, rules=[limit])
    assert (made["version"], made["rules"][0]["ref"], made["rules"][0]["enabled"]) == ("1", "login", True)
    refused((400, 20217), client.rulesets.create, **in_zone, kind="zone", name="Again", phase=phase, rules=[])
    same = client.rulesets.update(made["id"], **in_zone, rules=[{**limit, "description": "Login"}])
    assert (same["version"], same["rules"][0]["id"]) == ("2", made["rules"][0]["id"])
    refused((400, 20217), client.rulesets.update, made["id"], **in_zone, rules=[limit, limit])
    slow = {**limit, "ratelimit": {**limit["ratelimit"], "period": 60}}
    error = refused((400, 20217), client.rulesets.phases.update, phase, **in_zone, rules=[slow])
    assert "can only use a period among [10]" in message(error)
    assert client.rulesets.phases.get(phase, **in_zone).id == made["id"]
    assert client.rulesets.get(made["id"], **in_zone).rules[0].description == "Login"
    assert [each.phase for each in client.rulesets.list(**in_zone)] == [phase]
    bypass = {"action": "set_cache_settings", "action_parameters": {"cache": False}, "expression": "true"}
    cached = client.rulesets.phases.update("http_request_cache_settings", **in_zone, rules=[bypass])
    assert (cached["kind"], cached["rules"][0]["action_parameters"]) == ("zone", {"cache": False})
    assert client.rulesets.delete(made["id"], **in_zone) is None
    refused((404, 10001), client.rulesets.get, made["id"], **in_zone)


run(tokens, zones, settings, records, rulesets)
