import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { ENVIRONMENT_TOOLS } from "../host/whole/environment-under-test.ts";
import { skipWithout } from "../sandbox/machines/tools.ts";
import { OWN_VALUES, standIns, valuesIn } from "./answers.ts";
import { BOOKS, Company, GITHUB_TOKEN, type RoadResult } from "./company.ts";
import { merge } from "./merge.ts";
import { forEnvironment, isForEach, type RoadStep, roadSteps } from "./page.ts";
import { byHand, head } from "./record.ts";
import { Transcript } from "./transcript.ts";
import { ON_MACHINES, TYPED } from "./walk.ts";

const PATIENCE_MS = 2_400_000;
const ENVIRONMENTS = ["staging", "prod"];

describe.skipIf(skipWithout(BOOKS ? ["terraform", "gh"] : [...ENVIRONMENT_TOOLS, "gh"]))(
  "the road",
  { timeout: PATIENCE_MS },
  () => {
    const company = new Company();
    const record = new Transcript();
    beforeAll(() => company.start(), PATIENCE_MS);
    afterAll(() => company.stop(), PATIENCE_MS);

    const inClone = async (...words: string[]): Promise<string> => {
      const { all = "", exitCode } = await company.inside(["__tests__/road/inside.ts", ...words]);
      expect(exitCode, all).toBe(0);
      return all.trim().split("\n").at(-1) ?? "";
    };

    /** What a person has at hand before a command: pages that were visited, files that they wrote. */
    const BEFORE: Readonly<Record<string, () => Promise<void>>> = {
      "./olympus init": async () => {
        await company.type("gh auth login --with-token", { input: GITHUB_TOKEN });
        await company.openAccounts();
        const answers = { ...standIns(company.store.endpoint), ...OWN_VALUES };
        writeFileSync(join(company.home, "answers.yaml"), stringify(answers));
        await execa("cp", [join(company.clouds, "terraform.lock.hcl"), join(company.clone, "config")]);
      },
      "./olympus doctor --fix --reviewer <login>": async () => {
        await company.openAccounts();
        const files: [string, string][] = [];
        for (const name of ENVIRONMENTS) files.push([name, await inClone("accounts", name)]);
        company.keepAccounts(Object.fromEntries(files));
      },
    };
    /** What a person does with what a command has shown. */
    const AFTER: Readonly<Record<string, (name: string, output: string) => Promise<void>>> = {
      "git clone <your copy> olympus-infra && cd olympus-infra": async () => {
        const begin = Date.now();
        const { code, out } = await company.type("ENV=staging ./scripts/provision.sh --sandbox");
        expect(code, out).toBe(0);
        const seconds = ((Date.now() - begin) / 1000).toFixed(0);
        record.note(
          `tried out before: ENV=staging ./scripts/provision.sh --sandbox, packages installed, ${seconds} s`,
        );
        await company.type("./olympus sandbox reset");
      },
      "./olympus apply staging": async (name, output) => {
        const password = /password +(\S+)/.exec(output)?.[1] ?? "";
        record.hide(password, "••••••••");
        const known = readFileSync(join(company.clone, ".secrets", `known_hosts.${name}`), "utf8");
        const address = known.split(" ")[0] ?? "";
        const { all = "", exitCode } = await company.inside(
          ["__tests__/road/inside.ts", "login", name, address],
          password,
        );
        expect(exitCode, all).toBe(0);
        record.note(`in a browser of the office: ${all.trim().split("\n").at(-1)}`);
      },
    };

    /** At a terminal, where a person says yes to the plans, and to the host key once the console shows the same. */
    const atTerminal = (typed: string, name: string): Promise<RoadResult> =>
      company.converse(typed, async (question, shown) => {
        if (!question.startsWith("Compare")) return "y";
        const key = await inClone("host-key", name);
        return shown.includes(`shows the host key ${key}`) ? "y" : "n";
      });

    async function run(command: string, typed: string, number: number, name: string): Promise<void> {
      const begin = Date.now();
      const { code, out } = command.includes(" apply ")
        ? await atTerminal(typed, name)
        : await company.type(typed, { ...(command.startsWith("git clone") && { cwd: company.folder }) });
      const seconds = (Date.now() - begin) / 1000;
      process.stderr.write(`${typed}: ${code}, ${seconds.toFixed(0)} s\n`);
      record.command(number, typed, seconds, out);
      if (code === 0) await AFTER[command]?.(name, out);
      // The doctor ends with 1 while anything is left; what is left, the last lines say.
      if (!command.startsWith("./olympus doctor")) expect(code, `${typed}\n${out}`).toBe(0);
    }

    async function take(step: RoadStep, name: string): Promise<void> {
      record.begin(isForEach(step) ? step.part.replace(/Staging.*/, name) : step.part);
      if (step.isVisit) record.visit(step.number, step.text.split(/[.:,]/)[0]?.replaceAll("*", "") ?? "");
      for (const command of step.isVisit ? [] : step.commands) {
        await BEFORE[command]?.();
        const withoutMachine = BOOKS ? ON_MACHINES[command] : undefined;
        const typed = forEnvironment(withoutMachine ?? TYPED[command] ?? command, name);
        if (withoutMachine)
          record.note(
            `${step.number}. $ ${forEnvironment(command, name)}   not here: a machine that boots, and so root. What needs none:`,
          );
        await run(withoutMachine ?? command, typed, step.number, name);
      }
    }

    test("each step of the page, in its order, from a clone to a login on both", async () => {
      const steps = roadSteps();
      const last = Math.max(...steps.filter(isForEach).map(({ number }) => number));
      for (const step of steps.filter(({ number }) => number <= last))
        if (!isForEach(step)) await take(step, "staging");
      for (const name of ENVIRONMENTS) for (const step of steps.filter(isForEach)) await take(step, name);
    });

    test.skipIf(BOOKS)("what the doctor says last is done but for what no emulator has", async () => {
      const { out } = await company.type("./olympus doctor --json 2>/dev/null");
      const { rows } = JSON.parse(out) as {
        rows: { id: string; state: string; found: string; isOptional?: boolean }[];
      };
      const open = rows.filter(({ state, isOptional }) => state !== "done" && !isOptional);
      record.note(
        `doctor: ${rows.length - open.length} of ${rows.length} rows are done; open: ${open.map(({ id }) => id).join(", ")}`,
      );
      // Whoever logs in on production for tests is a customer that a person makes there.
      const DONE =
        /^(config|github\.(repository|main|read|environment|runner|(secrets|variables)\.staging)|state|token|deployed|ssh|pushed|release|people|clock)/;
      expect(open.filter(({ id }) => DONE.test(id)).map(({ id, found }) => `${id}: ${found}`)).toEqual([]);
    });

    test.skipIf(BOOKS)(
      "a first merge goes through the jobs of the pipeline, with what the doctor has given to GitHub",
      async () => {
        for (const step of roadSteps().filter(({ part }) => part.startsWith("D.")))
          await take(step, "staging");
        const commit = "git add -A && git commit -qm 'The certificates that Cloudflare has signed'";
        expect(await company.type(commit)).toMatchObject({ code: 0 });
        const refused = await company.type("git push -q");
        expect([refused.code === 0, refused.out]).toEqual([false, expect.stringContaining("pull requests")]);
        await company.origin.merge(company.clone);
        await inClone("runner", "staging");
        const begin = Date.now();
        const endings = await merge(company, ENVIRONMENTS);
        const steps = Object.values(endings)
          .flatMap((job) => job.steps)
          .filter(({ outcome }) => outcome !== "skipped");
        for (const { run: line, outcome } of steps) record.note(`${outcome}  ${line.split(" --")[0]}`);
        record.note(
          `from the merge to production: ${((Date.now() - begin) / 1000).toFixed(0)} s, of which the soak is 30 s in the place of an hour`,
        );
        expect(
          Object.values(endings).map(({ result }) => result),
          steps.map(({ output }) => output).join("\n"),
        ).toEqual(["success", "success"]);
      },
    );

    test("the record is written, without a secret", () => {
      for (const [name, value] of Object.entries(company.accounts))
        if (value.length > 5 && /TOKEN|_KEY|URI/.test(name)) record.hide(value, "••••••••");
      record.hide(company.home, "~");
      record.hide(company.folder, "/home/jane");
      const count = byHand(roadSteps(), ENVIRONMENTS.length, valuesIn(OWN_VALUES));
      const text = `${head(!BOOKS)}\n${count}\n${record}\n`;
      const secrets = ENVIRONMENTS.flatMap((name) => [
        ...(company.github?.world.environment(name)?.secrets.values() ?? []),
      ]);
      expect(secrets.length).toBeGreaterThan(5);
      for (const value of secrets) expect(text).not.toContain(value);
      writeFileSync("docs/first-deploy-transcript.md", text);
    });
  },
);
