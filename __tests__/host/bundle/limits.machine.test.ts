import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Environment } from "../../../config/load/environment.ts";
import { environmentFile } from "../../../host/environment-file.ts";
import { fixtureFleet } from "../../support/fleet/fleet.ts";
import {
  ADMIN_HOSTS,
  CIAM_LOGIN_HOST,
  CIAM_OAUTH_HOST,
  closeEdge,
  edgeValues,
  IAM_LOGIN_HOST,
  NON_EDGE_ADDRESS,
  openEdge,
  post,
  reloadEdge,
  sendRequests,
  tally,
} from "./edge.ts";

const { reference, mirrors } = fixtureFleet();
/** What the environment's own file says about limits. */
const limitsOf = (env: Environment | undefined): Record<string, string> =>
  env
    ? Object.fromEntries(
        Object.entries(environmentFile(env)).filter(([key]) => key.startsWith("RATE_LIMIT_")),
      )
    : {};

beforeAll(openEdge);
afterAll(closeEdge);

describe("limits", () => {
  it("answers the 11th POST of a minute with 429 and Retry-After at the values of prod, 10 in 1m", () => {
    expect(edgeValues).toMatchObject(limitsOf(reference.environment));
    const { statuses, text } = post({ host: CIAM_LOGIN_HOST, visitor: "203.0.113.1", times: 11 });
    expect(tally(statuses)).toBe("10x200 1x429");
    expect(text).toMatch(/retry-after: (60|59)\r/i);
    expect(text).toMatch(/strict-transport-security/i);
  });
  it("does not count GET", () => {
    expect(tally(sendRequests({ host: CIAM_LOGIN_HOST, visitor: "203.0.113.2", times: 30 }).statuses)).toBe(
      "30x200",
    );
  });
  it("gives two visitors behind one edge address a bucket each", () => {
    expect(tally(post({ host: CIAM_LOGIN_HOST, visitor: "203.0.113.3", times: 11 }).statuses)).toBe(
      "10x200 1x429",
    );
    expect(tally(post({ host: CIAM_LOGIN_HOST, visitor: "203.0.113.4", times: 10 }).statuses)).toBe("10x200");
  });
  it("does not believe headers from outside Cloudflare", () => {
    const statuses = Array.from({ length: 12 }, (_, i) => {
      const forged = [`X-Forwarded-For: 192.0.2.${i}`, `True-Client-IP: 192.0.2.${i}`];
      return (
        post({ host: CIAM_LOGIN_HOST, from: NON_EDGE_ADDRESS, visitor: `192.0.2.${i}`, headers: forged })
          .statuses[0] ?? ""
      );
    });
    expect(tally(statuses)).toBe("10x200 2x429");
  });
  it("does not believe a second header through Cloudflare", () => {
    const statuses = Array.from({ length: 12 }, (_, i) => {
      const forged = [`X-Forwarded-For: 192.0.2.${i}`, `X-Real-IP: 192.0.2.${i}`];
      return post({ host: CIAM_LOGIN_HOST, visitor: "203.0.113.5", headers: forged }).statuses[0] ?? "";
    });
    expect(tally(statuses)).toBe("10x200 2x429");
  });
  it("takes one IPv6 /64 for one visitor, and the next for another", async () => {
    const of = (address: string) => post({ host: CIAM_LOGIN_HOST, visitor: address }).statuses[0] ?? "";
    const same = [
      "2001:db8:1:2::1",
      "2001:db8:1:2:3:4:5:6",
      "2001:db8:1:2:ffff::",
      ...Array(7).fill("2001:db8:1:2::9"),
    ];
    expect(tally(same.map(of))).toBe("10x200");
    expect(of("2001:db8:1:2:a:b:c:d")).toBe("429");
    // Ten of one /48 pass in a second.
    await sleep(1100);
    expect(of("2001:db8:1:3::1")).toBe("200");
  });
  it("counts a POST to any page, since a server action can be called on any", () => {
    const visitor = "203.0.113.6";
    expect(tally(post({ host: CIAM_LOGIN_HOST, visitor, path: "/consent", times: 10 }).statuses)).toBe(
      "10x200",
    );
    expect(post({ host: CIAM_LOGIN_HOST, visitor, path: "/LOGIN" }).statuses).toEqual(["429"]);
  });
  it.each(["/recovery", "/registration"])("gives %s fewer", (path) => {
    const visitor = `203.0.113.${path.length + 20}`;
    expect(tally(post({ host: CIAM_LOGIN_HOST, visitor, path, times: 6 }).statuses)).toBe("5x200 1x429");
    expect(tally(post({ host: CIAM_LOGIN_HOST, visitor, times: 3 }).statuses)).toBe("3x200");
  });
  it("keeps hosts apart", () => {
    const visitor = "203.0.113.7";
    expect(tally(post({ host: CIAM_LOGIN_HOST, visitor, times: 10 }).statuses)).toBe("10x200");
    expect(tally(post({ host: IAM_LOGIN_HOST, visitor, times: 11 }).statuses)).toBe("10x200 1x429");
    expect(tally(post({ host: CIAM_OAUTH_HOST, visitor, path: "/oauth2/token", times: 61 }).statuses)).toBe(
      "60x200 1x429",
    );
  });
  it("answers the 101st at the values of staging, 100 in 1m", () => {
    const staging = mirrors.find(({ name }) => name === "staging")?.environment;
    reloadEdge({ ...edgeValues, ...limitsOf(staging) });
    expect(tally(post({ host: CIAM_LOGIN_HOST, visitor: "203.0.113.8", times: 101 }).statuses)).toBe(
      "100x200 1x429",
    );
    reloadEdge(edgeValues);
  });
});

describe("hosts for operators", () => {
  it.each(ADMIN_HOSTS)("%s is closed outside the office and open inside", (host) => {
    const path = "/";
    expect(sendRequests({ host, path, visitor: "203.0.113.9" }).statuses).toEqual(["403"]);
    expect(sendRequests({ host, path, from: NON_EDGE_ADDRESS, visitor: "198.51.100.7" }).statuses).toEqual([
      "403",
    ]);
    expect(sendRequests({ host, path, visitor: "198.51.100.7" }).statuses).toEqual(["200"]);
    expect(sendRequests({ host, path, visitor: "2001:db8:0:1::5" }).statuses).toEqual(["200"]);
  });
  it("answers 404 for mail where no mail sandbox runs", () => {
    reloadEdge({ ...edgeValues, MAIL_SANDBOX: "0" });
    expect(
      sendRequests({ host: edgeValues.MAIL_HOST ?? "", path: "/", visitor: "198.51.100.7" }).statuses,
    ).toEqual(["404"]);
    reloadEdge(edgeValues);
  });
});
