import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { officeAddress } from "../../../cli/provision/sandbox/machines.ts";
import { loadFleet } from "../../../config/index.ts";
import { childEnvironment } from "../../../lib/process-env.ts";
import { PARTS } from "../../support/parts.ts";
import { type JobEnding, runWorkflow } from "../../workflows/runner.ts";
import { comeFrom } from "../whole/office-route.ts";

type Values = Readonly<Record<string, string>>;

/** Staging and prod in one sandbox, each a booted machine with the real bundle, and a checkout of main to merge into. */
export interface PipelineFixture {
  /** Replaces text in a file of main; throws when it is not there. */
  change(file: string, from: string, to: string): void;
  /** Takes every change away. */
  revert(): void;
  /** What a merge starts: the workflow's own steps, the soak shortened. */
  merge(): Promise<Record<string, JobEnding>>;
  /** Runs shell text as root on a machine, over ssh. */
  inside(environment: string, script: string): Promise<string>;
  stop(): Promise<void>;
}

const ENVIRONMENTS = ["staging", "prod"] as const;

export async function startPipelineFixture(): Promise<PipelineFixture> {
  const folder = mkdtempSync(join(tmpdir(), "olympus-pipeline-"));
  const [sandbox, checkout] = [join(folder, "sandbox"), join(folder, "checkout")];
  const own = { ...childEnvironment({ OLYMPUS_SANDBOX_DIR: sandbox, CI: "1" }) };
  const olympus = ["scripts/run.mjs"];
  const stop = async (): Promise<void> => {
    await execa("node", [...olympus, "sandbox", "reset"], { env: own, extendEnv: false, reject: false });
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    for (const ENV of ENVIRONMENTS)
      await execa("bash", ["scripts/provision.sh", "--sandbox", "--machines"], {
        env: { ...own, ENV },
        extendEnv: false,
      });
    // Where a runner is (docs/runbooks/deploy.md).
    await comeFrom(officeAddress(loadFleet().reference.environment));
  } catch (error) {
    await stop();
    throw error;
  }
  const revert = (): void => {
    for (const part of [...PARTS, ".sops.yaml"])
      if (existsSync(part)) cpSync(part, join(checkout, part), { recursive: true });
  };
  revert();
  symlinkSync(join(process.cwd(), "node_modules"), join(checkout, "node_modules"));

  const { stdout } = await execa("node", [...olympus, "sandbox", "run", "--", "env", "-0"], {
    env: own,
    extendEnv: false,
  });
  const variables = Object.fromEntries(stdout.split("\0").map((line) => line.split(/=(.*)/s, 2))) as Values;
  const identity = join(sandbox, "ssh", "id_ed25519");
  const vars: Record<string, Values> = {};
  for (const name of ENVIRONMENTS) {
    const known = join(variables.OLYMPUS_SECRETS_DIR ?? "", `known_hosts.${name}`);
    const HOST = readFileSync(known, "utf8").split(" ")[0] ?? "";
    const shown = (await execa("ssh-keygen", ["-lf", known])).stdout;
    vars[name] = { HOST, HOST_KEY: shown.split(" ")[1] ?? "" };
  }
  const secrets = {
    SSH_KEY: readFileSync(identity, "utf8"),
    HCLOUD_TOKEN: variables.TF_VAR_hcloud_token_staging ?? "",
    CLOUDFLARE_API_TOKEN: variables.TF_VAR_cloudflare_token_staging ?? "",
  };
  return {
    revert,
    stop,
    change(file, from, to) {
      const text = readFileSync(join(checkout, file), "utf8");
      if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`);
      writeFileSync(
        join(checkout, file),
        text.replace(from, () => to),
      );
    },
    merge: () =>
      runWorkflow(".github/workflows/deploy.yml", {
        cwd: checkout,
        env: variables,
        vars,
        secrets: { staging: secrets, prod: secrets },
        adapt: (run) => adapted(run, sandbox),
      }),
    inside: async (environment, script) => {
      const known = join(variables.OLYMPUS_SECRETS_DIR ?? "", `known_hosts.${environment}`);
      const trust = ["-o", `UserKnownHostsFile=${known}`, "-o", "IdentitiesOnly=yes", "-i", identity];
      const to = `olympus@${vars[environment]?.HOST}`;
      return (await execa("ssh", ["-n", ...trust, to, `sudo sh -euc '${script}'`])).stdout.trim();
    },
  };
}

/** A step as it runs here: past a Cloudflare that is not there, with an hour that is half a minute. No name is public. */
export function adapted(run: string, sandbox: string): string {
  const [ca, cert, key] = ["origin-ca.pem", "origin-pull/client.crt", "origin-pull/client.key"].map((file) =>
    join(sandbox, file),
  );
  const edge = `--origin --resolve "$HOST" --ca ${ca} --cert ${cert} --key ${key}`;
  if (run.startsWith("./scripts/smoke-test.sh")) return `${run} ${edge}`;
  if (run.startsWith("./olympus soak"))
    return run.replace("--minutes 60", `--minutes 0.5 --every 0.2 ${edge}`);
  return run;
}
