import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MAILPIT, SecretsFixture } from "./secrets-fixture.ts";

describe("olympus secrets rotate and edit, with the real sops and age", { timeout: 60_000 }, () => {
  const place = new SecretsFixture();
  beforeAll(async () => {
    await place.prepare();
    await place.initBoth();
  }, 600_000);
  afterAll(() => place.remove());

  test("the wrong world is refused on both", async () => {
    const toProd = await place.run(
      ["rotate", "prod", "SMTP_CONNECTION_URI", "--from", "-"],
      `SMTP_CONNECTION_URI: ${MAILPIT}\n`,
    );
    expect(toProd.exitCode).toBe(1);
    expect(toProd.said).toContain("prod serves real people");
    const toStaging = await place.run(
      ["rotate", "staging", "SMTP_CONNECTION_URI", "--from", "-"],
      "SMTP_CONNECTION_URI: smtp://u:hunter2@smtp.example.com:587/\n",
    );
    expect(toStaging.exitCode).toBe(1);
    expect(toStaging.said).toContain("staging is a non-production environment");
    expect(toStaging.said).not.toContain("hunter2");
  });

  test.each([
    ["CIAM_HYDRA_PAIRWISE_SALT", "never rotated"],
    ["IAM_KRATOS_SECRET_CIPHER", "never rotated"],
    ["ENCRYPTION_KEY", "never rotated"],
    ["ADMIN_PASSWORD", "at the first start"],
    ["POSTGRES_SUPERUSER_PASSWORD", "nothing asks for it"],
    ["NO_SUCH_KEY", "no such key"],
  ])("rotate refuses %s and says why", async (key, reason) => {
    const before = place.text("staging");
    const { exitCode, said } = await place.run(["rotate", "staging", key]);
    expect([exitCode, place.text("staging")]).toEqual([1, before]);
    expect(said).toContain(reason);
  });

  test("rotate puts a new cookie secret before the old one", async () => {
    const before = place.values("staging");
    expect((await place.run(["rotate", "staging", "CIAM_KRATOS_SECRET_COOKIE"])).exitCode).toBe(0);
    const after = place.values("staging");
    const [first, second] = (after.CIAM_KRATOS_SECRET_COOKIE ?? "").split(",");
    expect(second).toBe(before.CIAM_KRATOS_SECRET_COOKIE);
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect({ ...after, CIAM_KRATOS_SECRET_COOKIE: "" }).toEqual({
      ...before,
      CIAM_KRATOS_SECRET_COOKIE: "",
    });
  });

  test("rotate replaces a password, and Postgres's certificates as one", async () => {
    const before = place.values("staging");
    expect((await place.run(["rotate", "staging", "CIAM_KRATOS_DB_PASSWORD"])).exitCode).toBe(0);
    expect((await place.run(["rotate", "staging", "POSTGRES_TLS_CERTIFICATE"])).exitCode).toBe(0);
    const after = place.values("staging");
    const changed = Object.keys(after).filter((key) => after[key] !== before[key]);
    expect(changed.sort()).toEqual([
      "CIAM_KRATOS_DB_PASSWORD",
      "POSTGRES_TLS_CA",
      "POSTGRES_TLS_CERTIFICATE",
      "POSTGRES_TLS_KEY",
    ]);
    expect((await place.run(["check", "staging"])).exitCode).toBe(0);
  });

  test("a value that somebody copied from prod by hand is caught once it is fingerprinted, and before", async () => {
    const before = place.text("staging");
    place.setByHand("staging", "IAM_HYDRA_PAIRWISE_SALT", place.values("prod").IAM_HYDRA_PAIRWISE_SALT ?? "");
    expect((await place.run(["check", "staging"])).said).toContain("(fingerprints): those of earlier values");
    expect((await place.run(["edit", "staging"], "", { EDITOR: "touch" })).exitCode).toBe(0);
    const { exitCode, said } = await place.run(["check", "staging"]);
    expect(exitCode).toBe(1);
    expect(said).toMatch(/IAM_HYDRA_PAIRWISE_SALT: the value of IAM_HYDRA_PAIRWISE_SALT of \w+/);
    writeFileSync(place.path("staging"), before);
  });

  test("edit keeps a sound change and refuses another", async () => {
    const editor = (expression: string) => ({ EDITOR: `sed -i ${expression}` });
    expect(
      (await place.run(["edit", "staging"], "", editor("s/staging-deadman/edited-deadman/"))).exitCode,
    ).toBe(0);
    expect(place.values("staging").DEADMAN_URL).toContain("edited-deadman");
    const before = place.text("staging");
    const { exitCode, said } = await place.run(
      ["edit", "staging"],
      "",
      editor("s/^CIAM_KRATOS_SECRET_CIPHER:.*/CIAM_KRATOS_SECRET_CIPHER:\\ short/"),
    );
    expect([exitCode, place.text("staging")]).toEqual([1, before]);
    expect(said).toContain("5 characters that do not match");
    expect((await place.run(["check", "staging"])).exitCode).toBe(0);
  });

  test("a file that was tampered with is not read", async () => {
    const before = place.text("staging");
    const [, value] = /^IAM_KRATOS_DB_PASSWORD: (.*)$/m.exec(before) ?? [];
    writeFileSync(
      place.path("staging"),
      before.replace(/^IAM_HYDRA_DB_PASSWORD: .*$/m, `IAM_HYDRA_DB_PASSWORD: ${value}`),
    );
    expect((await place.run(["check", "staging"])).exitCode).toBe(1);
    writeFileSync(place.path("staging"), before);
  });

  test("a value that somebody wrote in clear is named and not repeated", async () => {
    const before = place.text("staging");
    writeFileSync(
      place.path("staging"),
      before.replace(/^DEADMAN_URL: .*$/m, "DEADMAN_URL: hunter2-in-clear"),
    );
    for (const args of [
      ["check", "staging"],
      ["rotate", "staging", "SESSION_SIGNING_KEY"],
    ]) {
      const { exitCode, said } = await place.run(args);
      expect(exitCode).toBe(1);
      expect(said).toContain("a plaintext value");
      expect(said).not.toContain("hunter2");
    }
    writeFileSync(place.path("staging"), before);
  });

  test("what the editor opens is for nobody else, and gone when it has ended", async () => {
    const note = join(place.root, "note");
    const editor = `sh -c 'stat -c "%n %a" "$1" "$(dirname "$1")/.." >${note}' --`;
    expect((await place.run(["edit", "staging"], "", { EDITOR: editor })).exitCode).toBe(0);
    const [file = "", folder = ""] = readFileSync(note, "utf8").split("\n");
    expect(file).toMatch(/^\/dev\/shm\/olympus-secrets-.* 600$/);
    expect(folder).toMatch(/ 700$/);
    expect(existsSync(file.split(" ")[0] ?? "")).toBe(false);
    expect(readdirSync("/dev/shm").filter((name) => name.startsWith("olympus-secrets-"))).toEqual([]);
  });

  test("a kill in the middle leaves the old file whole, and the next run sweeps", async () => {
    const before = place.text("staging");
    const running = place.start(["rotate", "staging", "CIAM_KRATOS_DB_PASSWORD"], "", {
      SLOW: "set",
      SLOW_MARK: place.slowMark,
    });
    while (!existsSync(place.slowMark)) await sleep(20);
    process.kill(-(running.pid ?? 0), "SIGKILL");
    await running;
    rmSync(place.slowMark);
    expect(place.text("staging")).toBe(before);
    expect(place.files().some((file) => file.startsWith("."))).toBe(true);
    expect((await place.run(["rotate", "staging", "CIAM_KRATOS_DB_PASSWORD"])).exitCode).toBe(0);
    expect(place.files()).toEqual(["prod.yaml", "staging.yaml"]);
  });

  test("what somebody else writes meanwhile is not overwritten", async () => {
    const running = place.start(["edit", "staging"], "", {
      EDITOR: 'sh -c \'echo >"$SLOW_MARK"; sleep 3; sed -i s/edited-deadman/mine-deadman/ "$1"\' --',
      SLOW_MARK: place.slowMark,
    });
    while (!existsSync(place.slowMark)) await sleep(20);
    rmSync(place.slowMark);
    expect((await place.run(["rotate", "staging", "SESSION_SIGNING_KEY"])).exitCode).toBe(0);
    const theirs = place.text("staging");
    const { exitCode, all } = await running;
    expect(exitCode).toBe(1);
    expect(all).toContain("was changed in the meantime");
    expect(place.text("staging")).toBe(theirs);
  });

  test("nothing secret was printed, or given to a program as argument or environment", async () => {
    const secrets = place.everySecret();
    // The watch itself works: it sees an argument and a variable.
    const control = ["--version", "--disable-version-check", "planted-argument"];
    await execa(join(place.root, "bin", "sops"), control, { env: { PLANTED: "planted-variable" } });
    const calls = readFileSync(place.calls, "utf8");
    expect(secrets.length).toBeGreaterThan(50);
    expect(calls).toContain("planted-argument");
    expect(calls).toContain("planted-variable");
    const watched = [place.output, calls, ...place.seen];
    expect(place.seen.size).toBeGreaterThan(20);
    const leaked = secrets.filter((secret) => watched.some((text) => text.includes(secret)));
    expect(leaked.length).toBe(0);
    const files = place.files().map((file) => readFileSync(join(place.root, "secrets", file), "utf8"));
    expect(secrets.some((secret) => files.some((text) => text.includes(secret)))).toBe(false);
  });
});
