import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import * as z from "zod";
import type { MachineNetworks, ServiceFacts, Wall } from "../containment/services.ts";

const FOLDER = join("host", "release");
const read = (...path: string[]): unknown =>
  parse(readFileSync(join(FOLDER, ...path), "utf8"), { merge: true });

const membership = z.object({ aliases: z.array(z.string()).default([]) });
const service = z.object({
  networks: z
    .union([z.array(z.string()), z.record(z.string(), membership)])
    .transform(
      (of): Readonly<Record<string, { readonly aliases: readonly string[] }>> =>
        Array.isArray(of) ? Object.fromEntries(of.map((name) => [name, { aliases: [] }])) : of,
    )
    .optional(),
  network_mode: z.string().optional(),
});
const file = z.object({ services: z.record(z.string(), service).default({}) });
const networks = z.object({
  networks: z.record(
    z.string(),
    z.object({
      internal: z.boolean().default(false),
      driver_opts: z.object({ isolate: z.string().optional() }).default({}),
    }),
  ),
});
const ory = z.object({ serve: z.object({ admin: z.object({ host: z.string(), port: z.number() }) }) });

/**
 * Every service of the compose files with its networks, and what stands between these. One-off migrations are none: they end before
 * anything serves.
 */
export const machineNetworks = (): MachineNetworks => ({
  services: readdirSync(FOLDER)
    .filter((name) => /^compose\..+\.yaml$/.test(name))
    .sort()
    .flatMap((name) => Object.entries(file.parse(read(name)).services))
    .filter(([name]) => !name.endsWith("-migrate"))
    .map(([name, one]) => serviceFacts(name, one)),
  walls: Object.fromEntries(
    Object.entries(networks.parse(read("compose.yaml")).networks).map(([name, one]): [string, Wall] => [
      name,
      one.internal ? "internal" : one.driver_opts.isolate === "true" ? "isolated" : "none",
    ]),
  ),
});

function serviceFacts(name: string, { networks, network_mode }: z.infer<typeof service>): ServiceFacts {
  // Compose's own, where a file names none.
  const of = networks ?? (network_mode ? {} : { default: { aliases: [] } });
  return { name, networks: Object.keys(of), bound: adminPort(name, of) };
}

/** Kratos and Hydra bind their admin port to a name that they have in some networks only; any other host opens it in all. */
function adminPort(
  name: string,
  of: Readonly<Record<string, { readonly aliases: readonly string[] }>>,
): ServiceFacts["bound"] {
  const [, domain = "", program = ""] = /^(\w+)-(kratos|hydra)$/.exec(name) ?? [];
  if (!program) return [];
  const { host, port } = ory.parse(read(program, domain, `${program}.yml`)).serve.admin;
  const bound = Object.keys(of).filter((network) => of[network]?.aliases.includes(host));
  return bound.length ? [{ port, networks: bound }] : [];
}
