import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import type { SmokeReport } from "../../../cli/smoke/report.ts";
import { childEnvironment } from "../../../lib/process-env.ts";
import type { MachineFixture } from "../../host/bundle/machine.ts";

/** The machine's address on the wire to its visitor. */
export const MACHINE_ADDRESS = "192.0.2.10";
export const OUTSIDE_ADDRESS = "203.0.113.9";
/** In office.cidrs of config/base.ts. */
export const OFFICE_ADDRESS = "198.51.100.7";

/** Somebody on another computer: a network of its own, one wire to the machine, the machine's own firewall between. */
export interface Visitor {
  /** From now on comes from this address of 203.0.113.0/24 or 198.51.100.0/24. */
  comeFrom(address: string): Promise<void>;
  /** Runs `olympus smoke staging --json` against the machine. */
  smoke(...args: string[]): Promise<{ code: number; report: SmokeReport; error: string }>;
  stop(): void;
}

export interface VisitorOptions {
  readonly ca: string;
  readonly env?: Record<string, string>;
}

/** Needs root, and nft for the firewall; throws what is missing. */
export async function openVisitor(
  machine: MachineFixture,
  { ca, env = {} }: VisitorOptions,
): Promise<Visitor> {
  const holder = spawn("unshare", [
    "--net",
    "sh",
    "-c",
    "ip link set lo up && echo ready && exec sleep infinity",
  ]);
  await new Promise((resolve) => holder.stdout.once("data", resolve));
  const inside = (...command: string[]) => execa("nsenter", ["-t", String(holder.pid), "-n", ...command]);
  const atMachine = (command: string): void => {
    const done = machine.outside(["sh", "-euc", command]);
    if (done.code !== 0) throw new Error(`${command}: ${done.err}`);
  };
  atMachine(`ip link add eth0 type veth peer name eth0 netns ${holder.pid}
    ip address add ${MACHINE_ADDRESS}/24 dev eth0 && ip link set eth0 up
    ip route add 203.0.113.0/24 dev eth0 && ip route add 198.51.100.0/24 dev eth0
    nft -f ${process.cwd()}/host/bootstrap/nftables.conf`);
  await inside("ip", "link", "set", "eth0", "up");
  const comeFrom: Visitor["comeFrom"] = async (address) => {
    await inside("ip", "address", "replace", `${address}/32`, "dev", "eth0");
    await inside("ip", "route", "replace", "192.0.2.0/24", "dev", "eth0", "src", address);
  };
  await comeFrom(OUTSIDE_ADDRESS);
  const authority = join(machine.root, "tmp/ca.pem");
  writeFileSync(authority, ca);
  return {
    comeFrom,
    async smoke(...args) {
      const command = [
        "nsenter",
        "-t",
        String(holder.pid),
        "-n",
        "node",
        "scripts/run.mjs",
        "smoke",
        "staging",
      ];
      const [file = "", ...rest] = [
        ...command,
        ...["--json", "--origin", "--resolve", MACHINE_ADDRESS, "--ca", authority, ...args],
      ];
      const { exitCode, stdout, stderr } = await execa(file, rest, {
        env: childEnvironment(env),
        extendEnv: false,
        reject: false,
      });
      const report = stdout.startsWith("{") ? JSON.parse(stdout) : { checks: [] };
      return { code: exitCode ?? 1, report: report as SmokeReport, error: stderr };
    },
    stop: () => {
      holder.kill("SIGKILL");
    },
  };
}
