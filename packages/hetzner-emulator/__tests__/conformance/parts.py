"""What a server is made of, each part by itself."""

from client import FSN, PUBLIC_KEY, client, done, refused, stranger
from conformance import run
from hcloud.firewalls import FirewallRule


def catalogue():
    assert {location.name for location in client.locations.get_all()} == {"fsn1", "nbg1", "hel1"}
    falkenstein = client.locations.get_by_name("fsn1")
    assert client.locations.get_by_id(falkenstein.id).city == "Falkenstein"
    assert client.locations.get_by_name("mars") is None
    cax11 = client.server_types.get_by_name("cax11")
    assert (cax11.architecture, cax11.cores, cax11.memory) == ("arm", 2, 4)
    assert {each.location.name for each in cax11.locations} == {"fsn1", "nbg1", "hel1"}
    assert float(cax11.prices[0]["price_monthly"]["net"]) > 0
    assert client.server_types.get_by_id(cax11.id).name == "cax11"
    assert len(client.server_types.get_all()) > 10
    for architecture in ("arm", "x86"):
        image = client.images.get_by_name_and_architecture("debian-13", architecture)
        assert (image.os_flavor, image.architecture, image.status) == ("debian", architecture, "available")
        assert client.images.get_by_id(image.id).name == "debian-13"
    assert {image.architecture for image in client.images.get_all(name="debian-13")} == {"arm", "x86"}
    # The client has no method for prices.
    assert client.request("GET", "/pricing")["pricing"]["currency"] == "EUR"


def keys():
    key = client.ssh_keys.create(name="ops", public_key=PUBLIC_KEY, labels={"team": "a"})
    assert key.fingerprint.count(":") == 15
    assert client.ssh_keys.get_by_id(key.id).public_key == PUBLIC_KEY
    assert client.ssh_keys.get_by_name("ops").id == key.id
    assert client.ssh_keys.get_by_fingerprint(key.fingerprint).id == key.id
    assert [each.id for each in client.ssh_keys.get_all(label_selector="team=a")] == [key.id]
    assert client.ssh_keys.get_all(label_selector="team!=a") == []
    refused("uniqueness_error", client.ssh_keys.create, name="other", public_key=PUBLIC_KEY)
    refused("invalid_input", client.ssh_keys.create, name="bad", public_key="ssh-ed25519 AAAA")
    assert key.update(name="operators", labels={}).name == "operators"
    assert key.delete() is True
    refused("not_found", client.ssh_keys.get_by_id, key.id)


def volumes():
    # The client sends a location that it has read as an id.
    falkenstein = client.locations.get_by_name("fsn1")
    made = client.volumes.create(size=10, name="data", location=falkenstein, format="ext4")
    done(made.action)
    volume = client.volumes.get_by_name("data")
    assert (volume.size, volume.location.name, volume.format, volume.server) == (10, "fsn1", "ext4", None)
    assert volume.linux_device == f"/dev/disk/by-id/scsi-0HC_Volume_{volume.id}"
    found = client.volumes.get_all(label_selector="!absent", status=["available"])
    assert [each.id for each in found] == [volume.id]
    assert volume.update(labels={"kept": "yes"}).labels == {"kept": "yes"}
    done(volume.resize(20))
    refused("invalid_input", volume.resize, 10)
    done(volume.change_protection(delete=True))
    refused("protected", volume.delete)
    done(volume.change_protection(delete=False))
    volume.reload()
    assert (volume.size, volume.protection) == (20, {"delete": False})
    commands = {action.command for action in volume.get_actions()}
    assert commands == {"create_volume", "resize_volume", "change_protection"}
    refused("invalid_input", client.volumes.create, size=5, name="small", location=FSN)
    assert volume.delete() is True


def addresses():
    made = client.primary_ips.create(type="ipv4", name="v4", location=FSN, auto_delete=False)
    ip = client.primary_ips.get_by_id(made.primary_ip.id)
    assert made.action is None and ip.assignee_id is None and ip.assignee_type == "unassigned"
    assert client.primary_ips.get_by_name("v4").ip == ip.ip
    assert [each.id for each in client.primary_ips.get_list(ip=ip.ip).primary_ips] == [ip.id]
    assert ip.update(auto_delete=True, name="four").auto_delete is True
    done(ip.change_protection(delete=True))
    refused("protected", ip.delete)
    done(ip.change_protection(delete=False))
    assert [action.command for action in ip.get_actions()] == ["change_protection"] * 2
    assert ip.delete() is True


def firewalls():
    everyone = ["0.0.0.0/0", "::/0"]
    web = FirewallRule(direction="in", protocol="tcp", port="443", source_ips=everyone, description="web")
    made = client.firewalls.create(name="host", rules=[web], labels={"a": "b"})
    firewall = client.firewalls.get_by_id(made.firewall.id)
    assert made.actions == [] and firewall.rules[0].source_ips == everyone
    assert client.firewalls.get_by_name("host").applied_to == []
    assert len(client.firewalls.get_all(label_selector="a=b")) == 1
    ping = FirewallRule(direction="in", protocol="icmp", source_ips=["::/0"])
    for action in firewall.set_rules([web, ping]):
        done(action)
    firewall.reload()
    assert [rule.protocol for rule in firewall.rules] == ["tcp", "icmp"] and firewall.rules[1].port is None
    portless = FirewallRule(direction="in", protocol="tcp", source_ips=["::/0"])
    refused("invalid_input", firewall.set_rules, [portless])
    assert firewall.update(name="edge").name == "edge"
    assert firewall.get_actions()[0].command == "set_firewall_rules"
    assert firewall.delete() is True


def pages():
    for number in range(53):
        client.volumes.create(size=10, name=f"page-{number}", location=FSN)
    assert len({volume.id for volume in client.volumes.get_all()}) == 53
    assert client.volumes.get_list(page=2, per_page=25).meta.pagination.next_page == 3
    refused("unauthorized", stranger.servers.get_all)


run(catalogue, keys, volumes, addresses, firewalls, pages)
