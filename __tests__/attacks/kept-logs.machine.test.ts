import { join } from "node:path";
import { execaSync } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recordedFile } from "../facts/catalogue.ts";
import { CIAM_OAUTH_HOST, closeEdge, log, openEdge, sendRequests } from "../host/bundle/edge.ts";
import { FILES } from "../host/bundle/values.ts";

/** What leaves the machine of lines that a container wrote into the journal. */
const shipped = (container: string, lines: readonly string[]): string =>
  execaSync("jq", ["-c", "-f", join(FILES, "monitoring/shipped.jq")], {
    input: lines
      .map((MESSAGE) => ({ CONTAINER_NAME: container, MESSAGE, __REALTIME_TIMESTAMP: "1790000000000000" }))
      .map((entry) => JSON.stringify(entry))
      .join("\n"),
  }).stdout;

describe("whoever reads a log finds what opens an account", () => {
  beforeAll(openEdge);
  afterAll(closeEdge);

  it("in a header that Caddy does not know to be secret", async () => {
    const secret = "q9-secret";
    const headers = ["X-Session-Cookie", "X-Session-Token", "Next-Router-State-Tree", "X-Anything-New"];
    sendRequests({
      ...{ host: CIAM_OAUTH_HOST, visitor: "203.0.113.41", path: `/seen-path?code=${secret}` },
      headers: headers.map((name) => `${name}: ${secret}`),
      args: ["-A", "the-agent", "-e", `https://x.example/page?code=${secret}`],
    });
    await expect.poll(() => log()).toContain("seen-path");
    const lines = log()
      .split("\n")
      .filter((line) => line.includes("seen-path"));
    expect(lines.join("\n")).not.toContain(secret);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({
      ...{ user_agent: "the-agent", referer: "https://x.example/page", location: "https://app.example/cb" },
      request: { uri: "/seen-path", client_ip: "203.0.113.41" },
    });
    const away = shipped("olympus-caddy", lines);
    expect(away).toContain("seen-path");
    expect(away).not.toContain(secret);
  });

  it("in a mail that Kratos could not send, of which its log has the subject with the code", () => {
    const lines = recordedFile("kratos-log.jsonl").trim().split("\n");
    const codes = [...lines.join("\n").matchAll(/message_subject":"[^"]*?(\d{6})/g)].map(
      ([, code]) => code ?? "",
    );
    expect(codes.length).toBeGreaterThan(0);
    const away = shipped("olympus-ciam-kratos", lines);
    expect(away.split("\n")).toHaveLength(lines.length);
    for (const code of codes) expect(away).not.toContain(code);
    expect(away).not.toMatch(/@|message_|cookie/i);
  });
});
