import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { adminLogin } from "../../../cli/provision/sandbox/admin-login.ts";
import { bundleHash } from "../../../cli/release/contents.ts";
import type { MachineState, ResumeReport } from "../../../cli/staging/night/machine.ts";
import { skipWithout } from "../../sandbox/machines/tools.ts";
import {
  ENVIRONMENT_TOOLS,
  type EnvironmentUnderTest,
  startEnvironment,
} from "../whole/environment-under-test.ts";

const OPERATE = ["scripts/run.mjs", "__tests__/host/night/call-machine.ts", "staging"];
const KRATOS = "http://127.0.0.1:3101/admin/identities";
const PERSON = JSON.stringify({ schema_id: "default", traits: { email: "sleeps@example.com" } });
const KILLS = 4;
const REST_MS = 25_000;

describe.skipIf(skipWithout([...ENVIRONMENT_TOOLS, "e2fsck"]))("a night on a real machine", () => {
  let whole: EnvironmentUnderTest;
  beforeAll(async () => {
    ({ whole } = await startEnvironment());
  });
  afterAll(async () => {
    await whole?.stop();
  });

  const ask = async <T>(what: string): Promise<T> => {
    const { code, out, err } = await whole.run("node", [...OPERATE, what]);
    expect(code, err).toBe(0);
    return JSON.parse(out) as T;
  };
  const look = () => ask<MachineState>("look");
  const hostKey = () => whole.inside("cut -d' ' -f2 /etc/ssh/ssh_host_ed25519_key.pub");
  const releases = () => whole.inside("cd /opt/olympus; ls releases; cut -d' ' -f1 history | sort -u");
  const logIn = async (): Promise<void> => {
    const { env, route, secrets } = whole;
    expect(await adminLogin(env, route, secrets.ADMIN_PASSWORD ?? "")).toBeGreaterThan(0);
  };
  const deleteServer = async (): Promise<void> => {
    const stack = `-chdir=${whole.folder}/cdktf.out/stacks/${whole.env.name}`;
    const list = (await whole.run("terraform", [stack, "state", "list"])).out;
    const [server = ""] = list.match(/^hcloud_server\..*$/m) ?? [];
    const words = ["apply", "-auto-approve", "-input=false", "-no-color", `-replace=${server}`];
    const replaced = await whole.run("terraform", [stack, ...words]);
    expect(replaced.code, replaced.err).toBe(0);
  };

  test("serves, and says what", async () => {
    const release = await whole.inside("basename $(readlink /opt/olympus/current)");
    const contents = bundleHash(whole.env);
    expect(await look()).toEqual({ is: "serving", release, contents, problems: [] });
  });

  test("stays awake for once when somebody asks for it", async () => {
    const until = new Date(Date.now() + 86_400_000).toISOString().replace(/\.\d+/, "");
    expect((await whole.olympus(["awake", "staging", "--until", until])).code).toBe(0);
    expect(new Date((await look()).awakeUntil ?? 0)).toEqual(new Date(until));
    expect((await whole.olympus(["awake", "staging", "--clear"])).code).toBe(0);
    expect((await look()).awakeUntil).toBeUndefined();
  });

  test("a rest whose machine was kept ends where it began", async () => {
    const { release } = await look();
    await ask("rest");
    expect(await look()).toMatchObject({ is: "resting", release, problems: [] });
    // Asked again, as after a kill: nothing to do.
    await ask("rest");
    expect(await ask<ResumeReport>("resume")).toMatchObject({ release, differences: [] });
    expect((await look()).is).toBe("serving");
    await logIn();
  });

  test("a rest that cannot end leaves Olympus serving, and says why", async () => {
    await whole.inside("systemd-run -q --unit=squatter --working-directory=/mnt/olympus-data sleep infinity");
    const { code, err } = await whole.run("node", [...OPERATE, "rest"]);
    expect(code).toBe(1);
    expect(err).toContain("/mnt/olympus-data is still in use");
    await whole.inside("systemctl stop squatter");
    await whole.healthy(300);
    expect((await look()).is).toBe("serving");
  });

  test("a machine made anew rises with the key, the release and the data of the one before it", async () => {
    const id = JSON.parse(
      await whole.inside(`curl -sS -H 'content-type: application/json' -d '${PERSON}' ${KRATOS}`),
    ).id;
    const before = [await hostKey(), await releases()];
    const machineId = await whole.inside("cat /etc/machine-id");
    const { release, contents } = await look();
    const snapshot = await ask<string>("backup");
    await ask("rest");
    await deleteServer();
    const awake = await ask<ResumeReport>("rise");
    process.stderr.write(`rose: ${awake.took.map(([step, ms]) => `${step} ${ms} ms`).join(", ")}\n`);
    expect(awake).toMatchObject({ release, differences: [], snapshot });
    expect(await whole.inside("cat /etc/machine-id")).not.toBe(machineId);
    expect([await hostKey(), await releases()]).toEqual(before);
    expect(await look()).toEqual({ is: "serving", release, contents, problems: [] });
    expect(await whole.inside(`curl -sS -o /dev/null -w '%{http_code}' ${KRATOS}/${id}`)).toBe("200");
    await logIn();
    // Asked again, as after a kill.
    expect(await ask<ResumeReport>("rise")).toMatchObject({ release, differences: [] });
  });

  test(`killed ${KILLS} times, on either side, a rest run again is whole`, async () => {
    let atWork = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const ms = Math.round(((kill + Math.random()) / KILLS) * REST_MS);
      // The operator's command alone, or the machine's own script with it.
      const killed = whole.run("node", [...OPERATE, "rest"], ms + 2000);
      if (kill % 2) {
        await new Promise((resolve) => setTimeout(resolve, ms));
        await whole.inside("pkill -KILL -x olympus-rest || true");
      }
      if ((await killed).code !== 0) atWork += 1;
      // Either it went on without its operator, or it is known for what it is.
      const { is, isCutShort } = await look();
      expect(["resting", "serving"].includes(is) || isCutShort, is).toBe(true);
      await ask("rest");
      expect((await look()).is).toBe("resting");
      expect(await ask<ResumeReport>("resume"), `killed after ${ms} ms`).toMatchObject({ differences: [] });
    }
    process.stderr.write(`${atWork} of ${KILLS} were still at work\n`);
    expect(atWork).toBeGreaterThan(KILLS / 2);
    await logIn();
  });
});
