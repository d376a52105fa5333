import { resolve } from "node:path";
import { type Fleet, loadFleet } from "../config/index.ts";
import { monthlyCost, priceBook, total } from "../config/prices.ts";
import { callerDirectory } from "../config/process-env.ts";
import { describePolicy } from "../parity/policy/evaluate.ts";
import { reportAsMarkdown } from "../parity/report/markdown.ts";
import { type Inspection, inspect } from "./lib/inspection.ts";
import { readOutcomes } from "./lib/plan-file.ts";
import { pullRequestMarkdown } from "./lib/pr-markdown.ts";
import { upsertComment } from "./lib/pull-request-comment.ts";
import { stackNames } from "./lib/stack-names.ts";

export interface ReportOptions {
  /** Folder that `olympus plan --out` wrote to. */
  readonly plans?: string;
  /** Number of the pull request whose comment to write; without it the report is printed. */
  readonly comment?: string;
}

/** What a pull request would change, as one Markdown text: dangers, parity, plans, cost. */
export async function pullRequestReport({ plans, comment }: ReportOptions): Promise<void> {
  const fleet = loadFleet();
  const markdown = pullRequestMarkdown({
    parity: parityMarkdown(await inspect()),
    cost: costMarkdown(fleet),
    stacks: stackNames(fleet),
    outcomes: plans === undefined ? [] : readOutcomes(resolve(callerDirectory(), plans)),
  });
  if (comment === undefined) console.log(markdown);
  else await upsertComment(comment, markdown);
}

const parityMarkdown = ({ parity, policy }: Inspection): string =>
  [
    ...parity.map(reportAsMarkdown),
    ...(policy.length ? [`### Rules\n\n\`\`\`text\n${describePolicy(policy)}\n\`\`\``] : []),
  ].join("\n\n");

/** Every environment's cost beside the others'. */
function costMarkdown({ reference, mirrors }: Fleet): string {
  const rows = [reference, ...mirrors].map(({ name, environment }) => {
    const lines = monthlyCost(environment);
    const parts = lines.map(({ item, eur }) => `${item} ${eur.toFixed(2)}`).join(", ");
    return `| ${name} | ${total(lines).toFixed(2)} | ${parts} |`;
  });
  return [
    "### Monthly cost",
    "",
    `Net ${priceBook.currency}, prices of ${priceBook.date}, never asleep.`,
    "",
    "| Environment | Total | Of which |",
    "| --- | ---: | --- |",
    ...rows,
  ].join("\n");
}
