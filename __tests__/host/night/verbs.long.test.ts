import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { adminLogin } from "../../../cli/provision/sandbox/admin-login.ts";
import { skipWithout } from "../../sandbox/machines/tools.ts";
import {
  ENVIRONMENT_TOOLS,
  type EnvironmentUnderTest,
  startEnvironment,
} from "../whole/environment-under-test.ts";

const SQL = "SELECT count(*), md5(string_agg(id::text, '' ORDER BY id)) FROM public.identities";
const PEOPLE = `podman exec --user postgres olympus-postgres psql -X -q -A -t -d ciam_kratos -c "${SQL}"`;
const KILLS = 6;

interface Project {
  readonly servers: readonly { readonly id: number }[];
  readonly volumes: readonly { readonly id: number; readonly server: number | null }[];
}

// The verbs as somebody types them: the real machine, ssh, Terraform, restic; the clouds are emulated.
describe
  .skipIf(skipWithout([...ENVIRONMENT_TOOLS, "e2fsck"]))
  .sequential("sleep and wake of a real machine", () => {
    let whole: EnvironmentUnderTest;
    let people = "";
    beforeAll(async () => {
      ({ whole } = await startEnvironment());
      people = await whole.inside(PEOPLE);
    });
    afterAll(async () => {
      await whole?.stop();
    });

    const clouds = async (): Promise<Project> => {
      const { out } = await whole.run("sh", [
        "-c",
        'curl -sS "$' + '{HCLOUD_ENDPOINT%/v1}/_sandbox/projects/staging"',
      ]);
      return JSON.parse(out) as Project;
    };
    const done = async (...words: string[]): Promise<Record<string, unknown>> => {
      const { code, out, err } = await whole.olympus([...words, "staging", "--json"]);
      expect(code, err).toBe(0);
      return JSON.parse(out) as Record<string, unknown>;
    };
    const serves = async (): Promise<void> => {
      expect(await whole.inside(PEOPLE)).toBe(people);
      const { env, route, secrets } = whole;
      expect(await adminLogin(env, route, secrets.ADMIN_PASSWORD ?? "")).toBeGreaterThan(0);
    };

    test("a night: the server is gone and nothing else, the morning has the same data on another server", async () => {
      const [before] = (await clouds()).servers;
      expect(await done("sleep")).toMatchObject({
        is: "asleep",
        snapshot: expect.stringMatching(/^[0-9a-f]{8,}$/),
      });
      const asleep = await clouds();
      expect([asleep.servers, asleep.volumes.map(({ server }) => server)]).toEqual([[], [null]]);
      expect((await whole.olympus(["plan", "staging"])).code).toBe(0);

      const morning = await done("wake");
      process.stderr.write(`woke within ${morning.took} ms\n`);
      expect(morning).toMatchObject({ is: "new", awake: { differences: [] }, month: { servers: 2 } });
      expect((await clouds()).servers[0]?.id).not.toBe(before?.id);
      await serves();
    });

    test(`sleep, killed at ${KILLS} random moments, ends asleep when it is run again, and wakes with the same data`, async () => {
      const begin = Date.now();
      await done("sleep");
      const took = Date.now() - begin;
      await done("wake");
      let atWork = 0;
      for (let kill = 0; kill < KILLS; kill += 1) {
        const after = Math.round(((kill + Math.random()) / KILLS) * took);
        if ((await whole.olympus(["sleep", "staging"], after)).code !== 0) atWork += 1;
        const again = await whole.olympus(["sleep", "staging", "--json"]);
        expect([after, again.code, again.code ? again.err : ""]).toEqual([after, 0, ""]);
        expect([after, (await clouds()).servers]).toEqual([after, []]);
        expect(await done("wake")).toMatchObject({ awake: { differences: [] } });
        await serves();
      }
      process.stderr.write(`${atWork} of ${KILLS} were still at work\n`);
      expect(atWork).toBeGreaterThan(KILLS / 2);
    });
  });
