import type { Fleet } from "../../config/index.ts";
import { cents, monthlyCost, priceBook, total } from "../../config/prices.ts";
import { secondsSinceStart } from "../../lib/progress.ts";
import { verdict } from "../../parity/report/text.ts";
import { inspectFleet } from "../shared/inspection.ts";
import type { Outputs } from "../shared/terraform.ts";
import type { TerraformContext } from "./terraform-context.ts";

/** What a run of provision has done. */
export interface Provisioned {
  readonly environment: string;
  readonly stacks: readonly string[];
  /** Resources that it made, changed or destroyed. */
  readonly changes: number;
  readonly outputs: Outputs;
}

/** The end of a run, for a person: what it did, what there is now, what goes on running, what comes next. */
export async function provisionReportText(
  { environment, stacks, changes, outputs }: Provisioned,
  fleet: Fleet,
  { clouds, running, next }: TerraformContext,
): Promise<string> {
  const { parity } = await inspectFleet();
  const did = changes
    ? `${changes} ${changes === 1 ? "change" : "changes"} in ${stacks.join(" and ")}; a second plan is empty`
    : "nothing was changed by this run";
  return [
    "",
    `${environment} is deployed to ${clouds} (${secondsSinceStart()} s): ${did}.`,
    ...(changes ? outputLines(outputs) : [line("server", String(outputs.server_ipv4))]),
    ...parity.map((report) => line("parity", `${verdict(report)} (./olympus parity)`)),
    line("cost", costLine(fleet)),
    ...(running ? [line("running", running)] : []),
    "",
    "Next",
    ...next(environment).map(([command, why]) => `  ${command}\n      ${why}`),
  ].join("\n");
}

const line = (name: string, text: string): string => `  ${name.padEnd(16)} ${text}`;

function outputLines(outputs: Outputs): string[] {
  const { monthly_cost: _cost, origin_certificate: _certificate, ...shown } = outputs;
  return Object.entries(shown).flatMap(([name, value]) =>
    typeof value === "object" && value !== null
      ? [`  ${name}`, ...Object.entries(value).map(([key, text]) => `    ${key.padEnd(12)} ${String(text)}`)]
      : [line(name, String(value))],
  );
}

/** What each environment costs a month. */
function costLine(fleet: Fleet): string {
  const rows = [fleet.reference, ...fleet.mirrors].map(
    ({ name, environment }) => [name, total(monthlyCost(environment))] as const,
  );
  const all = cents(rows.reduce((sum, [, eur]) => sum + eur, 0));
  const shown = [...rows, ["together", all] as const].map(([name, eur]) => `${name} ${eur.toFixed(2)}`);
  return `${shown.join(", ")} ${priceBook.currency} a month, net, never asleep, prices of ${priceBook.date}`;
}
