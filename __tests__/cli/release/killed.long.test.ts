import { afterAll, beforeAll, describe, test } from "vitest";
import { skipWithout } from "../../sandbox/machines/tools.ts";
import { killAndRepeat, rollBackAndForth } from "./killed.ts";
import { type Host, RELEASE_TOOLS, startHost } from "./machine.ts";
import { expectServed } from "./state.ts";

describe.skipIf(skipWithout(RELEASE_TOOLS))("killed at many random moments", () => {
  let host: Host;
  beforeAll(async () => {
    host = await startHost();
    await host.release("first", "good");
    await expectServed(host, "first");
  });
  afterAll(async () => {
    await host?.stop();
  });

  test("20 releases: the next one ends as an undisturbed one does", async () => {
    for (let round = 1; round <= 4; round += 1) await killAndRepeat(host, 5);
  });

  test("20 rollbacks: each, run again, ends as an undisturbed one does", () => rollBackAndForth(host, 20));
});
