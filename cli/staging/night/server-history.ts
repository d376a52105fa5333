import { z } from "zod";
import { DATA } from "../../../host/machine-layout.ts";
import { Failure } from "../../../lib/failure.ts";
import { parsedJson } from "../../../lib/json.ts";
import { quote, type Remote } from "../../shared/ssh.ts";
import type { ServerLifetime } from "./billing.ts";

const entry = z.object({
  /** lives: it is there, at this price. gone: it was deleted then. */
  event: z.enum(["lives", "gone"]),
  /** Hetzner's time. */
  at: z.coerce.date(),
  server: z.int(),
  type: z.string(),
  created: z.coerce.date(),
  hourly: z.number().nonnegative(),
  monthly: z.number().nonnegative(),
});
export type HistoryEntry = z.infer<typeof entry>;

/** What the nights were: kept on the data volume, since nothing else outlives the machine and travels with it. */
export interface ServerHistory {
  read(): Promise<readonly HistoryEntry[]>;
  write(entry: HistoryEntry): Promise<void>;
}

const FILE = `${DATA}/night/diary.jsonl`;
/** Five wakings and sleeps a week for over seven years. */
const LINES = 4000;

export const serverHistoryOn = (remote: Remote): ServerHistory => ({
  async read() {
    const { exitCode, stdout, stderr } = await remote.run(`[ ! -e ${FILE} ] || tail -n ${LINES} ${FILE}`);
    if (exitCode !== 0) throw new Failure(`The server history cannot be read: ${stderr.trim()}`);
    return parseServerHistory(stdout);
  },
  async write(written) {
    // A kill in the middle may leave half a line: the newline before it keeps the next one whole.
    const line = quote(JSON.stringify(written));
    const { exitCode, stderr } = await remote.run(
      `mkdir -p -m 700 "$(dirname ${FILE})" && printf '\\n%s\\n' ${line} >> ${FILE} && sync ${FILE}`,
    );
    if (exitCode !== 0) throw new Failure(`The server history cannot be written: ${stderr.trim()}`);
  },
});

/** Every whole line; a half one is left out. */
export function parseServerHistory(text: string): HistoryEntry[] {
  return text.split("\n").flatMap((line) => {
    const parsed = entry.safeParse(parsedJson(line));
    return parsed.success ? [parsed.data] : [];
  });
}

/** What the diary says of a life. */
export const historyEntryOf = (
  { server, type, created, deleted, price }: ServerLifetime,
  at: Date,
): HistoryEntry => ({
  ...(deleted ? { event: "gone", at: deleted } : { event: "lives", at }),
  server,
  type,
  created,
  ...price,
});

/** The servers that the diary knows, oldest first. The last word about a server counts. */
export function serverLifetimes(entries: readonly HistoryEntry[]): ServerLifetime[] {
  const lives = new Map<number, ServerLifetime>();
  for (const { event, at, server, type, created, hourly, monthly } of entries) {
    const price = lives.get(server)?.price ?? { hourly, monthly };
    lives.set(server, { server, type, created, price, deleted: event === "gone" ? at : undefined });
  }
  return [...lives.values()].sort((a, b) => a.created.getTime() - b.created.getTime());
}
