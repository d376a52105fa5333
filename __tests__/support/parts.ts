import { cpSync, existsSync, symlinkSync } from "node:fs";
import { join } from "node:path";

/** What a throw-away copy of the program is made of. */
export const PARTS: readonly string[] = [
  ...["bench", "cli", "config", "constructs", "host", "lib", "packages", "parity", "policy", "sandbox"],
  ...["scripts", "secrets", "stacks", "olympus"],
  ...["main.ts", "package.json", "package-lock.json", "tsconfig.json", "cdktf.json"],
];

/** The encrypted files of a real checkout are nothing that a test may build upon. */
const filter = (path: string): boolean => !/^secrets\/[^/]*\.yaml$/.test(path);

/** Copies the program into `folder`, with this checkout's packages beside it. */
export function copyProgram(folder: string): void {
  for (const part of PARTS)
    if (existsSync(part)) cpSync(part, join(folder, part), { recursive: true, filter });
  symlinkSync(join(process.cwd(), "node_modules"), join(folder, "node_modules"));
}
