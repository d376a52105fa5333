import { createSocket } from "node:dgram";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { NETWORK } from "../../../sandbox/machines/network.ts";
import type { EnvironmentUnderTest } from "./environment-under-test.ts";

/** What the machine itself listens on, and what scanners ask for first: names, time, DHCP, SNMP, VPN, QUIC, mDNS. */
const UDP = [53, 67, 68, 69, 111, 123, 137, 161, 323, 443, 500, 514, 1194, 1900, 4500, 5353, 5355, 51_820];
/** The sandbox's bridge has no IPv6 of its own. */
const [OURS, THEIRS] = ["fd66::1", "fd66::2"];
const ECHO_PORT = 54_321;
/** Answers on TCP and UDP, both families, so that a port that is not open is closed by the wall and not by chance. */
const ECHO = `import socket, threading
def tcp():
    s = socket.create_server(("::", ${ECHO_PORT}), family=socket.AF_INET6, dualstack_ipv6=True)
    while True: s.accept()[0].close()
threading.Thread(target=tcp, daemon=True).start()
u = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
u.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
u.bind(("::", ${ECHO_PORT}))
while True:
    data, peer = u.recvfrom(64)
    u.sendto(data, peer)
`;
const OPENING = `nft insert rule inet olympus input meta l4proto { tcp, udp } th dport ${ECHO_PORT} accept`;

const openPorts = async (host: string, first = 1, last = 65_535): Promise<number[]> => {
  const program = join("__tests__", "host", "whole", "scan.py");
  return JSON.parse((await execa("python3", [program, host, String(first), String(last)])).stdout);
};

/** UDP ports of `host` that answer anything at all. */
async function answeringPorts(host: string, ports: readonly number[]): Promise<number[]> {
  const answered = new Set<number>();
  const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
  socket.on("message", (_, { port }) => answered.add(port));
  for (let round = 0; round < 3; round += 1) {
    for (const port of ports) socket.send("?", port, host);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  socket.close();
  return [...answered];
}

/** 22, 80 and 443 are open from outside and nothing else, whatever listens inside. */
export function portTests(whole: () => EnvironmentUnderTest): void {
  test("22, 80 and 443 are open, of all ports of IPv4 and IPv6, and no UDP port answers", async () => {
    const { inside, address } = whole();
    await execa("ip", ["-6", "addr", "replace", `${OURS}/64`, "dev", NETWORK.bridge, "nodad"]);
    await inside(`ip -6 addr replace ${THEIRS}/64 dev host0 nodad`);
    await inside(`systemd-run -q --unit=echo python3 -c '${ECHO}'; sleep 1`);
    for (const host of [address, THEIRS]) {
      expect(await openPorts(host), host).toEqual([22, 80, 443]);
      expect(await answeringPorts(host, [...UDP, ECHO_PORT]), host).toEqual([]);
    }
    // The same scan sees the listener once the wall lets it through.
    await inside(OPENING);
    for (const host of [address, THEIRS]) {
      expect(await openPorts(host, ECHO_PORT - 1, ECHO_PORT + 1), host).toEqual([ECHO_PORT]);
      expect(await answeringPorts(host, [ECHO_PORT]), host).toEqual([ECHO_PORT]);
    }
    await inside("systemctl stop echo; systemctl reload nftables");
  });
}
