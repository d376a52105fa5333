import type { UpgradeReport } from "./report.ts";

const SHOWN = 20;
const listed = (lines: readonly string[]): string[] => [
  ...lines.slice(0, SHOWN).map((line) => `  ${line}`),
  ...(lines.length > SHOWN ? [`  and ${lines.length - SHOWN} more: --json has all`] : []),
];

/** A heading with what is below it; nothing where there is nothing. */
const part = (heading: string, lines: readonly string[]): string[] =>
  lines.length ? ["", heading, ...listed(lines)] : [];

/** What a merge of a version would bring, for a terminal. */
export function upgradeText(name: string, report: UpgradeReport): string {
  const { conflicts, tasks, secrets, migrations, refused, changes } = report;
  return [
    `${name} (${report.version.slice(0, 12)}): nothing was merged.`,
    ...part("Files that git cannot merge:", conflicts.map(conflictLine)),
    ...part("To do by hand, from the changelog:", tasks),
    ...part("Secrets (`./olympus secrets init <environment>` makes what is new):", secrets),
    ...part("The release carries a migration:", migrations),
    ...(refused === undefined ? [] : ["", "After the merge no stack would be written:", "", refused]),
    ...(changes ? changesText(changes) : []),
    "",
    verdict(name, report),
  ].join("\n");
}

const conflictLine = ({ file, isYours }: UpgradeReport["conflicts"][number]): string =>
  isYours ? `${file} (yours: keep your values)` : `${file} (ours, and changed here: docs/upgrade.md)`;

function changesText({ stacks, images, releases }: NonNullable<UpgradeReport["changes"]>): string[] {
  return [
    ...Object.entries(stacks).flatMap(([stack, lines]) => part(`Stack ${stack}:`, lines)),
    ...part("Images:", images),
    ...(releases
      ? Object.entries(releases).flatMap(([environment, { values, files, services }]) => [
          ...part(`Values of ${environment}'s machine:`, values),
          ...part(`Files of a release to ${environment}:`, files),
          ...part(`Services of ${environment}:`, services),
        ])
      : [
          "",
          "What a release would bring cannot be asked of that version: `./olympus plan` after the merge says it.",
        ]),
  ];
}

function verdict(name: string, { conflicts, refused }: UpgradeReport): string {
  const merge = `git merge ${name}`;
  if (conflicts.length)
    return `\`${merge}\` stops at ${conflicts.length} files; then run this again on the branch.`;
  if (refused !== undefined)
    return `\`${merge}\` on a branch, then correct what is said above: docs/upgrade.md.`;
  return `It merges by itself: \`${merge}\` on a branch, then the pull request's report and \`./olympus plan\`.`;
}
