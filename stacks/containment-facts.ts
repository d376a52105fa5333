import { getPublicSuffix } from "tough-cookie";
import type { Fleet } from "../config/index.ts";
import { type Environment, servesRealPeople } from "../config/load/environment.ts";
import { keyBody } from "../config/load/fields.ts";
import type { BindingFacts, Facts } from "../containment/facts.ts";
import { currentProviderLock } from "../lib/provider-lock.ts";
import type { Json } from "../parity/json.ts";
import { object } from "../policy/resources.ts";
import { secretKeys } from "../secrets/secret-keys.ts";
import type { EnvironmentRendering } from "./rendering.ts";
import { machineNetworks } from "./service-facts.ts";
import { workflowFacts } from "./workflow-facts.ts";

/** What the theorem of containment is about, of a fleet and what was rendered of it. */
export const containmentFacts = (
  { base, reference, mirrors }: Fleet,
  rendered: (env: Environment) => EnvironmentRendering,
  zones: readonly {
    readonly name: string;
    readonly sharers: readonly Environment[];
    readonly document: Json;
  }[],
  jobs = workflowFacts([reference, ...mirrors].map(({ name }) => name)),
): Facts => ({
  environments: [reference, ...mirrors].map(({ environment }) =>
    environmentFacts(environment, rendered(environment)),
  ),
  zones: zones.map(({ name, sharers, document }) => ({
    stack: name,
    zone: sharers[0]?.zone.name ?? name,
    ...bucketIn(document),
  })),
  jobs,
  locksProviders: currentProviderLock() !== undefined,
  machineSecrets: secretKeys().map(({ key, consumers }) => ({ key, consumers })),
  machine: machineNetworks(),
  people: [...Object.entries(base.operators.sshKeys), ...Object.entries(base.developers.sshKeys)].map(
    ([where, key]) => ({ where, key: keyBody(key) }),
  ),
});

function environmentFacts(env: Environment, { document }: EnvironmentRendering) {
  const { stack, env: values } = document;
  const certificates = resources(stack, "cloudflare_origin_ca_certificate");
  return {
    name: env.name,
    servesRealPeople: servesRealPeople(env),
    hosts: Object.values(env.hosts),
    zone: env.zone.name,
    site: getPublicSuffix(env.domain, { allowSpecialUseDomain: true, ignoreError: true }) ?? env.domain,
    ...bucketIn(stack),
    tokens: Object.keys(object(object(stack).variable)).filter((name) => /token/.test(name)),
    backupRepository: values.BACKUP_REPOSITORY ?? "",
    sshKeys: (values.SSH_KEYS ?? "").split("|").map(keyBody),
    deployKey: keyBody(env.deployKey),
    certificateNames: certificates.flatMap(({ hostnames }) =>
      Array.isArray(hostnames) ? hostnames.map(String) : [],
    ),
    workers: resources(stack, "cloudflare_workers_script").map((script) => ({
      name: String(script.script_name),
      bindings: [
        ...(Array.isArray(script.bindings) ? (script.bindings as unknown as BindingFacts[]) : []),
        // Put there by hand: docs/runbooks/clock.md.
        ...(Array.isArray(script.keep_bindings) && script.keep_bindings.includes("secret_text")
          ? BY_HAND
          : []),
      ],
    })),
  };
}

const BY_HAND: readonly BindingFacts[] = ["GITHUB_TOKEN", "ALERT_WEBHOOK_URL"].map((name) => ({
  name,
  type: "secret_text",
}));

const resources = (stack: Json, type: string): Readonly<Record<string, Json>>[] =>
  Object.values(object(object(object(stack).resource)[type])).map(object);
const bucketIn = (stack: Json): { stateBucket?: string } => {
  const { bucket } = object(object(object(object(stack).terraform).backend).s3);
  return bucket === undefined ? {} : { stateBucket: String(bucket) };
};
