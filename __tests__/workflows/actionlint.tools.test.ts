import { execa } from "execa";
import { expect, test } from "vitest";
import { stderrProgress } from "../../lib/progress.ts";
import { ensureProgram } from "../../sandbox/programs/programs.ts";

const lint = async (args: readonly string[], input = "") => {
  const actionlint = await ensureProgram("actionlint", stderrProgress);
  // Without shellcheck and pyflakes: whether they are on the machine must not matter.
  return execa(actionlint, ["-no-color", "-shellcheck=", "-pyflakes=", ...args], {
    input,
    reject: false,
    all: true,
  });
};

test("actionlint finds nothing in the workflows", async () => {
  const { exitCode, all } = await lint([]);
  expect(all).toBe("");
  expect(exitCode).toBe(0);
});

test("actionlint finds a planted fault", async () => {
  const step = `      - run: echo \${{ gihub.ref }}`;
  const faulty = `on: pull_request\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n${step}\n`;
  const { exitCode, all } = await lint(["-"], faulty);
  expect(exitCode).toBe(1);
  expect(all).toContain('undefined variable "gihub"');
});
