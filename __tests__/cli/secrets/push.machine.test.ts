import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { secretKeys } from "../../../secrets/secret-keys.ts";
import { skipWithout } from "../../sandbox/machines/tools.ts";
import { SecretsFixture } from "./secrets-fixture.ts";
import { type SshHost, startSshHost } from "./ssh-host.ts";

const CONFIG = "/opt/olympus/config";
const tools = ["go", "ssh", "/usr/sbin/sshd", "unshare"];

describe.skipIf(skipWithout(tools))("olympus secrets push, to a real sshd", { timeout: 60_000 }, () => {
  const place = new SecretsFixture();
  let host: SshHost;
  const machine = () => ["--host", "127.0.0.1", "--port", String(host.port), "--identity", host.identity];
  const mode = (path: string) => (statSync(host.path(join(CONFIG, path))).mode & 0o777).toString(8);
  const arrived = (path: string) => readFileSync(host.path(join(CONFIG, path)), "utf8");

  beforeAll(async () => {
    await place.prepare();
    host = await startSshHost(join(place.root, "sshd"));
    await place.initBoth();
  }, 600_000);
  afterAll(async () => {
    await host?.stop();
    place.remove();
  });

  test("a machine that nobody vouched for gets nothing", async () => {
    const { exitCode, said } = await place.run(["push", "staging", ...machine()]);
    expect(exitCode).toBe(1);
    expect(said).toContain("is not known yet");
    expect(existsSync(host.path(CONFIG))).toBe(false);
  });

  test("every key arrives, in files that only root can read", async () => {
    const { exitCode, said } = await place.run([
      "push",
      "staging",
      ...machine(),
      "--host-key",
      host.fingerprint,
    ]);
    expect(said).toContain(`${secretKeys().length} keys are on the machine`);
    expect(exitCode).toBe(0);
    const values = place.values("staging");
    const lines = secretKeys().filter(({ delivery }) => delivery === "secrets.env");
    expect(arrived("secrets.env")).toBe(lines.map(({ key }) => `${key}=${values[key]}\n`).join(""));
    for (const { key, delivery } of secretKeys().filter((rule) => !lines.includes(rule))) {
      const [path = "", wanted] = delivery.split(" ");
      expect([arrived(path.slice(CONFIG.length)), `0${mode(path.slice(CONFIG.length))}`]).toEqual([
        values[key],
        wanted,
      ]);
    }
    expect(mode("secrets.env")).toBe("600");
    expect(arrived("secrets.sops.yaml")).toBe(place.text("staging"));
    expect(readdirSync(host.path(CONFIG)).sort()).toEqual([
      "postgres",
      "secrets.env",
      "secrets.sops.yaml",
      "tls",
    ]);
  });

  test("a rotated value replaces the old one", async () => {
    await place.run(["rotate", "staging", "SESSION_SIGNING_KEY"]);
    expect((await place.run(["push", "staging", ...machine()])).exitCode).toBe(0);
    expect(arrived("secrets.env")).toContain(
      `SESSION_SIGNING_KEY=${place.values("staging").SESSION_SIGNING_KEY}\n`,
    );
  });

  test("secrets with a problem do not leave this machine", async () => {
    const [before, on] = [place.text("staging"), arrived("secrets.env")];
    place.setByHand("staging", "DEADMAN_URL", "pending");
    const { exitCode, said } = await place.run(["push", "staging", ...machine()]);
    expect([exitCode, arrived("secrets.env")]).toEqual([1, on]);
    expect(said).toContain("DEADMAN_URL: still pending");
    writeFileSync(place.path("staging"), before);
  });

  test("a transfer that is cut leaves the old files and no rest", async () => {
    const on = arrived("secrets.env");
    await place.run(["rotate", "staging", "SESSION_SIGNING_KEY"]);
    // An archive that ends early, as after a lost connection.
    const script = join(place.root, "sshd", "bin", "tar");
    writeFileSync(script, '#!/bin/sh\nhead -c 2000 | exec /usr/bin/tar "$@"\n', { mode: 0o755 });
    const { exitCode, said } = await place.run(["push", "staging", ...machine()]);
    expect([exitCode, arrived("secrets.env")]).toEqual([1, on]);
    expect(said).toContain("keeps its old ones");
    expect(readdirSync(host.path(CONFIG)).sort()).toEqual([
      "postgres",
      "secrets.env",
      "secrets.sops.yaml",
      "tls",
    ]);
    writeFileSync(script, '#!/bin/sh\nexec /usr/bin/tar "$@"\n');
  });

  test("a machine without space says so", async () => {
    const on = arrived("secrets.env");
    const fake = join(place.root, "sshd", "bin", "mktemp");
    writeFileSync(fake, "#!/bin/sh\necho no space left >&2\nexit 1\n", { mode: 0o755 });
    const { exitCode, said } = await place.run(["push", "staging", ...machine()]);
    expect([exitCode, arrived("secrets.env")]).toEqual([1, on]);
    expect(said).toContain("no space left");
  });

  test("nothing secret was printed, or stands on a command line here or there", () => {
    const seen = [place.output, readFileSync(place.calls, "utf8"), host.commands()];
    const secrets = place.everySecret();
    expect(secrets.length).toBeGreaterThan(50);
    expect(host.commands()).toContain("incoming");
    expect(secrets.filter((secret) => seen.some((text) => text.includes(secret))).length).toBe(0);
  });
});
