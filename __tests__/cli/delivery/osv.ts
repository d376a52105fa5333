import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A record as https://ossf.github.io/osv-schema/ has it. */
export interface OsvRecord {
  readonly id: string;
  readonly aliases?: readonly string[];
  readonly withdrawn?: string;
  readonly summary?: string;
  readonly severity?: readonly { readonly type: string; readonly score: string }[];
  readonly database_specific?: { readonly severity?: string };
  readonly affected: readonly {
    readonly package: { readonly ecosystem: string; readonly name: string };
    readonly ranges?: readonly {
      readonly type: string;
      readonly events: readonly Readonly<Record<string, string>>[];
    }[];
    readonly versions?: readonly string[];
  }[];
}

interface Query {
  readonly package?: { readonly ecosystem?: string; readonly name?: string };
  readonly version?: string;
  readonly page_token?: string;
}

/**
 * OSV's API as far as it is used, by its own pages (google.github.io/osv.dev: POST /v1/querybatch, GET /v1/vulns/{id}) and its
 * swagger file: ids alone, in the order of the queries, `{}` where there is none, pages with tokens, at most 1000 queries, errors
 * as `{ code, message }`. A record says by `matches` which versions it has; OSV compares them itself, but not those of actions.
 */
export class EmulatedOsv {
  readonly queries: Query[] = [];
  readonly bodies: number[] = [];
  /** Answers this in place of its own, by the path. */
  instead: (path: string, call: number) => { status: number; text: string } | undefined = () => undefined;
  private readonly records: readonly { readonly record: OsvRecord; readonly matches: readonly string[] }[];
  private readonly pageSize: number;
  private server: Server | undefined;
  private calls = 0;
  url = "";

  constructor(
    records: readonly { readonly record: OsvRecord; readonly matches: readonly string[] }[],
    pageSize = 1000,
  ) {
    this.records = records;
    this.pageSize = pageSize;
  }

  async start(): Promise<void> {
    const server = createServer(async (request, response) => {
      const body = Buffer.concat(await request.toArray()).toString();
      const path = request.url ?? "";
      const { status, text } =
        this.instead(path, ++this.calls) ?? this.answer(request.method ?? "", path, body);
      response.writeHead(status, { "content-type": "application/json" }).end(text);
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => this.server?.close(resolve));
  }

  private answer(method: string, path: string, body: string): { status: number; text: string } {
    const say = (status: number, value: unknown) => ({ status, text: JSON.stringify(value) });
    if (method === "GET" && path.startsWith("/v1/vulns/")) {
      const known = this.records.find(({ record }) => record.id === decodeURIComponent(path.slice(10)));
      return known ? say(200, known.record) : say(404, { code: 5, message: "Bug not found." });
    }
    if (method !== "POST" || path !== "/v1/querybatch") return say(404, { code: 5, message: "Not Found" });
    const { queries } = JSON.parse(body) as { queries: Query[] };
    this.bodies.push(queries.length);
    if (queries.length > 1000) return say(400, { code: 3, message: "Too many queries." });
    this.queries.push(...queries);
    return say(200, { results: queries.map((query) => this.result(query)) });
  }

  private result({ package: wanted, version, page_token: token }: Query) {
    const found = this.records.filter(({ record, matches }) =>
      record.affected.some(
        (one) =>
          one.package.ecosystem === wanted?.ecosystem &&
          one.package.name === wanted.name &&
          (version === undefined || matches.includes(version)),
      ),
    );
    const from = Number(token ?? 0);
    const page = found.slice(from, from + this.pageSize);
    if (!page.length) return {};
    const isMore = from + this.pageSize < found.length;
    return {
      vulns: page.map(({ record: { id } }) => ({ id, modified: "2026-01-09T00:00:00Z" })),
      ...(isMore && { next_page_token: String(from + this.pageSize) }),
    };
  }
}
