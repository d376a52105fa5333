import { z } from "zod";
import { type MachineScriptOptions, queryMachine, scriptCommand } from "../shared/machine-script.ts";
import { connectToMachine, environmentNamed } from "../shared/target.ts";

const snapshots = z.array(
  z.object({
    id: z.string(),
    time: z.string(),
    tags: z.array(z.string()).default([]),
    summary: z.object({ total_bytes_processed: z.number(), data_added_packed: z.number() }).optional(),
  }),
);

const MB = 1e6;

/** Lists the backups of an environment, the newest last. */
export async function backups(environment: string, options: MachineScriptOptions): Promise<void> {
  environmentNamed(environment);
  const remote = await connectToMachine(environment, options);
  try {
    const all = await queryMachine(
      remote,
      scriptCommand(["olympus-restic", "snapshots", "--no-lock", "--json"]),
      snapshots,
    );
    const list = all
      .sort((a, b) => a.time.localeCompare(b.time))
      .map(({ id, time, tags, summary }) => ({
        id,
        time,
        reason: tags[0] ?? "",
        name: nameOf(tags),
        bytes: summary?.total_bytes_processed ?? 0,
        stored: summary?.data_added_packed ?? 0,
      }));
    console.log(options.json ? JSON.stringify(list, null, 2) : table(list));
  } finally {
    await remote.close();
  }
}

interface Line {
  readonly id: string;
  readonly time: string;
  readonly reason: string;
  readonly name: string | undefined;
  readonly bytes: number;
  readonly stored: number;
}

/** The reason comes first; one that was given a name carries it as a tag of its own. */
const nameOf = (tags: readonly string[]): string | undefined =>
  tags.find((tag) => tag.startsWith("name:"))?.slice("name:".length);

const table = (list: readonly Line[]): string =>
  list
    .map(({ id, time, reason, name, bytes, stored }) =>
      [
        ...[id.slice(0, 8), `${time.slice(0, 19)}Z`, reason.padEnd(16), mb(bytes), `new ${mb(stored)}`],
        ...(name ? [name] : []),
      ].join("  "),
    )
    .join("\n") || "no backups yet";

const mb = (bytes: number): string => `${(bytes / MB).toFixed(1).padStart(8)} MB`;
