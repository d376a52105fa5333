import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadFleet } from "../../../config/index.ts";
import { childEnvironment } from "../../../lib/process-env.ts";
import { stderrProgress } from "../../../lib/progress.ts";
import { localPaths } from "../../../sandbox/local/paths.ts";
import { ensureProgram } from "../../../sandbox/programs/programs.ts";
import { skipWithout } from "../machines/tools.ts";
import { type BrowserUser, createBrowserUser } from "./browser-user.ts";
import { lastWords } from "./last-words.ts";

// One stack of its own, used in order: from nothing to people logged in, and back to nothing.
const folder = mkdtempSync(join(tmpdir(), "olympus-local-"));
const paths = localPaths(folder);
const env = childEnvironment({ OLYMPUS_SANDBOX_DIR: folder });
const sandbox = async (...args: string[]) => {
  const command = ["scripts/run.mjs", "sandbox", ...args];
  return execa("node", command, { env, extendEnv: false, reject: false });
};
interface Status {
  readonly local: {
    readonly healthy: boolean;
    readonly hosts: Record<string, string>;
    readonly services: { name: string; state: string; image: string; standIn?: string }[];
  };
}
const status = async () => (JSON.parse((await sandbox("status", "--json")).stdout) as Status).local;
const asPodman = async (args: readonly string[]) => {
  const files = { CONTAINERS_CONF: "containers.conf", CONTAINERS_STORAGE_CONF: "storage.conf" };
  const own = Object.entries(files).map(([name, file]) => [name, join(paths.podman, file)]);
  return execa("podman", args, { env: Object.fromEntries(own), all: true });
};
const podman = async (...args: string[]): Promise<string> => (await asPodman(args)).stdout;
const containers = () => podman("ps", "--all", "--no-trunc", "--format", "{{.ID}} {{.Names}} {{.CreatedAt}}");
const secret = (key: string): string =>
  new RegExp(`^${key}=(.*)$`, "m").exec(readFileSync(join(paths.config, "secrets.env"), "utf8"))?.[1] ?? "";
const bridges = async (): Promise<string[]> =>
  (await execa("ip", ["-brief", "link", "show", "type", "bridge"])).stdout
    .split("\n")
    .map((line) => line.split(" ")[0] ?? "");
const ADMIN = loadFleet().mirrors[0]?.environment.firstAdministrator ?? "";

const logIn = async (somebody: BrowserUser, admin: string): Promise<void> => {
  const attempt = async () => {
    const page = await somebody.get(`https://${admin}/api/auth/login`);
    expect(page.url.pathname).toBe("/login");
    const typed = { email: ADMIN, password: secret("ADMIN_PASSWORD") };
    return somebody.fill(page, "input[type=password]", typed);
  };
  let home = await attempt();
  // Twice in some thousand runs of everything Kratos gave no answer for 20 s, for a reason that is not known: who failed is shown, and as a
  // person would, the administrator logs in once more.
  if (home.status === 502) {
    process.stderr.write(`a login met 502: ${home.body}\n${await lastWords(asPodman)}\n`);
    home = await attempt();
  }
  expect(home.status, home.body).toBe(200);
  expect(home.url.host).toBe(admin);
  expect(home.body).toContain(ADMIN);
};

