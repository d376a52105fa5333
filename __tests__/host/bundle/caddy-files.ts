import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { MachineFixture } from "./machine.ts";
import { FILES } from "./values.ts";

/** Caddy's files in a machine, and where each name leads: to itself, as when visitors are held from nothing. */
export function putCaddy(machine: MachineFixture): void {
  machine.put("caddy", "/etc/caddy");
  const upstreams = join(machine.root, "etc/caddy/upstreams");
  mkdirSync(upstreams, { recursive: true });
  mkdirSync(join(machine.root, "limits/rate_limit/instances"), { recursive: true });
  const sites = readFileSync(join(FILES, "caddy/sites.caddy"), "utf8");
  for (const [, name = ""] of sites.matchAll(/import proxy ([\w-]+) /g))
    writeFileSync(join(upstreams, name), name);
}
