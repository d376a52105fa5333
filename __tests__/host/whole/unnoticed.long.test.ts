import { randomInt } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { skipWithout } from "../../sandbox/machines/tools.ts";
import { Checkout } from "../../support/checkout.ts";
import { ENVIRONMENT_TOOLS, type EnvironmentUnderTest, startEnvironment } from "./environment-under-test.ts";
import { unnoticedTests } from "./unnoticed.ts";
import { whileVisited } from "./visitors.ts";

const KILLS = 20;

describe.skipIf(skipWithout(ENVIRONMENT_TOOLS))("releases that are undisturbed, and killed", () => {
  let whole: EnvironmentUnderTest;
  const checkout = new Checkout();
  beforeAll(async () => {
    ({ whole } = await startEnvironment("staging"));
  });
  afterAll(async () => {
    checkout.remove();
    await whole?.stop();
  });

  unnoticedTests(() => whole);

  /** A limit and a line of Hydra's configuration, both new each time: Caddy reloads, and a container is replaced. */
  function change(number: number): void {
    const staging = join(checkout.root, "config/staging.ts");
    const hydra = join(checkout.root, "host/release/hydra/ciam/hydra.yml");
    writeFileSync(staging, readFileSync(staging, "utf8").replace(/events: \d+/, `events: ${1000 + number}`));
    writeFileSync(hydra, `# ${number}\n${readFileSync("host/release/hydra/ciam/hydra.yml", "utf8")}`);
  }
  const release = (killAfterMs?: number) =>
    whole.run("node", [join(checkout.root, "scripts/run.mjs"), "release", "staging"], killAfterMs);

  test.each(Array.from({ length: KILLS }, (_, number) => number))(
    "%i: nobody is turned away before, between, and in the run after it, which ends as an undisturbed one",
    async (number) => {
      const { env, route } = whole;
      const pages = [
        { host: env.hosts.ciam, path: "/login" },
        { host: env.hosts.ciamOauth, path: "/.well-known/openid-configuration" },
      ];
      change(number);
      const moment = randomInt(12_000);
      const { met, result } = await whileVisited(route, pages, { perSecond: 20 }, async () => {
        if (number % 2) await release(moment);
        else {
          const running = release();
          await pause(moment);
          await whole.inside("pkill -9 -f '[b]in/olympus-start' || true");
          await running;
        }
        return await release();
      });
      process.stderr.write(
        `${number % 2 ? "the command" : "its process on the machine"} after ${moment} ms: ${met.asked} asked, ${met.failed.length} failed, longest ${met.longest.toFixed(0)} ms\n`,
      );
      expect([moment, result.code, result.code && result.err]).toEqual([moment, 0, 0]);
      expect([moment, met.failed]).toEqual([moment, []]);
      expect(
        await whole.inside("sed -n 's/^RATE_LIMIT_LOGIN_EVENTS=//p' /opt/olympus/current/olympus.env"),
      ).toBe(String(1000 + number));
      await whole.healthy(60);
    },
  );

  test("podman-compose up -d with another sender's name, which is what one would do instead, turns visitors away", async () => {
    const { env, route } = whole;
    const pages = [
      { host: env.hosts.ciam, path: "/login" },
      { host: env.hosts.ciamOauth, path: "/.well-known/openid-configuration" },
    ];
    const { met } = await whileVisited(route, pages, { perSecond: 20 }, () =>
      whole.inside(
        [
          "cd /opt/olympus/current",
          "sed 's/^EMAIL_FROM_NAME=.*/EMAIL_FROM_NAME=Other/' /run/olympus/compose.env >/tmp/compose.env",
          "podman-compose --env-file /tmp/compose.env up -d >/dev/null 2>&1 || true",
          "sleep 5",
        ].join("\n"),
      ),
    );
    await whole.inside("systemctl restart olympus.service");
    process.stderr.write(`podman-compose up -d: ${met.failed.length} of ${met.asked} failed\n`);
    expect(met.failed.length).toBeGreaterThan(0);
  });
});
