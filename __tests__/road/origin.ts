import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";

/** The team's repository in the place of github.com's git: once closed, main takes pull requests alone, as under GitHub's rulesets. */
export class Origin {
  readonly folder: string;
  private readonly closed: string;

  constructor(place: string) {
    this.folder = join(place, "origin.git");
    this.closed = join(place, "main-is-closed");
  }

  /** With what this checkout has committed. */
  async make(): Promise<void> {
    await execa("git", ["init", "-q", "--bare", "-b", "main", this.folder]);
    await execa("git", ["push", "-q", this.folder, "HEAD:refs/heads/main"]);
    const hook = `#!/bin/sh\n[ ! -e ${this.closed} ] || { echo "main takes pull requests alone" >&2; exit 1; }\n`;
    writeFileSync(join(this.folder, "hooks", "pre-receive"), hook, { mode: 0o755 });
  }

  close(): void {
    if (!existsSync(this.closed)) writeFileSync(this.closed, "");
  }

  /** Merges what is committed in a clone, as an approved pull request would be. */
  async merge(clone: string): Promise<void> {
    rmSync(this.closed, { force: true });
    await execa("git", ["push", "-q"], { cwd: clone });
  }
}
