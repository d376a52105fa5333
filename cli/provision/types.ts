import { readFileSync } from "node:fs";
import { join } from "node:path";
import { hetznerList } from "../../config/hetzner-list.ts";
import { type Fleet, loadFleet } from "../../config/index.ts";
import { shellTokenVariable } from "../../config/load/names.ts";
import { Failure } from "../../lib/failure.ts";
import { writeAtomically } from "../../lib/files.ts";
import { createHetznerClient, type OtherPrices, type SoldType } from "../shared/hetzner.ts";
import { hetznerTokenOfAny } from "../shared/tokens.ts";

const FILE = join("config", "hetzner-list.ts");

/** What the file holds, without what it says about itself. */
export interface HetznerList {
  readonly serverTypes: Readonly<Record<string, Pick<SoldType, "architecture" | "monthly">>>;
  readonly primaryIpv4: number;
  readonly volumeGb: number;
}

interface TypesOptions {
  /** Write nothing. */
  readonly check?: boolean;
  readonly json?: boolean;
}

/** One line of the list that is not what Hetzner says; `before` and `after` as the file would have them. */
interface ListChange {
  readonly item: string;
  readonly before: string | null;
  readonly after: string | null;
}

/**
 * Brings the file of types and prices to what Hetzner's API says, as the project of any environment's token, and prints what
 * changed. Where nothing did, neither does its date. Throws a {@link Failure} where a declared type is no longer sold.
 */
export async function refreshTypes({ check, json }: TypesOptions): Promise<void> {
  const fleet = loadFleet();
  const { location } = fleet.base;
  const hetzner = createHetznerClient(anyToken(fleet));
  const today = listOf(await hetzner.sold(location), await hetzner.otherPrices(location));
  const changes = listChanges(hetznerList, today);
  const isWritten = changes.length > 0 && !check;
  if (isWritten) await write(fleet, today, await hetzner.now());
  const report = { file: FILE, location, changes, isWritten };
  console.log(json ? JSON.stringify(report, null, 2) : typesText(report));
  process.exitCode = changes.length && check ? 1 : 0;
}

async function write({ base, ...fleet }: Fleet, today: HetznerList, now: Date): Promise<void> {
  const gone = declaredTypes(fleet).filter((type) => !(type in today.serverTypes));
  if (gone.length)
    throw new Failure(
      `Nothing was written: Hetzner no longer sells ${gone.join(", ")} in ${base.location}, and config/ declares it. Choose another hostType or fallback first.`,
    );
  const date = now.toISOString().slice(0, 10);
  writeAtomically(FILE, fileText(readFileSync(FILE, "utf8"), date, base.location, today));
}

function typesText({
  location,
  changes,
  isWritten,
}: {
  location: string;
  changes: readonly ListChange[];
  isWritten: boolean;
}): string {
  if (!changes.length) return `${FILE} is what Hetzner says today for ${location}.`;
  const lines = changes.map(({ item, before, after }) => {
    if (before === null) return `  add     ${item}  ${after}`;
    return after === null ? `  remove  ${item}  ${before}` : `  change  ${item}  ${before} -> ${after}`;
  });
  return [...lines, ...(isWritten ? [`${FILE} is written: read its diff, then commit it.`] : [])].join("\n");
}

function anyToken(fleet: Fleet): string {
  const token = hetznerTokenOfAny(fleet);
  if (token) return token;
  const names = [fleet.reference, ...fleet.mirrors].map(({ name }) => name);
  const variables = names.map((name) => shellTokenVariable("hcloud", name)).join(" or ");
  throw new Failure(
    `Missing in the environment: ${variables}. Any of them will do; it can be one that only reads.`,
  );
}

const declaredTypes = ({ reference, mirrors }: Pick<Fleet, "reference" | "mirrors">): string[] => [
  ...new Set(
    [reference, ...mirrors].flatMap(({ overlay }) => [
      overlay.hostType,
      ...(overlay.extras?.fallbackTypes ?? []),
    ]),
  ),
];

/** Hetzner's answer as the file keeps it. Throws a {@link Failure} for another currency than the one of all our figures. */
export function listOf(
  sold: readonly Omit<SoldType, "available">[],
  { currency, ...others }: OtherPrices,
): HetznerList {
  if (currency !== "EUR")
    throw new Failure(`Hetzner bills this project in ${currency}, and all prices in config/ are in EUR.`);
  if (!sold.length) throw new Failure("Hetzner's list has no server type in this location.");
  const sorted = [...sold].sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    ...others,
    serverTypes: Object.fromEntries(
      sorted.map(({ name, architecture, monthly }) => [name, { architecture, monthly }]),
    ),
  };
}

/** What is new, gone or other. */
export function listChanges(old: HetznerList, today: HetznerList): ListChange[] {
  const types = [...new Set([...Object.keys(old.serverTypes), ...Object.keys(today.serverTypes)])].sort();
  const priceOf = (list: HetznerList, type: string) => {
    const found = list.serverTypes[type];
    return found ? `${found.monthly} ${found.architecture}` : null;
  };
  return [
    ...types.map((item) => ({ item, before: priceOf(old, item), after: priceOf(today, item) })),
    ...(["primaryIpv4", "volumeGb"] as const).map((item) => ({
      ...{ item, before: `${old[item]}`, after: `${today[item]}` },
    })),
  ].filter(({ before, after }) => before !== after);
}

/** The file with another list in it; what it says of itself at its head stays. */
export function fileText(old: string, date: string, location: string, list: HetznerList): string {
  const head = old.slice(0, old.indexOf("export const"));
  const types = Object.entries(list.serverTypes).map(
    ([name, { architecture, monthly }]) =>
      `    ${name}: { architecture: "${architecture}", monthly: ${monthly} },`,
  );
  return `${head}export const hetznerList = {
  date: "${date}",
  source: "GET /v1/server_types and /v1/pricing of Hetzner's API, ${location}",
  serverTypes: {
${types.join("\n")}
  },
  primaryIpv4: ${list.primaryIpv4},
  volumeGb: ${list.volumeGb},
} as const;
`;
}
