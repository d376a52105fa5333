import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createCertificates } from "./certificates.ts";

/** What some store that speaks S3 refuses, by its words. */
export const STORE_REFUSALS = {
  encryption: (headers: IncomingMessage["headers"]) => "x-amz-server-side-encryption" in headers,
  trailer: ({ "x-amz-trailer": trailer, "content-encoding": encoding }: IncomingMessage["headers"]) =>
    trailer !== undefined || encoding === "aws-chunked",
  checksum: (headers: IncomingMessage["headers"]) =>
    Object.keys(headers).some((name) => /^x-amz-(sdk-checksum|checksum)-/.test(name)),
  "chunked payload": ({ "x-amz-content-sha256": sum = "" }: IncomingMessage["headers"]) =>
    String(sum).startsWith("STREAMING-"),
  "host name of a bucket": ({ host = "" }: IncomingMessage["headers"]) => !/^localhost:\d+$/.test(host),
} as const;
export type StoreRefusal = keyof typeof STORE_REFUSALS;

/** A write that the store has answered with 501, and why. */
export interface Refused {
  readonly method: string;
  readonly path: string;
  readonly why: StoreRefusal;
}

/** A store that speaks S3 as far as a state needs it, and refuses what `refuses` names. Over TLS by an authority of its own. */
export class StrictStore {
  readonly objects = new Map<string, Buffer>();
  /** Where it is there: the only buckets, by name, and whether each keeps old versions; whoever asks may make one. */
  buckets: Map<string, boolean> | undefined;
  readonly refused: Refused[] = [];
  /** What each write was sent with. */
  readonly written: IncomingMessage["headers"][] = [];
  /** Whether writes meet an outage, by the path of the object. */
  isDown: (path: string) => boolean = () => false;
  private readonly refuses: readonly StoreRefusal[];
  private server: ReturnType<typeof createServer> | undefined;
  /** Such as `https://localhost:41234`, once it is started. */
  endpoint = "";

  constructor(refuses: readonly StoreRefusal[] = Object.keys(STORE_REFUSALS) as StoreRefusal[]) {
    this.refuses = refuses;
  }

  /** With a folder it speaks TLS, and `ca.crt` there is what its clients have to trust. */
  async start(folder?: string): Promise<void> {
    const answer = (request: IncomingMessage, response: ServerResponse) =>
      void this.answer(request, response).catch((error: unknown) => response.destroy(error as Error));
    if (folder) await createCertificates(folder, "ca", { store: ["localhost"] });
    const read = (name: string) => readFileSync(join(folder ?? "", name));
    const server = folder
      ? createTlsServer({ cert: read("store.crt"), key: read("store.key") }, answer)
      : createServer(answer);
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
    this.endpoint = `${folder ? "https" : "http"}://localhost:${(server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", headers } = request;
    const { pathname, searchParams } = new URL(request.url ?? "", this.endpoint);
    const body = Buffer.concat(await request.toArray());
    const why = this.refuses.find((refusal) => STORE_REFUSALS[refusal](headers));
    if (why) {
      this.refused.push({ method, path: pathname, why });
      return error(response, 501, "NotImplemented", `this store takes no ${why}`);
    }
    const isWrite = method === "PUT" || method === "DELETE";
    if (isWrite && this.isDown(pathname)) return error(response, 503, "ServiceUnavailable", "out of service");
    if (
      this.buckets &&
      this.answeredAsBucket(this.buckets, { method, pathname, searchParams, body }, response)
    )
      return;
    const held = this.objects.get(pathname);
    if (method === "PUT") {
      this.written.push(headers);
      if (headers["if-none-match"] === "*" && held)
        return error(response, 412, "PreconditionFailed", "is there");
      this.objects.set(pathname, body);
      return void response.end();
    }
    if (method === "DELETE") {
      this.objects.delete(pathname);
      return void response.writeHead(204).end();
    }
    if (searchParams.has("list-type") || pathname.split("/").length < 3) {
      const contents = [...this.objects.keys()].map(
        (path) => `<Contents><Key>${path.split("/").slice(2).join("/")}</Key></Contents>`,
      );
      return void response.end(`<ListBucketResult>${contents.join("")}</ListBucketResult>`);
    }
    if (!held) return error(response, 404, "NoSuchKey", "no such object");
    response.setHeader("content-length", held.length);
    response.end(method === "HEAD" ? undefined : held);
  }

  /** What is of a bucket and not of an object; false where it is the latter. */
  private answeredAsBucket(
    buckets: Map<string, boolean>,
    { method, pathname, searchParams, body }: BucketRequest,
    response: ServerResponse,
  ): boolean {
    const [, bucket = "", ...key] = pathname.split("/");
    const isBucket = key.join("") === "";
    if (isBucket && method === "PUT" && !searchParams.has("versioning")) {
      buckets.set(bucket, false);
      response.end();
    } else if (!buckets.has(bucket)) error(response, 404, "NoSuchBucket", "no such bucket");
    else if (searchParams.has("versioning")) {
      if (method === "PUT") buckets.set(bucket, body.includes("<Status>Enabled</Status>"));
      response.end(
        `<VersioningConfiguration>${buckets.get(bucket) ? "<Status>Enabled</Status>" : ""}</VersioningConfiguration>`,
      );
    } else if (method === "DELETE" && searchParams.has("versionId"))
      error(response, 403, "AccessDenied", "no version is deleted");
    else return false;
    return true;
  }
}

interface BucketRequest {
  readonly method: string;
  readonly pathname: string;
  readonly searchParams: URLSearchParams;
  readonly body: Buffer;
}

function error(response: ServerResponse, status: number, code: string, message: string): void {
  response.writeHead(status, { "content-type": "application/xml" });
  response.end(`<Error><Code>${code}</Code><Message>${message}</Message></Error>`);
}
