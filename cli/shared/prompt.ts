import { createInterface } from "node:readline";
import { Failure } from "../../lib/failure.ts";

/** Asks a person yes or no; Enter takes `otherwise`. Throws a {@link Failure} on Ctrl+C and Ctrl+D. */
export const confirm = async (message: string, otherwise: boolean): Promise<boolean> => {
  const { default: prompt } = await import("@inquirer/confirm");
  return await answerOf((context) => prompt({ message, default: otherwise }, context));
};

/** Asks a person for one line that nobody may see. Throws a {@link Failure} on Ctrl+C and Ctrl+D. */
export const hiddenLine = async (message: string): Promise<string> => {
  const { default: prompt } = await import("@inquirer/password");
  return await answerOf((context) => prompt({ message }, context));
};

/**
 * Asks a person for one line, with `otherwise` for Enter. Throws a {@link Failure} on Ctrl+C and Ctrl+D. On standard error,
 * for standard output may be read by a program.
 */
export const plainLine = async (message: string, otherwise?: string): Promise<string> => {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await new Promise((resolve, reject) => {
      lines.once("close", () => reject(new Failure("Nothing was written.")));
      lines.question(`${message}${otherwise === undefined ? "" : ` [${otherwise}]`}: `, (line) =>
        resolve(line.trim() || (otherwise ?? "")),
      );
    });
  } finally {
    lines.close();
  }
};

interface Context {
  readonly output: NodeJS.WritableStream;
  readonly signal: AbortSignal;
}

async function answerOf<T>(prompt: (context: Context) => Promise<T>): Promise<T> {
  const end = new AbortController();
  // Ctrl+D closes the input and leaves the prompt unanswered: Node would end, with exit code 0.
  const abort = () => end.abort();
  process.once("beforeExit", abort);
  try {
    // Standard output may be read by a program.
    return await prompt({ output: process.stderr, signal: end.signal });
  } catch (error) {
    if (error instanceof Error && /^(Exit|Abort)PromptError$/.test(error.name))
      throw new Failure("Nothing was written.");
    throw error;
  } finally {
    process.off("beforeExit", abort);
  }
}
