import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  CIAM_LOGIN_HOST,
  CIAM_OAUTH_HOST,
  closeEdge,
  edgeMachine,
  edgeProcess,
  openEdge,
  replaceEdge,
  sendRequests,
} from "../host/bundle/edge.ts";

beforeAll(openEdge);
afterAll(closeEdge);

const sent = (method: string, path: string, visitor: string, times = 10): string[] =>
  sendRequests({
    ...{ host: CIAM_LOGIN_HOST, path, visitor, times },
    args: ["-X", method, "-d", "x=1"],
  }).statuses;
const tries = (...request: Parameters<typeof sent>): number =>
  sent(...request).filter((status) => status === "200").length;

describe("a password is guessed more often than 10 times in a minute", () => {
  it("by posting to one page after the other", () => {
    const visitor = "203.0.113.31";
    const pages = ["/login", "/recovery", "/verification", "/registration", "/consent"];
    expect(pages.reduce((sum, page) => sum + tries("POST", page, visitor), 0)).toBe(10);
  });
  it("by other methods, which an application may take for a POST", () => {
    const visitor = "203.0.113.32";
    const methods = ["PUT", "PATCH", "DELETE", "QUERY", "post", "PROPFIND"];
    expect(methods.reduce((sum, method) => sum + tries(method, "/login", visitor), 0)).toBe(10);
  });
});

describe("a password is guessed", () => {
  it("while another Caddy takes the place of the one that counted: what was used up still is", async () => {
    const visitor = "203.0.113.33";
    expect(tries("POST", "/login", visitor, 6)).toBe(6);
    await pause(1500);
    await replaceEdge();
    const left = Array.from({ length: 10 }, (_, number) => (number < 4 ? "200" : "429"));
    expect(sent("POST", "/login", visitor, 10)).toEqual(left);
    expect(tries("POST", "/login", "203.0.113.34", 10)).toBe(10);
  });
});

/** MB that Caddy's process holds. */
const held = (): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${edgeProcess()}/status`, "utf8"))?.[1]) / 1024;

/** Requests of curl, each for another visitor. */
function flood(visitors: readonly string[]): Record<string, number> {
  const key = join(edgeMachine.root, "pull/cloudflare");
  const request = (visitor: string) =>
    [
      `url = "https://${CIAM_OAUTH_HOST}/oauth2/token"`,
      ...['data = "x"', 'output = "/dev/null"', 'write-out = "%{http_code}\\n"', "silent", "insecure"],
      ...[`cert = "${key}.crt"`, `key = "${key}.key"`, 'interface = "127.0.5.1"'],
      ...[`resolve = "${CIAM_OAUTH_HOST}:443:127.0.0.1"`, `header = "CF-Connecting-IP: ${visitor}"`],
    ].join("\n");
  const file = join(edgeMachine.root, "tmp/flood");
  writeFileSync(file, visitors.map(request).join("\nnext\n"));
  const { out } = edgeMachine.outside(["curl", "-K", file]);
  const count: Record<string, number> = {};
  for (const status of out.trim().split("\n")) count[status] = (count[status] ?? 0) + 1;
  return count;
}

const NETWORKS = 20_000;
describe("Caddy is made to remember one visitor after the other, until it has no memory left", () => {
  it.each([
    ["the /64 of one IPv6 /48", (n: number) => `2001:db8:7:${n.toString(16)}::1`],
    [
      "as many IPv6 /48",
      (n: number) => `2001:${(0x1000 + (n >> 12)).toString(16)}:${(n & 0xfff).toString(16)}::1`,
    ],
  ])("by %s", (_, visitor) => {
    const before = held();
    const answers = flood(Array.from({ length: NETWORKS }, (__, n) => visitor(n + 1)));
    const grown = held() - before;
    process.stderr.write(`${NETWORKS} networks: ${JSON.stringify(answers)}, ${grown.toFixed(1)} MB\n`);
    expect(answers["429"]).toBeGreaterThan(NETWORKS / 2);
    expect(grown).toBeLessThan(24);
  });
});

const CONNECTIONS = 500;
describe("Caddy is made to hold headers that never end, up to its limit of 64 kB", () => {
  it.each([
    [0, 24],
    [3, 64],
    [15, 128],
  ])(`on ${CONNECTIONS} connections with %i of 4 kB: less than %i MB`, (headers, most) => {
    const words = [
      edgeProcess(),
      CIAM_LOGIN_HOST,
      join(edgeMachine.root, "pull/cloudflare"),
      CONNECTIONS,
      headers,
    ];
    const { out, err } = edgeMachine.outside([
      "python3",
      join(import.meta.dirname, "headers.py"),
      ...words.map(String),
    ]);
    const grown = Number(out) / 1024;
    process.stderr.write(
      `${CONNECTIONS} connections, ${headers} headers of 4 kB: ${grown.toFixed(1)} MB ${err}\n`,
    );
    expect(err).toBe("");
    expect(grown).toBeLessThan(most);
  });
});
