import { execa } from "execa";
import { Failure } from "../../lib/failure.ts";
import type { Progress } from "../../lib/progress.ts";
import { ensureTools, requireRoot } from "../programs/tools.ts";

/** The bridge that every sandbox machine hangs on; this machine's own address on it is `.1`. */
export const NETWORK = {
  bridge: "olympus0",
  gateway: "10.66.0.1",
  prefix: 24,
  range: "10.66.0.0/24",
} as const;

const FORWARDING: readonly (readonly string[])[] = [
  ["nat", "POSTROUTING", "-s", NETWORK.range, "!", "-d", NETWORK.range, "-j", "MASQUERADE"],
  ["filter", "FORWARD", "-i", NETWORK.bridge, "-j", "ACCEPT"],
  ["filter", "FORWARD", "-o", NETWORK.bridge, "-j", "ACCEPT"],
];

const iptables = async (action: "-A" | "-C" | "-D", rule: readonly string[]): Promise<boolean> => {
  const [table = "filter", ...rest] = rule;
  return (await execa("iptables", ["-w", "-t", table, action, ...rest], { reject: false })).exitCode === 0;
};

/** Makes the bridge and its way out to the internet; does nothing where they exist. Needs root. */
export const ensureNetwork = async (progress: Progress): Promise<void> => {
  requireRoot("The sandbox network");
  await ensureTools(["ip", "iptables"], progress);
  const exists = await execa("ip", ["link", "show", NETWORK.bridge], { reject: false });
  if (exists.exitCode !== 0) {
    await execa("ip", ["link", "add", NETWORK.bridge, "type", "bridge"]);
    await execa("ip", ["addr", "add", `${NETWORK.gateway}/${NETWORK.prefix}`, "dev", NETWORK.bridge]);
    await execa("ip", ["link", "set", NETWORK.bridge, "up"]);
  }
  await execa("sysctl", ["-qw", "net.ipv4.ip_forward=1"]);
  for (const rule of FORWARDING) {
    if (!(await iptables("-C", rule)) && !(await iptables("-A", rule))) {
      throw new Failure(
        `iptables refused ${rule.join(" ")}: the sandbox machines could not reach the internet.`,
      );
    }
  }
};

/** Gives this machine one more address on the bridge: from there it comes as a visitor of that address would. */
export const addVisitor = async (address: string): Promise<void> => {
  await execa("ip", ["addr", "replace", `${address}/32`, "dev", NETWORK.bridge]);
};

/** Takes the bridge and its rules away again. */
export const removeNetwork = async (): Promise<void> => {
  for (const rule of FORWARDING) await iptables("-D", rule);
  await execa("ip", ["link", "del", NETWORK.bridge], { reject: false });
};
