import { X509Certificate } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { bundle } from "../../../host/bundle.ts";
import { environmentFile } from "../../../host/environment-file.ts";
import { engineConfiguration } from "../../../sandbox/local/engine.ts";
import { localEnvironment, localValues } from "../../../sandbox/local/environment.ts";
import { localPaths } from "../../../sandbox/local/paths.ts";
import { choosePorts, freePort, requireFree } from "../../../sandbox/local/ports.ts";
import { localSecrets } from "../../../sandbox/local/secret-values.ts";
import { secretKeys } from "../../../secrets/secret-keys.ts";
import { fixtureFleet } from "../../support/fleet/fleet.ts";

const folder = mkdtempSync(join(tmpdir(), "olympus-local-"));
const paths = localPaths(folder);
afterAll(() => rmSync(folder, { recursive: true }));
const fleet = fixtureFleet();
const staging = fleet.mirrors[0]?.environment ?? fleet.reference.environment;
const taken = async <T>(port: number, work: () => Promise<T>): Promise<T> => {
  const server = createServer().listen(port, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return work().finally(() => server.close());
};

describe("the environment of this machine", () => {
  const local = localEnvironment(staging, { http: 80, https: 443 });

  test("has the keys of the others and their bundle", () => {
    expect(Object.keys(localValues(local))).toEqual(Object.keys(environmentFile(staging)));
    expect(bundle(local)).toEqual(bundle(staging));
  });
  test("differs from its mirror in hosts, sender, office, backups and the proof of Cloudflare, in nothing else", () => {
    const [mine, theirs] = [localValues(local), environmentFile(staging)];
    const differing = Object.keys(mine).filter((key) => mine[key] !== theirs[key]);
    expect(differing.filter((key) => !key.endsWith("_HOST"))).toEqual([
      "EMAIL_FROM",
      "OFFICE_RANGES",
      "ORIGIN_PULL_MODE",
      "BACKUP_REPOSITORY",
    ]);
    expect(mine.CIAM_LOGIN_HOST).toBe("ciam.olympus.localhost");
  });
  test("carries the port in its hosts where it is not 443", () => {
    const elsewhere = localEnvironment(staging, { http: 8080, https: 8443 });
    expect(localValues(elsewhere).MAIL_HOST).toBe("mail.olympus.localhost:8443");
  });
});

describe("containers.conf", () => {
  test("leaves the machine's own ways alone where nothing limits them", () => {
    const text = engineConfiguration(paths, { systemd: true, oldCgroups: false, chroot: false });
    expect(text).not.toMatch(/default_ulimits|runtime|cgroup_manager|log_driver/);
    expect(text).toContain(`network_config_dir = "${paths.podman}/networks"`);
  });
  test("adapts to old cgroups, no systemd and a limit of open files", () => {
    const facts = { systemd: false, oldCgroups: true, chroot: false, openFiles: 20_000 };
    const text = engineConfiguration(paths, facts);
    expect(text).toContain('default_ulimits = ["nofile=20000:20000", "nproc=30000:30000"]');
    for (const line of ['runtime = "runc"', 'cgroup_manager = "cgroupfs"', 'log_driver = "k8s-file"'])
      expect(text).toContain(line);
  });
  test("has a runtime of its own in a chroot", () => {
    const facts = { systemd: false, chroot: true };
    for (const [runtime, oldCgroups] of [
      ["runc", true],
      ["crun", false],
    ] as const)
      expect(engineConfiguration(paths, { ...facts, oldCgroups })).toContain(
        `runtime = "${runtime}"\n\n[engine.runtimes]\n${runtime} = ["${paths.podman}/${runtime}"]\n`,
      );
  });
});

describe("ports", () => {
  test("go elsewhere when the wish of an earlier start is taken, and stay there afterwards", async () => {
    const first = await choosePorts(paths);
    const second = await taken(first.https, () => choosePorts(paths));
    expect(second.https).not.toBe(first.https);
    expect(await choosePorts(paths)).toEqual(second);
  });
  test("that operators use are named when somebody has them", async () => {
    const port = await freePort();
    const content = `ports: [127.0.0.1:${port}:5000]\ntest: http://127.0.0.1:1/health`;
    const files = [{ path: "compose.x.yaml", content, mode: 0o644 as const }];
    await requireFree(files);
    await expect(taken(port, () => requireFree(files))).rejects.toThrow(`port ${port}.`);
  });
});

describe("secrets", () => {
  const hosts = ["ciam.olympus.localhost", "mail.olympus.localhost"];

  test("are there for every key, have its form, and stay", async () => {
    const values = await localSecrets(paths, hosts);
    for (const { key, pattern } of secretKeys()) expect(values[key], key).toMatch(new RegExp(pattern));
    expect(await localSecrets(paths, hosts)).toEqual(values);
  });
  test("bring a certificate for the hosts, signed anew when a host comes", async () => {
    const before = await localSecrets(paths, hosts);
    const after = await localSecrets(paths, [...hosts, "new.olympus.localhost"]);
    const authority = new X509Certificate(after.ORIGIN_PULL_CA_CERTIFICATE ?? "");
    const found = new X509Certificate(after.ORIGIN_TLS_CERTIFICATE ?? "");
    expect(found.checkHost("new.olympus.localhost")).toBe("new.olympus.localhost");
    expect(found.verify(authority.publicKey)).toBe(true);
    expect(before.ORIGIN_PULL_CA_CERTIFICATE).toBe(after.ORIGIN_PULL_CA_CERTIFICATE);
    expect(before.ADMIN_PASSWORD).toBe(after.ADMIN_PASSWORD);
  });
});
