import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { childEnvironment } from "../../../lib/process-env.ts";
import { FILES } from "./values.ts";

let folder: string;
const at = (...path: string[]): string => join(folder, ...path);
const program = (name: string): string => join(FILES, "bin", name);
const MADE = ["roles", "ciam-kratos-migrate", "iam-hydra-migrate", "postgres", "site"];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "olympus-other-data-"));
  for (const name of ["run/revisions", "config", "shims"]) mkdirSync(at(name), { recursive: true });
  for (const name of MADE) writeFileSync(at("run/revisions", name), "made\n");
  writeFileSync(at("config/olympus.env"), "MAIL_SANDBOX=0\n");
  writeFileSync(at("shims/podman"), "#!/bin/bash\n");
  chmodSync(at("shims/podman"), 0o755);
});
afterEach(() => rmSync(folder, { recursive: true }));

test.each([
  ["a stop", `exec ${program("olympus-stop")}`],
  [
    "a restore or a refresh, which exchanges the databases",
    `. ${program("olympus-lib")}; . ${program("olympus-backup-lib")}; quiesce`,
  ],
])("%s has the next start make roles, databases and migrations, and no service more", async (_, script) => {
  await execa("bash", ["-euc", script], {
    env: childEnvironment({
      OLYMPUS_RUN: at("run"),
      OLYMPUS_CONFIG: at("config"),
      OLYMPUS_DATA: at("data"),
      PATH: `${at("shims")}:/usr/sbin:/usr/bin:/sbin:/bin`,
    }),
    extendEnv: false,
  });
  expect(readdirSync(at("run/revisions")).sort()).toEqual(["postgres", "site"]);
});
