import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { learnHostKey } from "../../../cli/shared/host-key.ts";
import { createHttpClient } from "../../../cli/shared/http-client.ts";
import { openSshConnection } from "../../../cli/shared/ssh.ts";
import { namedVariable } from "../../../lib/process-env.ts";
import { type SshHost, startSshHost } from "../../cli/secrets/ssh-host.ts";
import { skipWithout } from "../../sandbox/machines/tools.ts";

describe.skipIf(skipWithout(["sshd", "ssh", "unshare"]))("the way through ssh", () => {
  let folder: string;
  let host: SshHost;
  const server = createServer((request, answer) => answer.end(`${request.method} ${request.url}`));
  let port = 0;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "olympus-way-"));
    host = await startSshHost(folder);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    port = typeof address === "object" && address ? address.port : 0;
  });
  afterAll(async () => {
    server.close();
    await host?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("ends at a port of the machine's loopback, is for its owner's eyes only, and goes with the connection", async () => {
    const knownHosts = join(folder, "known_hosts");
    await learnHostKey(knownHosts, "127.0.0.1", host.port, { hostKey: host.fingerprint });
    const address = { host: "127.0.0.1", port: host.port, identity: host.identity, knownHosts };
    const remote = await openSshConnection(address);
    const socketPath = await remote.forward(port);
    expect(statSync(dirname(socketPath)).mode & 0o077).toBe(0);
    const { ask, close } = createHttpClient({ socketPath }, "test");
    expect(await ask("GET", "/health")).toMatchObject({ status: 200, text: "GET /health" });
    close();
    await remote.close();
    await expect(createHttpClient({ socketPath }, "test").ask("GET", "/health")).rejects.toThrow("ENOENT");
  });

  it("is asked for again where a login fell silent, three times at most; words end it at once", async () => {
    const knownHosts = join(folder, "known_hosts");
    const address = { host: "127.0.0.1", port: host.port, identity: host.identity, knownHosts };
    const real = execFileSync("sh", ["-c", "command -v ssh"], { encoding: "utf8" }).trim();
    const bin = join(folder, "silent");
    mkdirSync(bin);
    const tries = () => readFileSync(join(folder, "tries"), "utf8").length;
    const ssh = (body: string): void => {
      writeFileSync(join(folder, "tries"), "");
      writeFileSync(join(bin, "ssh"), `#!/bin/sh\nprintf x >> ${folder}/tries\n${body}`, { mode: 0o755 });
    };
    vi.stubEnv("PATH", `${bin}:${namedVariable("PATH")}`);
    try {
      ssh(`[ $(wc -c < ${folder}/tries) -gt 2 ] || exit 255\nexec ${real} "$@"`);
      await (await openSshConnection(address)).close();
      ssh("exit 255");
      await expect(openSshConnection(address)).rejects.toThrow("cannot be reached");
      expect(tries()).toBe(3);
      ssh("echo Permission denied >&2; exit 255");
      await expect(openSshConnection(address)).rejects.toThrow("does not accept your key");
      expect(tries()).toBe(1);
    } finally {
      vi.unstubAllEnvs();
    }
  });
});
