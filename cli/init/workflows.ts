import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { zoneIdentifier, zoneStackName } from "../../config/load/names.ts";
import { type FileChange, publicFile } from "./file-change.ts";

const FOLDER = join(".github", "workflows");

/**
 * The workflows that hand on the tokens of a zone, by its name, with other zones in the place of those that are gone. Only
 * where as many come as go: what a further zone needs, `olympus doctor` names.
 */
export function workflowFiles(before: readonly string[], after: readonly string[]): FileChange[] {
  const gone = before.filter((zone) => !after.includes(zone));
  const come = after.filter((zone) => !before.includes(zone));
  if (!gone.length || gone.length !== come.length || !existsSync(FOLDER)) return [];
  const names = new Map(
    before.flatMap((zone) => {
      const to = gone.includes(zone) ? (come[gone.indexOf(zone)] ?? zone) : zone;
      return spellings(zone).map((spelling, i) => [spelling, spellings(to)[i] ?? spelling] as const);
    }),
  );
  // The longest first: a zone's name may begin with another's.
  const any = new RegExp([...names.keys()].sort((a, b) => b.length - a.length).join("|"), "g");
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith(".yml"))
    .map((name) => join(FOLDER, name))
    .flatMap((file) => {
      const text = readFileSync(file, "utf8");
      const changed = text.replace(any, (found) => names.get(found) ?? found);
      return changed === text ? [] : [publicFile(file, changed)];
    });
}

/** As a stack, as a variable of Terraform, as one of a shell. */
const spellings = (zone: string): string[] => [
  zoneStackName(zone),
  zoneIdentifier(zone),
  zoneIdentifier(zone).toUpperCase(),
];
