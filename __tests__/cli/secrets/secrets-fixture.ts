import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa, execaSync } from "execa";
import { parse, stringify } from "yaml";
import { childEnvironment } from "../../../lib/process-env.ts";
import { stderrProgress } from "../../../lib/progress.ts";
import { ensureProgram } from "../../../sandbox/programs/programs.ts";
import { secretKeys } from "../../../secrets/secret-keys.ts";
import { prodEnvironment, stagingEnvironment } from "../../secrets/values.ts";
import { createCertificates } from "../../support/certificates.ts";
import { copyProgram } from "../../support/parts.ts";

export const MAILPIT = "smtp://mailpit:1025/?disable_starttls=true";
export const RELAY = "smtp://prod-postmark-token:prod-postmark-token@smtp.postmarkapp.com:587/";

const WATCHED = ["sops", "age-keygen", "ssh", "ssh-keyscan", "terraform"];

/** Notes how it was called and with which environment, then becomes the real program. */
const wrapper = (real: string, log: string): string => `#!/bin/bash
{ tr '\\0' ' ' </proc/$$/cmdline; echo; tr '\\0' '\\n' </proc/$$/environ; } >>${log}
if [ -n "$SLOW" ] && [[ " $* " == *" $SLOW "* ]]; then echo >"$SLOW_MARK"; exec sleep 60; fi
exec ${real} "$@"
`;

export interface ProgramCall {
  readonly exitCode: number | undefined;
  readonly stdout: string;
  /** Both streams. */
  readonly said: string;
}

/** A copy of the program with an age key of its own, where every program it starts is watched. */
export class SecretsFixture {
  readonly root = mkdtempSync(join(tmpdir(), "olympus-secrets-"));
  readonly keyFile = join(this.root, "keys.txt");
  readonly calls = join(this.root, "calls.log");
  readonly slowMark = join(this.root, "slow");
  /** Everything that the commands have printed. */
  output = "";
  /** Command lines and environments of the commands and of all they started. */
  readonly seen = new Set<string>();
  private sops = "";

  /** Programs are built on first use, which takes a minute. */
  async prepare(): Promise<this> {
    copyProgram(this.root);
    writeFileSync(join(this.root, ".sops.yaml"), "creation_rules: []\n");
    const bin = join(this.root, "bin");
    mkdirSync(bin);
    this.sops = await ensureProgram("sops", stderrProgress);
    const built: Record<string, string> = {
      sops: this.sops,
      "age-keygen": await ensureProgram("age-keygen", stderrProgress),
    };
    for (const name of WATCHED) {
      const real = built[name] ?? execaSync("which", [name], { reject: false }).stdout;
      if (real) writeFileSync(join(bin, name), wrapper(real, this.calls), { mode: 0o755 });
    }
    await execa(built["age-keygen"] ?? "", ["-o", this.keyFile]);
    chmodSync(this.keyFile, 0o600);
    return this;
  }

  get environment(): Record<string, string> {
    return childEnvironment({
      PATH: `${join(this.root, "bin")}:${childEnvironment().PATH}`,
      SOPS_AGE_KEY_FILE: this.keyFile,
      SOPS_AGE_KEY: undefined,
      // A reader that somebody has in a shell for another repository.
      SOPS_PGP_FP: "85D77543B3D624B63CEA9E6DBC17301B491B3F21",
      CI: undefined,
    });
  }

  /** Starts `olympus secrets …`, or another verb of `olympus`. */
  start(args: readonly string[], input = "", extra: Record<string, string> = {}) {
    const words = args[0] === "providers" ? args : ["secrets", ...args];
    return execa("node", [join(this.root, "scripts", "run.mjs"), ...words], {
      cwd: this.root,
      env: { ...this.environment, ...extra },
      extendEnv: false,
      input,
      all: true,
      reject: false,
      // A group of its own, so that a test can end it with all that it started.
      detached: true,
    });
  }

  async run(args: readonly string[], input = "", extra: Record<string, string> = {}): Promise<ProgramCall> {
    const running = this.start(args, input, extra);
    const watch = setInterval(() => this.look(running.pid), 50);
    const { exitCode, stdout, all } = await running.finally(() => clearInterval(watch));
    this.output += `${all}\n`;
    return { exitCode, stdout, said: all };
  }

