import { createHash } from "node:crypto";
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type {
  HibernationMachine,
  MachineState,
  ResumeReport,
} from "../../../../cli/staging/night/machine.ts";
import { parseServerHistory, type ServerHistory } from "../../../../cli/staging/night/server-history.ts";

/** What the disks of the servers and the volume hold, in a folder, so that a killed run leaves it as a real one would. */
interface Disks {
  /** Id of the server whose own disk has a release that serves, or served until the rest. */
  readonly serves?: number | undefined;
  readonly rests?: number | undefined;
  readonly awakeUntil?: string | undefined;
  readonly log: readonly string[];
}

/** The inside of a machine, as far as a night asks; the real one is shown on booted machines by __tests__/host/night. */
export class FakeMachine implements HibernationMachine, ServerHistory {
  /** Called once the machine rests. */
  onRest: () => Promise<unknown> = async () => {};
  readonly #folder: string;
  readonly #server: () => Promise<number | undefined>;

  constructor(folder: string, server: () => Promise<number | undefined>) {
    this.#folder = folder;
    this.#server = server;
  }

  get disks(): Disks {
    const file = join(this.#folder, "disks.json");
    return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Disks) : { log: [] };
  }

  change(change: Partial<Disks>, what?: string): void {
    const file = join(this.#folder, "disks.json");
    const { log, ...rest } = this.disks;
    const next = { ...rest, ...change, log: what ? [...log, what] : log };
    writeFileSync(`${file}.new`, JSON.stringify(next));
    renameSync(`${file}.new`, file);
  }

  /** Digest of what the volume holds. */
  volume(): string {
    return createHash("sha256")
      .update(readFileSync(join(this.#folder, "volume")))
      .digest("hex");
  }

  /** A release that was made without a night before it. */
  async release(): Promise<void> {
    this.change({ serves: await this.#server() });
  }

  async look(): Promise<MachineState> {
    const id = await this.#server();
    if (id === undefined) throw new Error("nobody answers");
    const { serves, rests, awakeUntil } = this.disks;
    const is = id === serves ? "serving" : id === rests ? "resting" : "blank";
    return { is, release: "r1", problems: [], ...(awakeUntil && { awakeUntil: new Date(awakeUntil) }) };
  }

  async backup(): Promise<string> {
    this.change({}, "backup");
    return this.volume();
  }

  async rest(): Promise<void> {
    this.change({ serves: undefined, rests: await this.#server() }, "rest");
    await this.onRest();
  }

  resume = (): Promise<ResumeReport> => this.#start("resume");
  rise = (): Promise<ResumeReport> => this.#start("rise");
  close = async (): Promise<void> => {};

  async #start(how: string): Promise<ResumeReport> {
    this.change({ serves: await this.#server(), rests: undefined }, how);
    return { release: "r1", differences: [], took: [] };
  }

  read: ServerHistory["read"] = async () => {
    const file = join(this.#folder, "diary");
    return existsSync(file) ? parseServerHistory(readFileSync(file, "utf8")) : [];
  };

  write: ServerHistory["write"] = async (entry) =>
    appendFileSync(join(this.#folder, "diary"), `\n${JSON.stringify(entry)}\n`);
}
