import { mkdtempSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cloudflareEmulator } from "@olympus-infra/cloudflare-emulator";
import { serve } from "@olympus-infra/lib/http-service.ts";
import { childEnvironment } from "@olympus-infra/lib/process-env.ts";
import { execa } from "execa";
import { cloudflareAddress, type StandIn, serveStandIn } from "../index.ts";

export const standInZoneId = "023e105f4ecef8ad9ca31a8372d0c353";
export const standInAccountId = "01a7362d577a6c3019a474fd6f485823";
export const standInToken = "sandbox-token-that-is-forty-characters-00";
const secondToken = "sandbox-token-that-is-forty-characters-01";

interface Outcome {
  readonly code: number;
  readonly text: string;
}
interface Change {
  readonly actions: string[];
  readonly before: Record<string, unknown> | null;
  readonly after: Record<string, unknown> | null;
  readonly replace_paths?: string[][];
}

type Blocks = Record<string, Record<string, object>>;
export interface StackBlocks {
  readonly resource?: Blocks;
  readonly data?: Blocks;
  readonly output?: Record<string, { value: unknown }>;
  readonly provider?: object;
}

const stack = ({ provider = { api_token: standInToken }, ...parts }: StackBlocks) => ({
  terraform: { required_providers: { cloudflare: { source: "cloudflare/cloudflare", version: "5.14.0" } } },
  provider: { cloudflare: provider },
  ...parts,
});

/** The emulator, the stand-in and one Terraform folder. */
export async function standInFixture() {
  const folder = mkdtempSync(join(tmpdir(), "stand-in-"));
  const app = cloudflareEmulator({
    statePath: join(folder, "cloudflare.json"),
    tokens: [{ value: standInToken }, { value: secondToken }],
    zones: [{ id: standInZoneId, name: "example.com", accountId: standInAccountId }],
  });
  const api = await serve(app);
  const baseUrl = `${api.url}/client/v4`;
  const start = () => serveStandIn({ address: cloudflareAddress, baseUrl });
  let standIn: StandIn = await start();

  const terraform = async (...args: string[]): Promise<Outcome> => {
    const done = await execa("terraform", args, {
      cwd: folder,
      reject: false,
      all: true,
      extendEnv: false,
      env: childEnvironment({
        TF_REATTACH_PROVIDERS: standIn.reattach,
        CHECKPOINT_DISABLE: "1",
        TF_CLI_CONFIG_FILE: undefined,
        TF_IN_AUTOMATION: "1",
      }),
    });
    return { code: done.exitCode ?? -1, text: done.all };
  };
  const control = (method: string, path: string, body?: unknown) =>
    fetch(`${api.url}/_sandbox/${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  return {
    folder,
    baseUrl,
    terraform,
    control,
    /** Writes the configuration in Terraform's JSON form, as cdktf does. */
    configure: (parts: StackBlocks) =>
      writeFileSync(join(folder, "main.tf.json"), JSON.stringify(stack(parts), null, 1)),
    apply: () => terraform("apply", "-auto-approve", "-no-color", "-input=false"),
    /** What would change, by address; reads and no-ops left out. */
    plan: async (): Promise<Record<string, Change>> => {
      const planned = await terraform("plan", "-out=plan.bin", "-no-color", "-input=false");
      if (planned.code !== 0) throw new Error(planned.text);
      const { resource_changes: changes = [] } = JSON.parse(
        (await terraform("show", "-json", "plan.bin")).text,
      ) as { resource_changes?: { address: string; change: Change }[] };
      return Object.fromEntries(
        changes
          .filter(({ change }) => !["no-op", "read"].includes(change.actions.join()))
          .map(({ address, change }) => [address, change]),
      );
    },
    stored: async (table: string) =>
      (await (await control("GET", `objects/${table}`)).json()) as Record<string, Record<string, unknown>>,
    /** Lets Terraform use a stand-in that runs elsewhere in place of the fixture's own. */
    attach: async (reattach: string) => {
      await standIn.close();
      standIn = { reattach, close: async () => undefined };
    },
    restart: async () => {
      await standIn.close();
      standIn = await start();
    },
    close: async () => {
      await standIn.close();
      await api.close();
      await rm(folder, { recursive: true });
    },
  };
}
