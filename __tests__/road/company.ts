import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { homedir, networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { type GithubService, serveGithub } from "@olympus-infra/github-emulator";
import { execa } from "execa";
import { cacheDirectory, namedVariable } from "../../lib/process-env.ts";
import { NETWORK } from "../../sandbox/machines/network.ts";
import type { SandboxSession } from "../../sandbox/session.ts";
import { StrictStore } from "../support/strict-store.ts";
import { type Reply, runAtTerminal } from "../support/terminal.ts";
import { accountsOf, keepAccounts } from "./accounts.ts";
import { REPOSITORY } from "./answers.ts";
import { Origin } from "./origin.ts";

export type Variables = Readonly<Record<string, string>>;

/** How a command of the road ended. */
export interface RoadResult {
  readonly code: number | undefined;
  readonly out: string;
}

/** Whether servers exist in the books of the clouds alone: a run that needs no root, and ends where a machine would be asked. */
export const BOOKS = namedVariable("OLYMPUS_ROAD_BOOKS") !== undefined;
const ADDRESS = BOOKS
  ? (Object.values(networkInterfaces())
      .flat()
      .find((one) => one?.family === "IPv4" && !one.internal)?.address ?? "")
  : NETWORK.gateway;

/**
 * A team on its first day: a fresh clone, an empty home, and providers that are not the sandbox's doing: clouds whose endpoints are no
 * address of this computer's own loop, a store of its own over TLS for the states, another for the backups, GitHub for the real `gh`.
 */
export class Company {
  readonly folder = mkdtempSync(join(tmpdir(), "olympus-road-"));
  readonly clone = join(this.folder, "olympus-infra");
  readonly home = join(this.folder, "home");
  readonly clouds = join(this.folder, "clouds");
  readonly store = new StrictStore();
  github: GithubService | undefined;
  private readonly fronts: Server[] = [];
  private session: SandboxSession | undefined;
  /** What this person's shell holds, beside what they type. */
  shell: Record<string, string> = {};
  /** What this person keeps in the file of accounts. */
  accounts: Readonly<Record<string, string>> = {};

  async start(): Promise<void> {
    for (const folder of [this.home, join(this.home, ".ssh"), join(this.home, ".aws")])
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    await this.origin.make();
    writeFileSync(join(this.home, ".gitconfig"), "[user]\n\tname = Jane\n\temail = jane@acme.co.uk\n");
    this.github = await serveGithub(
      {
        ...{ repository: REPOSITORY, isPrivate: true, plan: "enterprise" },
        tokens: { [GITHUB_TOKEN]: "admin" },
        users: [{ id: 4711, name: "jane" }],
        teams: [],
      },
      join(this.home, ".config", "gh"),
    );
    for (const name of ["prod", "staging"])
      this.github.world.runners.push({
        name: `runner-${name}`,
        labels: [`deploy-${name}`],
        status: "online",
      });
    this.store.buckets = new Map();
    await this.store.start(join(this.folder, "store"));
    this.shell = {
      PATH: namedVariable("PATH") ?? "",
      ...{ HOME: this.home, LANG: "C.UTF-8", TERM: "dumb" },
      // How this computer reaches npm's registry, and what was built on it before.
      ...{ NPM_CONFIG_USERCONFIG: join(homedir(), ".npmrc"), npm_config_cache: join(homedir(), ".npm") },
      ...{ OLYMPUS_CACHE_DIR: cacheDirectory(), OLYMPUS_PREPARED: "1" },
    };
    await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "jane@acme", "-f", this.identity]);
  }

  private readonly authority = join(this.folder, "store", "ca.crt");
  readonly origin = new Origin(this.folder);
  readonly identity = join(this.home, ".ssh", "id_ed25519");

  /** Types a line into the person's shell, in the clone unless it is not there yet. */
  async type(line: string, options: { input?: string; cwd?: string } = {}): Promise<RoadResult> {
    const { input = "", cwd = this.clone } = options;
    this.closeMain();
    const { exitCode, all } = await execa("bash", ["-c", line], {
      ...{ cwd, env: this.shell, extendEnv: false, reject: false, all: true, input },
    });
    return { code: exitCode, out: all };
  }

  /** The same at a terminal, with what the person answers. */
  async converse(
    line: string,
    reply: (question: string, shown: string) => Reply | Promise<Reply>,
  ): Promise<RoadResult> {
    this.closeMain();
    const { exitCode, shown } = await runAtTerminal(
      "bash",
      ["-c", line],
      { cwd: this.clone, env: this.shell },
      reply,
    );
    return { code: exitCode, out: shown };
  }

  private closeMain(): void {
    if (this.github?.world.rulesets.length) this.origin.close();
  }

  /** The providers' pages: what a person makes there once the repository says which zones and environments there are. */
  async openAccounts(): Promise<void> {
    const { exitCode, all } = await this.inside(["sandbox", "up", ...(BOOKS ? [] : ["--machines"])]);
    if (exitCode !== 0) throw new Error(all);
    for (const front of this.fronts.splice(0)) front.close();
    const file = join(this.clouds, "session.json");
    const session = JSON.parse(readFileSync(file, "utf8")) as SandboxSession;
    this.session = session;
    const [hetzner, cloudflare] = await Promise.all(
      [session.hetznerUrl, session.cloudflareUrl].map((url) => this.front(url)),
    );
    Object.assign(this.shell, {
      HCLOUD_ENDPOINT: `${hetzner}/v1`,
      CLOUDFLARE_BASE_URL: `${cloudflare}/client/v4`,
      // The registry of Terraform's providers is not in reach: one is built from its source, one is a stand-in that runs.
      ...(session.reattach && { TF_REATTACH_PROVIDERS: session.reattach }),
      ...(session.cliConfig && { TF_CLI_CONFIG_FILE: session.cliConfig }),
      ...{ TF_CLI_ARGS_init: "-lockfile=readonly", CHECKPOINT_DISABLE: "1" },
      // What the state's store shows as its certificate is signed by an authority of this test.
      ...{ AWS_CA_BUNDLE: this.authority, NODE_EXTRA_CA_CERTS: this.authority },
      // Machines reach the store of their backups by an address of their own network alone.
      OLYMPUS_BACKUP_ENDPOINT: `prod,staging=http://${NETWORK.gateway}:7070`,
      // ssh asks the account, not HOME, where its keys lie.
      OLYMPUS_SSH_KEY: this.identity,
      // No registry of images is in reach: what machines run is built here, and has no registry's digest.
      OLYMPUS_IMAGE_LOCK: `prod,staging=${join(this.clouds, "images.lock.json")}`,
    });
  }

  /** Keeps what the pages have shown, as the page says. `providers`: a file for each environment of what others than the clouds gave. */
  keepAccounts(providers: Readonly<Record<string, string>>): void {
    this.accounts = accountsOf({ tokens: this.session?.tokens ?? {}, providers });
    keepAccounts(this.home, this.accounts);
  }

  /** Of the test's own: a verb, or a file of __tests__, with the clouds' folder, in the clone. */
  inside(words: readonly string[], input = "") {
    const env = { ...this.shell, OLYMPUS_SANDBOX_DIR: this.clouds, CI: "1" };
    return execa("node", ["scripts/run.mjs", ...words], {
      ...{ cwd: this.clone, env, extendEnv: false, reject: false, all: true, input },
    });
  }

  /** The emulated clouds under an address that a program does not take for this computer. */
  private front(url: string): Promise<string> {
    const { port } = new URL(url);
    const server = createServer((socket) => {
      const behind = connect(Number(port), "127.0.0.1");
      for (const end of [socket, behind]) end.on("error", () => behind.destroy());
      socket.pipe(behind).pipe(socket);
    });
    this.fronts.push(server);
    return new Promise((resolve) =>
      server.listen(0, ADDRESS, () => {
        const address = server.address();
        resolve(`http://${ADDRESS}:${typeof address === "object" ? address?.port : ""}`);
      }),
    );
  }

  async stop(): Promise<void> {
    if (this.session) await this.inside(["sandbox", "reset"]);
    for (const front of this.fronts) front.close();
    await this.store.stop();
    await this.github?.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A checkout of what was pushed, with the clone's packages: what a runner has after its setup. */
  async checkout(): Promise<string> {
    const folder = mkdtempSync(join(this.folder, "runner-"));
    await execa("git", ["clone", "-q", this.origin.folder, folder]);
    symlinkSync(join(this.clone, "node_modules"), join(folder, "node_modules"));
    return folder;
  }
}

export const GITHUB_TOKEN = "ghp_of_the_test";
