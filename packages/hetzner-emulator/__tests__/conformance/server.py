"""One server with everything that belongs to it, from the order to the deletion."""

from client import FSN, PUBLIC_KEY, client, done, refused
from conformance import run
from hcloud.firewalls import FirewallResource
from hcloud.images import Image
from hcloud.server_types import ServerType
from hcloud.servers import ServerCreatePublicNetwork
from hcloud.ssh_keys import SSHKey

client.ssh_keys.create(name="ops", public_key=PUBLIC_KEY)
four = client.primary_ips.create(type="ipv4", name="host-v4", location=FSN).primary_ip
six = client.primary_ips.create(type="ipv6", name="host-v6", location=FSN).primary_ip
data = client.volumes.create(size=10, name="host-data", location=FSN).volume
wall = client.firewalls.create(name="host-wall").firewall
# By name, but for the location: that goes as an id.
order = {
    "name": "host",
    "server_type": ServerType(name="cax11"),
    "image": Image(name="debian-13"),
    "location": client.locations.get_by_name("fsn1"),
}
made = client.servers.create(
    **order,
    ssh_keys=[SSHKey(name="ops")],
    volumes=[data],
    firewalls=[wall],
    user_data="#cloud-config\n",
    labels={"environment": "staging"},
    automount=False,
    public_net=ServerCreatePublicNetwork(ipv4=four, ipv6=six),
)
for step in [made.action, *made.next_actions]:
    done(step)
server = client.servers.get_by_id(made.server.id)


def ordered():
    assert made.action.command == "create_server" and made.root_password is None
    assert (server.status, server.image.name, server.server_type.name) == ("running", "debian-13", "cax11")
    assert (server.public_net.ipv4.ip, server.public_net.primary_ipv6.id) == (four.ip, six.id)
    assert server.public_net.firewalls[0].firewall.id == wall.id
    assert server.volumes[0].id == data.id
    assert client.servers.get_by_name("host").labels == {"environment": "staging"}
    assert [each.id for each in client.servers.get_all(status=["running"])] == [server.id]
    refused("uniqueness_error", client.servers.create, **order)
    keyless = {**order, "name": "keyless", "ssh_keys": [SSHKey(name="nobody")]}
    refused("not_found", client.servers.create, **keyless)
    refused("resource_in_use", wall.delete)
    refused("primary_ip_assigned", four.delete)


def changed():
    assert server.update(labels={}, name="host-2").name == "host-2"
    for act in (server.shutdown, server.power_on, server.reboot, server.reset, server.power_off):
        done(act())
    assert client.servers.get_by_id(server.id).status == "off"
    done(server.change_type(server_type=ServerType(name="cax21"), upgrade_disk=False))
    server.reload()
    assert (server.status, server.server_type.name, server.primary_disk_size) == ("running", "cax21", 40)
    smaller = {"server_type": ServerType(name="cax11"), "upgrade_disk": False}
    refused("server_not_stopped", server.change_type, **smaller)
    refused("invalid_input", server.change_protection, delete=True)
    done(server.change_protection(delete=True, rebuild=True))
    refused("protected", server.delete)
    done(server.change_protection(delete=False, rebuild=False))


def attached():
    done(data.detach())
    refused("volume_not_attached", data.detach)
    done(data.attach(server, automount=False))
    refused("volume_already_attached", data.attach, server)
    on_server = [FirewallResource(type="server", server=server)]
    for action in wall.remove_from_resources(on_server) + wall.apply_to_resources(on_server):
        done(action)
    assert client.firewalls.get_by_id(wall.id).applied_to[0].server.id == server.id
    done(server.power_off())
    done(four.unassign())
    done(four.assign(assignee_id=server.id, assignee_type="server"))
    assert client.primary_ips.get_by_id(four.id).assignee_id == server.id


def recorded():
    first = server.get_actions(sort=["id:asc"])[0]
    assert client.actions.get_by_id(first.id).command == "create_server"
    assert client.servers.actions.get_by_id(first.id).resources[0] == {"id": server.id, "type": "server"}
    everywhere = {action.id for action in client.servers.actions.get_all(status=["success"])}
    assert {action.id for action in server.get_actions()} <= everywhere
    for kind in (client.volumes, client.primary_ips, client.firewalls):
        latest = kind.actions.get_list(sort=["id:desc"], per_page=1).actions[0]
        assert kind.actions.get_by_id(latest.id).status == "success"
    refused("not_found", client.volumes.actions.get_by_id, first.id)
    # Other clients' ways to the same actions: hcloud-go polls several at once.
    polled = client.request("GET", "/actions", params={"id": first.id})["actions"]
    assert [action["id"] for action in polled] == [first.id]
    paths = (f"servers/{server.id}", f"volumes/{data.id}", f"primary_ips/{four.id}", f"firewalls/{wall.id}")
    for path in paths:
        action = client.request("GET", f"/{path}/actions")["actions"][0]
        assert client.request("GET", f"/{path}/actions/{action['id']}")["action"] == action


def deleted():
    done(server.delete())
    refused("not_found", client.servers.get_by_id, server.id)
    assert client.volumes.get_by_id(data.id).server is None
    assert all(leftover.delete() for leftover in (wall, data, four, six))


run(ordered, changed, attached, recorded, deleted)
