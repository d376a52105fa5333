import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa, execaSync } from "execa";

/** An sshd on loopback with keys of its own, whose /opt is empty and whose user `olympus` may do what root may. */
export interface SshHost {
  readonly port: number;
  /** Private key of the one who may log in. */
  readonly identity: string;
  /** `SHA256:…` of the host's key. */
  readonly fingerprint: string;
  /** A path as the host sees it. */
  path(inside: string): string;
  /** The server's process: everything that somebody runs there descends from it. */
  readonly pid: number;
  /** Every command line that the host has run for somebody. */
  commands(): string;
  stop(): Promise<void>;
}

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });

interface SshHostOptions {
  /** Words before every command that starts or asks it: another network. */
  readonly prefix?: readonly string[];
  /** Variables of whoever logs in; PATH goes behind the host's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Shell text that furnishes /opt, once it is empty. */
  readonly furnish?: string;
}

/** Starts it in a mount namespace of its own, below `folder`. Needs root. */
export async function startSshHost(folder: string, options: SshHostOptions = {}): Promise<SshHost> {
  const { prefix = [], env: { PATH = "/usr/sbin:/usr/bin:/sbin:/bin", ...env } = {}, furnish = "" } = options;
  const at = (name: string) => join(folder, name);
  mkdirSync(at("bin"), { recursive: true });
  for (const name of ["host", "user"])
    execaSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", at(name)]);
  writeFileSync(
    at("bin/sudo"),
    `#!/bin/sh\ntr '\\0' ' ' </proc/$$/cmdline >>${at("commands")}\nexec "$@"\n`,
    { mode: 0o755 },
  );
  writeFileSync(at("passwd"), `${readFileSync("/etc/passwd", "utf8")}olympus:*:0:0::/root:/bin/bash\n`);
  const port = await freePort();
  const settings = {
    ...{ Port: port, ListenAddress: "127.0.0.1", HostKey: at("host"), PidFile: "none", UsePAM: "no" },
    ...{ AuthorizedKeysFile: at("user.pub"), StrictModes: "no", PermitRootLogin: "prohibit-password" },
    SetEnv: Object.entries({ PATH: `${at("bin")}:${PATH}`, ...env })
      .map((pair) => pair.join("="))
      .join(" "),
  };
  writeFileSync(
    at("sshd_config"),
    Object.entries(settings)
      .map(([name, value]) => `${name} ${value}\n`)
      .join(""),
  );
  const script = `mount --bind ${at("passwd")} /etc/passwd
    mount -t tmpfs tmpfs /opt && mount -t tmpfs tmpfs /run && mkdir -m 755 /run/sshd
    ${furnish}
    exec /usr/sbin/sshd -D -e -f ${at("sshd_config")}`;
  const [file = "", ...words] = [...prefix, "unshare", "--mount", "--propagation", "private"];
  const sshd = execa(file, [...words, "sh", "-ec", script], { reject: false, all: true });
  await waitFor(port, prefix);
  const { stdout } = execaSync("ssh-keygen", ["-l", "-f", at("host.pub")]);
  return {
    port,
    identity: at("user"),
    fingerprint: stdout.split(" ")[1] ?? "",
    pid: sshd.pid ?? 0,
    path: (inside) => join("/proc", String(sshd.pid), "root", inside),
    commands: () => readFileSync(at("commands"), "utf8"),
    async stop() {
      sshd.kill("SIGTERM");
      await sshd;
    },
  };
}

async function waitFor(port: number, prefix: readonly string[]): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const [file = "", ...words] = [...prefix, "ssh-keyscan"];
    const { stdout } = await execa(file, [...words, "-T", "2", "-p", String(port), "127.0.0.1"], {
      reject: false,
    });
    if (stdout) return;
    await sleep(100);
  }
  throw new Error("sshd does not answer");
}
