import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { PlanOutcome } from "../../../../cli/shared/plan/summary-file.ts";
import { childEnvironment, terraformBinary } from "../../../../lib/process-env.ts";
import { Checkout } from "../../../support/checkout.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * A sandbox of its own, an `olympus` and a Terraform that meet it, and a copy of the program to plant changes in. `program`:
 * root of the `olympus`; by default a copy with the tests' own configuration.
 */
export async function sandboxFixture(program?: string) {
  const copy = program === undefined ? new Checkout() : undefined;
  const root = program ?? copy?.root ?? "";
  const folder = mkdtempSync(join(tmpdir(), "plan-"));
  const scratch = join(folder, "tmp");
  mkdirSync(scratch);
  const own = { OLYMPUS_SANDBOX_DIR: join(folder, "sandbox"), TMPDIR: scratch };
  const olympus = (args: readonly string[], variables: Variables = {}, checkout = root) =>
    execa("node", [join(checkout, "scripts/run.mjs"), ...args], {
      cwd: folder,
      env: childEnvironment({ ...own, ...variables }),
      extendEnv: false,
      reject: false,
    });
  const started = await olympus(["sandbox", "up"]);
  if (started.exitCode !== 0) throw new Error(started.stderr);
  const variables = shellVariables((await olympus(["sandbox", "env"])).stdout);

  const terraform = async (stack: string, ...args: string[]): Promise<void> => {
    await execa(terraformBinary(), [...args, "-input=false", "-no-color"], {
      cwd: join(folder, "sandbox/cdktf.out/stacks", stack),
      env: childEnvironment(variables),
      extendEnv: false,
    });
  };
  const terraformState = async (stack: string, ...args: string[]): Promise<string> => {
    const { stdout } = await execa(terraformBinary(), ["state", ...args], {
      cwd: join(folder, "sandbox/cdktf.out/stacks", stack),
      env: childEnvironment(variables),
      extendEnv: false,
    });
    return stdout;
  };
  return {
    folder,
    /** Root of the program that `olympus` is of. */
    root,
    /** Where `olympus` puts what it needs for a moment. */
    scratch,
    variables,
    terraform,
    /** `terraform state`: what a killed run did not come to write is taken away again. */
    terraformState,
    /** `olympus plan`, and its outcomes by stack. */
    plan: async (args: readonly string[], extra: Variables = {}, checkout?: string) => {
      const done = await olympus(["plan", "--json", ...args], { ...variables, ...extra }, checkout);
      const outcomes = JSON.parse(done.stdout || "[]") as PlanOutcome[];
      return { code: done.exitCode, stderr: done.stderr, outcomes };
    },
    olympus: (args: readonly string[], extra: Variables = {}) => olympus(args, { ...variables, ...extra }),
    /** Sets what a record of Hetzner's project `staging` holds, as a person in the console would. */
    drift: async (kind: string, name: string, change: object): Promise<void> => {
      const project = `${variables.HCLOUD_ENDPOINT?.replace("/v1", "")}/_sandbox/projects/staging`;
      const records = (await (await fetch(project)).json()) as Record<string, { id: number; name: string }[]>;
      const id = records[kind]?.find((record) => record.name === name)?.id;
      const answer = await fetch(`${project}/${kind}/${id}`, {
        method: "PATCH",
        body: JSON.stringify(change),
      });
      if (!answer.ok) throw new Error(await answer.text());
    },
    checkout: (): Checkout => new Checkout(),
    close: async () => {
      await olympus(["sandbox", "reset"]);
      rmSync(folder, { recursive: true, force: true });
      copy?.remove();
    },
  };
}
export type SandboxFixture = Awaited<ReturnType<typeof sandboxFixture>>;

/** What `olympus sandbox env` prints, read as a shell would. */
const shellVariables = (script: string): Variables =>
  Object.fromEntries(
    script
      .split("\n")
      .map((line) => /^(?:export (\w+)='(.*)'|unset (\w+))$/.exec(line) ?? [])
      .map(([, name, value, unset]) => [name ?? unset ?? "", value]),
  );
