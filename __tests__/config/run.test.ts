import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { loadFleet } from "../../config/index.ts";
import { ConfigError } from "../../config/load/problems.ts";
import { fixture } from "../support/fleet/source.ts";
import { problemsOfSource } from "./changed-source.ts";

const STORE = "http://10.66.0.1:7070";
beforeEach(() => {
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  vi.resetModules();
});

const problems = (): readonly string[] => {
  try {
    loadFleet(fixture);
    return [];
  } catch (error) {
    if (error instanceof ConfigError)
      return error.problems.map(({ path, allowed, remedy }) => `${path}: ${allowed}; ${remedy}`);
    throw error;
  }
};

test.each([
  ["OLYMPUS_BACKUP_ENDPOINT", STORE],
  ["OLYMPUS_BACKUP_ENDPOINT", `staging=${STORE}`],
  ["OLYMPUS_BACKUP_ENDPOINT", `prod=${STORE}`],
  ["OLYMPUS_BACKUP_ENDPOINT", `prod,staging,qa=${STORE}`],
  ["OLYMPUS_BACKUP_ENDPOINT", `prod,prod=${STORE}`],
  ["OLYMPUS_BACKUP_ENDPOINT", `prod,staging=${STORE}/`],
  ["OLYMPUS_BACKUP_ENDPOINT", "prod,staging="],
  ["OLYMPUS_BACKUP_ENDPOINT", "prod,staging=s3"],
  ["OLYMPUS_IMAGE_LOCK", "config/images.lock.json"],
  ["OLYMPUS_CSR_DIR", "config/csr"],
  ["OLYMPUS_CSR_DIR", "staging=config/csr"],
])("%s=%s is refused while an environment that it changes is not named", (name, value) => {
  vi.stubEnv(name, value);
  expect(problems()).toEqual([expect.stringMatching(`^${name}: prod,staging=<.*unset ${name}`)]);
});

test.each([
  ["OLYMPUS_BACKUP_ENDPOINT", `prod,staging=${STORE}`],
  ["OLYMPUS_BACKUP_ENDPOINT", `staging,prod=${STORE}`],
  ["OLYMPUS_IMAGE_LOCK", "prod,staging=config/images.lock.json"],
  ["OLYMPUS_CSR_DIR", "prod,staging=config/csr"],
  ["OLYMPUS_HOST_TYPE", "staging=cax21"],
  ["OLYMPUS_ALLOW_DESTROY", "prod"],
  ["OLYMPUS_ALLOW_RESTORE", "prod"],
  ["OLYMPUS_BACKUP_ENDPOINT", ""],
])("%s=%s is accepted", (name, value) => {
  vi.stubEnv(name, value);
  expect(problems()).toEqual([]);
});

test.each([
  ["OLYMPUS_HOST_TYPE", "prod=cax11"],
  ["OLYMPUS_HOST_TYPE", "cax21"],
  ["OLYMPUS_ALLOW_DESTROY", "qa"],
  ["OLYMPUS_ALLOW_RESTORE", "1"],
])("%s=%s is refused: it names no environment that it may change", (name, value) => {
  vi.stubEnv(name, value);
  expect(problems()).toEqual([expect.stringMatching(`^${name}: `)]);
});

test("a store for one run is every environment's, and nothing of the process changes a fleet that is given its run", () => {
  vi.stubEnv("OLYMPUS_BACKUP_ENDPOINT", `prod,staging=${STORE}`);
  const { base, reference, mirrors } = loadFleet(fixture);
  const endpoints = [base, reference.environment, ...mirrors.map(({ environment }) => environment)].map(
    ({ backup }) => backup.endpoint,
  );
  expect(endpoints).toEqual([STORE, STORE, STORE]);
  expect(loadFleet(fixture, {}).reference.environment.backup.endpoint).toMatch(/^https:/);
  expect(problemsOfSource(fixture)).toEqual([]);
});

test("what is set is said in one line, once", async () => {
  vi.stubEnv("OLYMPUS_BACKUP_ENDPOINT", `prod,staging=${STORE}`);
  vi.stubEnv("OLYMPUS_ALLOW_DESTROY", "staging");
  vi.resetModules();
  const written = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const { loadFleet: load } = await import("../../config/index.ts");
  load();
  load();
  expect(written.mock.calls).toEqual([
    [`for this run: OLYMPUS_ALLOW_DESTROY=staging OLYMPUS_BACKUP_ENDPOINT=prod,staging=${STORE}\n`],
  ]);
});

test("nothing is said where nothing is set", async () => {
  vi.resetModules();
  const written = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  (await import("../../config/index.ts")).loadFleet(fixture);
  expect(written.mock.calls).toEqual([]);
});
