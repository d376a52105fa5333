import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { vi } from "vitest";
import { requireNonProduction } from "../../../../cli/shared/non-production.ts";
import { childEnvironment } from "../../../../lib/process-env.ts";
import { sandboxFixture } from "../../delivery/terraform/sandbox-fixture.ts";
import { createDependencies } from "./dependencies.ts";
import { FakeMachine } from "./fake-machine.ts";

/** What the emulated Hetzner has on its books about a project. */
export interface ProjectRecords {
  readonly servers: readonly { id: number; server_type: string; created: string }[];
  readonly volumes: readonly { id: number; server: number | null }[];
  readonly primary_ips: readonly { id: number; ip: string }[];
  readonly events: readonly {
    at: string;
    event: "create" | "rescale" | "delete";
    kind: string;
    id: number;
    price: { hourly: number; monthly: number };
  }[];
}

/** The verbs' own parts over the real Terraform and the emulated clouds; only the inside of the machine is not there. */
export async function cloudFixture() {
  const bench = await sandboxFixture(process.cwd());
  // In this process too: the parts run Terraform from here.
  for (const [name, value] of Object.entries(bench.variables)) vi.stubEnv(name, value);
  const base = bench.variables.HCLOUD_ENDPOINT?.replace("/v1", "") ?? "";
  const control = async (method: string, path: string, body?: object): Promise<unknown> => {
    const answer = await fetch(`${base}/_sandbox${path}`, {
      method,
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.status === 204 ? undefined : await answer.json();
  };
  const project = async (name: string): Promise<ProjectRecords> =>
    (await control("GET", `/projects/${name}`)) as ProjectRecords;

  const folder = join(bench.folder, "machine");
  mkdirSync(folder);
  writeFileSync(join(folder, "volume"), randomBytes(1 << 20));
  const env = requireNonProduction("staging", "Only a non-production environment sleeps.");
  const machine = new FakeMachine(folder, async () => (await project("staging")).servers[0]?.id);
  return {
    bench,
    env,
    machine,
    parts: createDependencies(env, machine),
    project,
    control,
    /** Deploys the stacks and lets staging serve. */
    found: async (...stacks: string[]): Promise<void> => {
      for (const stack of stacks) {
        const { exitCode, stderr } = await bench.olympus(["provision", stack, "--sandbox"]);
        if (exitCode !== 0) throw new Error(stderr);
      }
      await machine.release();
    },
    /** Moves the clouds' time to an instant. */
    until: async (instant: Date): Promise<void> => {
      const { now } = (await control("GET", "/conditions")) as { now: string };
      const seconds = (instant.getTime() - Date.parse(now)) / 1000;
      if (seconds > 0) await control("POST", "/clock", { advance_seconds: seconds });
    },
    /** `sleep` or `wake` in a process of its own, that can be killed. */
    start: (verb: "sleep" | "wake") =>
      execa("node", ["scripts/run.mjs", "__tests__/cli/staging/nights/driver.ts", verb, folder], {
        env: childEnvironment({ ...bench.variables, TMPDIR: bench.scratch }),
        extendEnv: false,
        reject: false,
      }),
    close: async (): Promise<void> => {
      vi.unstubAllEnvs();
      await bench.close();
    },
  };
}
export type CloudFixture = Awaited<ReturnType<typeof cloudFixture>>;
