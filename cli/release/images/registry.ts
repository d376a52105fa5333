// Own, not crane or skopeo: what comes is held against the digest that names it, and an operator needs no further program.
import { createHash } from "node:crypto";
import { z } from "zod";
import { parsedJson } from "../../../lib/json.ts";

/** An image as a registry describes it today. */
export interface Found {
  /** Of the bytes that came, not of a header. */
  readonly digest: string;
  /** Linux processors that it is built for, sorted. */
  readonly architectures: readonly string[];
}

/** What a registry said instead; the message is for people. */
export class RegistryError extends Error {
  override readonly name = "Unanswered";
}

const LIMIT_MS = 15_000;
/** The distribution specification asks registries to take manifests of 4 MiB, so none is larger. */
const BODY_LIMIT = 4 * 1024 * 1024;

const INDEX = "application/vnd.oci.image.index.v1+json";
const LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const OLD_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
const ACCEPT = [INDEX, LIST, MANIFEST, OLD_MANIFEST].join(", ");

const platform = z.object({ os: z.string(), architecture: z.string() });
const index = z.object({ manifests: z.array(z.object({ platform: platform.optional() })).min(1) });
const manifest = z.object({ config: z.object({ digest: z.string().regex(/^sha256:[0-9a-f]{64}$/) }) });
const tokenAnswer = z.object({ token: z.string().optional(), access_token: z.string().optional() });

/** Where the interface of a registry is; Docker Hub's has a name of its own. */
export const endpointOf = (host: string): string =>
  `https://${host === "docker.io" ? "registry-1.docker.io" : host}`;

/**
 * Asks one registry, as nobody in particular, for the digest and the processors of `repository:tag` (OCI distribution
 * specification 1.1, with the token exchange that public registries ask for). Throws {@link RegistryError}.
 */
export async function resolveImage(endpoint: string, repository: string, tag: string): Promise<Found> {
  const registry = open(endpoint, repository);
  const { type, body } = await registry.get(`manifests/${tag}`, ACCEPT);
  const digest = digestOf(body);
  if (type === INDEX || type === LIST) {
    const { manifests } = parsed(index, body);
    return { digest, architectures: architecturesOf(manifests.flatMap(({ platform }) => platform ?? [])) };
  }
  if (type !== MANIFEST && type !== OLD_MANIFEST)
    throw new RegistryError(`answers with ${type}, not an image`);
  const { config } = parsed(manifest, body);
  const blob = await registry.get(`blobs/${config.digest}`, "*/*");
  if (digestOf(blob.body) !== config.digest)
    throw new RegistryError("serves content that does not match its digest");
  return { digest, architectures: architecturesOf([parsed(platform, blob.body)]) };
}

const digestOf = (body: Uint8Array): string => `sha256:${createHash("sha256").update(body).digest("hex")}`;

const architecturesOf = (platforms: readonly z.infer<typeof platform>[]): string[] =>
  // Attestations come as an image for the processor "unknown".
  [...new Set(platforms.filter(({ os }) => os === "linux").map(({ architecture }) => architecture))].sort();

function parsed<S extends z.ZodType>(schema: S, body: Uint8Array): z.infer<S> {
  const description = schema.safeParse(parsedJson(Buffer.from(body)));
  if (description.success) return description.data;
  throw new RegistryError("answers with an invalid description");
}

/** One repository of a registry; the token that it asks for is fetched once. */
function open(endpoint: string, repository: string) {
  let authorization: Record<string, string> = {};
  const ask = (path: string, accept: string) =>
    request(`${endpoint}/v2/${repository}/${path}`, { accept, ...authorization });
  return {
    async get(path: string, accept: string): Promise<{ type: string; body: Uint8Array }> {
      let answer = await ask(path, accept);
      if (answer.status === 401 && !authorization.authorization) {
        authorization = { authorization: `Bearer ${await token(answer, endpoint, repository)}` };
        answer = await ask(path, accept);
      }
      if (answer.status === 404) throw new RegistryError("has no such image");
      if (answer.status === 401 || answer.status === 403)
        throw new RegistryError("requires a login: only public images can be checked");
      if (answer.status === 429)
        throw new RegistryError("answers 429: it limits anonymous requests, retry later");
      if (!answer.ok) throw new RegistryError(`answers ${answer.status}`);
      const body = await bytesOf(answer);
      const promised = answer.headers.get("docker-content-digest");
      if (promised?.startsWith("sha256:") && promised !== digestOf(body))
        throw new RegistryError("serves content that does not match its digest");
      return { type: (answer.headers.get("content-type") ?? "").split(";")[0] ?? "", body };
    },
  };
}

/** The token exchange: whoever the registry names is asked, over TLS where the registry is. */
async function token(refused: Response, endpoint: string, repository: string): Promise<string> {
  const challenge = refused.headers.get("www-authenticate") ?? "";
  const part = (name: string): string | undefined => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1];
  const realm = part("realm");
  if (!/^Bearer /i.test(challenge) || !realm || !URL.canParse(realm))
    throw new RegistryError("requires a login: only public images can be checked");
  const url = new URL(realm);
  if (url.protocol !== new URL(endpoint).protocol)
    throw new RegistryError(`refers to ${url.origin} for a token`);
  url.searchParams.set("service", part("service") ?? "");
  url.searchParams.set("scope", part("scope") ?? `repository:${repository}:pull`);
  const answer = await request(url.href, { accept: "application/json" });
  if (!answer.ok) throw new RegistryError(`grants no anonymous token (${url.host} answers ${answer.status})`);
  const { token, access_token } = parsed(tokenAnswer, await bytesOf(answer));
  if (!token && !access_token) throw new RegistryError(`grants no anonymous token (${url.host})`);
  return token ?? access_token ?? "";
}

async function request(url: string, headers: Record<string, string>): Promise<Response> {
  try {
    return await fetch(url, { headers, signal: AbortSignal.timeout(LIMIT_MS) });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new RegistryError(`cannot be reached: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

async function bytesOf(answer: Response): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of answer.body ?? []) {
      size += part.length;
      if (size > BODY_LIMIT) throw new RegistryError("answers with more than 4 MiB");
      parts.push(part);
    }
  } catch (error) {
    throw error instanceof RegistryError ? error : new RegistryError("broke off its answer");
  }
  return Buffer.concat(parts);
}
