import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { Failure } from "../../lib/failure.ts";

const PROBE_MS = 2_000;
const hosts = new Map<string, Promise<string>>();
const answers = new Map<string, Promise<boolean>>();

/**
 * Host of the registry that this CLI uses for a provider without a host of its own: Terraform and OpenTofu differ,
 * so the CLI is asked. Throws when the CLI is missing or does not say.
 */
export function registryHost(terraform = "terraform"): Promise<string> {
  const known = hosts.get(terraform) ?? queryHost(terraform);
  hosts.set(terraform, known);
  return known;
}

async function queryHost(terraform: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "registry-"));
  try {
    const required_providers = { hcloud: { source: "hetznercloud/hcloud" } };
    await writeFile(join(folder, "main.tf.json"), JSON.stringify({ terraform: { required_providers } }));
    const { stdout, code } = await execa(terraform, ["providers"], { cwd: folder, reject: false });
    if (code === "ENOENT")
      throw new Failure(`Missing on this machine: ${terraform}. Install it, 1.10 or later.`);
    const host = /provider\[([^/\]]+)\/hetznercloud\/hcloud\]/.exec(stdout)?.[1];
    if (!host)
      throw new Failure(`'${terraform} providers' does not name its registry. It printed: ${stdout}`);
    return host;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Whether providers can be downloaded from here. Asked once a process; a silent network costs 2 s. */
export function isRegistryReachable(host: string): Promise<boolean> {
  const known = answers.get(host) ?? probe(host);
  answers.set(host, known);
  return known;
}

async function probe(host: string): Promise<boolean> {
  const signal = AbortSignal.timeout(PROBE_MS);
  // The address by which every client finds a registry's services.
  const answer = await fetch(`https://${host}/.well-known/terraform.json`, { method: "HEAD", signal }).catch(
    () => undefined,
  );
  return answer?.ok ?? false;
}
