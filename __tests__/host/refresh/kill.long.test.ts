import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { simpleFaker } from "@faker-js/faker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { namedVariable } from "../../../lib/process-env.ts";
import { skipWithout } from "../../sandbox/machines/tools.ts";
import { addPeople, databases } from "../backup/backup-fixture.ts";
import { curlJson } from "../bundle/stack.ts";
import { identityDigest, query } from "../seed/seed-fixture.ts";
import {
  closeRefreshFixture,
  killSessions,
  openRefreshFixture,
  runRefresh,
  sendMail,
  startRefresh,
} from "./refresh-fixture.ts";

const KILLS = 10;
/** Twenty refreshes, on a computer that has other work too. */
const LIMIT_MS = 2_400_000;
/** The same number kills at the same shares of the work. */
const SEED = Number(namedVariable("OLYMPUS_KILL_SEED") ?? randomInt(2 ** 31));

/** All that a refresh leaves and that does not come from chance. */
const left = (listed: Awaited<ReturnType<typeof runRefresh>>) => ({
  ...{ leftovers: listed.leftovers, databases: databases(), people: identityDigest() },
  clients: listed.remains.clients,
  residents: listed.remains.strangers,
  codes: query("ciam_kratos", "SELECT count(*) FROM identity_recovery_codes WHERE used_at IS NULL"),
  mails: curlJson("http://127.0.0.1:8025/api/v1/messages").total,
});

describe.skipIf(skipWithout(["nsenter", "mmdebstrap", "go", "sshd", "iptables"]))("a refresh", () => {
  beforeAll(openRefreshFixture);
  afterAll(closeRefreshFixture);

  it(
    `killed at ${KILLS} random moments, ends as undisturbed when it is run again`,
    async () => {
      simpleFaker.seed(SEED);
      const began = Date.now();
      const undisturbed = await runRefresh();
      expect(undisturbed, undisturbed.stderr).toMatchObject({ exitCode: 0 });
      let whole = Date.now() - began;
      const expected = left(undisturbed);
      const kills: string[] = [];
      for (let i = 0; kills.length < KILLS; i++) {
        // Cruft, so that a run that did nothing would show.
        addPeople(1, 3);
        sendMail();
        const ms = Math.round(((kills.length + simpleFaker.number.float()) / KILLS) * whole);
        const begin = Date.now();
        const running = startRefresh();
        const ended = await Promise.race([running.then(() => true), sleep(ms).then(() => false)]);
        expect(i, "it is through before its moment, again and again").toBeLessThan(3 * KILLS);
        if (ended) {
          // This computer has become faster than it was.
          whole = Date.now() - begin;
          continue;
        }
        // The operator's computer alone, while the machine goes on; or all that the machine does for it as well.
        const isAll = kills.length % 2 === 1;
        running.kill("SIGKILL");
        if (isAll) killSessions();
        const step = (await running).stderr.trim().split("\n").at(-1) ?? "";
        kills.push(`${ms} ms of ${whole}${isAll ? ", the machine's part too" : ""}: ${step}`);
        process.stderr.write(`seed ${SEED}, killed at ${kills.at(-1)}\n`);
        const again = await runRefresh();
        expect(again, `seed ${SEED}, killed at ${kills.at(-1)}\n${again.stderr}`).toMatchObject({
          exitCode: 0,
        });
        expect(left(again), `seed ${SEED}, killed at ${kills.at(-1)}`).toEqual(expected);
      }
    },
    LIMIT_MS,
  );
});
