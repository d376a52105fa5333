import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { execa } from "execa";
import { cacheDirectory, childEnvironment } from "../../../lib/process-env.ts";
import { Checkout } from "../../support/checkout.ts";

/** The terminal that cdktf's own commands run in. Its types belong to a module of another name. */
interface Terminal {
  readonly pid: number;
  onData(listener: (text: string) => void): void;
  onExit(listener: (end: { exitCode: number }) => void): void;
  write(keys: string): void;
}
const { spawn } = createRequire(import.meta.url)("@cdktf/node-pty-prebuilt-multiarch") as {
  spawn(file: string, args: string[], options: object): Terminal;
};

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

  constructor() {
    // As it ships: the pins by name alone, and the edge below the repository's name.
    this.edit("config/base.ts", /^ {2}images: \{.*\},$/m, "  images,");
    this.edit("config/images.ts", /"ghcr\.io\/[^"]*\/edge"/, '"ghcr.io/your-org/olympus-infra/edge"');
  }

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
    const terminal = spawn(process.execPath, ["scripts/run.mjs", "init"], {
      cols: 1000,
      cwd: this.root,
      env: this.env,
    });
    let shown = "";
    let answered = 0;
    terminal.onData((text) => {
      shown += text;
      // A question is the last line, without its end.
      const [, question] =
        /(?:^|\n)(?:\? )?([A-Z][^\n:?[]*?)(?: \[[^\n]*\])?(?:: |\?[^\n]*\) ?)$/.exec(
          plainText(shown.slice(answered)),
        ) ?? [];
      if (question === undefined) return;
      answered = shown.length;
      const typed = answer(question);
      if (typed === undefined) process.kill(terminal.pid, "SIGKILL");
      else terminal.write(`${typed}\r`);
    });
    return new Promise((done) =>
      terminal.onExit(({ exitCode }) => done({ shown: plainText(shown), exitCode })),
    );
  }

  remove(): void {
    this.checkout.remove();
  }
}

/** Without colours and movements of the cursor. */
const plainText = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what a terminal obeys
  text.replaceAll("\r", "").replaceAll(/\u001b\[[0-9;?]*[A-Za-z]/g, "");

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
