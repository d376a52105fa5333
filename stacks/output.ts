import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { App, TerraformStack } from "cdktf";
import type { Fleet } from "../config/index.ts";
import { asidePath } from "../lib/files.ts";
import {
  type DemandedProvider,
  isLockLaid,
  LOCK_FILE,
  type ProviderLock,
  stackLock,
} from "../lib/provider-lock.ts";
import type { Json } from "../parity/json.ts";
import { type Documents, declare, type FleetReport, validateFleet } from "./program.ts";
import { withoutStackTraces } from "./stack-traces.ts";

export interface OutputOptions {
  /** Where local states lie, unless it is the usual folder. */
  readonly stateDirectory?: string | undefined;
  /** What each stack's own is taken from; without one, Terraform locks what it finds. */
  readonly lock?: ProviderLock | undefined;
  /** Without it nothing that was accepted for a time expires. */
  readonly today?: Date | undefined;
}

/**
 * Writes every stack of a fleet. cdktf writes aside; what it wrote is what is proved, and only then it is put in place.
 * Returns what is known of it. Throws a {@link ValidationError} when anything is found, a Failure when the lock has not what a
 * stack demands, and nothing was written.
 */
export function write(
  folder: string,
  fleet: Fleet,
  { stateDirectory, lock, today }: OutputOptions = {},
): FleetReport {
  const aside = mkdtempSync(join(tmpdir(), "olympus-synth-"));
  try {
    const app = new App({ outdir: aside });
    declare(app, fleet, stateDirectory);
    withoutStackTraces(() => app.synth());
    const documents = documentsIn(app, aside);
    const report = validateFleet(fleet, stateDirectory, documents, today);
    for (const [stack, document] of Object.entries(documents)) {
      const own = join("stacks", stack);
      if (lock) writeFileSync(join(aside, own, LOCK_FILE), stackLock(lock, demandedBy(document)));
      else if (isLockLaid(join(folder, own))) rmSync(join(folder, own, LOCK_FILE));
    }
    for (const file of filesIn(aside)) place(join(aside, file), join(folder, file));
    return report;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** The providers that Terraform will need for a document. */
const demandedBy = (document: Json): DemandedProvider[] => {
  const { terraform } = document as unknown as {
    terraform: { required_providers: Record<string, DemandedProvider> };
  };
  return Object.values(terraform.required_providers);
};

/** Switches a file that has changed, so that a reader meets the old one or the new one. Not flushed: synth makes it again. */
function place(from: string, to: string): void {
  if (existsSync(to) && readFileSync(to).equals(readFileSync(from))) return;
  mkdirSync(dirname(to), { recursive: true });
  const beside = asidePath(to);
  copyFileSync(from, beside);
  renameSync(beside, to);
}

/** Every stack's document as it lies in the folder. */
const documentsIn = (app: App, folder: string): Documents =>
  Object.fromEntries(
    app.node
      .findAll()
      .filter((construct) => TerraformStack.isStack(construct))
      .map((stack) => {
        const { synthesizedStackPath } = app.manifest.forStack(stack as TerraformStack);
        return [
          stack.node.path,
          JSON.parse(readFileSync(join(folder, synthesizedStackPath), "utf8")) as Json,
        ];
      }),
  );

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1));
