import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, test } from "vitest";
import { childEnvironment } from "../../../lib/process-env.ts";

/** The terminal that cdktf's own commands run in. Its types belong to a module of another name. */
interface Terminal {
  onData(listener: (text: string) => void): void;
  onExit(listener: (end: { exitCode: number }) => void): void;
  write(keys: string): void;
}
const { spawn } = createRequire(import.meta.url)("@cdktf/node-pty-prebuilt-multiarch") as {
  spawn(file: string, args: string[], options: object): Terminal;
};
const PROMPTS = join(process.cwd(), "cli/shared/prompt.ts");

/** Asks in a process with a terminal of its own and types `keys` once the prompt is there. */
function typed(question: string, keys: string): Promise<{ shown: string; exitCode: number }> {
  const code = `import { confirm, hiddenLine } from "${PROMPTS}";
    const fail = (error) => { console.log(error.message); process.exitCode = 1; };
    ${question}.then((answer) => console.log(typeof answer === "string" ? "length " + answer.length : "answer " + answer), fail);`;
  const args = ["--import", "tsx", "--input-type=module", "--eval", code];
  const terminal = spawn(process.execPath, args, { cols: 200, env: childEnvironment() });
  let shown = "";
  terminal.onData((text) => {
    const isFirst = !shown.includes("?");
    shown += text;
    if (isFirst && shown.includes("?")) setTimeout(() => terminal.write(keys), 100);
  });
  return new Promise((done) => terminal.onExit(({ exitCode }) => done({ shown, exitCode })));
}

test("a hidden line is taken and not shown", async () => {
  const { shown, exitCode } = await typed('hiddenLine("KEY?")', "unseenvalue\r");
  expect(shown).toContain("length 11");
  expect([shown.includes("unseen"), exitCode]).toEqual([false, 0]);
});

test.each([
  ["y\r", true],
  ["\r", false],
])("%j to a question whose Enter means no is %s", async (keys, answer) => {
  expect((await typed('confirm("Trust it?", false)', keys)).shown).toContain(`answer ${answer}`);
});

test.each([
  ["Ctrl+C", "\u0003"],
  ["Ctrl+D", "\u0004"],
])("%s writes nothing and fails", async (_, key) => {
  const { shown, exitCode } = await typed('hiddenLine("KEY?")', key);
  expect(shown).toContain("Nothing was written.");
  expect(exitCode).toBe(1);
});
