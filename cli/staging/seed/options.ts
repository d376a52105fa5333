import type { Extras, SchemaId, SeedMix } from "../../../config/load/schema.ts";
import { Failure } from "../../../lib/failure.ts";
import type { AdminApiOptions } from "../../shared/admin-apis.ts";
import type { SeedSpec } from "./people.ts";
import { SCHEMAS } from "./schemas.ts";

export interface SeedOptions extends AdminApiOptions {
  readonly users?: number;
  readonly seed?: number;
  readonly schemaMix?: string;
  readonly preset?: string;
  readonly batch: number;
  readonly inFlight: number;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

const DOCUMENT_USERS = 100;

/** Whom to make: what the options say, else the environment's extras. */
export function seedSpecOf(
  { users, seed, schemaMix, preset }: SeedOptions,
  extras: Extras["seed"],
): SeedSpec {
  if (preset !== undefined && preset !== "document")
    throw new Failure(`--preset ${preset}: there is only document, the seed document's own hundred people`);
  const mix = schemaMix === undefined ? extras.mix : mixOf(schemaMix);
  if (preset) return { users: users ?? DOCUMENT_USERS, number: 0, mix, document: true };
  return { users: users ?? extras.users, number: seed ?? extras.number, mix };
}

/** `default=70,customer=30` */
function mixOf(text: string): SeedMix {
  const mix: Record<SchemaId, number> = { default: 0, customer: 0, organizational: 0, admin: 0 };
  for (const part of text.split(",")) {
    const [, schema = "", share] = part.match(/^(\w+)=(\d{1,3})$/) ?? [];
    if (!(schema in SCHEMAS)) throw wrongMix(text);
    mix[schema as SchemaId] = Number(share);
  }
  if (Object.values(mix).reduce((sum, share) => sum + share, 0) !== 100) throw wrongMix(text);
  return mix;
}

const wrongMix = (text: string): Failure =>
  new Failure(
    `--schema-mix ${text}: write shares of ${Object.keys(SCHEMAS).join(", ")} that add up to 100, such as default=70,customer=30`,
  );
