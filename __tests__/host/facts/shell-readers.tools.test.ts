import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { namedVariable } from "../../../lib/process-env.ts";
import { type Exchange, exchange, factsOf, mutantsOf } from "../../facts/exchanges.ts";
import { type RecordedKratos, startRecordedKratos } from "./recorded-kratos.ts";

// The scripts of the machine that log in, against what v26.2.0 answers. Each fact that a script reads is changed by itself,
// and the script must notice; all others are changed at once, and it must not.
const folder = mkdtempSync(join(tmpdir(), "olympus-answers-"));
let kratos: RecordedKratos;

beforeAll(async () => {
  kratos = await startRecordedKratos();
  for (const name of ["config", "run", "data", "bin"]) mkdirSync(join(folder, name));
  const secrets = "SYNTHETIC_LOGIN_PASSWORD=a-Long-and-rare-1\nSYNTHETIC_PASSWORD=a-Long-and-rare-1\n";
  writeFileSync(join(folder, "config/secrets.env"), secrets);
  // Chance is taken out: whether somebody mistypes is the test's, nobody asks for tokens, everybody logs out.
  const chance = `#!/bin/sh
case "$*" in "-n 1 -i 1-4") echo "$MISTYPES" ;; "-n 1 -i 1-3") echo 3 ;; "-n 1 -i 1-2") echo 1 ;; *) exec /usr/bin/shuf "$@" ;; esac
`;
  writeFileSync(join(folder, "bin/shuf"), chance, { mode: 0o755 });
});
afterAll(async () => {
  await kratos.close();
  rmSync(folder, { recursive: true, force: true });
});

const run = async (script: string, args: readonly string[], env: Record<string, string> = {}) => {
  const places = { OLYMPUS_CONFIG: "config", OLYMPUS_RUN: "run", OLYMPUS_DATA: "data" };
  const { exitCode, stdout } = await execa(join("host/release/bin", script), args, {
    reject: false,
    env: {
      ...Object.fromEntries(Object.entries(places).map(([name, place]) => [name, join(folder, place)])),
      ...{ OLYMPUS_CIAM_PUBLIC: kratos.url, OLYMPUS_IAM_PUBLIC: kratos.url },
      ...{ OLYMPUS_CIAM_KRATOS: kratos.url, OLYMPUS_CIAM_KRATOS_ADMIN: kratos.url },
      PATH: `${join(folder, "bin")}:${namedVariable("PATH")}`,
      ...env,
    },
  });
  return { exitCode, stdout };
};

const login = async () => {
  const { exitCode } = await run("olympus-synthetic-login", []);
  const metrics = readFileSync(join(folder, "run/metrics/synthetic-login.prom"), "utf8");
  return { exitCode, success: metrics.match(/success\{domain="\w+"\} \d/g)?.map((text) => text.at(-1)) };
};

/** What Kratos lists, with the metadata that the seed gives to somebody it makes; Kratos returns what it was given. */
const people = (): Exchange => {
  const [first] = exchange("list page").body as readonly Record<string, string>[];
  const metadata = { synthetic: { set: "people", seed: 42, index: 1 } };
  return {
    ...exchange("list page"),
    body: [{ ...first, metadata_admin: metadata }] as unknown as Exchange["body"],
  };
};
const hourly = (mistypes: boolean) =>
  run("olympus-logins", ["--fewest", "1", "--most", "1", "--within", "0"], {
    MISTYPES: mistypes ? "1" : "4",
  });

const LOGIN = ["login verified: flow", "login verified", "whoami by token", "logout by api"].map(exchange);
const STATUS = ["status"];

interface Reader {
  readonly name: string;
  readonly of: readonly Exchange[];
  readonly read: () => Promise<unknown>;
  readonly outcome: unknown;
  /** Facts that it uses of each of them. */
  readonly uses: readonly (readonly string[])[];
}

const READERS: readonly Reader[] = [
  {
    name: "olympus-synthetic-login",
    of: LOGIN,
    read: login,
    outcome: { exitCode: 0, success: ["1", "1"] },
    uses: [["status", "body.id"], ["status", "body.session_token"], STATUS, STATUS],
  },
  {
    name: "olympus-logins",
    of: [people(), ...LOGIN, exchange("login wrong password")],
    read: () => hourly(true),
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

describe.each(READERS)("$name", ({ of, read, outcome, uses }) => {
  const isUsed = (i: number, way: readonly (string | number)[]) => uses[i]?.includes(way.join("."));
  const played = async (exchanges: readonly Exchange[]) => {
    kratos.play(exchanges);
    return read();
  };

  it("reads the recorded answers", async () => {
    expect(await played(of)).toEqual(outcome);
  });

  it("notices each fact that it uses", async () => {
    for (const [i, one] of of.entries())
      for (const way of factsOf(one).filter((fact) => isUsed(i, fact))) {
        let isNoticed = false;
        for (const mutant of mutantsOf(one, way))
          isNoticed ||= JSON.stringify(await played(of.with(i, mutant))) !== JSON.stringify(outcome);
        expect(isNoticed, `${one.name}: ${way}`).toBe(true);
      }
  });

  it("uses no other fact", async () => {
    const changed = of.map((one, i) =>
      factsOf(one)
        .filter((way) => !isUsed(i, way))
        .reduce((all, way) => mutantsOf(all, way)[0] ?? all, one),
    );
    expect(await played(changed)).toEqual(outcome);
  });
});

it("olympus-logins says why an address that is not verified does not get in", async () => {
  const [begun] = LOGIN;
  kratos.play([people(), ...(begun ? [begun] : []), exchange("login unverified")]);
  const { exitCode, stdout } = await hourly(false);
  expect(exitCode).toBe(1);
  expect(stdout).toContain('could not log in: {"id":"session_verified_address_required"');
});
