import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { copyProgram, PARTS } from "./parts.ts";

/** A throw-away copy of the program, to plant faults in. */
export class Checkout {
  readonly root = mkdtempSync(join(tmpdir(), "olympus-infra-"));

  constructor() {
    copyProgram(this.root);
  }

  /** Replaces one text of one file; throws when it is not there, so that a plant cannot miss. */
  plant(file: string, from: string, to: string): void {
    const path = join(this.root, file);
    const text = readFileSync(path, "utf8");
    if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`);
    writeFileSync(
      path,
      text.replace(from, () => to),
    );
  }

  /** Declares a further environment: a file as staging's is, with a domain of its own, and one line. */
  declare(name: string): void {
    const overlay = readFileSync(join(this.root, "config/staging.ts"), "utf8");
    writeFileSync(
      join(this.root, "config", `${name}.ts`),
      overlay
        .replace("const staging", `const ${name}`)
        .replace("staging.your-app.com", `${name}.your-app.com`),
    );
    const list = "config/environments.ts";
    this.plant(list, '[["staging", staging]]', `[["staging", staging], ["${name}", ${name}]]`);
    this.plant(list, "import { prod }", `import { ${name} } from "./${name}.ts";\nimport { prod }`);
  }

  /** Takes back what was planted in a file, or puts a folder there as it lies in this checkout. */
  restore(path: string): void {
    cpSync(path, join(this.root, path), { recursive: true });
  }

  async synth(): Promise<{ exitCode: number | undefined; stderr: string }> {
    const { exitCode, stderr } = await execa("node", ["scripts/run.mjs", "main.ts"], {
      cwd: this.root,
      reject: false,
    });
    return { exitCode, stderr };
  }

  /** What a synth has left, beside what was there. */
  written(): string[] {
    return readdirSync(this.root).filter((name) => ![...PARTS, "node_modules", "build"].includes(name));
  }

  removeWritten(): void {
    for (const name of this.written()) rmSync(join(this.root, name), { recursive: true, force: true });
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
