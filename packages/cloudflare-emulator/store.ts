import { randomBytes } from "node:crypto";
import { openState } from "@olympus-infra/lib/state-file.ts";
import { z } from "zod";
import { refuse } from "./envelope.ts";

/** Any JSON object that the API stores. Typed views are parsed where they are used. */
export type Stored = Record<string, unknown>;

/** The kinds of stored objects. Keys: an id, or `<zone or account id>/<name>` where the API has no id. */
export const TABLES = [
  "zones",
  "zone_settings",
  "dns_records",
  "rulesets",
  "certificates",
  "origin_pulls",
  "origin_pull_hostnames",
  "scripts",
  "schedules",
  "namespaces",
  "widgets",
  "authority",
] as const;
export type Table = (typeof TABLES)[number];

/** A zone of the account, as the operator created it outside this program. */
export interface ZoneSeed {
  /** 32 hexadecimal characters. */
  readonly id: string;
  readonly name: string;
  readonly accountId: string;
}

/** The emulated account: its objects on disk, its clock and its ids. */
export interface Store {
  get(table: Table, key: string): Stored | undefined;
  put(table: Table, key: string, value: Stored): void;
  remove(table: Table, key: string): boolean;
  list(table: Table): Stored[];
  entries(table: Table): [key: string, value: Stored][];
  save(): void;
  reset(): void;
  /** Now, as the API writes it: RFC 3339 in UTC. */
  now(): string;
}

/** Opens the account kept at `path`. */
export function openStore(path: string, clock: () => Date): Store {
  const file = openState<Partial<Record<Table, Record<string, Stored>>>>(path, () => ({}));
  const rows = (table: Table) => {
    file.value[table] ??= {};
    return file.value[table];
  };
  return {
    get: (table, key) => (Object.hasOwn(rows(table), key) ? rows(table)[key] : undefined),
    put: (table, key, value) => {
      rows(table)[key] = value;
    },
    remove: (table, key) => Object.hasOwn(rows(table), key) && delete rows(table)[key],
    list: (table) => Object.values(rows(table)),
    entries: (table) => Object.entries(rows(table)),
    save: () => file.save(),
    reset: () => file.reset(),
    now: () => clock().toISOString(),
  };
}

/** An identifier as Cloudflare's: 32 hexadecimal characters. */
export const newId = (): string => randomBytes(16).toString("hex");

/** Form of an id in a path. What has another form, such as `export`, is no id and finds its own route or none. */
export const ID = "{[0-9a-f]{32}}";
const hexId = /^[0-9a-f]{32}$/;
const zoneView = z.looseObject({ id: z.string(), name: z.string(), account: z.object({ id: z.string() }) });

/** The zone of that id, or the refusal that the API gives for a wrong or foreign id. */
export function zoneRecord(store: Store, id: string): z.infer<typeof zoneView> {
  if (!hexId.test(id)) {
    throw refuse(404, 7003, `Could not route to /zones/${id}, perhaps your object identifier is invalid?`);
  }
  const zone = store.get("zones", id);
  if (!zone) throw refuse(403, 9109, "Unauthorized to access requested resource");
  return zoneView.parse(zone);
}

/** Passes when the account owns a zone here. */
export function requireAccount(store: Store, id: string): string {
  const known = store.list("zones").some((zone) => zoneView.parse(zone).account.id === id);
  if (!known) throw refuse(403, 9109, "Unauthorized to access requested resource");
  return id;
}
