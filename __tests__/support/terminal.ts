import { createRequire } from "node:module";

/** The terminal that cdktf's own commands run in. Its types belong to a module of another name. */
interface Terminal {
  readonly pid: number;
  onData(listener: (text: string) => void): void;
  onExit(listener: (end: { exitCode: number }) => void): void;
  write(keys: string): void;
}
const { spawn } = createRequire(import.meta.url)("@cdktf/node-pty-prebuilt-multiarch") as {
  spawn(file: string, args: readonly string[], options: object): Terminal;
};

/** What is typed at a question; undefined kills the process there. */
export type Reply = string | undefined;

/** Runs a command at a terminal. `reply`: what is typed at each question, by the words before its end, and all that was shown till then. */
export function runAtTerminal(
  file: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: object },
  reply: (question: string, shown: string) => Reply | Promise<Reply>,
): Promise<{ shown: string; exitCode: number }> {
  const terminal = spawn(file, args, { cols: 1000, ...options });
  let shown = "";
  let answered = 0;
  terminal.onData(async (text) => {
    shown += text;
    // A question is the last line, without its end.
    const [, question] =
      /(?:^|\n)(?:\? )?([A-Z][^\n:?[]*?)(?: \[[^\n]*\])?(?:: |\?[^\n]*\) ?)$/.exec(
        plainText(shown.slice(answered)),
      ) ?? [];
    if (question === undefined) return;
    answered = shown.length;
    const typed = await reply(question, plainText(shown));
    if (typed === undefined) process.kill(terminal.pid, "SIGKILL");
    else terminal.write(`${typed}\r`);
  });
  return new Promise((done) =>
    terminal.onExit(({ exitCode }) => done({ shown: plainText(shown), exitCode })),
  );
}

/** Without colours and movements of the cursor. */
const plainText = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal obeys
  text.replaceAll("\r", "").replaceAll(/\u001b\[[0-9;?]*[A-Za-z]/g, "");
