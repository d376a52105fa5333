import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { skipWithout } from "../../sandbox/machines/tools.ts";
import { ENVIRONMENT_TOOLS, type EnvironmentUnderTest, startEnvironment } from "./environment-under-test.ts";
import { comeFrom } from "./office-route.ts";

// The verb as an operator runs it, against a booted machine: systemd, containers, Mailpit, Caddy and the smoke test.
describe.skipIf(skipWithout(ENVIRONMENT_TOOLS))("a refresh of a whole environment", () => {
  let whole: EnvironmentUnderTest;
  beforeAll(async () => {
    ({ whole } = await startEnvironment());
    // The smoke test behind a refresh asks hosts that are open to the office alone.
    await comeFrom(whole.route.from ?? "");
  });
  afterAll(async () => {
    await whole?.stop();
  });

  const refresh = async (...words: string[]) => {
    const { folder, address, olympus } = whole;
    const files = { ca: "origin-ca.pem", cert: "origin-pull/client.crt", key: "origin-pull/client.key" };
    const edge = ["--origin", "--address", address, "--resolve", address];
    const trust = Object.entries(files).flatMap(([name, file]) => [`--${name}`, join(folder, file)]);
    const done = await olympus(["refresh", "staging", "--json", ...edge, ...trust, ...words]);
    if (!done.out.startsWith("{")) throw new Error(done.err);
    return { ...done, ...JSON.parse(done.out) };
  };
  const people = () =>
    whole.inside("curl -sf 'http://127.0.0.1:3101/admin/identities?page_size=500' | jq length");
  const make = () =>
    whole.inside(`curl -sf -o /dev/null -H 'Content-Type: application/json' -d '{"schema_id":"default","traits":{"email":"old@example.com"}}' http://127.0.0.1:3101/admin/identities
      curl -sf -o /dev/null -H 'Content-Type: application/json' -d '{"From":{"Email":"a@example.com"},"To":[{"Email":"b@example.com"}],"Subject":"old","Text":"x"}' http://127.0.0.1:8025/api/v1/send`);

  test("leaves the seed's people and nothing of what was there, one of whom logs in at the page", async () => {
    await make();
    const done = await refresh();
    expect(done.leftovers, done.err).toEqual([]);
    expect(done.seed).toMatchObject({ failed: [], clients: 4 });
    const red = done.smoke.checks.filter(({ state }: { state: string }) => state === "failed");
    expect(red).toEqual([]);
    const logins = done.smoke.checks.filter(({ kind }: { kind: string }) => kind === "login");
    expect(logins.map(({ state }: { state: string }) => state)).toEqual(["passed"]);
    expect(done.code).toBe(0);
    expect(await people()).toBe("500");
    const old =
      "curl -sf 'http://127.0.0.1:3101/admin/identities?credentials_identifier=old@example.com' | jq length";
    expect(await whole.inside(old)).toBe("0");
    expect(
      await whole.inside(
        "curl -sf 'http://127.0.0.1:8025/api/v1/search?query=subject:old' | jq .messages_count",
      ),
    ).toBe("0");
    await whole.healthy(120);
  });

  test("goes back to a backup with a name", async () => {
    const named = await whole.olympus(["backup", "staging", "--name", "before-demo"]);
    expect(named.code, named.err).toBe(0);
    expect((await whole.olympus(["backups", "staging"])).out).toContain("before-demo");
    await make();
    const done = await refresh("--to", "before-demo", "--no-smoke");
    expect(done.code, done.err).toBe(0);
    const old =
      "curl -sf 'http://127.0.0.1:3101/admin/identities?credentials_identifier=old@example.com' | jq length";
    expect(await whole.inside(old)).toBe("0");
    await whole.healthy(120);
  });

  test("asks prod for nothing", async () => {
    const refused = await whole.olympus(["refresh", "prod"]);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain("serves real people");
  });
});
