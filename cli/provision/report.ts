import type { Fleet } from "../../config/index.ts";
import { cents, monthlyCost, priceBook, total } from "../../config/prices.ts";
import { reportAsText } from "../../parity/report/text.ts";
import { inspectFleet } from "../shared/inspection.ts";
import type { Outputs } from "../shared/terraform.ts";

/** What there is now, what differs between the environments, and what they cost. */
export async function provisionReportText(
  environment: string,
  fleet: Fleet,
  outputs: Outputs,
): Promise<string> {
  const { parity } = await inspectFleet();
  return [
    `\nOutputs of ${environment}`,
    describeOutputs(outputs),
    "",
    ...parity.map(reportAsText),
    "",
    costTable(fleet),
  ].join("\n");
}

function describeOutputs(outputs: Outputs): string {
  const { monthly_cost: _cost, origin_certificate: _certificate, ...shown } = outputs;
  return Object.entries(shown)
    .flatMap(([name, value]) =>
      typeof value === "object" && value !== null
        ? [
            `  ${name}`,
            ...Object.entries(value).map(([key, text]) => `    ${key.padEnd(12)} ${String(text)}`),
          ]
        : [`  ${name.padEnd(16)} ${String(value)}`],
    )
    .join("\n");
}

/** What each environment costs a month, beside each other. */
function costTable(fleet: Fleet): string {
  const rows = [fleet.reference, ...fleet.mirrors].map(({ name, environment }) => ({
    name,
    eur: total(monthlyCost(environment)),
  }));
  const all = cents(rows.reduce((sum, { eur }) => sum + eur, 0));
  return [
    `Monthly cost, net ${priceBook.currency}, prices of ${priceBook.date}, never asleep`,
    ...[...rows, { name: "together", eur: all }].map(
      ({ name, eur }) => `  ${name.padEnd(10)} ${eur.toFixed(2).padStart(8)}`,
    ),
  ].join("\n");
}
