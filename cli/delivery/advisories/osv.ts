import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { Failure } from "../../../lib/failure.ts";
import type { OsvPackage } from "./pins.ts";

/** "This currently allows a maximum of 1000 package versions": osv.dev/docs/osv_service_v1.swagger.json. */
const BATCH = 1000;
/** More pages than any answer about so many packages has. */
const PAGES = 50;
const ATTEMPTS = 3;
const PATIENCE_MS = 30_000;

const ID = z.string().regex(/^[A-Za-z0-9]+(-[A-Za-z0-9:.]+)+$/);

/** POST /v1/querybatch: ids alone, in the order of the queries; https://google.github.io/osv.dev/post-v1-querybatch/. */
const batchSchema = z.object({
  results: z.array(
    z
      .object({ vulns: z.array(z.object({ id: ID })).nullish(), next_page_token: z.string().nullish() })
      .nullable(),
  ),
});

const event = z.object({
  introduced: z.string().optional(),
  fixed: z.string().optional(),
  last_affected: z.string().optional(),
});

/** GET /v1/vulns/{id}, as far as it is used; https://ossf.github.io/osv-schema/. */
const advisorySchema = z.object({
  id: ID,
  aliases: z.array(z.string()).default([]),
  withdrawn: z.string().optional(),
  summary: z.string().default(""),
  details: z.string().default(""),
  severity: z.array(z.object({ type: z.string(), score: z.string() })).default([]),
  database_specific: z.object({ severity: z.string().optional() }).default({}),
  affected: z
    .array(
      z.object({
        package: z.object({ ecosystem: z.string(), name: z.string() }).optional(),
        ranges: z.array(z.object({ type: z.string(), events: z.array(event).default([]) })).default([]),
        versions: z.array(z.string()).default([]),
      }),
    )
    .default([]),
});
export type Advisory = z.infer<typeof advisorySchema>;

/** Asks OSV. Throws a {@link Failure} where it gives no whole answer: then nothing is known, which is not "nothing found". */
export interface Osv {
  /** Ids of advisories of each package, in the order of the packages. */
  idsOf(packages: readonly OsvPackage[]): Promise<string[][]>;
  advisory(id: string): Promise<Advisory>;
}

/** The OSV that answers below this URL. */
export function createOsv(url: string): Osv {
  const ask = async <T>(path: string, shape: z.ZodType<T>, body?: unknown): Promise<T> => {
    const answer = await patiently(`${url}${path}`, body);
    const read = shape.safeParse(answer);
    if (!read.success)
      throw new Failure(`${url}${path} answers in another form: ${z.prettifyError(read.error)}`);
    return read.data;
  };

  /** One batch to its last page. */
  async function batch(packages: readonly OsvPackage[]): Promise<string[][]> {
    const ids = packages.map((): string[] => []);
    let open = packages.map((_, index) => ({ index, token: undefined as string | undefined }));
    for (let page = 0; open.length; page++) {
      if (page === PAGES) throw new Failure(`${url} gives no last page`);
      const queries = open.map(({ index, token }) => query(packages[index] as OsvPackage, token));
      const { results } = await ask("/v1/querybatch", batchSchema, { queries });
      if (results.length !== queries.length)
        throw new Failure(`${url} answers ${results.length} of ${queries.length} queries`);
      const more: typeof open = [];
      for (const [place, { index }] of open.entries()) {
        const result = results[place];
        ids[index]?.push(...(result?.vulns ?? []).map(({ id }) => id));
        if (result?.next_page_token) more.push({ index, token: result.next_page_token });
      }
      open = more;
    }
    return ids;
  }

  return {
    async idsOf(packages) {
      const found: string[][] = [];
      for (let from = 0; from < packages.length; from += BATCH)
        found.push(...(await batch(packages.slice(from, from + BATCH))));
      return found;
    },
    advisory: (id) => ask(`/v1/vulns/${encodeURIComponent(id)}`, advisorySchema),
  };
}

/** Versions of actions OSV does not compare: all that is known of one is asked for, and compared here. */
function query({ ecosystem, name, version }: OsvPackage, token: string | undefined) {
  return {
    package: { ecosystem, name },
    ...(ecosystem !== "GitHub Actions" && { version }),
    ...(token && { page_token: token }),
  };
}

async function patiently(url: string, body: unknown): Promise<unknown> {
  let why = "";
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    if (attempt > 1) await sleep(1000 * attempt);
    try {
      const response = await fetch(url, {
        ...(body !== undefined && {
          method: "POST",
          body: JSON.stringify(body),
          headers: { "content-type": "application/json" },
        }),
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      if (response.ok) return await response.json();
      why = `answers ${response.status}`;
      if (response.status < 500 && response.status !== 429) break;
    } catch (error) {
      why = `does not answer: ${error instanceof Error ? ((error.cause as Error)?.message ?? error.message) : error}`;
    }
  }
  throw new Failure(`${url} ${why}`);
}
