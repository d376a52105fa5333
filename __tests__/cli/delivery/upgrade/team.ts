import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { secretKeys } from "../../../../secrets/secret-keys.ts";
import { encryptedText } from "../../../secrets/encrypted-text.ts";
import { Checkout } from "../../../support/checkout.ts";
import { identities } from "../../../support/fleet/identities.ts";

const SECRETS = secretKeys().map(({ key }) => key);
const AUTHOR = ["-c", "user.name=Ada", "-c", "user.email=ada@acme.com", "-c", "commit.gpgsign=false"];

/** A team's clone with a branch of the product as it was, `upstream`, beside its own `main`. */
export class Team {
  readonly checkout = new Checkout();

  async begin(): Promise<void> {
    for (const part of [".github", "CHANGELOG.md", ".sops.yaml", ".gitignore"])
      cpSync(part, join(this.checkout.root, part), { recursive: true });
    await this.git("init", "--quiet", "--initial-branch", "upstream");
    // There it is a link, which the slash in .gitignore leaves out.
    writeFileSync(join(this.checkout.root, ".git", "info", "exclude"), "node_modules\n");
    await this.commit("as it was cloned");
    await this.git("branch", "main");
  }

  git(...args: string[]) {
    return execa("git", [...AUTHOR, ...args], { cwd: this.checkout.root });
  }

  async commit(message: string): Promise<void> {
    await this.git("add", "--all");
    await this.git("commit", "--quiet", "--message", message);
  }

  /** Changes of one side, committed there. */
  async on(branch: string, change: () => Promise<void> | void): Promise<void> {
    await this.git("switch", "--quiet", branch);
    await change();
    await this.commit(`what ${branch} did`);
    await this.git("switch", "--quiet", "main");
  }

  /** Adds text at the end of a file of the checkout. */
  append(file: string, text: string): void {
    const path = join(this.checkout.root, file);
    writeFileSync(path, readFileSync(path, "utf8") + text);
  }

  run(...args: string[]) {
    return execa("node", ["scripts/run.mjs", ...args], { cwd: this.checkout.root, reject: false });
  }

  /** What a team makes its own: ranges, an alert address, a third environment with key and request, secrets and their readers. */
  async makeOwn(): Promise<void> {
    const { checkout } = this;
    checkout.plant("config/base.ts", '"198.51.100.0/24"', '"81.2.70.0/24"');
    checkout.plant("config/base.ts", "oncall@your-app.com", "pager@acme.com");
    checkout.declare("qa");
    const { deployKey } = identities(["qa"]).qa ?? {};
    const identity = `environments: { qa: { deployKey: "${deployKey}", firstAdministrator: "ada@acme.com" },`;
    checkout.plant("config/base.ts", "environments: {", identity);
    for (const [name, mark] of [
      ["prod", "a"],
      ["staging", "b"],
      ["qa", "c"],
    ] as const)
      writeFileSync(join(checkout.root, "secrets", `${name}.yaml`), encryptedText(SECRETS, mark));
    this.append(".sops.yaml", "# a reader of the team's own\n");
    writeFileSync(join(checkout.root, "config/images.lock.json"), "{}\n");
    await this.run("csr", "qa");
  }
}
