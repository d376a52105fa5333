import { z } from "zod";
import { Failure } from "../../lib/failure.ts";
import { cloudflareEndpoint } from "../../lib/process-env.ts";

/** What we ask Cloudflare ourselves; everything that changes something goes through Terraform. Reads only. */
export interface Cloudflare {
  /** Name of a zone. Throws a {@link Failure} where the token may not see one of that id. */
  zoneName(id: string): Promise<string>;
  /** When an origin certificate was revoked; undefined while it is valid. Its provider never looks. */
  revokedAt(certificate: string): Promise<string | undefined>;
}

const answerSchema = z.object({
  errors: z.array(z.object({ code: z.number(), message: z.string() })).default([]),
  result: z.object({ name: z.string().optional(), revoked_at: z.string().nullish() }).nullish(),
});
const LIMIT_MS = 30_000;

/** Cloudflare, as that token may see it. */
export function createCloudflareClient(token: string, endpoint = cloudflareEndpoint()): Cloudflare {
  const ask = async (path: string) => {
    const answer = await fetch(`${endpoint}${path}`, {
      headers: { authorization: `Bearer ${token}`, "user-agent": "olympus-infra" },
      signal: AbortSignal.timeout(LIMIT_MS),
    }).catch((error: unknown) => {
      throw new Failure(`Cloudflare did not answer ${path}: ${String(error)}.`);
    });
    const body = answerSchema.safeParse(await answer.json().catch(() => undefined));
    if (answer.ok && body.data?.result) return body.data.result;
    const [error] = body.data?.errors ?? [];
    throw new Failure(
      `Cloudflare answered ${path} with ${answer.status}${error ? `: ${error.message} (${error.code})` : ""}.`,
    );
  };
  return {
    async zoneName(id) {
      const { name } = await ask(`/zones/${id}`);
      if (!name) throw new Failure(`Cloudflare's answer to /zones/${id} names no zone.`);
      return name;
    },
    revokedAt: async (certificate) => (await ask(`/certificates/${certificate}`)).revoked_at ?? undefined,
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
