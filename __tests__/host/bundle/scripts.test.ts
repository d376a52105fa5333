import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execaSync } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { childEnvironment } from "../../../lib/process-env.ts";
import { filesBelow } from "./lookups.ts";
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
