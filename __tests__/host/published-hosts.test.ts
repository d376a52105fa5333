import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { planOf } from "../../cli/smoke/plan.ts";
import { type Target, visibleHosts } from "../../cli/smoke/target.ts";
import { environmentFile } from "../../host/environment-file.ts";
import { fixtureFleet } from "../support/fleet/fleet.ts";

// A public host is declared in config/load/hosts.ts, and that alone makes a record of it: without a site of Caddy's behind it
// Cloudflare answers 520. Everything that a host needs is held together here.
const [mirror] = fixtureFleet().mirrors;
if (!mirror) throw new Error("the fixture has a mirror");
const env = mirror.environment;

/** Names of what the files of the machine hold. */
const parts = () => {
  const caddy = readFileSync("host/release/caddy/sites.caddy", "utf8");
  const sites = new Map(
    [...caddy.matchAll(/^\{\$(\w+_HOST)\} \{\n([\s\S]*?)^\}/gm)].map(([, key = "", body = ""]) => [
      key,
      body,
    ]),
  );
  const composed = ["ciam", "iam", "edge"].map(
    (name) =>
      parse(readFileSync(`host/release/compose.${name}.yaml`, "utf8"), { merge: true }) as {
        services: Record<string, { environment?: Record<string, string> }>;
      },
  );
  const services = Object.assign({}, ...composed.map((file) => file.services)) as Record<
    string,
    { environment?: Record<string, string> }
  >;
  const keys = parse(readFileSync("host/release/env.keys.yaml", "utf8")) as { key: string; from: string }[];
  return { sites, services, keys, handed: readFileSync("host/release/caddy/values.env", "utf8") };
};

/** What each host lacks on its way from the configuration to the smoke test, in the order of that way. */
function missing(hosts: Readonly<Record<string, string>>): string[] {
  const { sites, services, keys, handed } = parts();
  const values = environmentFile(env);
  const target = {
    env,
    origin: true,
    vantage: { place: "office", because: "" },
    addresses: [],
    rateLimit: true,
  } as unknown as Target;
  const visited = [
    ...visibleHosts(target),
    ...planOf(target).flatMap((group) => group.map(({ subject }) => subject)),
  ];
  return Object.entries(hosts).flatMap(([service, host]) => {
    const key = Object.keys(values).find((name) => name.endsWith("_HOST") && values[name] === host);
    const noted = keys.find(({ from }) => from === `hosts.${service}`);
    const lacks = [
      ...(key ? [] : [`a key in host/environment-file.ts`]),
      ...(noted ? [] : [`a line in host/release/env.keys.yaml, from: hosts.${service}`]),
      ...(key && noted && noted.key !== key ? [`one key: it is ${key} and ${noted.key}`] : []),
      ...(key && handed.includes(`${key}=`) ? [] : ["its key in host/release/caddy/values.env"]),
      ...(key && sites.has(key) ? [] : ["a site in host/release/caddy/sites.caddy"]),
      ...[...(sites.get(key ?? "") ?? "").matchAll(/import proxy ([\w-]+) /g)]
        .filter(([, name = ""]) => !services[name])
        .map(([, name]) => `a service ${name} in a compose file: its site leads there`),
      ...(visited.some((subject) => subject.startsWith(host))
        ? []
        : ["a place among the hosts of cli/smoke/target.ts"]),
    ];
    return lacks.map((lack) => `${service} (${host}) lacks ${lack}`);
  });
}

test("every public host is served, by a program, and looked at by the smoke test", () => {
  expect(missing(env.hosts)).toEqual([]);
});

test("every site of Caddy's is one of the public hosts", () => {
  const values = environmentFile(env);
  const hosts = Object.values(env.hosts) as string[];
  expect([...parts().sites.keys()].filter((key) => !hosts.includes(values[key] ?? ""))).toEqual([]);
});

test("a host that only config/load/hosts.ts knows is told everything that it lacks", () => {
  expect(missing({ status: "staging-status.your-app.com" })).toEqual(
    [
      "a key in host/environment-file.ts",
      "a line in host/release/env.keys.yaml, from: hosts.status",
      "its key in host/release/caddy/values.env",
      "a site in host/release/caddy/sites.caddy",
      "a place among the hosts of cli/smoke/target.ts",
    ].map((lack) => `status (staging-status.your-app.com) lacks ${lack}`),
  );
});
