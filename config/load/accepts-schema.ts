import * as z from "zod";
import { field, textField } from "./fields.ts";

const decision = field(
  z.strictObject({
    reason: textField(
      "a sentence of 10 to 300 characters",
      "write why it is accepted",
      /^[^\p{C}]{10,300}$/u,
    ),
    until: field(
      z.iso.date(),
      "a day such as 2027-05-31",
      "write when it must be decided again: from the day after on nothing is synthesized",
    ),
  }),
  "reason and until",
  "write why it is accepted, and until when",
);

/** Paths into production that the team knows and accepts for a time, by the names of containment/entries.ts. */
export const accepts = field(
  z.strictObject({
    "shared-zone": decision.optional(),
    "shared-site": decision.optional(),
    "plan-of-pull-requests": decision.optional(),
    "plan-on-a-laptop": decision.optional(),
  }),
  "any of shared-zone, shared-site, plan-of-pull-requests, plan-on-a-laptop",
  "`./olympus containment` says what each is and the way out of it",
);

/** A list of advisories of pins that are accepted for a time, as config/advisories.ts has it. */
export const acceptedAdvisoriesSchema = z.array(
  decision.extend({
    id: z.string().regex(/^[A-Z][A-Za-z0-9]*(-[A-Za-z0-9]+)+$/, "must be an id such as GHSA-8v65-47jx-7mfr"),
    pin: z.string().min(1, "must name a pin such as mailpit"),
  }),
);
export type AcceptedAdvisory = z.infer<typeof acceptedAdvisoriesSchema>[number];
