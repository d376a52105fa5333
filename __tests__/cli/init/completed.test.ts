import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { answerProblems } from "../../../cli/init/answer-problems.ts";
import { type Answers, answersOf } from "../../../cli/init/answers.ts";
import { codeOwnersFile } from "../../../cli/init/code-owners.ts";
import { completed } from "../../../cli/init/interview.ts";
import { namedVariable } from "../../../lib/process-env.ts";
import { fixture } from "../../support/fleet/source.ts";
import { OWN } from "./own-answers.ts";

const folder = mkdtempSync(join(tmpdir(), "olympus-completed-"));
/** What each program answers to the start of its arguments. */
const program = (name: string, answers: Readonly<Record<string, string>>): void => {
  const cases = Object.entries(answers).map(([args, answer]) => `"${args}"*) echo '${answer}' ;;`);
  writeFileSync(join(folder, name), `#!/bin/sh\ncase "$*" in\n${cases.join("\n")}\n*) exit 1 ;;\nesac\n`, {
    mode: 0o755,
  });
};
const { alice } = OWN.operators.sshKeys;

beforeAll(() => {
  vi.stubEnv("PATH", `${folder}${delimiter}${namedVariable("PATH")}`);
  vi.stubEnv("HOME", folder);
  vi.stubGlobal("fetch", async () => new Response("ip=81.2.69.160\n"));
  program("git", { "config user.email": "jane@acme.co.uk" });
  program("gh", { "repo view": "acme/identity" });
  program("ssh-add", { "-L": alice });
});
afterAll(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  rmSync(folder, { recursive: true, force: true });
});

/** What no program of this test can answer: ids of Cloudflare, which a token would read, and keys, which init makes. */
const { zones, cloudflareAccountId, monitoring } = OWN;
const deployKeys = ({ environments }: typeof OWN) => ({
  prod: { deployKey: environments.prod.deployKey },
  staging: { deployKey: environments.staging.deployKey },
});
const fresh = answersOf(fixture);
const typed = { zones, cloudflareAccountId, monitoring };
const start = {
  ...fresh,
  ...typed,
  monitoring: { ...(fresh.monitoring as object), ...monitoring },
  environments: {
    prod: { ...fresh.environments.prod, ...deployKeys(OWN).prod },
    staging: { ...fresh.environments.staging, ...deployKeys(OWN).staging },
  },
} as Answers;

test("on a first day one address for alerts is enough, where a token reads the zone", async () => {
  const answers = await completed(start, typed, fresh);
  expect(answerProblems("answers.yaml", answers, fixture)).toEqual([]);
  expect(answers).toMatchObject({
    repository: "acme/identity",
    operators: { sshKeys: { alice }, cidrs: ["81.2.69.160/32"] },
    office: { cidrs: ["81.2.69.160/32"] },
    developers: { sshKeys: {} },
    email: { senderName: "Acme" },
    oidcProviders: [],
    backup: { bucketPrefix: "acme-co-uk-olympus" },
    state: { kind: "s3", bucketPrefix: "acme-co-uk-state", endpoint: "https://fsn1.your-objectstorage.com" },
    environments: {
      prod: { domain: "acme.co.uk", firstAdministrator: "jane@acme.co.uk" },
      staging: { domain: "staging.acme.co.uk", firstAdministrator: "jane@acme.co.uk" },
    },
  });
});

test("what the person has written stays, and so does all of a checkout that is their own already", async () => {
  const given = { ...typed, email: { senderName: "Ours" }, state: { kind: "local" } };
  const written = { ...start, email: { provider: "smtp", senderName: "Ours" }, state: { kind: "local" } };
  expect(await completed(written as Answers, given, fresh)).toMatchObject({
    email: { provider: "smtp", senderName: "Ours" },
    state: { kind: "local" },
  });
  const own = await completed(start, typed, fresh);
  const changed = { ...own, oidcProviders: ["google"] } as Answers;
  expect(await completed(changed, {}, own)).toBe(changed);
  // Also where something is wrong with it: a key that a new version wants is no reason to offer the rest again.
  expect(await completed(changed, {}, { ...own, monitoring: fresh.monitoring })).toBe(changed);
});

test.each([
  ["the only team of the organization", { "api orgs/acme/teams": "platform" }, "@acme/platform"],
  ["of several teams none: who is logged in", { "api orgs/acme/teams": "a\nb", "api user": "jane" }, "@jane"],
  ["whoever is logged in", { "api user": "jane" }, "@jane"],
  ["no name that GitHub could not have", { "api user": "jane smith\n*" }, undefined],
])("code owners: %s", async (_, answers, owner) => {
  program("gh", answers);
  const [file] = await codeOwnersFile("acme/identity", "# Owners.\n/.github/ @your-org/infra\n");
  expect(file?.text).toBe(owner && `# Owners.\n/.github/ ${owner}\n`);
});
