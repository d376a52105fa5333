import { type Fleet, loadFleet } from "../../config/index.ts";
import type { Environment } from "../../config/load/environment.ts";
import { type CostLine, cents, monthlyCost, priceBook, total } from "../../config/prices.ts";
import { createHetznerClient, type Offer } from "../shared/hetzner.ts";
import { hetznerTokenOfAny } from "../shared/tokens.ts";
import { hourlyPrice } from "../staging/night/price.ts";
import { sleepingMonth } from "../staging/night/schedule.ts";

/** What an environment costs by the price book, net EUR a month. */
export interface EnvironmentCost {
  readonly name: string;
  readonly resources: readonly CostLine[];
  /** Of its server, each started hour. */
  readonly serverHour: number;
  readonly neverAsleep: number;
  /** The mean month with nights, refreshes and seeds as declared; the same as above where it never sleeps. */
  readonly asDeclared: number;
  /** The most that it may cost, as config/base.ts says. */
  readonly budget?: number | undefined;
  /** Its server at Hetzner now; absent where nobody asked, or where Hetzner does not have the type any more. */
  readonly today?: Offer | undefined;
}

/** Of one environment. Nights are counted from the day of the price book, so that a figure moves with the book or the configuration alone. */
export function environmentCost(env: Environment): EnvironmentCost {
  const { name, hostType, extras, budget } = env;
  const resources = monthlyCost(env);
  const neverAsleep = total(resources);
  const server = {
    hourly: hourlyPrice(priceBook.serverTypes[hostType]),
    monthly: priceBook.serverTypes[hostType],
  };
  const asDeclared = extras
    ? cents(neverAsleep - server.monthly + sleepingMonth(extras, new Date(priceBook.date), server))
    : neverAsleep;
  return { name, resources, serverHour: server.hourly, neverAsleep, asDeclared, budget };
}

/** Hundredths of the reference's cost that each mirror costs as declared. */
export const shareOf = (mirror: EnvironmentCost, reference: EnvironmentCost): number =>
  Math.round((mirror.asDeclared / reference.asDeclared) * 100);

/** Prints it for every environment. Asks Hetzner for today's prices only where a token is there. */
export async function printCost({ json }: { json?: boolean }): Promise<void> {
  const fleet = loadFleet();
  const costs = await withOffers(fleet);
  const book = { currency: priceBook.currency, pricesOf: priceBook.date };
  console.log(json ? JSON.stringify({ ...book, environments: costs }, null, 2) : costText(costs));
}

async function withOffers(fleet: Fleet): Promise<EnvironmentCost[]> {
  const { base, reference, mirrors } = fleet;
  const token = hetznerTokenOfAny(fleet);
  const hetzner = token ? createHetznerClient(token) : undefined;
  return Promise.all(
    [reference, ...mirrors].map(async ({ environment }) => ({
      ...environmentCost(environment),
      today: await hetzner?.offer(environment.hostType, base.location),
    })),
  );
}

/** The same for a person. The first is what the others mirror. */
export function costText(costs: readonly EnvironmentCost[]): string {
  const [reference, ...mirrors] = costs;
  return [
    `Net ${priceBook.currency} a month, prices of ${priceBook.date} (\`./olympus types\` asks for newer ones).`,
    ...costs.flatMap((one) => ["", one.name, ...costLines(one)]),
    ...(reference && mirrors.length ? [""] : []),
    ...mirrors.map(
      (one) => reference && `${one.name} costs ${shareOf(one, reference)} % of ${reference.name}.`,
    ),
  ].join("\n");
}

function costLines({
  resources,
  serverHour,
  neverAsleep,
  asDeclared,
  budget,
  today,
}: EnvironmentCost): string[] {
  const row = (item: string, eur: number, more = "") =>
    `  ${item.padEnd(28)} ${eur.toFixed(2).padStart(8)}${more}`;
  return [
    ...resources.map(({ item, eur }, number) =>
      row(item, eur, number === 0 ? `   ${serverHour.toFixed(4)} an hour` : ""),
    ),
    row("together, never asleep", neverAsleep),
    ...(asDeclared < neverAsleep ? [row("with its nights as declared", asDeclared)] : []),
    ...(budget === undefined ? [] : [row("budget", budget)]),
    ...(today ? [row("server at Hetzner now", today.monthly, todayNote(today))] : []),
  ];
}

const todayNote = ({ available }: Offer): string =>
  available ? "" : "   none can be ordered: its nights are kept awake, and it costs the sum above";
