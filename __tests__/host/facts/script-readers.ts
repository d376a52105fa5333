import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { namedVariable } from "../../../lib/process-env.ts";
import type { Exchange } from "../../facts/exchanges.ts";
import { factsOf, mutantsOf, type Way } from "../../facts/mutants.ts";
import { createSecretValues, plainValues, writeConfig } from "../bundle/values.ts";
import { type RecordedServer, startRecordedServer } from "./recorded-server.ts";

/** Scripts of the machine, with recorded programs in the place of Kratos and Hydra. */
export interface ScriptFixture {
  /** Folder of the configuration, `config`, and of all that a script writes. */
  readonly folder: string;
  readonly server: RecordedServer;
  run(
    script: string,
    args?: readonly string[],
    env?: Record<string, string>,
  ): Promise<{ exitCode: number; stdout: string }>;
  close(): Promise<void>;
}

/** What chance decides in olympus-logins: 1 of that many does it. */
const CHANCES = { MISTYPES: "1-4", REFRESHES: "1-3", LEAVES: "1-2" };

export async function openScripts(): Promise<ScriptFixture> {
  const folder = mkdtempSync(join(tmpdir(), "olympus-answers-"));
  const server = await startRecordedServer();
  for (const name of ["config", "run", "data", "bin"]) mkdirSync(join(folder, name));
  const password = "a-Long-and-rare-1";
  const secrets = { SYNTHETIC_LOGIN_PASSWORD: password, SYNTHETIC_PASSWORD: password };
  writeConfig(join(folder, "config"), plainValues(), createSecretValues(secrets));
  const cases = Object.entries(CHANCES).map(([name, range]) => `"-n 1 -i ${range}") echo "$${name}" ;;`);
  const shuf = `#!/bin/sh\ncase "$*" in ${cases.join(" ")} *) exec /usr/bin/shuf "$@" ;; esac\n`;
  writeFileSync(join(folder, "bin/shuf"), shuf, { mode: 0o755 });
  const places = { OLYMPUS_CONFIG: "config", OLYMPUS_RUN: "run", OLYMPUS_DATA: "data" };
  const programs = ["CIAM", "IAM"].flatMap((domain) =>
    ["PUBLIC", "KRATOS", "KRATOS_ADMIN", "HYDRA", "HYDRA_ADMIN", "HYDRA_PUBLIC"].map((name) => [
      `OLYMPUS_${domain}_${name}`,
      server.url,
    ]),
  );
  return {
    folder,
    server,
    async run(script, args = [], env = {}) {
      const { exitCode = 1, stdout } = await execa(join("host/release/bin", script), args, {
        reject: false,
        env: {
          ...Object.fromEntries(Object.entries(places).map(([name, place]) => [name, join(folder, place)])),
          ...Object.fromEntries(programs),
          PATH: `${join(folder, "bin")}:${namedVariable("PATH")}`,
          // Nobody mistypes, nobody asks for tokens, everybody logs out.
          ...{ MISTYPES: "4", REFRESHES: "3", LEAVES: "1", ...env },
        },
      });
      return { exitCode, stdout };
    },
    async close() {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface ScriptReader {
  readonly name: string;
  readonly of: () => readonly Exchange[];
  /** Answers that it needs as well, of another program or about something else. */
  readonly beside?: readonly Exchange[];
  readonly read: () => Promise<unknown>;
  readonly outcome: unknown;
  /** Facts that it uses of each of them. */
  readonly uses: readonly (readonly string[])[];
}

/** Each fact that a script reads is changed by itself, and it must notice; all others are changed at once, and it must not. */
export function testScriptReaders(readers: readonly ScriptReader[], fixture: () => ScriptFixture): void {
  describe.each(readers)("$name", ({ of, beside = [], read, outcome, uses }) => {
    const isUsed = (i: number, way: Way) => uses[i]?.includes(way.join("."));
    const played = async (exchanges: readonly Exchange[]) => {
      fixture().server.play([...exchanges, ...beside]);
      return read();
    };

    it("reads the recorded answers", async () => {
      expect(await played(of())).toEqual(outcome);
    });

    it("notices each fact that it uses", async () => {
      for (const [i, one] of of().entries())
        for (const way of factsOf(one).filter((fact) => isUsed(i, fact))) {
          let isNoticed = false;
          for (const mutant of mutantsOf(one, way))
            isNoticed ||= JSON.stringify(await played(of().with(i, mutant))) !== JSON.stringify(outcome);
          expect(isNoticed, `${one.name}: ${way}`).toBe(true);
        }
    });

    it("uses no other fact", async () => {
      const changed = of().map((one, i) =>
        factsOf(one)
          .filter((way) => !isUsed(i, way))
          .reduce((all, way) => mutantsOf(all, way)[0] ?? all, one),
      );
      expect(await played(changed)).toEqual(outcome);
    });
  });
}
