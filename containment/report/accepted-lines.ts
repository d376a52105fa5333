import { countOf } from "../../parity/report/text.ts";
import type { Accepted, EntryName } from "../entries.ts";
import type { ContainmentReport } from "../theorem.ts";

/** A line for each entry through which production is open: how many paths, why, and until when that is decided. */
export const acceptedLines = (accepted: Accepted, report: ContainmentReport): string[] =>
  (Object.keys(accepted) as EntryName[]).flatMap((name) => {
    const count = report.accepted.filter(({ entries }) => entries.includes(name)).length;
    const { reason, until } = accepted[name] ?? {};
    const soon = report.expiring.includes(name) ? ": decide again soon" : "";
    return count
      ? [`open to production, accepted until ${until}${soon}: ${name}, ${countOf(count, "path")} (${reason})`]
      : [];
  });
