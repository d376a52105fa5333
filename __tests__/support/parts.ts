import { cpSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What a throw-away copy of the program is made of. */
export const PARTS: readonly string[] = [
  ...[
    "bench",
    "cli",
    "config",
    "constructs",
    "containment",
    "host",
    "lib",
    "packages",
    "parity",
    "policy",
    "sandbox",
  ],
  ...["scripts", "secrets", "stacks", "olympus"],
  ...["main.ts", "package.json", "package-lock.json", "tsconfig.json", "cdktf.json"],
];

/** The encrypted files of a real checkout are nothing that a test may build upon. */
const filter = (path: string): boolean => !/^secrets\/[^/]*\.yaml$/.test(path);

/** Where the tests' own configuration lies, and what it is in the place of. */
const FIXTURE = "__tests__/support/fleet";
const OWN_PARTS = ["base.ts", "environments.ts", "prod.ts", "staging.ts"];

/** Copies the program into `folder`, with the tests' own configuration and this checkout's packages beside it. */
export function copyProgram(folder: string): void {
  for (const part of PARTS)
    if (existsSync(part)) cpSync(part, join(folder, part), { recursive: true, filter });
  for (const part of OWN_PARTS)
    writeFileSync(
      join(folder, "config", part),
      readFileSync(join(FIXTURE, part), "utf8").replaceAll('"../../../config/', '"./'),
    );
  rmSync(join(folder, "config", "csr"), { recursive: true, force: true });
  cpSync(join(FIXTURE, "csr"), join(folder, "config", "csr"), { recursive: true });
  symlinkSync(join(process.cwd(), "node_modules"), join(folder, "node_modules"));
}
