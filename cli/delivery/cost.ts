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
  /** Its server at Hetzner now, null where Hetzner does not sell the type any more; absent without a token. */
  readonly today?: Offer | null;
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
    [reference, ...mirrors].map(async ({ environment }) => {
      const byTheBook = environmentCost(environment);
      if (!hetzner) return byTheBook;
      return { ...byTheBook, today: (await hetzner.offer(environment.hostType, base.location)) ?? null };
    }),
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

const row = (item: string, eur: number, more = ""): string =>
  `  ${item.padEnd(28)} ${eur.toFixed(2).padStart(8)}${more && `   ${more}`}`;

function costLines(cost: EnvironmentCost): string[] {
  const { resources, serverHour, neverAsleep, asDeclared, budget, today } = cost;
  const sleeps = asDeclared < neverAsleep;
  return [
    ...resources.map(({ item, eur }, number) =>
      row(item, eur, number === 0 ? `${serverHour.toFixed(4)} an hour` : ""),
    ),
    row("together, never asleep", neverAsleep),
    ...(sleeps ? [row("with its nights as declared", asDeclared)] : []),
    ...(budget === undefined ? [] : [row("budget", budget)]),
    ...(today === undefined ? [] : [todayLine(today, sleeps)]),
  ];
}

const LOST = "a server that is lost comes back as another type";
function todayLine(today: Offer | null, sleeps: boolean): string {
  if (!today) return `  Hetzner does not sell its server any more: ${LOST}`;
  const missing = sleeps ? "its nights are kept awake, and it costs the sum above" : LOST;
  return row(
    "server at Hetzner now",
    today.monthly,
    today.available ? "" : `none can be ordered: ${missing}`,
  );
}
