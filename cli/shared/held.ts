import { z } from "zod";
import { Failure } from "../../lib/failure.ts";

/** Where a cloud answers, and as whom we ask. Reads only: what changes something goes through Terraform. */
export interface CloudAccess {
  readonly endpoint: string;
  readonly token: string;
}

/** One thing that a cloud holds, as Terraform would name it. */
export interface Held {
  /** Terraform's type of it. */
  readonly type: string;
  /** By which the state knows it. */
  readonly id: string;
  readonly name: string;
  /** What stands behind the name, where two of one name differ: type and content of a record. */
  readonly detail: string;
  /** What `terraform import` takes. */
  readonly importId: string;
  /** The environment that its label or comment names. */
  readonly environment: string | undefined;
}

const KINDS = {
  servers: "hcloud_server",
  volumes: "hcloud_volume",
  primary_ips: "hcloud_primary_ip",
  firewalls: "hcloud_firewall",
  ssh_keys: "hcloud_ssh_key",
} as const;
const labelled = z.array(
  z.object({ id: z.int(), name: z.string(), labels: z.record(z.string(), z.string()) }),
);
const pagination = z.object({ pagination: z.object({ next_page: z.number().nullable() }) });

/** Everything of a project at Hetzner that has the kind of ours. `environment` is that of our label alone. */
export async function heldAtHetzner(access: CloudAccess): Promise<Held[]> {
  const found: Held[] = [];
  for (const [kind, type] of Object.entries(KINDS))
    for (let page: number | null = 1; page !== null; ) {
      const shape = z.object({ [kind]: labelled, meta: pagination });
      const answer: Record<string, unknown> = await read(
        "Hetzner",
        access,
        `/${kind}?per_page=50&page=${page}`,
        shape,
      );
      for (const { id, name, labels } of answer[kind] as z.infer<typeof labelled>)
        found.push({
          type,
          id: String(id),
          name,
          detail: `${kind}/${id}`,
          importId: String(id),
          environment: labels["managed-by"] === "olympus-infra" ? labels.environment : undefined,
        });
      page = (answer.meta as z.infer<typeof pagination>).pagination.next_page;
    }
  return found;
}

/** A DNS record: its own type and content besides. */
export interface HeldRecord extends Held {
  readonly recordType: string;
  readonly content: string;
}
/** Records that lead a host somewhere. */
export const HOST_RECORDS = ["A", "AAAA", "CNAME"];
/** Records that say who may issue certificates and send mail. */
export const RIGHT_RECORDS = ["CAA", "CNAME", "TXT"];

const records = z.object({
  result: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      type: z.string(),
      content: z.string().default(""),
      comment: z.string().nullish(),
    }),
  ),
  result_info: z.object({ total_pages: z.number().optional() }).nullish(),
});

/** The records of a zone that have one of these types. */
export async function heldInZone(
  access: CloudAccess,
  zoneId: string,
  types: readonly string[],
): Promise<HeldRecord[]> {
  const found: HeldRecord[] = [];
  for (let page = 1, last = 1; page <= last; page++) {
    const path = `/zones/${zoneId}/dns_records?per_page=100&page=${page}`;
    const { result, result_info } = await read("Cloudflare", access, path, records);
    for (const { id, name, type, content, comment } of result)
      if (types.includes(type))
        found.push({
          type: "cloudflare_dns_record",
          id,
          name,
          importId: `${zoneId}/${id}`,
          recordType: type,
          content,
          detail: `${type} ${content}${comment ? ` (${comment})` : ""}`,
          environment: /^olympus-infra (\S+)$/.exec(comment ?? "")?.[1],
        });
    last = result_info?.total_pages ?? 1;
  }
  return found;
}

const scripts = z.object({ result: z.array(z.object({ id: z.string() })) });

/** The Workers of an account. */
export async function heldWorkers(access: CloudAccess, accountId: string): Promise<Held[]> {
  const { result } = await read("Cloudflare", access, `/accounts/${accountId}/workers/scripts`, scripts);
  return result.map(({ id }) => ({
    type: "cloudflare_workers_script",
    id,
    name: id,
    detail: "Worker",
    importId: `${accountId}/${id}`,
    environment: /^olympus-(.+)-clock$/.exec(id)?.[1],
  }));
}

async function read<T>(
  cloud: string,
  { endpoint, token }: CloudAccess,
  path: string,
  shape: z.ZodType<T>,
): Promise<T> {
  const answer = await fetch(endpoint + path, {
    headers: { authorization: `Bearer ${token}`, "user-agent": "olympus-infra" },
    signal: AbortSignal.timeout(30_000),
  }).catch((error: unknown) => error);
  const place = path.split("?")[0];
  if (!(answer instanceof Response && answer.ok))
    throw new Failure(
      `${cloud} did not answer ${place}: ${answer instanceof Response ? `status ${answer.status}` : String(answer)}.`,
    );
  const body = shape.safeParse(await answer.json().catch(() => undefined));
  if (body.success) return body.data;
  throw new Failure(`${cloud}'s answer to ${place} is not valid: ${z.prettifyError(body.error)}`);
}
