import { execa } from "execa";

/** What a program prints; undefined where it is missing, slow or fails. */
export async function outputOf(file: string, ...args: readonly string[]): Promise<string | undefined> {
  const { exitCode, stdout } = await execa(file, args, { reject: false, timeout: 10_000, stdin: "ignore" });
  return exitCode === 0 && stdout.trim() ? stdout.trim() : undefined;
}
