import { cents } from "../../../config/prices.ts";
import type { Offer } from "../../shared/hetzner.ts";
import type { ServerPrice } from "./billing.ts";

/** What is known in the evening. */
export interface SleepDecisionInput {
  /** The machine's type first, then what else may be ordered, as Hetzner offers it today; absent where it does not. */
  readonly offers: readonly (readonly [type: string, offer: Offer | undefined])[];
  /** What the machine costs as long as it lives; absent where nobody knows. */
  readonly held: ServerPrice | undefined;
  /** What 30 days of these nights cost at a price. */
  monthOfNights(price: ServerPrice): number;
}

/** Whether the machine is given up, with the figures that decided it. EUR a month, net, to the cent. */
export interface SleepDecision {
  readonly is: "sleep" | "keep";
  /** One sentence. */
  readonly why: string;
  /** What would be ordered in the morning. */
  readonly type?: string;
  readonly held?: number;
  readonly offered?: number;
  readonly nights?: number;
}

const eur = (value: number): string => `${value.toFixed(2)} EUR`;

/**
 * Could the machine be had again in the morning, and would the nights still be worth it at today's price? A deleted server
 * loses the price it was ordered at, and since 2026 some types cannot be ordered for weeks.
 */
export function decideSleep({ offers, held, monthOfNights }: SleepDecisionInput): SleepDecision {
  const orderable = offers.find(([, offer]) => offer?.available)?.[1];
  if (!orderable) {
    const types = offers.map(([type]) => type).join(", ");
    return {
      is: "keep",
      why: `Hetzner has no ${types} to order here now: a deleted server might not come back`,
    };
  }
  const { type } = orderable;
  if (!held)
    return {
      is: "keep",
      type,
      offered: cents(orderable.monthly),
      why: "the price book is newer than the server, so the price that would be lost is unknown: pass the one on the invoice with --price",
    };
  const nights = monthOfNights(orderable);
  const figures = {
    type,
    held: cents(held.monthly),
    offered: cents(orderable.monthly),
    nights: cents(nights),
  };
  if (nights >= held.monthly)
    return {
      is: "keep",
      ...figures,
      why: `a month of nights would cost ${eur(nights)} with ${type} at today's price, the machine that never sleeps ${eur(held.monthly)} at the price it was ordered at`,
    };
  return {
    is: "sleep",
    ...figures,
    why: `${type} can be ordered again, at ${eur(orderable.monthly)} a month today (held: ${eur(held.monthly)}); a month of nights costs ${eur(nights)}`,
  };
}
