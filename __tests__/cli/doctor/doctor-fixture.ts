import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cloudflareEmulator } from "@olympus-infra/cloudflare-emulator";
import { hetznerEmulator } from "@olympus-infra/hetzner-emulator";
import { Hono } from "hono";
import { PROVIDER_SOURCES } from "../../../config/load/provider-sources.ts";
import { PROVIDER_VERSIONS } from "../../../config/load/provider-versions.ts";
import { serve } from "../../../lib/http-service.ts";
import { namedVariable } from "../../../lib/process-env.ts";
import { fixtureFleet } from "../../support/fleet/fleet.ts";

/** Taken before a test puts a folder of its own in its place. */
const PATH = namedVariable("PATH");
const { reference, mirrors } = fixtureFleet();
const environments = [reference, ...mirrors].map(({ environment }) => environment);
const { zone, cloudflareAccountId } = reference.environment;
const NAMES = environments.map(({ name }) => name);
export const TOKENS = {
  HCLOUD_TOKEN_PROD: "p".repeat(64),
  HCLOUD_TOKEN_STAGING: "h".repeat(64),
  CLOUDFLARE_API_TOKEN_PROD: "q".repeat(40),
  CLOUDFLARE_API_TOKEN_STAGING: "s".repeat(40),
  CLOUDFLARE_API_TOKEN_ZONE_YOUR_APP_COM: "z".repeat(40),
};
export const ZONE_PATH = `/client/v4/zones/${zone.id}`;
export const WORKER = `/client/v4/accounts/${cloudflareAccountId}/workers/scripts/olympus-staging-clock`;

export const HEALTHY_RECORDS = [
  ...environments.flatMap(({ domain, hosts }) => [
    ...Object.values(hosts).map((name) => ({ type: "A", name, content: "192.0.2.10" })),
    { type: "TXT", name: domain, content: '"v=spf1 include:spf.mtasv.net -all"' },
    { type: "TXT", name: `2026pm._domainkey.${domain}`, content: '"k=rsa; p=MIGf"' },
  ]),
  { type: "TXT", name: `_dmarc.${zone.name}`, content: '"v=DMARC1; p=reject"' },
];

/** As Cloudflare lists the secrets of a Worker. */
export const asNames = (...all: string[]) => all.map((name) => ({ name }));

/** A bucket of the store: what it answers. */
export interface StoreBucket {
  versioned: boolean;
  /** Whether a second writer is refused. */
  conditional: boolean;
  deletesVersions: boolean;
  objects: Map<string, string>;
}

const newBucket = (): StoreBucket => ({
  ...{ versioned: false, conditional: true, deletesVersions: false },
  objects: new Map(),
});

/** Clouds and a store in a folder, each of which can be made to answer otherwise. */
export class FleetAround {
  readonly folder = mkdtempSync(join(tmpdir(), "olympus-doctor-"));
  readonly bin = join(this.folder, "bin");
  /** Method and path -> what is answered in the emulator's place. */
  readonly answers = new Map<string, { status: number; body: unknown }>();
  /** Whether the keys may make buckets. */
  takesBuckets = true;
  readonly buckets = new Map<string, StoreBucket>();
  readonly urls = { hetzner: "", cloudflare: "", store: "" };
  private readonly services: { close(): Promise<void> }[] = [];

  async start(): Promise<void> {
    mkdirSync(this.bin);
    symlinkSync("/bin/sh", join(this.bin, "sh"));
    const { HCLOUD_TOKEN_PROD: prod, HCLOUD_TOKEN_STAGING: staging, ...cloudflareTokens } = TOKENS;
    const directory = join(this.folder, "hetzner");
    this.urls.hetzner = await this.serve(
      this.before(hetznerEmulator({ directory, projects: { prod, staging } })),
    );
    const cloudflare = cloudflareEmulator({
      statePath: join(this.folder, "cloudflare.json"),
      tokens: Object.values(cloudflareTokens).map((value) => ({ value })),
      zones: [{ id: zone.id, name: zone.name, accountId: cloudflareAccountId }],
    });
    this.urls.cloudflare = await this.serve(this.before(cloudflare));
    this.urls.store = await this.serve(this.store());
  }

