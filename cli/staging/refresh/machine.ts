import { z } from "zod";

/** What the machine says before a refresh: `olympus-refresh --look`. */
export const previewSchema = z.object({
  release: z.string(),
  /** Rows by database. */
  databases: z.record(z.string(), z.number()),
  /** In Mailpit; null where it does not run or does not answer. */
  messages: z.number().nullable(),
  /** Of the release that serves. */
  schema: z.record(z.string(), z.string()),
  last: z.object({
    ok: z.boolean().nullable(),
    at: z.string().nullable(),
    schema: z.record(z.string(), z.string()).nullable(),
  }),
  /** Whether an earlier one was killed between its two halves. */
  is_cut_short: z.boolean(),
});
export type RefreshPreview = z.infer<typeof previewSchema>;

const table = z.object({ rows: z.number(), older: z.number() });

/** What stands on the machine after a refresh: `olympus-refresh --remains`. */
export const remainsSchema = z.object({
  since: z.string(),
  /** Every table of every database, templates left out: its rows, and those older than `since`. */
  databases: z.record(z.string(), z.record(z.string(), table)),
  messages: z.object({ rows: z.number().nullable(), oldest: z.string().nullable() }),
  roles: z.array(z.string()),
  /** Ids of OAuth2 clients, by database. */
  clients: z.record(z.string(), z.array(z.string())),
  /** Addresses of identities that `olympus seed` did not make, by database. */
  strangers: z.record(z.string(), z.array(z.string())),
});
export type Remains = z.infer<typeof remainsSchema>;
