import { expect, test } from "vitest";
import { evaluateParity } from "../../parity/experiment.ts";
import type { Json } from "../../parity/json.ts";
import {
  experimentOf,
  identityOf,
  PROD,
  STAGING,
  sound,
  type ToyOverlay,
  type ToyProgram,
} from "./program-fixture.ts";

/** A document with one thing more, by its path. */
function plantedAt(
  path: readonly string[],
  change: (name: string, o: ToyOverlay) => Json | undefined,
): ToyProgram {
  return (name, o) => {
    const document = structuredClone(sound(name, o)) as Record<string, Json>;
    const value = change(name, o);
    let at = document;
    for (const key of path.slice(0, -1)) {
      at[key] ??= {};
      at = at[key] as Record<string, Json>;
    }
    if (value !== undefined) at[path.at(-1) ?? ""] = value;
    return document;
  };
}
const planted = (change: (name: string, o: ToyOverlay) => Json | undefined): ToyProgram =>
  plantedAt(["stack", "output", "planted"], change);
const found = (program: ToyProgram, names?: string[]) =>
  evaluateParity(experimentOf(program, names)).findings.map(({ law, path }) => `${law} ${path}`);

test("a mirror has differences, each with its causes, and no finding", () => {
  const { differences, findings } = evaluateParity(experimentOf(sound));
  expect(findings).toEqual([]);
  expect(
    differences.map(({ path, reference, mirror, causes }) => `${path} ${reference}->${mirror} ${causes}`),
  ).toEqual([
    "env.MAIL_SANDBOX 0->1 extras",
    "env.RATE_LIMIT_LOGIN_EVENTS 10->100 rateLimits",
    "stack.resource.cloudflare_dns_record.ciam.name ciam.app.com->ciam.staging.app.com domain",
    "stack.resource.cloudflare_workers_script.clock.at undefined->staging.app.com domain,extras",
    "stack.resource.cloudflare_workers_script.clock.script_name undefined->staging-clock extras",
    "stack.resource.hcloud_server.server.server_type cax21->cax11 hostType",
    'units["olympus-logins.timer"] undefined->hourly extras',
  ]);
});

test.each([
  ["a constant", () => "deploy to prod, then to staging"],
  ["a key's comment", () => "ssh-ed25519 AAAA jane@staging"],
  ["a device", () => "/dev/disk/by-id/data"],
  ["a host", (_: string, o: ToyOverlay) => `host ${o.domain}`],
])("%s is no question about the name, whatever the name is", (_, change) => {
  for (const names of [
    ["prod", "staging"],
    ["dev", "test"],
    ["data", "app"],
    ["pre-prod", "staging-eu"],
    ["a", "by"],
  ])
    expect(found(planted(change), names)).toEqual([]);
});

test("the name may stand where the bounds list it, in both forms", () => {
  const labelled = plantedAt(
    ["stack", "variable", "x"],
    (name) => `hibernated_${name.replaceAll("-", "_")} of ${name}`,
  );
  expect(found(labelled)).toEqual([]);
  expect(found(labelled, ["prod", "pre-prod"])).toEqual([]);
  const keyed: ToyProgram = (name, o) =>
    plantedAt(["stack", "variable", `token_${name.replaceAll("-", "_")}`], () => "sensitive")(name, o);
  expect(found(keyed, ["prod", "pre-prod"])).toEqual([]);
});

test("the name stands nowhere else, and decides nothing", () => {
  expect(found(planted((name) => `made for ${name}`))).toContain("identity stack.output.planted");
  expect(found(planted((name) => (name === "prod" ? "a" : "b")))).toContain("identity stack.output.planted");
  expect(found(planted((name) => (name === "staging" ? "a" : undefined)))).toContain(
    "identity stack.output.planted",
  );
  // Even where the name may stand, nothing but the name may follow from it.
  const branch = plantedAt(["stack", "variable", "x"], (name) => (name === "prod" ? "prod" : `for ${name}`));
  expect(found(branch)).toContain("identity stack.variable.x");
});

