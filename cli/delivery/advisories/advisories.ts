import { z } from "zod";
import { acceptedAdvisories } from "../../../config/advisories.ts";
import { acceptedAdvisoriesSchema } from "../../../config/load/accepts-schema.ts";
import { Failure } from "../../../lib/failure.ts";
import { printableLine } from "../../../lib/printable.ts";
import { osvEndpoint } from "../../../lib/process-env.ts";
import { findAdvisories } from "./findings.ts";
import { createOsv } from "./osv.ts";
import { readPins } from "./pins.ts";
import { advisoriesText } from "./text.ts";

/** Exit code where OSV gave no answer: not "none found", and not "found". */
const UNKNOWN = 2;

/** Holds all pins against published advisories. Exit code 0 none, 1 some, 2 no answer. */
export async function advisories({ json }: { readonly json?: boolean }): Promise<void> {
  const decisions = acceptedAdvisoriesSchema.safeParse(acceptedAdvisories);
  if (!decisions.success) throw new Failure(`config/advisories.ts: ${z.prettifyError(decisions.error)}`);
  const { pins, uncovered } = readPins();
  const today = new Date().toISOString().slice(0, 10);
  const found = await findAdvisories(createOsv(osvEndpoint()), pins, decisions.data, today).catch(
    (error: unknown) => {
      if (!(error instanceof Failure)) throw error;
      console.error(
        `Whether what is pinned has published advisories is not known: ${printableLine(error.message)}`,
      );
      process.exitCode = UNKNOWN;
      return undefined;
    },
  );
  if (!found) return;
  const findings = found.filter(({ accepted, isOverdue }) => !accepted || isOverdue);
  const accepted = found.filter((one) => !findings.includes(one));
  const unused = decisions.data.filter((decision) => !found.some((one) => one.accepted === decision));
  const asked = pins.reduce((sum, pin) => sum + pin.packages.length, 0);
  const report = { asked, findings, accepted, unused, uncovered };
  console.log(json ? JSON.stringify(report, null, 2) : advisoriesText(report));
  process.exitCode = findings.length ? 1 : 0;
}
