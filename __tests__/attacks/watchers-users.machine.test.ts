import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execaSync } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { composeServices } from "../host/bundle/compose.ts";
import { createSecretValues, FILES, plainValues, writeConfig } from "../host/bundle/values.ts";

/** The user of a service that names none: what the images of all that watches have. */
const NOBODY = "65534:65534";
const userOf = (service: string): string => composeServices()[service]?.user ?? NOBODY;

/** As a container runs it: that user, no groups, no capabilities. */
function as(user: string, ...command: string[]): { readonly exitCode?: number; readonly stdout: string } {
  const [uid = "", gid = ""] = user.split(":");
  const words = [
    `--reuid=${uid}`,
    `--regid=${gid}`,
    "--clear-groups",
    "--bounding-set=-all",
    "--inh-caps=-all",
  ];
  return execaSync("setpriv", [...words, ...command], { reject: false });
}

let folder: string;
const password = () => join(folder, "run/alertmanager/smtp-password");
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "olympus-users-"));
  chmodSync(folder, 0o755);
  for (const name of ["config", "run"]) mkdirSync(join(folder, name));
  const relay = "smtp://user:mail-secret@relay.example:587/";
  writeConfig(join(folder, "config"), plainValues(), createSecretValues({ SMTP_CONNECTION_URI: relay }));
  execaSync(join(FILES, "bin/olympus-receivers"), {
    env: {
      OLYMPUS_CONFIG: join(folder, "config"),
      OLYMPUS_RUN: join(folder, "run"),
      OLYMPUS_DATA: join(folder, "data"),
    },
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("what measures the machine, and sees all its files, reads the mail relay's password", () => {
  expect(as(userOf("alertmanager"), "cat", password()).stdout).toBe("mail-secret");
  for (const service of ["node-exporter", "prometheus", "postgres-exporter"])
    expect(as(userOf(service), "cat", password()), service).toMatchObject({ stdout: "" });
});

it("what measures the machine, and sees all its processes, reads another's environment", async () => {
  const [uid, gid] = userOf("postgres-exporter").split(":").map(Number);
  const child = spawn("sleep", ["60"], { uid, gid, env: { DATA_SOURCE_NAME: "database-secret" } });
  try {
    const environ = `/proc/${child.pid}/environ`;
    await expect
      .poll(() => as(userOf("postgres-exporter"), "cat", environ).stdout)
      .toContain("database-secret");
    expect(as(userOf("node-exporter"), "cat", environ).stdout).toBe("");
  } finally {
    child.kill("SIGKILL");
  }
});
