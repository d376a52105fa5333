import { resolve } from "node:path";
import { type Fleet, loadFleet } from "../../config/index.ts";
import { servesRealPeople } from "../../config/load/environment.ts";
import { monthlyCost, priceBook, total } from "../../config/prices.ts";
import { containmentAsMarkdown } from "../../containment/report/markdown.ts";
import { callerDirectory } from "../../lib/process-env.ts";
import { reportAsMarkdown } from "../../parity/report/markdown.ts";
import { documentFindingsAsText } from "../../parity/report/text.ts";
import { describePolicy } from "../../policy/evaluate.ts";
import { type Inspection, inspectFleet } from "../shared/inspection.ts";
import { readOutcomes } from "../shared/plan/summary-file.ts";
import { stackNames } from "../shared/stack-names.ts";
import { databaseSchemaOf } from "../staging/refresh/checkout.ts";
import { schemaChanges } from "../staging/refresh/schema.ts";
import { upsertComment } from "./pull-request-comment.ts";
import { plain, pullRequestMarkdown } from "./pull-request-markdown.ts";
import { releasePrediction } from "./release-prediction.ts";

export interface ReportOptions {
  /** Folder that `olympus plan --out` wrote to. */
  readonly plans?: string;
  /** Commit that it would be merged into; without it nothing is said of releases and migrations. */
  readonly base?: string;
  /** Number of the pull request whose comment to write; without it the report is printed. */
  readonly comment?: string;
}

/** What a pull request would change, as one Markdown text: dangers, parity, plans, releases, migrations, cost. */
export async function pullRequestReport({ plans, base, comment }: ReportOptions): Promise<void> {
  const fleet = loadFleet();
  const migrations = base ? schemaChanges(await databaseSchemaOf(base), await databaseSchemaOf()) : [];
  const markdown = pullRequestMarkdown({
    parity: parityMarkdown(await inspectFleet()),
    releases: base ? await releasePrediction(base, fleet) : "",
    migration: migrationMarkdown(migrations, fleet),
    cost: costMarkdown(fleet),
    stacks: stackNames(fleet),
    outcomes: plans === undefined ? [] : readOutcomes(resolve(callerDirectory(), plans)),
  });
  if (comment === undefined) console.log(markdown);
  else await upsertComment(comment, markdown);
}

const parityMarkdown = ({ parity, documents, policy, containment }: Inspection): string =>
  [
    ...parity.map(reportAsMarkdown),
    containmentAsMarkdown(containment),
    ...(documents.length
      ? [`### Documents\n\n\`\`\`text\n${documentFindingsAsText(documents)}\n\`\`\``]
      : []),
    ...(policy.length ? [`### Rules\n\n\`\`\`text\n${describePolicy(policy)}\n\`\`\``] : []),
  ].join("\n\n");

/** What the shape of the tables follows from changes: where everybody is synthetic, all begins anew after the release. */
export function migrationMarkdown(changes: readonly string[], { mirrors }: Fleet): string {
  if (changes.length === 0) return "";
  const names = mirrors.filter(({ environment }) => !servesRealPeople(environment)).map(({ name }) => name);
  const refreshes = names.map((name) => `\`olympus refresh ${name}\``).join(", ");
  return [
    "### Migration",
    "",
    ...changes.map((line) => `- ${plain(line)}`),
    "",
    `The release migrates the data that is there. After it follows ${refreshes || "nothing: no environment has extras"}: empty databases and new people.`,
  ].join("\n");
}

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
