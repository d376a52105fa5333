import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadFleet } from "../../../config/index.ts";
import { skipWithout } from "../../sandbox/host/tools.ts";
import type { JobEnding } from "../../workflows/runner.ts";
import { TOOLS } from "../whole/machine.ts";
import { type Company, startCompany } from "./two-machines.ts";

/** Runs of the workflow's commands that were not skipped, by their first words. */
const commands = (endings: Record<string, JobEnding>): string[] =>
  Object.values(endings)
    .flatMap(({ steps }) => steps)
    .filter(({ outcome, run }) => outcome !== "skipped" && !run.includes("credentials"))
    .map(({ outcome, run }) => `${run.replace("npx olympus ", "").split(" --")[0]}: ${outcome}`);
const outputs = (endings: Record<string, JobEnding>): string =>
  Object.values(endings)
    .flatMap(({ steps }) => steps.map(({ run, output }) => `$ ${run}\n${output}`))
    .join("\n");

describe.skipIf(skipWithout(TOOLS))("a merge, on two booted machines with the real bundle", () => {
  const prod = loadFleet().reference.environment;
  let company: Company;
  let person: string;
  beforeAll(async () => {
    company = await startCompany();
    const identity = JSON.stringify({ schema_id: "default", traits: { email: "kept@example.com" } });
    const made = `curl -sf -H "Content-Type: application/json" -d "${identity.replaceAll('"', '\\"')}" http://127.0.0.1:3101/admin/identities`;
    person = JSON.parse(await company.inside("prod", made)).id;
  });
  afterAll(async () => {
    await company?.stop();
  });
  const serving = (name: string) => company.inside(name, "readlink /opt/olympus/current");
  const history = async (name: string) =>
    (await company.inside(name, "cat /opt/olympus/history")).split("\n");
  const bundle = (name: string) =>
    company.inside(
      name,
      'cd /opt/olympus/current && find . -type f ! -name olympus.env ! -name SHA256SUMS ! -path "./systemd/olympus-seed*" ! -path "./systemd/olympus-logins*" | sort | xargs sha256sum',
    );

  test("that is good goes through to prod: the same bundle to the byte", async () => {
    company.change("host/files/postgres/anonymise-audit.sql", "", "-- A change.\n");
    const endings = await company.merge();
    expect(commands(endings), outputs(endings)).toEqual([
      "release staging: success",
      "./scripts/smoke-test.sh staging: success",
      "soak staging: success",
      "status prod: success",
      "release prod: success",
      "./scripts/smoke-test.sh prod: success",
    ]);
    expect(await bundle("prod")).toBe(await bundle("staging"));
  });

  test("that does not start stops at staging, which goes back; prod is untouched", async () => {
    const before = [await serving("staging"), await serving("prod"), await history("prod")];
    company.change(
      "host/files/bin/olympus-start",
      "set -euo pipefail",
      "set -euo pipefail\necho planted >&2\nexit 1",
    );
    const endings = await company.merge();
    expect(commands(endings), outputs(endings)).toEqual(["release staging: failure"]);
    // Not for another reason, such as a machine that nobody reaches.
    expect(outputs(endings)).toMatch(/planted[\s\S]*taken back to/);
    expect(endings.prod?.result).toBe("skipped");
    expect([await serving("staging"), await serving("prod"), await history("prod")]).toEqual(before);
  });

  test("that fails only on prod is rolled back there once, and its data stays", async () => {
    company.revert();
    const before = await serving("prod");
    const fault = `@planted expression \`"{$SITE_HOST}" == "${prod.hosts.site}"\`\n\terror @planted 503`;
    company.change(
      "host/files/caddy/sites.caddy",
      "{$IAM_OAUTH_HOST} {\n\timport host",
      `{$IAM_OAUTH_HOST} {\n\timport host\n\t${fault}`,
    );
    const endings = await company.merge();
    expect(commands(endings), outputs(endings)).toEqual([
      "release staging: success",
      "./scripts/smoke-test.sh staging: success",
      "soak staging: success",
      "status prod: success",
      "release prod: success",
      "./scripts/smoke-test.sh prod: failure",
      "rollback prod: success",
      "./scripts/smoke-test.sh prod: success",
    ]);
    expect(await serving("prod")).toBe(before);
    expect((await history("prod")).slice(-2).map((line) => line.split(" ")[2])).toEqual([
      "release",
      "rollback",
    ]);
    const kept = await company.inside("prod", `curl -sf http://127.0.0.1:3101/admin/identities/${person}`);
    expect(JSON.parse(kept).traits.email).toBe("kept@example.com");
  });
});
