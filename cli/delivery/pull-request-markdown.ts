import type { PlanSummary } from "../shared/plan/summary.ts";
import type { PlanOutcome } from "../shared/plan/summary-file.ts";
import { FIRST, headline, planLines } from "../shared/plan/text.ts";
import { unknownLines } from "../shared/unknown-resources.ts";

/** First line of the comment: by it the next run finds the comment to write over. */
export const MARKER = "<!-- olympus pr-report -->";
/** GitHub's limit of a comment, in characters, less some room. */
export const LIMIT = 65_536 - 536;

/** What one comment tells. The parts that are Markdown already come ready. */
export interface PullRequestReport {
  /** Verdict and differences of every mirror, and the broken rules; or why there are none. */
  readonly parity: string;
  /** What a release would do to each service; nothing where no base is known. */
  readonly releases: string;
  /** Nothing where the tables keep their shape. */
  readonly migration: string;
  readonly cost: string;
  /** Every stack that the program declares. */
  readonly stacks: readonly string[];
  readonly outcomes: readonly PlanOutcome[];
}

/** The one comment of a pull request, dangers first. Never longer than `limit` characters. */
export function pullRequestMarkdown(report: PullRequestReport, limit = LIMIT): string {
  const { outcomes } = report;
  const summaries = outcomes.flatMap((outcome) => (outcome.failed ? [] : [outcome.summary]));
  const fixed = [
    MARKER,
    ...banners(summaries).map((banner) => cut(banner, limit / 4)),
    parityWithin(report.parity, limit / 4),
    "### Plans",
    missing(report),
    cut(report.releases, limit / 8),
    report.migration,
    report.cost,
  ];
  const room = limit - fixed.join("\n\n").length - 2;
  const plans = outcomes.map((outcome) => folded(outcome, Math.floor(room / outcomes.length) - 2));
  return [...fixed.slice(0, -4), ...plans, ...fixed.slice(-4)].filter(Boolean).join("\n\n");
}

/** Loss and exposure are told apart from an outage: one is for good. What the cloud refuses comes first. */
function banners(summaries: readonly PlanSummary[]): string[] {
  const of = (kinds: readonly string[]) =>
    summaries.flatMap(({ stack, stateful }) =>
      stateful
        .filter(({ kind }) => kinds.includes(kind))
        .map(
          ({ address, action, meaning }) => `> - **${stack}**: ${action} ${code(address)}. ${plain(meaning)}`,
        ),
    );
  const [lasting, passing, refused] = [of(["loss", "exposure"]), of(["outage"]), of(["refused"])];
  return [
    ...(refused.length
      ? [["> [!CAUTION]", "> **The deploy would fail half-way.**", ...refused].join("\n")]
      : []),
    ...(lasting.length
      ? [["> [!CAUTION]", "> **State would be lost, or lose its protection.**", ...lasting].join("\n")]
      : []),
    ...(passing.length ? [["> [!WARNING]", "> **An outage.**", ...passing].join("\n")] : []),
  ];
}

/** Half a table or an open fold would swallow what follows: then only the verdicts. */
const parityWithin = (parity: string, room: number): string => {
  if (parity.length <= room) return parity;
  const verdicts = parity.split("\n").filter((line) => line.startsWith("### "));
  return cut([...verdicts, "Too long for a comment: run `./olympus parity`."].join("\n\n"), room);
};

function missing({ stacks, outcomes }: PullRequestReport): string {
  const absent = stacks.filter((stack) => !outcomes.some((outcome) => outcome.stack === stack));
  return absent.length
    ? `Not planned: ${absent.join(", ")}. Plans need read-only tokens; a pull request from a fork gets none.`
    : "";
}

function folded(outcome: PlanOutcome, room: number): string {
  if (outcome.failed) return `**${outcome.stack}: could not be planned.** The log of this run says why.`;
  const { summary } = outcome;
  const head = summary.isFirst ? `${headline(summary)}. ${FIRST}` : headline(summary);
  const lines = [...unknownLines(outcome.unknown), ...planLines(summary)];
  if (!lines.length) return plain(head);
  const wrap = (body: string) =>
    `<details><summary>${plain(head)}</summary>\n\n\`\`\`text\n${body}\n\`\`\`\n\n</details>`;
  // The fence must not be closed from within.
  const body = lines.join("\n").replaceAll("```", "'''");
  return wrap(cut(body, room - wrap("").length));
}

/** Whole lines, as many as fit, and a note of how many do not. */
function cut(text: string, room: number): string {
  if (text.length <= room) return text;
  const lines = text.split("\n");
  const note = (left: number) =>
    `... and ${left} more lines: too long for a comment, see the log of this run.`;
  let kept = 0;
  let length = note(lines.length).length;
  for (const line of lines) {
    length += line.length + 1;
    if (length > room) break;
    kept += 1;
  }
  return [...lines.slice(0, kept), note(lines.length - kept)].join("\n");
}

/** Text as one line of Markdown that opens no HTML. */
export const plain = (text: string): string => text.replaceAll("<", "&lt;").replaceAll("\n", " ");
const code = (text: string): string => `\`${text.replaceAll("`", "'").replaceAll("\n", " ")}\``;