  /** What every process of a group shows to whoever may look: its command line and its environment. */
  private look(group: number | undefined): void {
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name)))
      try {
        if (Number(readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ")[2]) !== group)
          continue;
        for (const file of ["cmdline", "environ"])
          this.seen.add(readFileSync(`/proc/${pid}/${file}`, "utf8").replaceAll("\0", "\n"));
      } catch {
        // It has ended meanwhile.
      }
  }

  path = (environment: string): string => join(this.root, "secrets", `${environment}.yaml`);
  text = (environment: string): string => readFileSync(this.path(environment), "utf8");
  /** The encrypted files, and whatever else the commands left beside them; the sources there are not theirs. */
  files = (): string[] =>
    readdirSync(join(this.root, "secrets"))
      .filter((file) => !file.endsWith(".ts"))
      .sort();

  /** What sops itself makes of an environment's file. */
  values(environment: string): Record<string, string> {
    const env = { SOPS_AGE_KEY_FILE: this.keyFile };
    const { stdout } = execaSync(this.sops, ["decrypt", this.path(environment)], { env });
    const { fingerprints_unencrypted: _, ...values } = parse(stdout) as Record<string, string>;
    return values;
  }

  /** Puts one value into a file as somebody would who does not use this program. */
  setByHand(environment: string, key: string, value: string): void {
    execaSync(this.sops, ["set", "--value-stdin", this.path(environment), JSON.stringify([key])], {
      input: JSON.stringify(value),
      env: { SOPS_AGE_KEY_FILE: this.keyFile },
    });
  }

  /** Values that nobody may see: of all environments, and of the certificates only the keys. */
  everySecret(): string[] {
    return this.files()
      .filter((file) => !file.startsWith("."))
      .flatMap((file) => Object.values(this.values(file.replace(".yaml", ""))))
      .filter(
        (value) =>
          !value.startsWith("-----BEGIN CERTIFICATE") && value.length > 12 && !value.includes("mailpit"),
      )
      .flatMap((value) => [value, ...value.split(",")])
      .map((value) => (value.startsWith("-----BEGIN") ? (value.split("\n")[1] ?? "") : value));
  }

  /** Makes the secrets of both shipped environments, complete. */
  async initBoth(): Promise<void> {
    for (const env of [stagingEnvironment, prodEnvironment]) {
      const given = await this.provided(Object.values(env.hosts), env.name, env.extras ? MAILPIT : RELAY);
      const { exitCode, said } = await this.run(["init", env.name, "--from", "-"], stringify(given));
      if (exitCode !== 0) throw new Error(said);
    }
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  /** What people and providers give an environment, with certificates that fit it. `mark` makes it its own. */
  async provided(hosts: readonly string[], mark: string, mail: string): Promise<Record<string, unknown>> {
    const folder = join(this.root, `pem-${mark}`);
    await createCertificates(folder, "ca", { origin: hosts });
    const pem = (name: string) => readFileSync(join(folder, name), "utf8");
    const key = `-----BEGIN PRIVATE KEY-----\n${mark}-apple-private-key\n-----END PRIVATE KEY-----`;
    const provider = (id: string) => ({
      ...{ id, provider: id, client_id: `${mark}-${id}-client-id` },
      mapper_url: `file:///etc/config/kratos/${id}.jsonnet`,
    });
    const apple = { apple_team_id: "TEAM", apple_private_key_id: "KEYID", apple_private_key: key };
    const off = secretKeys().filter(
      (rule) => rule.generator === "manual" && new RegExp(rule.pattern).test("off"),
    );
    return {
      ...Object.fromEntries(off.map((rule) => [rule.key, "off"])),
      SMTP_CONNECTION_URI: mail,
      DEADMAN_URL: `https://hc-ping.test/${mark}-deadman-address`,
      ALERT_WEBHOOK_URL: `https://alerts.test/${mark}-webhook-address`,
      LOG_SHIPPING_URL: "off",
      BACKUP_ACCESS_KEY_ID: `${mark}-backup-access-key`,
      BACKUP_SECRET_ACCESS_KEY: `${mark}-backup-secret-key`,
      CIAM_OIDC_PROVIDERS: [
        { ...provider("google"), client_secret: `${mark}-google-client-secret` },
        { ...provider("apple"), ...apple },
      ],
      ORIGIN_TLS_CERTIFICATE: pem("origin.crt"),
      ORIGIN_TLS_KEY: pem("origin.key"),
      ORIGIN_PULL_CA_CERTIFICATE: pem("ca.crt"),
    };
  }
}
