import type { Project } from "./emulated-cloud.ts";
import { priceOf } from "./prices.ts";
import type { LedgerEvent, RecordKind, ResourceRecord } from "./records.ts";

type Billed = { type: string; location: string /** Units of the price: GB of a volume. */; amount?: number };

/** Writes a creation or a rescale down, at the price of the moment: Hetzner keeps it until the next rescale. */
export function openBilling(
  project: Project,
  event: "create" | "rescale",
  kind: RecordKind,
  { id, name }: ResourceRecord,
  { type, location, amount = 1 }: Billed,
): void {
  const at = project.world.time();
  const unit = priceOf(type, location, at, project.world.conditions.value.prices);
  const price = { hourly: unit.hourly * amount, monthly: unit.monthly * amount };
  project.state.events.push({ at, event, kind, id, name, location, type, price });
}

/** Ends what a record costs; nothing for what never cost anything. */
export function closeBilling(project: Project, kind: RecordKind, id: number): void {
  const last = project.state.events.findLast((event) => event.kind === kind && event.id === id);
  if (!last) return;
  const end: LedgerEvent = {
    ...last,
    at: project.world.time(),
    event: "delete",
    price: { hourly: 0, monthly: 0 },
  };
  project.state.events.push(end);
}
