// Own, for six requests of S3's interface: an operator needs no further program, and the program no further package.
import { createHash, createHmac } from "node:crypto";
import { Failure } from "../../lib/failure.ts";

/** A bucket of a store that speaks S3, and the key that opens it. */
export interface Bucket {
  /** Such as `https://s3.eu-central-003.backblazeb2.com`, without a path. */
  readonly endpoint: string;
  readonly name: string;
  /** Where the store names none, it says so itself. */
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface StoreRequest {
  readonly method: "GET" | "HEAD" | "PUT" | "DELETE";
  /** Name of an object; absent means the bucket. */
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** How much of the answer is kept: 4096 without it. */
  readonly limit?: number;
}

export interface StoreAnswer {
  readonly status: number;
  readonly text: string;
}

const LIMIT_MS = 20_000;

/** Asks a store. Throws a {@link Failure} where none answers; every status is an answer. */
export async function askStore(bucket: Bucket, request: StoreRequest): Promise<StoreAnswer> {
  const answer = await send(bucket, request, new Date());
  // A bucket of Amazon's is in one region, and the answer to another says which.
  const region = /<Region>([a-z0-9-]+)<\/Region>/.exec(answer.text)?.[1];
  const isElsewhere = answer.status >= 300 && answer.status < 500 && region && region !== bucket.region;
  return isElsewhere ? send({ ...bucket, region }, request, new Date()) : answer;
}

async function send(bucket: Bucket, request: StoreRequest, now: Date): Promise<StoreAnswer> {
  const { url, headers } = signed(bucket, request, now);
  const answer = await fetch(url, {
    method: request.method,
    headers: { ...request.headers, ...headers },
    ...(request.body !== undefined && { body: request.body }),
    redirect: "manual",
    signal: AbortSignal.timeout(LIMIT_MS),
  }).catch((error: unknown) => {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new Failure(`${bucket.endpoint} does not answer: ${String(cause)}`);
  });
  return { status: answer.status, text: (await answer.text()).slice(0, request.limit ?? 4096) };
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/** Signature version 4 of AWS ("Create a signed AWS API request"), with the bucket in the path. */
export function signed(bucket: Bucket, { method, key, query = {}, body = "" }: StoreRequest, now: Date) {
  const { host } = new URL(bucket.endpoint);
  const path = `/${[bucket.name, ...(key?.split("/") ?? [])].map(encoded).join("/")}`;
  const sorted = Object.entries(query)
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join("&");
  const time = now.toISOString().replace(/[-:]|\.\d{3}/g, "");
  const hash = sha256(body);
  const names = "host;x-amz-content-sha256;x-amz-date";
  const canonical = [
    ...[method, path, sorted, `host:${host}`, `x-amz-content-sha256:${hash}`, `x-amz-date:${time}`],
    ...["", names, hash],
  ].join("\n");
  const scope = `${time.slice(0, 8)}/${bucket.region}/s3/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", time, scope, sha256(canonical)].join("\n");
  const signing = scope.split("/").reduce<string | Buffer>(hmac, `AWS4${bucket.secretAccessKey}`);
  const signature = hmac(signing, text).toString("hex");
  return {
    url: `${new URL(bucket.endpoint).origin}${path}${sorted ? `?${sorted}` : ""}`,
    headers: {
      "x-amz-content-sha256": hash,
      "x-amz-date": time,
      authorization: `AWS4-HMAC-SHA256 Credential=${bucket.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
    },
  };
}
