import { mkdtempSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "@olympus-infra/lib/http-service.ts";
import { childEnvironment } from "@olympus-infra/lib/process-env.ts";
import { stderrProgress } from "@olympus-infra/lib/progress.ts";
import { execa } from "execa";
import { ensureHcloudProvider } from "../../../sandbox/terraform/mirror.ts";
import { hetznerEmulator } from "../app.ts";
import type { ProjectState } from "../records.ts";
import { publicKey, tokens } from "./client.ts";

type Attributes = Record<string, unknown>;
interface Change {
  readonly actions: string[];
  readonly before: Attributes | null;
  readonly after: Attributes | null;
}

/** A host as the program declares it; each test changes what it is about. */
export function hostStack(change: { server?: object; volume?: object; ip?: object } = {}) {
  return {
    terraform: { required_providers: { hcloud: { source: "hetznercloud/hcloud", version: "1.68.0" } } },
    provider: { hcloud: {} },
    resource: {
      hcloud_ssh_key: { ops: { name: "ops", public_key: publicKey } },
      hcloud_primary_ip: {
        v4: { name: "host-v4", type: "ipv4", location: "fsn1", auto_delete: false, ...change.ip },
        v6: { name: "host-v6", type: "ipv6", location: "fsn1", auto_delete: false },
      },
      hcloud_firewall: {
        host: {
          name: "host",
          rule: [
            {
              direction: "in",
              protocol: "tcp",
              port: "443",
              source_ips: ["173.245.48.0/20", "2400:cb00::/32"],
            },
            { direction: "in", protocol: "icmp", source_ips: ["0.0.0.0/0", "::/0"] },
          ],
        },
      },
      hcloud_volume: { data: { name: "data", size: 20, location: "fsn1", format: "ext4", ...change.volume } },
      hcloud_server: {
        host: {
          name: "host",
          server_type: "cax11",
          image: "debian-13",
          location: "fsn1",
          keep_disk: true,
          labels: { environment: "staging" },
          user_data: "#cloud-config\n",
          ssh_keys: [`\${hcloud_ssh_key.ops.id}`],
          firewall_ids: [`\${hcloud_firewall.host.id}`],
          public_net: [{ ipv4: `\${hcloud_primary_ip.v4.id}`, ipv6: `\${hcloud_primary_ip.v6.id}` }],
          ...change.server,
        },
      },
      hcloud_volume_attachment: {
        data: {
          server_id: `\${hcloud_server.host.id}`,
          volume_id: `\${hcloud_volume.data.id}`,
          automount: false,
        },
      },
    },
  };
}

/** The emulator behind a port, the real provider, and one initialized Terraform folder in project `staging`. */
export async function terraformFixture(actionSeconds: number) {
  const folder = mkdtempSync(join(tmpdir(), "hcloud-"));
  const api = await serve(
    hetznerEmulator({ directory: join(folder, "hetzner"), projects: tokens, actionSeconds }),
  );
  const { cliConfig } = await ensureHcloudProvider(stderrProgress);
  const env = childEnvironment({
    TF_CLI_CONFIG_FILE: cliConfig,
    HCLOUD_ENDPOINT: `${api.url}/v1`,
    HCLOUD_TOKEN: tokens.staging,
    CHECKPOINT_DISABLE: "1",
    TF_IN_AUTOMATION: "1",
  });
  const terraform = async (...args: string[]) => {
    const done = await execa("terraform", args, {
      cwd: folder,
      env,
      extendEnv: false,
      reject: false,
      all: true,
    });
    return { code: done.exitCode ?? -1, text: done.all };
  };
  const control = (method: string, path: string, body?: object) =>
    fetch(`${api.url}/_sandbox${path}`, { method, ...(body && { body: JSON.stringify(body) }) });
  const configure = (stack: object) => writeFileSync(join(folder, "main.tf.json"), JSON.stringify(stack));
  const act = (verb: "apply" | "destroy", ...args: string[]) =>
    terraform(verb, "-auto-approve", "-no-color", "-input=false", ...args);

  configure(hostStack());
  const initialized = await terraform("init", "-no-color");
  if (initialized.code !== 0) throw new Error(initialized.text);
  return {
    control,
    /** Applies a stack; throws with Terraform's output when that fails. */
    apply: async (stack: object) => {
      configure(stack);
      const { code, text } = await act("apply");
      if (code !== 0) throw new Error(text);
      return text;
    },
    configure,
    act,
    /** Planned changes by address, each attribute as `[before, after]`; nothing when all is as declared. */
    plan: async () => {
      const planned = await terraform("plan", "-out=plan.bin", "-no-color", "-input=false");
      if (planned.code !== 0) throw new Error(planned.text);
      const shown = JSON.parse((await terraform("show", "-json", "plan.bin")).text) as {
        resource_changes: { address: string; change: Change }[];
      };
      const changes = shown.resource_changes.filter(({ change }) => change.actions[0] !== "no-op");
      return Object.fromEntries(changes.map(({ address, change }) => [address, difference(change)]));
    },
    addresses: async () => (await terraform("state", "list")).text.split("\n").filter(Boolean),
    state: async () => (await (await control("GET", "/projects/staging")).json()) as ProjectState,
    close: async () => {
      await api.close();
      await rm(folder, { recursive: true });
    },
  };
}
export type TerraformFixture = Awaited<ReturnType<typeof terraformFixture>>;

function difference({ actions, before, after }: Change) {
  if (!before || !after) return { actions };
  const changed = Object.keys(after).filter(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
  return { actions, ...Object.fromEntries(changed.map((key) => [key, [before[key], after[key]]])) };
}
