import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { cacheDirectory, childEnvironment } from "../../../lib/process-env.ts";
import { Checkout } from "../../support/checkout.ts";
import { runAtTerminal } from "../../support/terminal.ts";

/** A throw-away checkout on its first day, and an operator without an age key. */
export class InitFixture {
  readonly checkout = new Checkout();
  readonly ageKey = join(this.checkout.root, ".home", "age", "keys.txt");
  private readonly env = childEnvironment({
    SOPS_AGE_KEY_FILE: this.ageKey,
    SOPS_AGE_KEY: undefined,
    SSH_AUTH_SOCK: undefined,
    HOME: join(this.checkout.root, ".home"),
    OLYMPUS_CACHE_DIR: cacheDirectory(),
    CI: undefined,
    ...Object.fromEntries(
      Object.keys(childEnvironment())
        .filter((name) => /^(CLOUDFLARE_|HCLOUD_|TF_VAR_)/.test(name))
        .map((name) => [name, undefined]),
    ),
  });

  get root(): string {
    return this.checkout.root;
  }

  read(file: string): string {
    return readFileSync(join(this.root, file), "utf8");
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.root, file), text);
  }

  edit(file: string, from: RegExp, to: string): void {
    const text = this.read(file);
    if (!from.test(text)) throw new Error(`${file} does not hold ${from}`);
    this.write(file, text.replace(from, to));
  }

  /** Runs a verb of olympus without a terminal. */
  async run(args: readonly string[], input = "", extra: Record<string, string> = {}) {
    const { exitCode, stdout, stderr, all } = await execa("node", ["scripts/run.mjs", ...args], {
      cwd: this.root,
      env: { ...this.env, ...extra },
      extendEnv: false,
      reject: false,
      all: true,
      input,
    });
    return { exitCode, stdout, stderr, all };
  }

  /**
   * Runs init with a terminal. `answer`: what is typed at each question, by the words before its colon; undefined kills the
   * process there.
   */
  interview(answer: (question: string) => string | undefined): Promise<{ shown: string; exitCode: number }> {
    return runAtTerminal(
      process.execPath,
      ["scripts/run.mjs", "init"],
      { cwd: this.root, env: this.env },
      answer,
    );
  }

  remove(): void {
    this.checkout.remove();
  }
}

/** Every file of a checkout that a commit or an operator could take, by the sum of its content. */
export function snapshot(root: string): Record<string, string> {
  const files = ["config", ".secrets", ".home", "."].flatMap((folder) =>
    existsSync(join(root, folder))
      ? (readdirSync(join(root, folder), { recursive: folder !== "." }) as string[]).map((name) =>
          join(folder, name),
        )
      : [],
  );
  return Object.fromEntries(
    files
      .filter((file) => !file.startsWith("build") && statSync(join(root, file)).isFile())
      .map((file) => [
        file,
        createHash("sha256")
          .update(readFileSync(join(root, file)))
          .digest("hex"),
      ]),
  );
}
