import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  ADMIN_HOSTS,
  CIAM_LOGIN_HOST,
  CIAM_OAUTH_HOST,
  closeEdge,
  edgeValues,
  IAM_LOGIN_HOST,
  openEdge,
  reloadEdge,
  SITE_HOST,
  sendRequests,
} from "../host/bundle/edge.ts";

// Cloudflare's client certificate is the same for all its customers: a zone of the attacker's own leads to the machine past the
// rule that closes a non-production environment.
const OPEN = [SITE_HOST, CIAM_LOGIN_HOST, CIAM_OAUTH_HOST, IAM_LOGIN_HOST, edgeValues.IAM_OAUTH_HOST ?? ""];
const from = (host: string, visitor: string) => sendRequests({ host, path: "/", visitor }).statuses;

beforeAll(openEdge);
afterAll(closeEdge);

describe("a non-production environment is opened through another zone of Cloudflare's", () => {
  beforeAll(() => reloadEdge({ ...edgeValues, DISPOSABLE: "1" }));
  it.each([...OPEN, ...ADMIN_HOSTS])("at %s", (host) => {
    expect(from(host, "203.0.113.51")).toEqual(["403"]);
    expect(from(host, "198.51.100.7")).toEqual(["200"]);
  });
});

describe("where people are served", () => {
  beforeAll(() => reloadEdge(edgeValues));
  it.each(OPEN)("%s is open", (host) => expect(from(host, "203.0.113.52")).toEqual(["200"]));
});
