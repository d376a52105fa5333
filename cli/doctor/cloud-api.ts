import { z } from "zod";
import { Failure } from "../../lib/failure.ts";
import { cloudflareEndpoint, hetznerEndpoint } from "../../lib/process-env.ts";

/** What a cloud answered: every status is one. */
export interface CloudAnswer {
  readonly status: number;
  /** The cloud's own word for a refusal: `token_readonly`, `10000`. */
  readonly code: string | undefined;
  readonly body: unknown;
}

export type CloudClient = (
  path: string,
  method?: "GET" | "PUT" | "PATCH",
  body?: object,
) => Promise<CloudAnswer>;

const LIMIT_MS = 20_000;
const refusal = z.object({
  error: z.object({ code: z.string() }).optional(),
  errors: z.array(z.object({ code: z.number() })).optional(),
});

/** Asks one cloud with one token. Throws a {@link Failure} where none answers. */
const client =
  (cloud: string, endpoint: string, token: string): CloudClient =>
  async (path, method = "GET", sent = {}) => {
    const answer = await fetch(endpoint + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        "user-agent": "olympus-infra",
        ...(method !== "GET" && { "content-type": "application/json" }),
      },
      ...(method !== "GET" && { body: JSON.stringify(sent) }),
      signal: AbortSignal.timeout(LIMIT_MS),
    }).catch((error: unknown) => {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      throw new Failure(`${cloud} does not answer at ${endpoint}: ${String(cause)}`);
    });
    const body: unknown = await answer.json().catch(() => undefined);
    const known = refusal.safeParse(body).data;
    const code = known?.error?.code ?? known?.errors?.[0]?.code;
    return { status: answer.status, code: code === undefined ? undefined : String(code), body };
  };

export const hetznerAs = (token: string): CloudClient => client("Hetzner", hetznerEndpoint(), token);
export const cloudflareAs = (token: string): CloudClient => client("Cloudflare", cloudflareEndpoint(), token);

/** The answer's body in that shape. Throws a {@link Failure} that names what was asked. */
export async function read<T>(ask: CloudClient, path: string, shape: z.ZodType<T>): Promise<T> {
  const { status, code, body } = await ask(path);
  const place = path.split("?")[0];
  if (status !== 200) throw new Failure(`${place} answered ${status}${code ? ` (${code})` : ""}`);
  const parsed = shape.safeParse(body);
  if (!parsed.success) throw new Failure(`the answer to ${place} is not valid`);
  return parsed.data;
}