  /** Makes everything as it should be, and returns the variables of a shell that sees it. */
  healthy(): Record<string, string> {
    const at = (...names: string[]) => join(this.folder, ...names);
    const versions = { node: "v24.1.0", terraform: "Terraform v1.10.5", sops: "sops 3.13.3" };
    for (const [name, prints] of Object.entries(versions)) this.program(name, prints);
    for (const name of ["git", "ssh", "ssh-keygen", "ssh-keyscan", "age-keygen"]) this.program(name, "");
    const keys = (stack: string) =>
      `[olympus-${stack}]\naws_access_key_id = id\naws_secret_access_key = secret\n`;
    writeFileSync(at("credentials"), [...NAMES, "zone-your-app-com"].map(keys).join("\n"));
    mkdirSync(at("secrets"), { recursive: true });
    for (const name of NAMES) {
      mkdirSync(at("cdktf.out", "stacks", name), { recursive: true });
      writeFileSync(at("secrets", `${name}.yaml`), "sops: {}\n");
    }
    rmSync(at("keys.txt"), { force: true });
    writeFileSync(at("keys.txt"), "AGE-SECRET-KEY-\n", { mode: 0o600 });
    const block = (source: string, version: string) =>
      `provider "registry.terraform.io/${source}" {\n  version = "${version}"\n}\n`;
    const locks = (["hcloud", "cloudflare"] as const).map((name) =>
      block(PROVIDER_SOURCES[name], PROVIDER_VERSIONS[name]),
    );
    writeFileSync(at("terraform.lock.hcl"), locks.join("\n"));
    this.buckets.clear();
    const ofEach = NAMES.flatMap((name) => [`acme-state-${name}`, `your-app-olympus-${name}`]);
    for (const name of [...ofEach, "acme-state-zone-your-app-com"])
      this.buckets.set(name, { ...newBucket(), versioned: true });
    this.answers.clear();
    this.answer(`GET ${WORKER}/secrets`, 200, { result: asNames("GITHUB_TOKEN", "ALERT_WEBHOOK_URL") });
    this.answer(`GET ${ZONE_PATH}/dns_records`, 200, { result: HEALTHY_RECORDS });
    return {
      ...TOKENS,
      PATH: this.bin,
      HCLOUD_ENDPOINT: `${this.urls.hetzner}/v1`,
      CLOUDFLARE_BASE_URL: `${this.urls.cloudflare}/client/v4`,
      AWS_SHARED_CREDENTIALS_FILE: at("credentials"),
      OLYMPUS_SEALED_DIR: this.folder,
      OLYMPUS_CACHE_DIR: this.folder,
      OLYMPUS_CSR_DIR: "__tests__/support/fleet/csr",
      OLYMPUS_PROVIDER_LOCK: at("terraform.lock.hcl"),
      SOPS_AGE_KEY_FILE: at("keys.txt"),
      CDKTF_OUTDIR: at("cdktf.out"),
    };
  }

  /** Answers a request otherwise: `GET /client/v4/user/tokens/verify`. */
  answer(request: string, status: number, body: unknown): void {
    this.answers.set(request, { status, body });
  }

  private before(emulator: Hono): Hono {
    return new Hono().all("*", (c) => {
      const planted = this.answers.get(`${c.req.method} ${c.req.path}`);
      return planted ? c.json(planted.body as object, planted.status as 200) : emulator.fetch(c.req.raw);
    });
  }

  /** S3, as far as it is asked. */
  private store(): Hono {
    return new Hono().all("/:bucket/:key{.*}?", async (c) => {
      const bucket = this.buckets.get(c.req.param("bucket"));
      const key = c.req.param("key");
      if (!c.req.header("authorization")?.startsWith("AWS4-HMAC-SHA256")) return c.text("", 403);
      const isBucket = key === undefined || key === "";
      if (!bucket && isBucket && c.req.method === "PUT" && this.takesBuckets) {
        this.buckets.set(c.req.param("bucket"), newBucket());
        return c.text("");
      }
      if (!bucket)
        return c.text(
          "<Error><Code>NoSuchBucket</Code></Error>",
          this.takesBuckets || c.req.method === "GET" ? 404 : 403,
        );
      if (isBucket && c.req.method === "PUT") {
        bucket.versioned = (await c.req.text()).includes("<Status>Enabled</Status>");
        return c.text("");
      }
      if (key === undefined && c.req.query("versioning") !== undefined)
        return c.text(bucket.versioned ? "<Status>Enabled</Status>" : "<VersioningConfiguration/>");
      if (key === undefined) return c.text("<ListBucketResult/>");
      if (c.req.method === "DELETE") return c.body(null, bucket.deletesVersions ? 204 : 403);
      if (c.req.method === "PUT") {
        if (bucket.conditional && bucket.objects.has(key)) return c.text("", 412);
        bucket.objects.set(key, await c.req.text());
        return c.text("");
      }
      const held = bucket.objects.get(key);
      return held === undefined ? c.text("", 404) : c.text(held);
    });
  }

  private async serve(app: Hono): Promise<string> {
    const service = await serve(app);
    this.services.push(service);
    return service.url;
  }

  /** The real program of this computer, in the folder that is all of a test's PATH. */
  link(name: string): void {
    const real = execFileSync("sh", ["-c", `command -v ${name}`], { env: { PATH }, encoding: "utf8" }).trim();
    rmSync(join(this.bin, name), { force: true });
    symlinkSync(real, join(this.bin, name));
  }

  /** A program that prints this. */
  program(name: string, prints: string): void {
    // What stands there may be a link to this computer's own program.
    rmSync(join(this.bin, name), { force: true });
    writeFileSync(join(this.bin, name), `#!/bin/sh\necho '${prints}'\n`, { mode: 0o755 });
  }

  async stop(): Promise<void> {
    await Promise.all(this.services.map((service) => service.close()));
    rmSync(this.folder, { recursive: true, force: true });
  }
}
