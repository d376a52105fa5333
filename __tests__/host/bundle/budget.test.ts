import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { childEnvironment } from "../../../lib/process-env.ts";
import { FILES } from "./values.ts";

let folder: string;
const month = new Date().toISOString().slice(0, 7);
const ledger = () => join(folder, "budget", `sms-${month}`);
const taken = () => readFileSync(ledger(), "utf8");

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "olympus-budget-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const take = async (count: string, budget = "10", ...timer: string[]) => {
  writeFileSync(join(folder, "olympus.env"), `SMS_BUDGET=${budget}\n`);
  writeFileSync(join(folder, "secrets.env"), "DEADMAN_URL=off\n");
  const env = childEnvironment({ OLYMPUS_CONFIG: folder, OLYMPUS_DATA: folder });
  const { exitCode } = await execa(join(FILES, "bin", "olympus-budget"), [count, ...timer], {
    env,
    reject: false,
  });
  return exitCode;
};

test("what is left is given, what would pass the budget is not, and takes nothing", async () => {
  expect(await take("6")).toBe(0);
  expect(await take("5")).toBe(75);
  expect(await take("4")).toBe(0);
  expect(await take("1")).toBe(75);
  expect(taken()).toBe("10\n");
});

test("many at once are given no more than there is", async () => {
  const codes = await Promise.all(Array.from({ length: 25 }, () => take("1")));
  expect(codes.filter((code) => code === 0)).toHaveLength(10);
  expect(taken()).toBe("10\n");
});

test("a budget that is spent is a timer's success, one that cannot be told is not", async () => {
  const done = () => existsSync(join(folder, "timers", "logins"));
  expect(await take("10", "10", "logins")).toBe(0);
  expect(await take("1", "ten", "logins")).toBe(75);
  expect(done()).toBe(false);
  expect(await take("1", "10", "logins")).toBe(75);
  expect(done()).toBe(true);
});

test("another month does not count", async () => {
  mkdirSync(join(folder, "budget"));
  writeFileSync(join(folder, "budget", "sms-2020-01"), "10\n");
  expect(await take("10")).toBe(0);
});

test("where nothing is paid for there is no limit and no ledger", async () => {
  expect(await take("100", "off")).toBe(0);
  expect(existsSync(ledger())).toBe(false);
});

test("a volume that cannot be written gives nothing", async () => {
  writeFileSync(join(folder, "budget"), "no folder");
  expect(await take("1")).toBe(75);
});

test.each([
  ["a ledger that is no number", "1", "10", "a[$(id)]"],
  ["an empty ledger", "1", "10", ""],
  ["a budget that is no number", "1", "ten", "0"],
  ["no budget at all", "1", "", "0"],
  ["no count", "", "10", "0"],
  ["a count of nothing", "0", "10", "0"],
])("%s gives nothing", async (_, count, budget, was) => {
  mkdirSync(join(folder, "budget"));
  writeFileSync(ledger(), was);
  expect(await take(count, budget)).toBe(75);
  expect(taken()).toBe(was);
});
