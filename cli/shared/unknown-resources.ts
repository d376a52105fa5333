import { z } from "zod";
import type { Fleet } from "../../config/index.ts";
import type { Environment } from "../../config/load/environment.ts";
import { PUBLISHED } from "../../config/load/hosts.ts";
import {
  addressName,
  clockName,
  firewallName,
  serverName,
  tokenVariable,
  volumeName,
  zoneStackName,
} from "../../config/load/names.ts";
import { ZONE_RECORDS_ID, zoneRecords } from "../../config/load/zone-records.ts";
import { Failure } from "../../lib/failure.ts";
import { cloudflareEndpoint, hetznerEndpoint } from "../../lib/process-env.ts";
import {
  type CloudAccess,
  type Held,
  HOST_RECORDS,
  heldAtHetzner,
  heldInZone,
  heldWorkers,
  RIGHT_RECORDS,
} from "./held.ts";
import { metRecords } from "./met-records.ts";
import { parsePlan, type TerraformPlan } from "./plan/json.ts";
import { knownResources } from "./plan/summary.ts";
import { planStack } from "./terraform.ts";
import type { StackFolder } from "./terraform-process.ts";

/** Something at a cloud with our name or label that the state does not contain. */
export interface UnknownResource {
  readonly what: string;
  /** How it is imported or removed. */
  readonly remedy: string;
  /** Whether a deploy would meet it: else it is what an environment left behind that nobody declares any more. */
  readonly isInTheWay: boolean;
  /** Where a deploy would make another one of what bears the environment's own label. */
  readonly place?: { readonly address: string; readonly importId: string };
}

/** What names a resource before there is an id. */
const planned = z.object({
  name: z.string().optional(),
  script_name: z.string().optional(),
  type: z.string().optional(),
});

/**
 * What the clouds hold under the names and labels of a stack and its state does not contain. Terraform sees only its own: a record
 * of the old hosting would stay beside ours for ever, and half of the logins go there. `planText`: `terraform show -json` of the
 * stack's plan.
 */
export async function unknownResources(
  { stack, variables }: StackFolder,
  fleet: Fleet,
  planText: string,
): Promise<UnknownResource[]> {
  const declared = [fleet.reference, ...fleet.mirrors];
  const env = declared.find(({ name }) => name === stack)?.environment;
  if (!env) return unknownInZone(stack, variables, fleet, planText);
  const plan = parsePlan(stack, planText);
  const held = await everythingHeld(env, variables);
  const names = declared.map(({ name }) => name);
  return held
    .filter((one) => !isKnown(one, plan))
    .flatMap((one) => {
      const isInTheWay = one.environment === env.name || ownNames(env).includes(one.name);
      if (!isInTheWay && (one.environment === undefined || names.includes(one.environment))) return [];
      const address = placeOf(one, plan);
      return [
        {
          what: `${one.type} ${one.name}: ${one.detail}`,
          isInTheWay,
          remedy: remedy(one, env, address),
          ...(address && one.environment === env.name && { place: { address, importId: one.importId } }),
        },
      ];
    });
}

/** The same for the stack of a zone: records that its own would meet. Nothing is asked where it has none. */
async function unknownInZone(
  stack: string,
  variables: StackFolder["variables"],
  fleet: Fleet,
  planText: string,
): Promise<UnknownResource[]> {
  const zone = zoneWithRecords(stack, fleet);
  if (!zone) return [];
  const plan = parsePlan(stack, planText);
  const held = await heldInZone(cloudflareOf(variables, stack), zone.id, RIGHT_RECORDS);
  return metRecords(
    held.filter((one) => !isKnown(one, plan)),
    zoneRecords(zone.name, fleet.base.dns),
  ).map(({ record: { type, name, detail, importId }, own, isInTheWay, why }) => {
    const address = `${type}.${ZONE_RECORDS_ID}-${own.id}`;
    // What is to be replaced is in the state already: no import fits there.
    const isNew = plan.resource_changes.some(
      (planned) => planned.address === address && planned.change.actions.join() === "create",
    );
    const way = isNew
      ? `and import it in cdktf.out/stacks/${stack}: terraform import '${address}' ${importId}; or leave ${own.id.split("-")[0]} out of dns`
      : "and remove it at the provider: the state has another one";
    return { what: `${type} ${name}: ${detail}`, isInTheWay, remedy: isInTheWay ? `${why}, ${way}` : why };
  });
}

