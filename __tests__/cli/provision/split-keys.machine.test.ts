import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execaSync } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { tryOnMachine } from "../../../cli/provision/split-keys/tried-keys.ts";
import { type SshHost, startSshHost } from "../secrets/ssh-host.ts";

const folder = mkdtempSync(join(tmpdir(), "olympus-tried-"));
const old = join(folder, "old");
let host: SshHost;
beforeAll(async () => {
  host = await startSshHost(folder);
  execaSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", old]);
});
afterAll(async () => {
  await host.stop();
  rmSync(folder, { recursive: true, force: true });
});

const tried = (identity: string, target: { port?: number; hostKey?: string } = {}) =>
  tryOnMachine("prod", identity, {
    ...{ host: "127.0.0.1", port: String(target.port ?? host.port), knownHosts: join(folder, "known") },
    hostKey: target.hostKey ?? host.fingerprint,
  });

test("a key that a machine still accepts is found", async () => {
  expect(await tried(host.identity)).toMatchObject({ came: "opens it", detail: "root" });
});

test("one that it refuses opens nothing", async () => {
  expect(await tried(old)).toMatchObject({ came: "opens nothing" });
});

test("a machine that is away, or another in its place, shows nothing about the key", async () => {
  expect(await tried(old, { port: 1 })).toMatchObject({ came: "not tried" });
  rmSync(join(folder, "known"));
  expect(await tried(old, { hostKey: "SHA256:another" })).toMatchObject({ came: "not tried" });
});
