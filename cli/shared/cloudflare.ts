import { z } from "zod";
import { Failure } from "../../lib/failure.ts";
import { cloudflareEndpoint } from "../../lib/process-env.ts";

/** What we ask Cloudflare ourselves; everything that changes something goes through Terraform. Reads only. */
export interface Cloudflare {
  /** Name of a zone. Throws a {@link Failure} where the token may not see one of that id. */
  zoneName(id: string): Promise<string>;
  /** Every zone that the token may see. */
  zones(): Promise<readonly ZoneOffer[]>;
  /** When an origin certificate was revoked; undefined while it is valid. Its provider never looks. */
  revokedAt(certificate: string): Promise<string | undefined>;
}

/** A zone, with the account that it is in and its plan in Cloudflare's own word. */
export interface ZoneOffer {
  readonly id: string;
  readonly name: string;
  readonly accountId: string;
  readonly plan: string;
}

const answerSchema = z.object({
  errors: z.array(z.object({ code: z.number(), message: z.string() })).default([]),
  result: z.unknown(),
  result_info: z.object({ total_pages: z.number().optional() }).nullish(),
});
const one = z.object({ name: z.string().optional(), revoked_at: z.string().nullish() });
const id = z.string().regex(/^[0-9a-f]{32}$/);
const zoneList = z.array(
  z.object({
    id,
    name: z.string(),
    account: z.object({ id }),
    plan: z.object({ legacy_id: z.string().default("free") }),
  }),
);
const LIMIT_MS = 30_000;
/** More zones than that are nobody's to choose from. */
const MOST_PAGES = 20;

/** Cloudflare, as that token may see it. */
export function createCloudflareClient(token: string, endpoint = cloudflareEndpoint()): Cloudflare {
  const ask = async <T>(path: string, shape: z.ZodType<T>): Promise<{ result: T; pages: number }> => {
    const answer = await fetch(`${endpoint}${path}`, {
      headers: { authorization: `Bearer ${token}`, "user-agent": "olympus-infra" },
      signal: AbortSignal.timeout(LIMIT_MS),
    }).catch((error: unknown) => {
      throw new Failure(`Cloudflare did not answer ${path}: ${String(error)}.`);
    });
    const body = answerSchema.safeParse(await answer.json().catch(() => undefined));
    const result = shape.safeParse(body.data?.result);
    if (answer.ok && result.success)
      return { result: result.data, pages: body.data?.result_info?.total_pages ?? 1 };
    const [error] = body.data?.errors ?? [];
    throw new Failure(
      `Cloudflare answered ${path} with ${answer.status}${error ? `: ${error.message} (${error.code})` : ""}.`,
    );
  };
  return {
    async zoneName(id) {
      const { name } = (await ask(`/zones/${id}`, one)).result;
      if (!name) throw new Failure(`Cloudflare's answer to /zones/${id} names no zone.`);
      return name;
    },
    async zones() {
      const found: ZoneOffer[] = [];
      for (let page = 1, last = 1; page <= last; page++) {
        const { result, pages } = await ask(`/zones?per_page=50&page=${page}`, zoneList);
        for (const { id, name, account, plan } of result)
          found.push({ id, name, accountId: account.id, plan: plan.legacy_id });
        last = Math.min(pages, MOST_PAGES);
      }
      return found;
    },
    revokedAt: async (certificate) =>
      (await ask(`/certificates/${certificate}`, one)).result.revoked_at ?? undefined,
  };
}

/** Throws a {@link Failure} unless the zone's id is that of the name beside it: every record would move to another zone. */
export async function requireZone(zone: { id: string; name: string }, cloudflare: Cloudflare): Promise<void> {
  const found = await cloudflare.zoneName(zone.id).catch((error: unknown) => {
    if (!(error instanceof Failure)) throw error;
    throw new Failure(
      `${error.message}\nIs ${zone.id} the id of ${zone.name} (config/base.ts, zones), and may the token read the zone? Nothing was changed.`,
    );
  });
  if (found !== zone.name)
    throw new Failure(
      `${zone.id} is the id of ${found}, and config/base.ts (zones) gives it to ${zone.name}. Nothing was changed.`,
    );
}
