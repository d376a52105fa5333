import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { childEnvironment } from "../../lib/process-env.ts";
import { Checkout } from "../support/checkout.ts";
import { take } from "./take.ts";
import { type Task, tasks } from "./tasks.ts";

/** What was typed and said the last time; the one that is committed is such a file: docs/tasks.txt. */
const TRANSCRIPT = "build/tasks.txt";
const checkout = new Checkout();
const written: string[] = [];

const run = (...command: string[]) =>
  execa(command[0] ?? "", command.slice(1), {
    cwd: checkout.root,
    env: childEnvironment({ OLYMPUS_SANDBOX_DIR: join(checkout.root, ".sandbox"), CI: "1", ENV: "staging" }),
    extendEnv: false,
    reject: false,
    all: true,
    stdin: "ignore",
  });

beforeAll(async () => {
  cpSync(".github", join(checkout.root, ".github"), { recursive: true });
  const { exitCode, all } = await run("bash", "scripts/provision.sh", "--sandbox");
  expect(exitCode, all.slice(-3000)).toBe(0);
}, 300_000);
afterAll(async () => {
  await run("node", "scripts/run.mjs", "sandbox", "down");
  checkout.remove();
  mkdirSync("build", { recursive: true });
  writeFileSync(TRANSCRIPT, written.join("\n"));
}, 60_000);

const readme = readFileSync("README.md", "utf8");
const rowOf = ({ what }: Task): string =>
  readme.split("\n").find((line) => line.startsWith(`| ${what}`)) ?? "";

/** Without progress, and what the sandbox alone brings in. */
const shown = (text: string): string =>
  text
    .split("\n")
    .filter((line) => !/^(\[ +[\d.]+ s\]|for this run: )/.test(line))
    .join("\n")
    .replaceAll(checkout.root, ".");

test("the committed transcript has every command", () => {
  const text = readFileSync("docs/tasks.txt", "utf8");
  for (const { what, commands } of tasks)
    for (const [command] of commands) expect(text, what).toContain(`\n$ ${command}\n`);
});

test("there are ten tasks at least, each of two files and three commands at most", () => {
  expect(tasks.length).toBeGreaterThanOrEqual(10);
  for (const task of tasks) {
    const files = new Set([...task.edits.map(([file]) => file), ...(task.made ? [task.made[0]] : [])]);
    expect([task.what, files.size <= 2, task.commands.length <= 3]).toEqual([task.what, true, true]);
  }
});

test.each(tasks)("$what: its row names the files", (task) => {
  const row = rowOf(task);
  for (const [file] of task.edits) expect(row).toContain(`\`${file}\``);
  // Its commands too, if by their verb alone: the row of another environment is the same.
  const [first = ""] = task.commands.map(([command]) => command.split(" ").slice(0, 2).join(" "));
  expect(row).toContain(first);
});

test.each(tasks)("$what", { timeout: 120_000 }, async (task) => {
  written.push(`\n# ${task.what}`);
  const type = async (command: string) => {
    const words = ["scripts/run.mjs", "sandbox", "run", "--", "bash", "-c", command];
    const { exitCode, all } = await run("node", ...words);
    return { exitCode, all: shown(all) };
  };
  await take(task, checkout, type, (line) => written.push(line));
});
