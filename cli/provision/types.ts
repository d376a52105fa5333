import { readFileSync } from "node:fs";
import { join } from "node:path";
import { hetznerList } from "../../config/hetzner-list.ts";
import { type Fleet, loadFleet } from "../../config/index.ts";
import { shellTokenVariable, tokenVariable } from "../../config/load/names.ts";
import { Failure } from "../../lib/failure.ts";
import { writeAtomically } from "../../lib/files.ts";
import { namedVariable } from "../../lib/process-env.ts";
import { createHetznerClient, type OtherPrices, type SoldType } from "../shared/hetzner.ts";

const FILE = join("config", "hetzner-list.ts");

/** What the file holds, without what it says about itself. */
export interface HetznerList {
  readonly serverTypes: Readonly<Record<string, Pick<SoldType, "architecture" | "monthly">>>;
  readonly primaryIpv4: number;
  readonly volumeGb: number;
}

/**
 * Brings the file of types and prices to what Hetzner's API says, as the project of any environment's token, and prints what
 * changed. Where nothing did, neither does its date. Throws a {@link Failure} where a declared type is no longer sold.
 */
export async function refreshTypes({ check }: { readonly check?: boolean }): Promise<void> {
  const fleet = loadFleet();
  const { location } = fleet.base;
  const hetzner = createHetznerClient(anyToken(fleet));
  const today = listOf(await hetzner.sold(location), await hetzner.otherPrices(location));
  const lines = listChanges(hetznerList, today);
  if (!lines.length) return console.log(`${FILE} is what Hetzner says today for ${location}.`);
  console.log(lines.join("\n"));
  if (check) {
    process.exitCode = 1;
    return;
  }
  const gone = declaredTypes(fleet).filter((type) => !(type in today.serverTypes));
  if (gone.length)
    throw new Failure(
      `Nothing was written: Hetzner no longer sells ${gone.join(", ")} in ${location}, and config/ declares it. Choose another hostType or fallback first.`,
    );
  const date = (await hetzner.now()).toISOString().slice(0, 10);
  const text = fileText(readFileSync(FILE, "utf8"), date, location, today);
  writeAtomically(FILE, text);
  console.log(`${FILE} is written: read its diff, then commit it.`);
}

function anyToken(fleet: Fleet): string {
  const names = [fleet.reference, ...fleet.mirrors].map(({ name }) => name);
  for (const name of names) {
    const token =
      namedVariable(shellTokenVariable("hcloud", name)) ??
      namedVariable(`TF_VAR_${tokenVariable("hcloud", name)}`);
    if (token) return token;
  }
  const variables = names.map((name) => shellTokenVariable("hcloud", name)).join(" or ");
  throw new Failure(
    `Missing in the environment: ${variables}. Any of them will do; it can be one that only reads.`,
  );
}

const declaredTypes = ({ reference, mirrors }: Fleet): string[] => [
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

/** What is new, gone or other, a line each. */
export function listChanges(old: HetznerList, today: HetznerList): string[] {
  const types = new Set([...Object.keys(old.serverTypes), ...Object.keys(today.serverTypes)]);
  const rows = [...types].sort().map((type) => {
    const [before, after] = [old, today].map(({ serverTypes }) => serverTypes[type]);
    return [
      type,
      before && `${before.monthly} ${before.architecture}`,
      after && `${after.monthly} ${after.architecture}`,
    ];
  });
  const others = (["primaryIpv4", "volumeGb"] as const).map((item) => [
    item,
    `${old[item]}`,
    `${today[item]}`,
  ]);
  return [...rows, ...others].flatMap(([item, before, after]) => {
    if (before === after) return [];
    if (before === undefined) return [`  add     ${item}  ${after}`];
    return [
      after === undefined ? `  remove  ${item}  ${before}` : `  change  ${item}  ${before} -> ${after}`,
    ];
  });
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