describe.skipIf(skipWithout(["go", "mmdebstrap", "podman", "curl"]))("Olympus on this machine", () => {
  let hosts: Record<string, string>;
  let somebody: BrowserUser;
  let others: string[];

  beforeAll(async () => {
    others = await bridges();
    await ensureProgram("crane", stderrProgress);
    const { exitCode, stdout, stderr } = await sandbox("up", "--local");
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toContain("is healthy");
    hosts = (await status()).hosts;
    somebody = createBrowserUser(paths.trust, join(folder, "cookies"));
  });
  afterAll(async () => {
    await sandbox("reset");
    rmSync(folder, { recursive: true, force: true });
  });

  test("runs every service, and says which image is not what its name says", async () => {
    const { services, healthy } = await status();
    expect(healthy).toBe(true);
    expect(services.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["postgres", "ciam-kratos", "iam-hydra", "caddy", "mailpit"]),
    );
    for (const { name, standIn } of services) {
      const labels = await podman("inspect", "--format", "{{json .Config.Labels}}", `olympus-${name}`);
      expect(JSON.parse(labels)["olympus.stand-in"], name).toBe(standIn);
    }
  });

  test("lets the administrator in through Caddy, whose certificate the local authority signed", async () => {
    await logIn(somebody, hosts.iamAdmin ?? "");
    const untrusting = execa("curl", ["-sS", "--connect-to", "::127.0.0.1:", `https://${hosts.site}/`]);
    await expect(untrusting).rejects.toThrow(/certificate/);
  });

  test("shows mail in Mailpit, and only there", async () => {
    const flow = JSON.parse((await somebody.get("http://127.0.0.1:4100/self-service/recovery/api")).body);
    const body = { method: "code", email: ADMIN };
    const sent = await fetch(`http://127.0.0.1:4100/self-service/recovery?flow=${flow.id}`, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify(body),
    });
    expect(sent.status).toBe(200);
    const addressees = async () => {
      const { body } = await somebody.get(`https://${hosts.mail}/api/v1/messages`);
      return JSON.parse(body).messages.map((m: { To: { Address: string }[] }) => m.To[0]?.Address);
    };
    await expect.poll(addressees, { timeout: 30_000 }).toContain(ADMIN);
  });

  test("publishes nothing beyond this machine's loopback", async () => {
    const ports = (await podman("ps", "--format", "{{.Ports}}")).split(/[\n,]/).map((port) => port.trim());
    expect(ports.filter((port) => port && !port.startsWith("127.0.0.1:"))).toEqual([]);
  });

  test("a second up changes nothing", async () => {
    const before = await containers();
    const { exitCode, stderr } = await sandbox("up", "--local");
    expect(exitCode, stderr).toBe(0);
    expect(await containers()).toBe(before);
  });

  test("starts what was killed", async () => {
    await podman("kill", "olympus-ciam-hera");
    expect((await sandbox("status")).exitCode).toBe(1);
    expect((await sandbox("up", "--local")).exitCode).toBe(0);
    expect((await status()).healthy).toBe(true);
  });

  test("keeps its data over down and up, and moves to another port where 443 is taken", async () => {
    const traits = { email: "kept@example.com" };
    const made = await fetch("http://127.0.0.1:3101/admin/identities", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ schema_id: "default", traits }),
    });
    expect(made.status).toBe(201);

    expect((await sandbox("down")).exitCode).toBe(0);
    expect(await podman("ps", "--quiet")).toBe("");
    const port = Number((hosts.site ?? "").split(":")[1] ?? 443);
    const holder: Server = createServer().listen(port, "127.0.0.1");
    try {
      const { exitCode, stdout, stderr } = await sandbox("up", "--local");
      expect(exitCode, stderr).toBe(0);
      hosts = (await status()).hosts;
      expect(hosts.site).toMatch(/^olympus\.olympus\.localhost:\d+$/);
      expect(stdout).toContain(`https://${hosts.site}/`);
      const kept = await fetch(
        "http://127.0.0.1:3101/admin/identities?credentials_identifier=kept@example.com",
      );
      expect(await kept.json()).toMatchObject([{ traits }]);
      await logIn(createBrowserUser(paths.trust, join(folder, "cookies")), hosts.iamAdmin ?? "");
      // What the port did not change goes on with the files that it began with: they are there when it begins again.
      const all = (await podman("ps", "--all", "--quiet")).split("\n");
      const mounts = await podman(
        "inspect",
        "--format",
        "{{range .Mounts}}{{println .Source}}{{end}}",
        ...all,
      );
      expect(mounts.split("\n").filter((path) => path && !existsSync(path))).toEqual([]);
    } finally {
      holder.close();
    }
  });

  test("lets nobody else on this machine read a secret", async () => {
    const keys = ["ADMIN_PASSWORD", "CIAM_KRATOS_DB_PASSWORD", "ENCRYPTION_KEY", "SESSION_SIGNING_KEY"];
    const readable = ["-type", "f", "-perm", "/044", "-size", "-1024k"];
    const pruned = ["-path", paths.podman, "-prune", "-o"];
    const { stdout } = await execa("find", [folder, ...pruned, ...readable, "-print0"]);
    const files = stdout.split("\0").filter(Boolean);
    expect(files.length).toBeGreaterThan(50);
    const leaks = files.filter((file) => {
      const text = readFileSync(file, "utf8");
      return keys.some((key) => text.includes(secret(key)));
    });
    expect(leaks).toEqual([]);
  });

  test("reset leaves nothing: no file, mount, process, network or container", async () => {
    const pids = (await podman("ps", "--format", "{{.Pid}}")).split("\n");
    expect(pids.length).toBeGreaterThan(10);
    expect((await sandbox("reset")).exitCode).toBe(0);
    expect((await execa("ls", [folder, paths.runroot], { reject: false })).stdout).toBe("");
    expect((await execa("findmnt", ["--list"])).stdout).not.toContain(folder);
    for (const pid of pids) expect(() => process.kill(Number(pid), 0)).toThrow();
    expect((await execa("ps", ["-eo", "args"])).stdout).not.toContain(paths.root);
    expect((await bridges()).filter((name) => !others.includes(name))).toEqual([]);
  });
});
