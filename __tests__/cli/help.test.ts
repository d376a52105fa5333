import { readFileSync } from "node:fs";
import type { Command, CommanderError } from "commander";
import { describe, expect, test, vi } from "vitest";
import { olympusCommand } from "../../cli/commands.ts";

/** Every command that does something, by the words that call it. */
function verbs(command: Command, before = ""): [string, Command][] {
  return command.commands.flatMap((sub) => {
    const name = `${before}${sub.name()}`;
    return sub.commands.length ? verbs(sub, `${name} `) : [[name, sub] as [string, Command]];
  });
}

/** What stands between backticks. */
const quotedIn = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? "");

const optionNames = (command: Command) => command.options.map(({ long }) => long);

/** How a command line fails: what is printed, and its exit code. */
function failure(...argv: string[]): { printed: string; exitCode: number | undefined } {
  const program = olympusCommand();
  let printed = "";
  for (const [, verb] of verbs(program))
    verb.exitOverride().configureOutput({ writeErr: (text) => (printed += text) });
  try {
    program.parse(argv, { from: "user" });
  } catch (error) {
    return { printed, exitCode: (error as CommanderError).exitCode };
  }
  return { printed, exitCode: undefined };
}

test("the help shows the verbs in the order of a day, each in its group", () => {
  const help = olympusCommand().configureHelp({ helpWidth: 200 }).helpInformation();
  const groups = help.split(/\n\n/).map((part) => part.split("\n").map((line) => /^ *(\S+)/.exec(line)?.[1]));
  expect(groups.slice(3)).toEqual([
    [
      "Provision:",
      "doctor",
      "init",
      "csr",
      "ranges",
      "types",
      "provider-lock",
      "providers",
      "provision",
      "split-keys",
      "sandbox",
      "apply",
      "secrets",
    ],
    ["Release:", "release", "rollback", "status", "first-login", "images", "smoke"],
    ["Operate:", "backup", "backups", "restore", "drill", "revoke", "second-factor", "redact"],
    ["Staging:", "seed", "logins", "refresh", "sleep", "wake", "awake", "clock"],
    [
      "Delivery:",
      "parity",
      "containment",
      "cost",
      "guards",
      "advisories",
      "plan",
      "pr-report",
      "upgrade",
      "soak",
    ],
    ["Commands:", "completion", "version", "help", undefined],
  ]);
});

test.each([[["--quiet", "version"]], [["version", "--quiet"]]])(
  "%j takes what holds for every verb",
  async (argv) => {
    const said = vi.spyOn(console, "log").mockReturnValue();
    await olympusCommand().parseAsync(argv, { from: "user" });
    const { version } = JSON.parse(readFileSync("package.json", "utf8"));
    expect(said.mock.calls).toEqual([
      [expect.stringMatching(new RegExp(`^olympus ${version} \\([0-9a-f]{12}.*hcloud 1`))],
    ]);
    said.mockRestore();
  },
);

test("what its help says of exit codes stands in the table of them", () => {
  const table = readFileSync("docs/exit-codes.md", "utf8");
  const said = verbs(olympusCommand()).filter(([, verb]) =>
    [verb.description(), ...verb.options.map(({ description }) => description)].some((text) =>
      text.includes("exit code"),
    ),
  );
  expect(said.length).toBeGreaterThan(4);
  const rows = table.split("\n").flatMap((line) => quotedIn(line.split(" | ")[0] ?? ""));
  for (const [name] of said) expect(rows.map((row) => row.replace(/ --.*/, ""))).toContain(name);
});

test.each(verbs(olympusCommand()))("%s says what it does", (_, verb) => {
  expect(verb.description()).toMatch(/^[a-z].*[^.]$/);
  for (const option of verb.options.filter(({ hidden }) => !hidden))
    expect(option.description, option.long).not.toBe("");
});

/** Verbs that answer without `--json`, and why. */
const WITHOUT_JSON: Readonly<Record<string, string>> = {
  init: "asks; --answers prints YAML, which --from takes",
  csr: "writes two files and names them",
  provision: "deploys; plan answers",
  "split-keys": "goes through once with a person",
  "sandbox up": "starts; sandbox status answers",
  "sandbox down": "stops",
  "sandbox reset": "deletes",
  "sandbox secrets": "writes a file",
  "sandbox env": "is read by a shell",
  "sandbox run": "says what its command says",
  "secrets init": "writes a file; secrets check answers",
  "secrets edit": "opens an editor",
  "secrets rotate": "writes a file",
  "first-login": "shows a password, on a terminal alone",
  "images build": "builds",
  "clock-steps": "is read by a workflow",
  "pr-report": "is a comment",
  completion: "is read by a shell",
};

test("every verb answers as JSON, too, but for those that are listed with a reason", () => {
  const without = verbs(olympusCommand()).filter(([, verb]) => !optionNames(verb).includes("--json"));
  expect(without.map(([name]) => name).sort()).toEqual(Object.keys(WITHOUT_JSON).sort());
});

describe("options of a kind are declared once", () => {
  const MACHINE = ["--host", "--port", "--identity", "--host-key", "--known-hosts", "--accept-new", "--json"];
  const onMachine = verbs(olympusCommand()).filter(([, verb]) =>
    verb.options.some(({ long, hidden }) => long === "--host-key" && !hidden),
  );

  test.each(onMachine)("%s reaches a machine with all of them", (_, verb) => {
    expect(optionNames(verb)).toEqual(expect.arrayContaining(MACHINE));
  });

  test("the verbs that do are these", () => {
    const names = onMachine.map(([name]) => name);
    expect(names).toEqual(expect.arrayContaining(["release", "soak", "seed", "secrets push"]));
  });

  test("--host means the address of a machine and nothing else", () => {
    for (const [name, verb] of verbs(olympusCommand()))
      for (const { long, hidden, flags } of verb.options)
        if (long === "--host" && !hidden) expect(flags, name).toBe("--host <address>");
  });
});

test.each([
  [["provision", "staging", "--sandbox", "--host"], "--machines"],
  [["sandbox", "up", "--host"], "--local"],
])("%j is answered with today's spelling", (argv, present) => {
  expect(failure(...argv)).toEqual({ printed: `--host is now ${present}\n`, exitCode: 1 });
});
