import { z } from "zod";
import { cloudflareRanges } from "../../config/cloudflare-ranges.ts";
import { Failure } from "../../lib/failure.ts";
import { cloudflareEndpoint } from "../../lib/process-env.ts";

const FILE = "config/cloudflare-ranges.ts";
const answerSchema = z.object({
  result: z.object({ etag: z.string(), ipv4_cidrs: z.array(z.cidrv4()), ipv6_cidrs: z.array(z.cidrv6()) }),
});

/** Holds the snapshot of Cloudflare's addresses against the list of today. Exit code 1: it is stale. */
export async function ranges({ json }: { readonly json?: boolean }): Promise<void> {
  const { etag, ipv4_cidrs, ipv6_cidrs } = await published();
  const today = [...ipv4_cidrs, ...ipv6_cidrs];
  const snapshot: string[] = [...cloudflareRanges.ipv4, ...cloudflareRanges.ipv6];
  const add = today.filter((range) => !snapshot.includes(range));
  const remove = snapshot.filter((range) => !today.includes(range));
  const isStale = add.length + remove.length > 0;
  const lines = [
    `${FILE} is stale:`,
    ...add.map((range) => `  add     ${range}`),
    ...remove.map((range) => `  remove  ${range}`),
    `  etag    ${etag}`,
  ];
  const current = `${FILE} is what Cloudflare publishes today (${today.length} ranges).`;
  console.log(
    json
      ? JSON.stringify({ file: FILE, isStale, etag, published: today.length, add, remove }, null, 2)
      : isStale
        ? lines.join("\n")
        : current,
  );
  process.exitCode = isStale ? 1 : 0;
}

async function published() {
  const url = `${cloudflareEndpoint()}/ips`;
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) }).catch((cause: unknown) => {
    const why = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause);
    throw new Failure(
      `${url} does not answer: ${why}. This needs a way to the internet; without one the snapshot in ${FILE} counts. Nothing was changed.`,
    );
  });
  const answer = answerSchema.safeParse(await response.json().catch(() => undefined));
  if (!answer.success) throw new Failure(`${url} answered ${response.status} without a list of ranges`);
  return answer.data.result;
}