test("what an environment has to itself stands where the bounds list it, and decides nothing", () => {
  const key = (name: string) => identityOf(name).deployKey;
  expect(found(plantedAt(["env", "SSH_KEYS"], (name) => `ssh-ed25519 A|${key(name)}`))).toEqual([]);
  expect(found(plantedAt(["env", "EMAIL_FROM"], (name) => key(name)))).toContain("identity env.EMAIL_FROM");
  expect(
    found(plantedAt(["env", "SSH_KEYS"], (name) => (key(name) === key("prod") ? "" : key(name)))),
  ).toContain("identity env.SSH_KEYS");
});

test("a key that only two swaps together explain is explained by none", () => {
  const both = planted((_, o) =>
    o.domain === STAGING.domain && o.hostType === STAGING.hostType ? "x" : "y",
  );
  expect(found(both)).not.toEqual([]);
});

test("a key may show only where its bounds are", () => {
  const planted = "bounds stack.output.planted";
  const at = (change: (name: string, o: ToyOverlay) => Json) =>
    found(plantedAt(["stack", "output", "planted"], change));
  expect(at((_, o) => (o.domain === PROD.domain ? "a" : "b"))).toContain(planted);
  expect(at((_, o) => o.hostType ?? null)).toContain(planted);
  expect(at((_, o) => o.rateLimits ?? null)).toContain(planted);
  expect(at((_, o) => Boolean(o.extras))).toContain(planted);
});

const withExtras = (path: readonly string[], value: Json): ToyProgram =>
  plantedAt(path, (_, o) => (o.extras ? value : undefined));

test.each([
  ["a resource of another type", ["stack", "resource", "cloudflare_workers_route", "route", "pattern"]],
  ["another Worker", ["stack", "resource", "cloudflare_workers_script", "second", "script_name"]],
  ["a record that is not its mail's", ["stack", "resource", "cloudflare_dns_record", "ciam-old", "name"]],
  ["a setting", ["stack", "resource", "cloudflare_zone_setting", "ssl", "value"]],
  ["an attribute of a shared resource", ["stack", "resource", "hcloud_server", "server", "backups"]],
  ["a provisioner", ["stack", "resource", "cloudflare_workers_script", "clock", "provisioner", "local-exec"]],
  ["a plain value", ["env", "DEBUG"]],
  ["a drop-in on a shared unit", ["units", "olympus.service.d/extra.conf"]],
  ["a shared unit", ["units", "olympus.service"]],
  ["a unit elsewhere", ["units", "../olympus-x.timer"]],
  ["a unit without the product's name", ["units", "ssh.service"]],
  ["a file of the bundle", ["bundle", "bin/extra", "content"]],
])("extras may not bring %s", (_, path) => {
  expect(found(withExtras(path, "x")).join("\n")).toMatch(/^bounds /m);
});

test("a rate limit that no overlay names may not differ", () => {
  expect(found(plantedAt(["env", "RATE_LIMIT_TOKEN_EVENTS"], (_, o) => o.rateLimits ?? null))).toContain(
    "bounds env.RATE_LIMIT_TOKEN_EVENTS",
  );
});

test("the bundle may not name the domain", () => {
  expect(found(plantedAt(["bundle", "caddy", "content"], (_, o) => `host ${o.domain}`))).toContain(
    "bounds bundle.caddy.content",
  );
});

test("a file's mode is compared, and where the state lies", () => {
  const mode = plantedAt(["bundle", "bin/start", "mode"], (_, o) => (o.extras ? "755" : "644"));
  expect(found(mode)).toContain('bounds bundle["bin/start"].mode');
  const state = plantedAt(["stack", "terraform", "backend", "s3", "encrypt"], (_, o) => !o.extras);
  expect(found(state)).toContain("bounds stack.terraform.backend.s3.encrypt");
});

test("a list is no object with the same keys", () => {
  const program = planted((_, o) => (o.extras ? ["a"] : { 0: "a" }));
  expect(found(program)).toContain("bounds stack.output.planted[0]");
});
