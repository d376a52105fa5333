import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { secretKeys } from "../../../secrets/secret-keys.ts";
import { prodEnvironment, stagingEnvironment } from "../../secrets/values.ts";
import { MAILPIT, RELAY, SecretsFixture } from "./secrets-fixture.ts";

describe("olympus secrets, with the real sops and age", { timeout: 60_000 }, () => {
  const place = new SecretsFixture();
  beforeAll(async () => {
    await place.prepare();
  }, 600_000);
  afterAll(() => place.remove());

  const allHosts = Object.values(stagingEnvironment.hosts);
  const given = async (mark: string, hosts: readonly string[], mail: string) =>
    stringify(await place.provided(hosts, mark, mail));

  test("init without an age key says how to make one", async () => {
    const { exitCode, said } = await place.run(["init", "staging"], "", {
      SOPS_AGE_KEY_FILE: "/nonexistent/keys.txt",
    });
    expect([exitCode, place.files()]).toEqual([1, []]);
    expect(said).toContain("age-keygen -o");
  });

  test.each(["640", "604", "660"])("an age key of mode %s is refused", async (mode) => {
    chmodSync(place.keyFile, Number.parseInt(mode, 8));
    const { exitCode, said } = await place.run(["init", "staging"]);
    chmodSync(place.keyFile, 0o600);
    expect(readFileSync(join(place.root, ".sops.yaml"), "utf8")).toContain("creation_rules: []");
    expect([exitCode, place.files()]).toEqual([1, []]);
    expect(said).toContain("chmod 600");
  });

  test("without sops it says which to install", async () => {
    const { exitCode, said } = await place.run(["init", "staging"], "", {
      PATH: "/usr/bin:/bin",
      OLYMPUS_CACHE_DIR: join(place.root, "empty"),
    });
    expect(exitCode).toBe(1);
    expect(said).toMatch(/is not installed\. Install v[\d.]+ or later/);
  });

  test("init generates what it can, encrypts it for the operator and says what is still to come", async () => {
    // What providers gave may stand in the shell, or in the file of accounts; what is generated is taken from neither.
    const ofShell = {
      STRIPE_SECRET_KEY_STAGING: "sk_test_0123456789",
      ADMIN_PASSWORD_STAGING: "guessed-password",
    };
    const { exitCode, said } = await place.run(["init", "staging"], "", ofShell);
    expect(exitCode).toBe(0);
    expect(place.values("staging").STRIPE_SECRET_KEY).toBe(ofShell.STRIPE_SECRET_KEY_STAGING);
    expect(place.values("staging").ADMIN_PASSWORD).not.toBe(ofShell.ADMIN_PASSWORD_STAGING);
    expect(said).toContain("ORIGIN_TLS_KEY: still pending");
    const names = secretKeys().map(({ key }) => key);
    expect(Object.keys(place.values("staging")).sort()).toEqual([...names, "fingerprint_key"].sort());
    expect(place.values("staging").SMTP_CONNECTION_URI).toBe(MAILPIT);
    expect(readFileSync(join(place.root, ".sops.yaml"), "utf8")).toContain("secrets/staging");
  });

  test("a second init changes nothing, to the byte", async () => {
    const before = place.text("staging");
    expect((await place.run(["init", "staging"])).exitCode).toBe(0);
    expect(place.text("staging")).toBe(before);
  });

  test("init fills what was still to come and leaves every other line alone", async () => {
    const before = place.text("staging").split("\n");
    const { exitCode } = await place.run(
      ["init", "staging", "--from", "-"],
      await given("staging", allHosts, MAILPIT),
    );
    expect(exitCode).toBe(0);
    const kept = before.filter((line) => place.text("staging").includes(line));
    // Beside what was given: the place of the fingerprints, the date and the signature.
    const filled = Object.keys(await place.provided(allHosts, "staging", MAILPIT)).length;
    expect(before.length - kept.length).toBeLessThanOrEqual(filled + 3);
  });

  test("init does not replace a value: that is rotate's", async () => {
    const before = place.text("staging");
    const { exitCode, said } = await place.run(
      ["init", "staging", "--from", "-"],
      "DEADMAN_URL: https://hc-ping.test/other-address\n",
    );
    expect([exitCode, place.text("staging")]).toEqual([1, before]);
    expect(said).toContain("rotate staging");
  });

  test("a malformed value and an unknown key are refused before anything is written", async () => {
    const before = place.text("staging");
    place.setByHand("staging", "DEADMAN_URL", "pending");
    const pending = place.text("staging");
    for (const text of [
      "DEADMAN_URL: ftp://hunter2-hunter2\n",
      "STRIPE_KEY: hunter2-hunter2\n",
      "DEADMAN_URL: [hunter2-hunter2\n",
      "{DEADMAN_URL=https://x.test/hunter2-hunter2}\n",
    ]) {
      const { exitCode, said } = await place.run(["init", "staging", "--from", "-"], text);
      expect([exitCode, place.text("staging")]).toEqual([1, pending]);
      expect(said).not.toContain("hunter2");
    }
    writeFileSync(place.path("staging"), before);
  });

  test("a file of values that others can read is refused", async () => {
    const file = join(place.root, "given.yaml");
    writeFileSync(file, "DEADMAN_URL: https://hc-ping.test/hunter2-hunter2\n", { mode: 0o644 });
    const { exitCode, said } = await place.run(["init", "staging", "--from", file]);
    expect(exitCode).toBe(1);
    expect(said).toContain("has mode 0644");
  });

  test("one environment alone does not pass the check", async () => {
    const { exitCode, said } = await place.run(["check", "staging"]);
    expect(exitCode).toBe(1);
    expect(said).toContain("it is missing, and another environment has one (secrets/prod.yaml)");
  });

  test("prod and staging together pass it", async () => {
    const hosts = Object.values(prodEnvironment.hosts);
    expect(
      (await place.run(["init", "prod", "--from", "-"], await given("prod", hosts, RELAY))).exitCode,
    ).toBe(0);
    expect(await place.run(["check", "staging"])).toMatchObject({ exitCode: 0 });
    const checklist = await place.run(["providers", "staging"]);
    expect(checklist.exitCode).toBe(0);
    expect(checklist.stdout).toContain("/self-service/methods/oidc/callback/google");
    const { stdout } = await place.run(["check", "staging", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ environment: "staging", ok: true });
  });

  test("providers names what is of the wrong world or shared, and shows no value", async () => {
    const before = place.text("staging");
    const live = ["sk_live", "hunter2hunter2hunter2"].join("_");
    const clients = place.values("prod").CIAM_OIDC_PROVIDERS ?? "";
    place.setByHand("staging", "STRIPE_SECRET_KEY", live);
    place.setByHand("staging", "CIAM_OIDC_PROVIDERS", clients);
    // An editor that changes nothing of the values brings their fingerprints up to date; it refuses the wrong world.
    const refused = await place.run(["edit", "staging"], "", { EDITOR: "touch" });
    expect(refused.exitCode).toBe(1);
    expect(refused.said).toContain("staging is a non-production environment");
    place.setByHand("staging", "STRIPE_SECRET_KEY", "off");
    await place.run(["edit", "staging"], "", { EDITOR: "touch" });
    place.setByHand("staging", "STRIPE_SECRET_KEY", live);
    const { exitCode, stdout, said } = await place.run(["providers", "staging", "--json"]);
    expect(exitCode).toBe(1);
    const { items } = JSON.parse(stdout) as { items: { provider: string; state: string }[] };
    const open = items.filter(({ state }) => state === "to do").map(({ provider }) => provider);
    expect(open).toEqual(["Google", "Apple", "Stripe"]);
    expect(said).toMatch(/the value of CIAM_OIDC_PROVIDERS google client_id of prod/);
    for (const secret of [live, ...clients.split(/[",:{}[\]]+/).filter((part) => part.startsWith("prod-"))])
      expect(said.includes(secret)).toBe(false);
    writeFileSync(place.path("staging"), before);
  });

  test("without the age key providers still says what to register", async () => {
    const { exitCode, stdout } = await place.run(["providers", "staging"], "", {
      SOPS_AGE_KEY_FILE: "/nonexistent/keys.txt",
    });
    expect(exitCode).toBe(1);
    expect(stdout).toContain("/self-service/methods/oidc/callback/apple");
    expect(stdout).toContain("[unknown]");
  });
});
