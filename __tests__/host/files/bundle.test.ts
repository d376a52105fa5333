import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execaSync } from "execa";
import fc from "fast-check";
import ipaddr from "ipaddr.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { childEnvironment } from "../../../config/process-env.ts";
import { COMPOSE_FILES, composeServices } from "./compose.ts";
import {
  envKeys,
  envText,
  FILES,
  plainValues,
  read,
  secretKeys,
  secretValues,
  writeConfig,
} from "./values.ts";

const services = composeServices();
const hole = (name: string): string => `\${${name}}`;
const has = (tool: string): boolean =>
  execaSync("sh", ["-c", `command -v ${tool}`], { reject: false }).exitCode === 0;
const missing = (tool: string) => (has(tool) ? "" : ` (skipped, because ${tool} is not installed)`);
const names = (text: string): string[] =>
  [...text.matchAll(/\$\{([A-Z0-9_]+)[^}]*\}/g)].map((m) => m[1] ?? "");
const filesBelow = (folder: string): string[] =>
  readdirSync(join(FILES, folder), { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile())
    .map((e) => join(e.parentPath ?? e.path, e.name).slice(FILES.length + 1));

describe("keys", () => {
  const plain = envKeys.map((k) => k.key);
  const secret = secretKeys.filter((k) => k.delivery === "secrets.env").map((k) => k.key);
  const compose = COMPOSE_FILES.map(read).join("");
  const caddy = filesBelow("caddy").map(read).join("");
  const templates = [...filesBelow("secrets"), ...filesBelow("seed"), "postgres/passwords.sql"]
    .map(read)
    .join("");

  it("are each in one table, once", () => {
    expect(new Set([...plain, ...secret]).size).toBe(plain.length + secret.length);
  });
  it("are all used, and nothing unknown is", () => {
    const used = new Set([...names(compose).filter((n) => !n.startsWith("IMAGE_")), ...names(templates)]);
    // These two are read by scripts, not by templates.
    expect([...used, "DEADMAN_URL", "SSH_KEYS"].sort()).toEqual([...plain, ...secret].sort());
  });
  it("hand no secret through the compose file, where podman-compose puts values on a command line", () => {
    expect(names(compose).filter((n) => secret.includes(n))).toEqual([]);
  });
  it("reach Caddy one by one", () => {
    const wanted = [...new Set([...caddy.matchAll(/\{\$([A-Z0-9_]+)\}/g)].map((m) => m[1]))].sort();
    expect(Object.keys(services.caddy?.environment ?? {}).sort()).toEqual(wanted);
  });
  it("give each service the secrets of its own file, no more and no less", () => {
    for (const file of filesBelow("secrets")) {
      const service = file.slice("secrets/".length, -".env".length);
      const made = read(file)
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

describe("the compose file", () => {
  const running = Object.entries(services).filter(([name]) => !name.endsWith("-migrate"));

  it("publishes 80 and 443, everything else on the loopback", () => {
    const ports = Object.values(services).flatMap((s) => s.ports ?? []);
    expect(ports.filter((p) => !p.startsWith("127.0.0.1:"))).toEqual(["80:80", "443:443"]);
  });
  it("limits memory, to a sum that fits the 4 GB of cax11 beside the system", () => {
    const sum = running.reduce((total, [, s]) => total + Number(s.mem_limit?.replace("m", "")), 0);
    expect(sum).toBeLessThanOrEqual(3584);
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
    expect(services.postgres?.volumes).toContain("/mnt/olympus-data/postgres:/var/lib/postgresql");
  });
  it("keeps the database off every network but data", () => {
    expect(services.postgres?.networks).toEqual(["data"]);
    expect(parse(read("compose.yaml")).networks.data.internal).toBe(true);
  });
});

describe.skipIf(!has("podman-compose"))(`podman-compose${missing("podman-compose")}`, () => {
  let folder: string;
  const images = [...new Set(COMPOSE_FILES.flatMap((f) => names(read(f))))].filter((n) =>
    n.startsWith("IMAGE_"),
  );
  const dryRun = (mailSandbox: string) => {
    const values = { ...plainValues({ MAIL_SANDBOX: mailSandbox }), OLYMPUS_REVISION: "1" };
    const pins = Object.fromEntries(images.map((key) => [key, `example.invalid/${key.toLowerCase()}:1`]));
    writeFileSync(join(folder, "compose.env"), envText({ ...values, ...pins }));
    const args = [
      "--verbose",
      "--dry-run",
      "--env-file",
      join(folder, "compose.env"),
      "-f",
      join(FILES, "compose.yaml"),
    ];
    return execaSync("podman-compose", [...args, "up", "-d", "--no-build"], { reject: false, all: true });
  };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "olympus-compose-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(["0", "1"])(
    "makes every container, and Mailpit's where MAIL_SANDBOX is 1 (here %s)",
    (mailSandbox) => {
      const { all = "", exitCode } = dryRun(mailSandbox);
      expect(exitCode, all).toBe(0);
      const made = [...all.matchAll(/podman run --name=olympus-([\w-]+)/g)].map((m) => m[1]);
      const wanted = Object.keys(services).filter((name) => name !== "mailpit" || mailSandbox === "1");
      expect(made.sort()).toEqual(wanted.sort());
    },
  );
});

describe("scripts and units", () => {
  const scripts = filesBelow("bin").map((f) => join(FILES, f));
  it.skipIf(!has("shellcheck"))(`shellcheck finds nothing${missing("shellcheck")}`, () => {
    expect(execaSync("shellcheck", ["-x", ...scripts], { reject: false }).stdout).toBe("");
  });
  it.skipIf(!has("systemd-analyze"))(`systemd accepts every unit${missing("systemd-analyze")}`, () => {
    const folder = mkdtempSync(join(tmpdir(), "olympus-units-"));
    for (const file of filesBelow("systemd").filter((f) => !f.includes(".d/"))) {
      // The programs are not at their places here; that they are part of the bundle is checked below.
      const text = read(file).replaceAll("/opt/olympus/current", FILES);
      writeFileSync(join(folder, file.slice("systemd/".length)), text);
    }
    // The units that the machine is born with, and that these refer to.
    for (const born of ["olympus.service", "olympus-data.service"]) {
      const text = readFileSync(join("host/bootstrap", born), "utf8");
      const known = text
        .replaceAll("/opt/olympus/current", FILES)
        .replace("/usr/local/sbin/olympus-data", "/bin/true");
      writeFileSync(
        join(folder, born),
        known + read("systemd/olympus.service.d/release.conf").repeat(born === "olympus.service" ? 1 : 0),
      );
    }
    const units = readdirSync(folder).map((u) => join(folder, u.replace("@.", "@vacuum.")));
    const done = execaSync("systemd-analyze", ["verify", ...units], { reject: false });
    rmSync(folder, { recursive: true });
    expect(done.stderr.split("\n").filter((l) => l.includes("olympus-"))).toEqual([]);
  });
  it.skipIf(!has("systemd-analyze"))(`systemd accepts every time${missing("systemd-analyze")}`, () => {
    const times = filesBelow("systemd").flatMap((f) =>
      [...read(f).matchAll(/OnCalendar=(.*)/g)].map((m) => m[1] ?? ""),
    );
    expect(times).toHaveLength(4);
    for (const time of times)
      expect(execaSync("systemd-analyze", ["calendar", time], { reject: false }).exitCode).toBe(0);
  });
  it("units start programs of the bundle, timers name jobs that exist", () => {
    const jobs = read("bin/olympus-job");
    for (const file of filesBelow("systemd")) {
      for (const [, program] of read(file).matchAll(/current\/bin\/([\w-]+)/g))
        expect(filesBelow("bin")).toContain(`bin/${program}`);
      const job = file.match(/@([\w-]+)\.timer$/)?.[1];
      if (job) expect(jobs).toContain(`  ${job})`);
    }
  });
});

describe("olympus-render", () => {
  let folder: string;
  const render = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return execaSync(join(FILES, "bin/olympus-render"), [join(folder, name)], {
      env: { OLYMPUS_CONFIG: folder },
      reject: false,
      stripFinalNewline: false,
    });
  };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "olympus-render-"));
    writeConfig(folder, plainValues(), secretValues({ ODD: `a&b=$HOME\`id\` "q" 'p' \\n #x` }));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("takes a value as it stands, evaluating nothing", () => {
    expect(render("a.env", `X=${hole("ODD")}\n`).stdout).toBe(`X=a&b=$HOME\`id\` "q" 'p' \\n #x\n`);
  });
  it("escapes as JSON and SQL require", () => {
    expect(JSON.parse(String(render("a.json", `{"x":"${hole("ODD")}"}`).stdout)).x).toBe(
      `a&b=$HOME\`id\` "q" 'p' \\n #x`,
    );
    expect(render("a.sql", `'${hole("ODD")}'`).stdout).toBe(`'a&b=$HOME\`id\` "q" ''p'' \\\\n #x'\n`);
  });
  it("fails on a name without a value, and says which", () => {
    const done = render("a.env", `X=${hole("NOBODY")}\n`);
    expect(done.exitCode).toBe(1);
    expect(done.stderr).toContain("nothing gives NOBODY a value");
  });
  it("renders every template with generated secrets that fit their patterns", () => {
    const values = secretValues();
    for (const { key, pattern, delivery } of secretKeys) {
      if (delivery === "secrets.env") expect(values[key], key).toMatch(new RegExp(pattern));
    }
    const templates = [...filesBelow("secrets"), ...filesBelow("seed")].map((f) => join(FILES, f));
    const out = execFileSync(join(FILES, "bin/olympus-render"), templates, {
      env: childEnvironment({ OLYMPUS_CONFIG: folder }),
    });
    expect(String(out)).not.toMatch(/\$\{/);
  });
});

describe("the visitor of the rate limits", () => {
  // The patterns of the Caddyfile, in the subset of regular expressions that Go and JavaScript share.
  const map = [...read("caddy/snippets.caddy").matchAll(/^\t\t"~(\S+)" "(\S+)"$/gm)].map(
    ([, pattern = "", to = ""]) => [new RegExp(pattern), to.replaceAll(/\$\{(\d)\}/g, "$$$1")] as const,
  );
  const visitor = (address: string): string => {
    const [pattern, to] = map.find(([p]) => p.test(address)) ?? [/^.*$/, "$0"];
    const match = address.match(pattern) ?? [];
    return to.replaceAll(/\$(\d)/g, (_, n: string) => match[Number(n)] ?? "");
  };

  it("is the /64 of every IPv6 address and nothing wider", () => {
    expect(map).toHaveLength(5);
    const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }));
    const first = fc.integer({ min: 0x2000, max: 0x3fff });
    fc.assert(
      fc.property(first, fc.array(group, { minLength: 7, maxLength: 7 }), (head, tail) => {
        const parts = [head, ...tail];
        const address = new ipaddr.IPv6(parts).toRFC5952String();
        expect(visitor(address)).toBe(
          `${parts
            .slice(0, 4)
            .map((p) => p.toString(16))
            .join(":")}::/64`,
        );
      }),
      { numRuns: 5000 },
    );
  });
  it("is the address itself for IPv4", () => {
    expect(visitor("203.0.113.9")).toBe("203.0.113.9");
    expect(readFileSync(join(FILES, "caddy/snippets.caddy"), "utf8")).toContain("default {client_ip}");
  });
});
