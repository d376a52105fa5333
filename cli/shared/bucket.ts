// Own, not an SDK: four requests, signed. Terraform reads no state before it has run the providers that the state names.
import { createHash, createHmac } from "node:crypto";
import type { Base } from "../../config/load/schema.ts";
import { Failure } from "../../lib/failure.ts";

/** A key of a store that speaks S3. */
export interface BucketKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** What a store said. Every status is an answer. */
export interface StoreAnswer {
  readonly status: number;
  readonly body: Buffer;
}

/** One bucket, as whoever holds one key sees it. */
export interface Bucket {
  readonly name: string;
  read(key: string): Promise<StoreAnswer>;
  /** Never replaces: answers 412 where the object is there. */
  create(key: string, body: Uint8Array): Promise<StoreAnswer>;
  remove(key: string): Promise<StoreAnswer>;
}

type Store = Extract<Base["state"], { kind: "s3" }>;

const sha256 = (data: Uint8Array | string): string => createHash("sha256").update(data).digest("hex");
const hmac = (key: Uint8Array | string, data: string): Buffer =>
  createHmac("sha256", key).update(data).digest();

/** Opens a bucket of the store that holds the states. Throws a {@link Failure} where the store does not answer. */
export function openBucket({ region, endpoint }: Store, name: string, keys: BucketKeys): Bucket {
  const origin = endpoint ?? `https://s3.${region}.amazonaws.com`;
  const ask = async (method: string, key: string, body: Uint8Array, extra: Record<string, string> = {}) => {
    const url = new URL(`${origin.replace(/\/$/, "")}/${name}/${key}`);
    const headers = { ...extra, ...(keys.sessionToken && { "x-amz-security-token": keys.sessionToken }) };
    const signed = signedHeaders(method, url, region, keys, headers, body);
    try {
      const answer = await fetch(url, {
        ...{ method, headers: signed, redirect: "manual", signal: AbortSignal.timeout(60_000) },
        ...(method === "PUT" && { body }),
      });
      return { status: answer.status, body: Buffer.from(await answer.arrayBuffer()) };
    } catch (error) {
      const { cause } = error as Error;
      throw new Failure(
        `${origin} does not answer: ${cause instanceof Error ? cause.message : String(error)}. Is it the endpoint in config/base.ts, state?`,
      );
    }
  };
  const nothing = new Uint8Array();
  return {
    name,
    read: (key) => ask("GET", key, nothing),
    create: (key, body) =>
      ask("PUT", key, body, {
        "if-none-match": "*",
        // As the backend of a stack does it: Amazon's stores take the header, others refuse it.
        ...(!endpoint && { "x-amz-server-side-encryption": "AES256" }),
      }),
    remove: (key) => ask("DELETE", key, nothing),
  };
}

/** Signature version 4, over the whole body. */
function signedHeaders(
  method: string,
  url: URL,
  region: string,
  { accessKeyId, secretAccessKey }: BucketKeys,
  extra: Readonly<Record<string, string>>,
  body: Uint8Array,
): Record<string, string> {
  const at = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const scope = `${at.slice(0, 8)}/${region}/s3/aws4_request`;
  const sum = sha256(body);
  const headers: Record<string, string> = { ...extra, "x-amz-content-sha256": sum, "x-amz-date": at };
  const all = Object.entries({ ...headers, host: url.host }).sort(([a], [b]) => (a < b ? -1 : 1));
  const names = all.map(([name]) => name).join(";");
  const lines = all.map(([name, value]) => `${name}:${value}\n`).join("");
  const request = [method, url.pathname, "", lines, names, sum].join("\n");
  const key = scope.split("/").reduce<Uint8Array | string>(hmac, `AWS4${secretAccessKey}`) as Buffer;
  const signature = hmac(key, ["AWS4-HMAC-SHA256", at, scope, sha256(request)].join("\n")).toString("hex");
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  };
}
