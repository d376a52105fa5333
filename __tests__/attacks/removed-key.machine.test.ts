import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execaSync } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { stderrProgress } from "../../lib/progress.ts";
import { type OverlayRoot, overlayRoot } from "../host/bundle/overlay.ts";
import { envText, FILES, plainValues } from "../host/bundle/values.ts";

let root: OverlayRoot;
let port: number;
let sshd: ChildProcess;
const at = (path: string): string => join(root.path, path);
const ENVIRONMENT = { env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin" }, extendEnv: false };
const inside = (...command: string[]) => execaSync("chroot", [root.path, ...command], ENVIRONMENT);
const publicKey = (name: string): string => readFileSync(at(`keys/${name}.pub`), "utf8").trim();
const logIn = (name: string) =>
  execaSync(
    "ssh",
    [
      ...["-i", at(`keys/${name}`), "-p", String(port), "-o", "IdentitiesOnly=yes", "-o", "BatchMode=yes"],
      ...[
        "-o",
        "StrictHostKeyChecking=no",
        "-o",
        "UserKnownHostsFile=/dev/null",
        "olympus@127.0.0.1",
        "echo in",
      ],
    ],
    { reject: false },
  ).stdout;

/** What the machine's sentinel says of keys. */
const keysOf = (text: string): string[] =>
  (JSON.parse(text).problems as string[]).filter((problem) => problem.startsWith("the key"));

/** A machine after its first boot, at which it was given two keys, with sshd as the bootstrap sets it. */
beforeAll(async () => {
  root = await overlayRoot("debian-13", stderrProgress);
  execaSync("mount", ["--bind", "/dev", at("dev")]);
  execaSync("mount", ["--bind", "/proc", at("proc")]);
  mkdirSync(at("keys"));
  for (const name of ["gone", "stays"])
    execaSync("ssh-keygen", [
      "-q",
      "-t",
      "ed25519",
      "-N",
      "",
      "-C",
      `${name}@your-app.com`,
      "-f",
      at(`keys/${name}`),
    ]);
  inside("useradd", "-m", "-s", "/bin/bash", "-p", "*", "olympus");
  mkdirSync(at("home/olympus/.ssh"), { mode: 0o700 });
  writeFileSync(at("home/olympus/.ssh/authorized_keys"), `${publicKey("gone")}\n${publicKey("stays")}\n`);
  inside("chown", "-R", "olympus:olympus", "/home/olympus/.ssh");
  inside("ssh-keygen", "-A");
  for (const folder of [
    "run/sshd",
    "run/systemd/system",
    "opt/olympus/config",
    "etc/ssh/sshd_config.d",
    "mnt/olympus-data",
  ])
    mkdirSync(at(folder), { recursive: true });
  // The bootstrap installs it; this computer's stands in.
  const jq = execaSync("which", ["jq"]).stdout;
  for (const file of [jq, ...(execaSync("ldd", [jq]).stdout.match(/\/\S*(libjq|libonig)\S*/g) ?? [])])
    cpSync(file, at(file), { dereference: true });
  cpSync("host/bootstrap/sshd.conf", at("etc/ssh/sshd_config.d/10-olympus.conf"));
  cpSync(FILES, at("opt/olympus/current"), { recursive: true });
  writeFileSync(at("opt/olympus/config/olympus.env"), envText(plainValues({ SSH_KEYS: publicKey("stays") })));
  port = await new Promise<number>((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
  const words = ["-D", "-e", "-p", String(port), "-o", "ListenAddress=127.0.0.1", "-o", "UsePAM=no"];
  sshd = spawn("chroot", [root.path, "/usr/sbin/sshd", ...words], { stdio: "ignore" });
  for (let tries = 0; tries < 100 && logIn("stays") !== "in"; tries++) await sleep(100);
});
afterAll(() => {
  sshd?.kill();
  for (const folder of ["dev", "proc"]) execaSync("umount", ["--lazy", at(folder)]);
  root?.remove();
});

/** What a release does with keys and units; its last step, the timers, fails where systemd does not run. */
const installUnits = () =>
  execaSync("chroot", [root.path, "/opt/olympus/current/bin/olympus-units"], {
    ...ENVIRONMENT,
    reject: false,
  });

it("an operator whose key was taken out of the configuration logs in as before", () => {
  installUnits();
  expect(logIn("stays")).toBe("in");
  expect(logIn("gone")).toBe("");
});

it("a list that names no key locks nobody out", () => {
  const file = at("opt/olympus/config/olympus.env");
  const sound = readFileSync(file, "utf8");
  for (const SSH_KEYS of ["", "ssh-ed25519 AAAA torn@your-app.com"]) {
    writeFileSync(file, envText(plainValues({ SSH_KEYS })));
    expect(installUnits()).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("SSH_KEYS in /opt/olympus/config/olympus.env names no public key"),
    });
    expect(logIn("stays")).toBe("in");
  }
  writeFileSync(file, sound);
});

it("somebody who was on the machine leaves a key behind, and nobody sees it", () => {
  // There is no podman here, and the sentinel says so of every container; keys are what is looked for.
  const health = () => {
    const program = "/opt/olympus/current/bin/olympus-health";
    execaSync("chroot", [root.path, program], { ...ENVIRONMENT, reject: false });
    return keysOf(readFileSync(at("run/olympus/health.json"), "utf8"));
  };
  expect(health()).toEqual([]);
  writeFileSync(at("home/olympus/.ssh/authorized_keys"), `${publicKey("gone")}\n`);
  expect(health()).toEqual([
    expect.stringMatching(/^the key ssh-ed25519 \S{12} gone@your-app.com may log in/),
  ]);
  installUnits();
  expect(health()).toEqual([]);
});
