import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execaSync } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { childEnvironment } from "../../../lib/process-env.ts";
import { filesBelow, has, missing } from "./lookups.ts";
import {
  createSecretValues,
  FILES,
  plainValues,
  readBundleFile,
  secretKeyEntries,
  writeConfig,
} from "./values.ts";

const hole = (name: string): string => `\${${name}}`;

describe("scripts and units", () => {
  const scripts = filesBelow("bin").map((f) => join(FILES, f));
  it.skipIf(!has("shellcheck"))(`shellcheck finds nothing${missing("shellcheck")}`, () => {
    expect(execaSync("shellcheck", ["-x", ...scripts], { reject: false }).stdout).toBe("");
  });
  it.skipIf(!has("systemd-analyze"))(`systemd accepts every unit${missing("systemd-analyze")}`, () => {
    const folder = mkdtempSync(join(tmpdir(), "olympus-units-"));
    for (const file of filesBelow("systemd").filter((f) => !f.includes(".d/"))) {
      // The programs are not at their places here; that they are part of the bundle is checked below.
      const text = readBundleFile(file).replaceAll("/opt/olympus/current", FILES);
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
        known +
          readBundleFile("systemd/olympus.service.d/release.conf").repeat(born === "olympus.service" ? 1 : 0),
      );
    }
    const units = readdirSync(folder).map((u) => join(folder, u.replace("@.", "@vacuum.")));
    const done = execaSync("systemd-analyze", ["verify", ...units], { reject: false });
    rmSync(folder, { recursive: true });
    expect(done.stderr.split("\n").filter((l) => l.includes("olympus-"))).toEqual([]);
  });
  it.skipIf(!has("systemd-analyze"))(`systemd accepts every time${missing("systemd-analyze")}`, () => {
    const times = filesBelow("systemd").flatMap((f) =>
      [...readBundleFile(f).matchAll(/OnCalendar=(.*)/g)].map((m) => m[1] ?? ""),
    );
    expect(times).toHaveLength(7);
    for (const time of times)
      expect(execaSync("systemd-analyze", ["calendar", time], { reject: false }).exitCode).toBe(0);
  });
  it("units start programs of the bundle, timers name jobs that exist", () => {
    const jobs = readBundleFile("bin/olympus-job");
    for (const file of filesBelow("systemd")) {
      for (const [, program] of readBundleFile(file).matchAll(/current\/bin\/([\w-]+)/g))
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
    writeConfig(folder, plainValues(), createSecretValues({ ODD: `a&b=$HOME\`id\` "q" 'p' \\n #x` }));
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
    const values = createSecretValues();
    for (const { key, pattern, delivery } of secretKeyEntries) {
      if (delivery === "secrets.env") expect(values[key], key).toMatch(new RegExp(pattern));
    }
    const templates = [...filesBelow("secrets"), ...filesBelow("init")].map((f) => join(FILES, f));
    const out = execFileSync(join(FILES, "bin/olympus-render"), templates, {
      env: childEnvironment({ OLYMPUS_CONFIG: folder }),
    });
    expect(String(out)).not.toMatch(/\$\{/);
  });
});