/** The zone whose stack that is, where the configuration gives it records of its own. */
const zoneWithRecords = (
  stack: string,
  { base, reference, mirrors }: Fleet,
): Environment["zone"] | undefined =>
  base.dns &&
  [reference, ...mirrors]
    .map(({ environment }) => environment.zone)
    .find((zone) => zoneStackName(zone.name) === stack);

const cloudflareOf = (variables: StackFolder["variables"], stack: string): CloudAccess => ({
  endpoint: variables.CLOUDFLARE_BASE_URL ?? cloudflareEndpoint(),
  token: variables[`TF_VAR_${tokenVariable("cloudflare", stack)}`] ?? "",
});

async function everythingHeld(env: Environment, variables: StackFolder["variables"]): Promise<Held[]> {
  const hetzner = {
    endpoint: variables.HCLOUD_ENDPOINT ?? hetznerEndpoint(),
    token: variables[`TF_VAR_${tokenVariable("hcloud", env.name)}`] ?? "",
  };
  const cloudflare = cloudflareOf(variables, env.name);
  return [
    ...(await heldAtHetzner(hetzner)),
    ...(await heldInZone(cloudflare, env.zone.id, HOST_RECORDS)),
    // The token of an environment without extras may not ask for Workers, and it has none.
    ...(env.extras ? await heldWorkers(cloudflare, env.cloudflareAccountId) : []),
  ];
}

const ownNames = ({ name, hosts, extras }: Environment): string[] => [
  ...[serverName(name), firewallName(name), volumeName(name), clockName(name)],
  ...[addressName(name, "ipv4"), addressName(name, "ipv6")],
  ...PUBLISHED.map((service) => hosts[service]),
  ...(extras?.mail === "mailpit" ? [hosts.mail] : []),
];

const isKnown = ({ type, id }: Held, plan: TerraformPlan): boolean =>
  knownResources(plan).some(
    // Some ids of Hetzner's are numbers in the state: those of addresses.
    ({ type: known, values }) => known === type && [String(values?.id), values?.script_name].includes(id),
  );

/** The address at which a deploy would make the same. */
const placeOf = ({ type, name, detail }: Held, plan: TerraformPlan): string | undefined =>
  plan.resource_changes.find(({ type: kind, change }) => {
    const after = planned.safeParse(change.after).data;
    return (
      kind === type &&
      change.actions.includes("create") &&
      (after?.name === name || after?.script_name === name) &&
      (type !== "cloudflare_dns_record" || detail.startsWith(`${after?.type} `))
    );
  })?.address;

/** What a deploy would make anew can be imported in its place; a second one beside ours cannot. */
function remedy({ importId, environment }: Held, env: Environment, place: string | undefined): string {
  if (place) {
    // Its addresses are not imported: an update would detach them.
    const made = place.startsWith("hcloud_server.") ? `, then terraform taint '${place}'` : "";
    return `import it in cdktf.out/stacks/${env.name}: terraform import '${place}' ${importId}${made}; or remove it at the provider`;
  }
  return environment === undefined || environment === env.name
    ? "remove it at the provider: the state has one of that name already, or config/ declares none"
    : `left by ${environment}, which config/ does not declare: remove it at the provider, or declare ${environment} again and destroy it (docs/runbooks/destroy.md)`;
}

/** A line and its remedy for each, what is in the way first; nothing where nothing is unknown. */
export const unknownLines = (unknown: readonly UnknownResource[] = []): string[] =>
  [...unknown]
    .sort((a, b) => Number(b.isInTheWay) - Number(a.isInTheWay))
    .flatMap(({ what, remedy, isInTheWay }) => [
      `${isInTheWay ? "! refused" : "? left over"}: ${what} is not in the state`,
      `      ${remedy}`,
    ]);

/** Throws a {@link Failure} where a deploy would meet something: nothing is changed then. */
export async function requireNothingUnknown(folder: StackFolder, fleet: Fleet): Promise<void> {
  const isEnvironment = [fleet.reference, ...fleet.mirrors].some(({ name }) => name === folder.stack);
  if (!isEnvironment && !zoneWithRecords(folder.stack, fleet)) return;
  const { json } = await planStack(folder, true);
  const unknown = await unknownResources(folder, fleet, json);
  const lines = unknownLines(unknown);
  if (unknown.some(({ isInTheWay }) => isInTheWay))
    throw new Failure([...lines, `Nothing of ${folder.stack} was changed.`].join("\n"));
  if (lines.length) process.stderr.write(`${lines.join("\n")}\n`);
}
