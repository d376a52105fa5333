import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadFleet } from "../../../config/index.ts";
import { skipWithout } from "../../sandbox/machines/tools.ts";
import type { JobEnding } from "../../workflows/runner.ts";
import { ENVIRONMENT_TOOLS } from "../whole/environment-under-test.ts";
import { type PipelineFixture, startPipelineFixture } from "./pipeline-fixture.ts";

/** On a busy computer each start of a machine or a release takes minutes. */
const PATIENCE_MS = 1_800_000;
/** Each database with a role that has tables in it. */
const OWNERS = [
  ...["ciam_kratos", "iam_kratos", "ciam_hydra", "iam_hydra"].map((name) => `${name}:${name}`),
  ...["olympus:olympus_ciam", "olympus:olympus_iam"],
];
/** What each login writes: the machine makes one every five minutes, and the smoke test its own. */
const OF_A_LOGIN = /\.(sessions|session_\w+|selfservice_\w+|continuity_containers|hydra_oauth2_\w+)\|/;

/** A line for each table: database, table, number of rows, sum over their contents. */
async function rows(company: PipelineFixture, name: string): Promise<string[]> {
  const psql =
    "podman exec -i --user postgres olympus-postgres psql -X -q -A -t -v ON_ERROR_STOP=1 -d $db -U $role";
  const sums = `${psql} </opt/olympus/current/postgres/table-sums.sql | sed "s/^/$db./"`;
  const all = await company.inside(
    name,
    `for pair in ${OWNERS.join(" ")}; do db=\${pair%:*} role=\${pair#*:}; ${sums}; done`,
  );
  return all.split("\n").filter((line) => !OF_A_LOGIN.test(line));
}

/** Runs of the workflow's commands that were not skipped, by their first words. */
const commands = (endings: Record<string, JobEnding>): string[] =>
  Object.values(endings)
    .flatMap(({ steps }) => steps)
    .filter(({ outcome, run }) => outcome !== "skipped" && !run.includes("credentials"))
    .map(({ outcome, run }) => `${run.replace("./olympus ", "").split(" --")[0]}: ${outcome}`);
const outputs = (endings: Record<string, JobEnding>): string =>
  Object.values(endings)
    .flatMap(({ steps }) => steps.map(({ run, output }) => `$ ${run}\n${output}`))
    .join("\n");

describe.skipIf(skipWithout(ENVIRONMENT_TOOLS))(
  "a merge, on two booted machines",
  { timeout: PATIENCE_MS },
  () => {
    const prod = loadFleet().reference.environment;
    let company: PipelineFixture;
    let person: string;
    beforeAll(async () => {
      company = await startPipelineFixture();
      const identity = JSON.stringify({ schema_id: "default", traits: { email: "kept@example.com" } });
      const made = `curl -sf -H "Content-Type: application/json" -d "${identity.replaceAll('"', '\\"')}" http://127.0.0.1:3101/admin/identities`;
      person = JSON.parse(await company.inside("prod", made)).id;
    }, PATIENCE_MS);
    afterAll(async () => {
      await company?.stop();
    });
    const serving = (name: string) => company.inside(name, "readlink /opt/olympus/current");
    const history = async (name: string) =>
      (await company.inside(name, "cat /opt/olympus/history")).split("\n");
    const started = (name: string) =>
      company.inside(name, 'podman ps -a --format "{{.Names}} {{.StartedAt}}" | sort');
    const untouched = async () => ({
      staging: await serving("staging"),
      prod: [
        await serving("prod"),
        await history("prod"),
        await started("prod"),
        await rows(company, "prod"),
      ],
    });
    /** A merge, and how long it took. */
    const merge = async (what: string) => {
      const begin = Date.now();
      const endings = await company.merge();
      process.stderr.write(`${what}: ${((Date.now() - begin) / 1000).toFixed(0)} s\n`);
      return endings;
    };
    const bundle = (name: string) =>
      company.inside(
        name,
        'cd /opt/olympus/current && find . -type f ! -name olympus.env ! -name SHA256SUMS ! -path "./systemd/olympus-logins*" | sort | xargs sha256sum',
      );

    test("that is good goes through to prod: the same bundle to the byte", async () => {
      company.change("host/release/postgres/anonymise-audit.sql", "", "-- A change.\n");
      const endings = await merge("a good merge");
      expect(commands(endings), outputs(endings)).toEqual([
        "clock-steps staging: success",
        "wake staging: success",
        "release staging: success",
        "refresh staging: success",
        "./scripts/smoke-test.sh staging: success",
        "soak staging: success",
        "status prod: success",
        "release prod: success",
        "./scripts/smoke-test.sh prod: success",
      ]);
      expect(await bundle("prod")).toBe(await bundle("staging"));
    });

    test("that does not start stops at staging, which goes back; prod is untouched", async () => {
      const before = await untouched();
      const held = before.prod[3] ?? [];
      for (const table of ["ciam_kratos.public.identities", "ciam_hydra.public.hydra_client"])
        expect(held, table).toContainEqual(expect.stringMatching(new RegExp(`^${table}\\|[1-9]`)));
      company.change(
        "host/release/bin/olympus-start",
        "set -euo pipefail",
        "set -euo pipefail\necho planted >&2\nexit 1",
      );
      const endings = await merge("a merge that stops at staging");
      expect(commands(endings), outputs(endings)).toEqual([
        "clock-steps staging: success",
        "wake staging: success",
        "release staging: failure",
      ]);
      // Not for another reason, such as a machine that nobody reaches.
      expect(outputs(endings)).toMatch(/planted[\s\S]*rolled back to/);
      expect(endings.prod?.result).toBe("skipped");
      expect(await untouched()).toEqual(before);
    });

    test("that fails only on prod is rolled back there once, and its data stays", async () => {
      company.revert();
      const [before, held] = [await serving("prod"), await rows(company, "prod")];
      const fault = `@planted expression \`"{$SITE_HOST}" == "${prod.hosts.site}"\`\n\terror @planted 503`;
      company.change(
        "host/release/caddy/sites.caddy",
        "{$IAM_OAUTH_HOST} {\n\timport host",
        `{$IAM_OAUTH_HOST} {\n\timport host\n\t${fault}`,
      );
      const endings = await merge("a merge that is rolled back on prod");
      expect(commands(endings), outputs(endings)).toEqual([
        "clock-steps staging: success",
        "wake staging: success",
        "release staging: success",
        "refresh staging: success",
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
      expect(await rows(company, "prod")).toEqual(held);
      const kept = await company.inside("prod", `curl -sf http://127.0.0.1:3101/admin/identities/${person}`);
      expect(JSON.parse(kept).traits.email).toBe("kept@example.com");
    });
  },
);
