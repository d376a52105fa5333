import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { KRATOS } from "../../facts/exchanges.ts";
import { LOGIN, somebody } from "./people-answers.ts";
import { openScripts, type ScriptFixture, type ScriptReader, testScriptReaders } from "./script-readers.ts";

// The scripts of the machine that log in, against what v26.2.0 of Kratos answers.
let scripts: ScriptFixture;
beforeAll(async () => {
  scripts = await openScripts();
});
afterAll(() => scripts.close());

const login = async () => {
  const { exitCode } = await scripts.run("olympus-synthetic-login");
  const metrics = readFileSync(join(scripts.folder, "run/metrics/synthetic-login.prom"), "utf8");
  return { exitCode, success: metrics.match(/success\{domain="\w+"\} \d/g)?.map((text) => text.at(-1)) };
};
const hourly = (MISTYPES: string) =>
  scripts.run("olympus-logins", ["--fewest", "1", "--most", "1", "--within", "0"], { MISTYPES });

const STATUS = ["status"];

const READERS: readonly ScriptReader[] = [
  {
    name: "olympus-synthetic-login",
    of: () => LOGIN,
    read: login,
    outcome: { exitCode: 0, success: ["1", "1"] },
    uses: [["status", "body.id"], ["status", "body.session_token"], STATUS, STATUS],
  },
  {
    name: "olympus-logins",
    of: () => [somebody(), ...LOGIN, KRATOS.exchange("login wrong password")],
    read: () => hourly("1"),
    outcome: {
      exitCode: 0,
      stdout: "1 logins, 1 wrong passwords, 0 tokens refreshed, 1 logged out, 0 failed",
    },
    uses: [
      ["status", "body.0.state", "body.0.metadata_admin.synthetic.set"],
      ["status", "body.id"],
      STATUS,
      STATUS,
      STATUS,
      STATUS,
    ],
  },
];
testScriptReaders(READERS, () => scripts);

it("olympus-logins says why an address that is not verified does not get in", async () => {
  const [begun] = LOGIN;
  scripts.server.play([somebody(), ...(begun ? [begun] : []), KRATOS.exchange("login unverified")]);
  const { exitCode, stdout } = await hourly("4");
  expect(exitCode).toBe(1);
  expect(stdout).toContain('could not log in: {"id":"session_verified_address_required"');
});
