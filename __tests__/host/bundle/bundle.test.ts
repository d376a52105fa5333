import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { COMPOSE_FILES, composeServices } from "./compose.ts";
import { filesBelow, names } from "./lookups.ts";
import { envKeys, readBundleFile, secretKeyEntries } from "./values.ts";

const services = composeServices();

const CADDY_VALUES = "caddy/values.env";

describe("keys", () => {
  const plain = envKeys.map((k) => k.key);
  const secret = secretKeyEntries.filter((k) => k.delivery === "secrets.env").map((k) => k.key);
  const compose = COMPOSE_FILES.map(readBundleFile).join("");
  const caddy = filesBelow("caddy").map(readBundleFile).join("");
  const templates = [...filesBelow("secrets"), ...filesBelow("init"), "postgres/passwords.sql", CADDY_VALUES]
    .map(readBundleFile)
    .join("");

  it("are each in one table, once", () => {
    expect(new Set([...plain, ...secret]).size).toBe(plain.length + secret.length);
  });
  it("are all used, and nothing unknown is", () => {
    const used = new Set([
      ...names(compose).filter((n) => !/^(IMAGE|VERSION|SHARES_TABLES|OLYMPUS)_/.test(n)),
      ...names(templates),
    ]);
    const scripts = filesBelow("bin").map(readBundleFile).join("");
    const named = [...plain, ...secret].filter((key) => new RegExp(`\\b${key}\\b`).test(scripts));
    // For services that the team adds beside Olympus, and for verbs that run elsewhere.
    const isElsewhere = (consumer: string) => consumer === "applications" || consumer.startsWith("olympus ");
    const others = secretKeyEntries.filter((k) => k.consumers.some(isElsewhere)).map((k) => k.key);
    expect([...new Set([...used, ...named, ...others])].sort()).toEqual([...plain, ...secret].sort());
  });
  it("hand no secret through the compose file, where podman-compose puts values on a command line", () => {
    expect(names(compose).filter((n) => secret.includes(n))).toEqual([]);
  });
  it("reach Caddy one by one", () => {
    const wanted = [...new Set([...caddy.matchAll(/\{\$([A-Z0-9_]+)\}/g)].map((m) => m[1]))].sort();
    expect(names(readBundleFile(CADDY_VALUES)).sort()).toEqual(wanted);
    for (const line of readBundleFile(CADDY_VALUES).trimEnd().split("\n"))
      expect(line).toMatch(/^(\w+)=\$\{\1\}$/);
  });
  it("give each service the secrets of its own file, no more and no less", () => {
    for (const file of filesBelow("secrets")) {
      const service = file.slice("secrets/".length, -".env".length);
      const made = readBundleFile(file)
        .trimEnd()
        .split("\n")
        .map((line) => `${service}.${line.slice(0, line.indexOf("="))}`);
      const taken = (services[service]?.secrets ?? []).map((s) => (typeof s === "string" ? s : s.source));
      expect(taken.sort(), service).toEqual(made.sort());
    }
    for (const [name, { secrets = [] }] of Object.entries(services)) {
      const owner = name.replace(/-migrate$/, "");
      for (const s of secrets)
        expect(typeof s === "string" ? s : s.source).toMatch(new RegExp(`^${owner}\\.`));
    }
  });
});

/** A value as it is on a machine, where nobody moves anything. */
const unmoved = (text: string): string => text.replaceAll(/\$\{OLYMPUS_\w+:-([^}]+)\}/g, "$1");

describe("the compose file", () => {
  const running = Object.entries(services).filter(([name]) => !name.endsWith("-migrate"));

  it("publishes 80 and 443, everything else on the loopback", () => {
    const ports = Object.values(services).flatMap((s) => s.ports ?? []);
    expect(ports.map(unmoved).filter((p) => !p.startsWith("127.0.0.1:"))).toEqual(["80:80", "443:443"]);
  });
  it("limits memory, to a sum that fits the 4 GB of cpx22 and cax11 beside the system, and a new one beside an old one", () => {
    const limits = running.map(([name, s]) => ({ name, limit: Number(s.mem_limit?.replace("m", "")) }));
    const sum = limits.reduce((total, { limit }) => total + limit, 0);
    const beside = limits.filter(({ name }) => /-(kratos|hydra|hera|athena)$|^site$/.test(name));
    expect(sum).toBeLessThanOrEqual(3584);
    // What is in no container takes 100 MiB (docs/bench.md).
    expect(4096 - sum - Math.max(...beside.map(({ limit }) => limit))).toBeGreaterThanOrEqual(200);
  });
  it.each(Object.keys(services))("%s is named, confined, and restarted by one hand only", (name) => {
    const service = services[name];
    expect(service?.container_name).toBe(`olympus-${name}`);
    expect(service?.cap_drop).toEqual(["ALL"]);
    const once = name.endsWith("-migrate");
    expect(service?.restart).toBe(once ? "no" : "on-failure");
    expect(service?.healthcheck === undefined).toBe(once);
  });
  it("keeps Postgres one level above the data folder", () => {
    expect(services.postgres?.volumes?.map(unmoved)).toContain(
      "/mnt/olympus-data/postgres:/var/lib/postgresql",
    );
  });
  it("mounts nothing from a place that cannot be moved", () => {
    const sources = Object.values(services).flatMap((s) => (s.volumes ?? []).map((v) => v.split(":/")[0]));
    const moved =
      /^\$\{OLYMPUS_(CONFIG:-\/opt\/olympus\/config|DATA:-\/mnt\/olympus-data|RUN:-\/run\/olympus)\}\//;
    expect(sources.filter((s) => s && !s.startsWith("./") && s !== "/" && !moved.test(s))).toEqual([]);
  });
  it("leaves the database and its migrations no way out of the machine", () => {
    const { networks } = parse(readBundleFile("compose.yaml"), { merge: true });
    for (const name of Object.keys(services).filter((one) => /^postgres$|-migrate$/.test(one)))
      for (const network of Object.values(services[name]?.networks ?? {}))
        expect(networks[network], `${name} in ${network}`).toEqual({ internal: true });
  });
  it("names no network as an earlier release did, since podman keeps one that is there as it was made", () => {
    const { networks } = parse(readBundleFile("compose.yaml"), { merge: true });
    for (const earlier of ["data", "edge", "alerts"]) expect(Object.keys(networks)).not.toContain(earlier);
  });
});
