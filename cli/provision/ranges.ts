import { z } from "zod";
import { cloudflareRanges } from "../../config/cloudflare-ranges.ts";
import { Failure } from "../../lib/failure.ts";
import { cloudflareEndpoint } from "../../lib/process-env.ts";

const answerSchema = z.object({
  result: z.object({ etag: z.string(), ipv4_cidrs: z.array(z.cidrv4()), ipv6_cidrs: z.array(z.cidrv6()) }),
});

/** Holds the snapshot of Cloudflare's addresses against the list of today. Exits 1 when it is stale. */
export async function ranges(): Promise<void> {
  const url = `${cloudflareEndpoint()}/ips`;
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) }).catch((cause: unknown) => {
    const why = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause);
    throw new Failure(
      `${url} does not answer: ${why}. This needs a way to the internet; without one the snapshot in config/cloudflare-ranges.ts counts. Nothing was changed.`,
    );
  });
  const answer = answerSchema.safeParse(await response.json().catch(() => undefined));
  if (!answer.success) throw new Failure(`${url} answered ${response.status} without a list of ranges`);

  const today = [...answer.data.result.ipv4_cidrs, ...answer.data.result.ipv6_cidrs];
  const snapshot: string[] = [...cloudflareRanges.ipv4, ...cloudflareRanges.ipv6];
  const missing = today.filter((range) => !snapshot.includes(range));
  const gone = snapshot.filter((range) => !today.includes(range));
  if (missing.length + gone.length === 0) {
    console.log(`config/cloudflare-ranges.ts is what Cloudflare publishes today (${today.length} ranges).`);
    return;
  }
  const lines = [
    ...missing.map((range) => `  add     ${range}`),
    ...gone.map((range) => `  remove  ${range}`),
  ];
  throw new Failure(
    ["config/cloudflare-ranges.ts is stale:", ...lines, `  etag    ${answer.data.result.etag}`].join("\n"),
  );
}
