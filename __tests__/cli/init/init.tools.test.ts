import { mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { childEnvironment } from "../../../lib/process-env.ts";
import { InitFixture, snapshot } from "./init-fixture.ts";
import { OWN, ownText } from "./own-answers.ts";

describe.sequential("init --from, in a checkout on its first day", () => {
  const place = new InitFixture();
  afterAll(() => place.remove());
  const init = (...args: string[]) => place.run(["init", ...args]);
  let before: Record<string, string> = {};
  beforeAll(() => {
    place.write("own.yaml", ownText());
    before = snapshot(place.root);
  });

  test.each([
    ["without a terminal or a file", [], "There is no terminal to ask at"],
    ["from a file that is not there", ["--from", "nowhere.yaml"], "nowhere.yaml cannot be read (ENOENT)"],
    ["without leave", ["--from", "own.yaml"], "With --yes it is put in place"],
  ])("%s nothing is written", async (_, args, said) => {
    const { exitCode, all } = await init(...args);
    expect(all).toContain(said);
    expect(all).toContain("Nothing was written");
    expect([exitCode, snapshot(place.root)]).toEqual([1, before]);
  });

  test("answers that the configuration takes and no synth does are refused with what synth says", async () => {
    // Two architectures: a rule of synth, which no schema knows.
    const [prod] = [{ ...OWN.environments.prod, hostType: "cpx32" }];
    const text = ownText({ environments: { ...OWN.environments, prod } });
    const { exitCode, all } = await place.run(["init", "--from", "-", "--yes"], text);
    expect(all).toMatch(/architecture/);
    expect(all).toContain("the checkout is as it was");
    expect([exitCode, snapshot(place.root)]).toEqual([1, before]);
  });

  test("a value that a file computes is not written over in silence", async () => {
    const text = place.read("config/prod.ts");
    place.edit("config/prod.ts", /^\};$/m, '};\n(prod as { domain: string }).domain = "elsewhere.com";');
    const { exitCode, all } = await init("--from", "own.yaml", "--yes");
    expect(all).toContain("would not say what was answered");
    place.write("config/prod.ts", text);
    expect([exitCode, snapshot(place.root)]).toEqual([1, before]);
  });

  test("own answers are shown as a diff, without a key, and put in place", async () => {
    const { exitCode, all } = await init("--from", "own.yaml", "--yes");
    expect(all).toContain('-   domain: "your-app.com",\n+   domain: "acme.co.uk",');
    expect(all).not.toMatch(/PRIVATE KEY|AGE-SECRET-KEY/);
    expect(all).toContain(`Back up ${place.ageKey}`);
    expect(exitCode).toBe(0);
    expect(readdirSync(join(place.root, "config", "csr")).sort()).toEqual([
      "acme.co.uk.csr",
      "staging.acme.co.uk.csr",
    ]);
    for (const file of [".secrets/acme.co.uk.key", ".secrets/staging.acme.co.uk.key", ".home/age/keys.txt"])
      expect(statSync(join(place.root, file)).mode & 0o777, file).toBe(0o600);
    const [, recipient] = /public key: (\S+)/.exec(place.read(".home/age/keys.txt")) ?? [];
    expect(parse(place.read(".sops.yaml"))).toEqual({
      creation_rules: ["prod", "staging"].map((name) => ({
        path_regex: `^secrets/${name}\\.yaml$`,
        age: [recipient],
      })),
    });
    const { stdout } = await execa(
      "npx",
      [
        "biome",
        "format",
        ...["base", "prod", "staging"].map((name) => join(place.root, "config", `${name}.ts`)),
      ],
      { reject: false },
    );
    expect(stdout).not.toContain("Formatter would have printed");
  });

  test("it has no value of the example left, and is a mirror", async () => {
    const { stdout, exitCode } = await place.run(["parity"]);
    expect(stdout).toContain("acme.co.uk");
    expect(exitCode).toBe(0);
    // With a token at hand, the example would be refused.
    const { all } = await place.run(["main.ts"], "", { HCLOUD_TOKEN: "t" });
    expect(all).not.toContain("shipped example");
  });

  test("the same answers again, and those of --answers, change nothing", async () => {
    const there = snapshot(place.root);
    for (const text of [ownText(), "{}", (await init("--answers")).stdout]) {
      const { all, exitCode } = await place.run(["init", "--from", "-", "--yes"], text);
      expect([all, exitCode]).toEqual(["The checkout says all of this already: nothing was changed.", 0]);
    }
    expect(snapshot(place.root)).toEqual(there);
  });

  test("while an earlier run has not ended nothing is synthesized, and init ends it", async () => {
    const next = place.read("config/prod.ts").replace("cax21", "cax31");
    mkdirSync(join(place.root, ".init"));
    place.write(".init/0", next);
    place.write(".init/files.json", JSON.stringify([{ file: "config/prod.ts", mode: 0o644, content: "0" }]));
    const refused = await place.run(["main.ts"]);
    expect(refused.all).toContain("run `./olympus init`: it asks nothing");
    expect(refused.exitCode).toBe(1);
    expect((await init("--answers")).exitCode).toBe(1);
    const { all, exitCode } = await init();
    expect(all).toContain("is in place now:\n  config/prod.ts");
    expect([exitCode, place.read("config/prod.ts")]).toEqual([0, next]);
    expect((await place.run(["main.ts"])).exitCode).toBe(0);
  });

  test("staging is deployed to the sandbox with them", async () => {
    const folder = join(place.root, ".sandbox");
    const env = childEnvironment({ OLYMPUS_SANDBOX_DIR: folder, CI: "1", ENV: "staging" });
    const options = {
      cwd: place.root,
      env,
      extendEnv: false,
      reject: false,
      all: true,
      stdin: "ignore",
    } as const;
    const { exitCode, all } = await execa("bash", ["scripts/provision.sh", "--sandbox"], options);
    await execa("node", ["scripts/run.mjs", "sandbox", "down"], options);
    expect(exitCode, all?.slice(-3000)).toBe(0);
    expect(all).toContain("staging-ciam.acme.co.uk");
  });
});
