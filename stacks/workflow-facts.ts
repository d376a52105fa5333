import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { JobFacts } from "../containment/facts.ts";

const FOLDER = join(".github", "workflows");

/** The jobs of every workflow of the checkout, for environments of these names. Where there is no GitHub, none. */
export const workflowFacts = (environments: readonly string[], folder = FOLDER): JobFacts[] =>
  (existsSync(folder) ? readdirSync(folder) : [])
    .filter((file) => /\.ya?ml$/.test(file))
    .sort()
    .flatMap((file) => jobsIn(file, readFileSync(join(folder, file), "utf8"), environments));

/** The jobs of one workflow's text. Throws a SyntaxError of YAML. */
export function jobsIn(file: string, text: string, environments: readonly string[]): JobFacts[] {
  const workflow = asRecord(parse(text));
  const triggers = triggersOf(workflow.on);
  return Object.entries(asRecord(workflow.jobs)).map(([id, value]) => {
    const job = asRecord(value);
    const chosen = expanded(nameIn(job.environment), environments);
    const labels = [job["runs-on"]].flat().map(String);
    const own = labels.includes("self-hosted") ? labels.filter((label) => label !== "self-hosted") : [];
    return {
      name: `${file} ${id}`,
      environments: chosen,
      runners: own.flatMap((label) => expanded(label, environments)),
      onPullRequest: triggers.some((trigger) => trigger.startsWith("pull_request")),
      secrets: secretsIn([job, workflow.env]),
      writes: writesOf(job.permissions ?? workflow.permissions),
    };
  });
}

const asRecord = (value: unknown): Record<string, unknown> =>
  value !== null && typeof value === "object" && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};

const triggersOf = (on: unknown): string[] =>
  typeof on === "string" ? [on] : Array.isArray(on) ? on.map(String) : Object.keys(asRecord(on));

const nameIn = (environment: unknown): string | undefined => {
  const name = typeof environment === "string" ? environment : asRecord(environment).name;
  return name === undefined ? undefined : String(name);
};

/** A text with an expression may be any environment's. */
const expanded = (text: string | undefined, environments: readonly string[]): string[] => {
  if (text === undefined) return [];
  return text.includes("${{")
    ? environments.map((name) => text.replaceAll(/\$\{\{[^}]*\}\}/g, () => name))
    : [text];
};

/** Names of secrets in expressions, by either notation; `*` where something else is done with all of them. */
function secretsIn(value: unknown): string[] {
  const text = JSON.stringify(value) ?? "";
  const names = [
    ...text.matchAll(/\bsecrets\s*(?:\.\s*([A-Za-z_]\w*)|\[\s*\\?["']([A-Za-z_]\w*)\\?["']\s*\])/g),
  ].map(([, dotted, quoted]) => (dotted ?? quoted ?? "").toUpperCase());
  const uses = [...text.matchAll(/\$\{\{(?:(?!\}\}).)*?\bsecrets\b/g)].length;
  const all = uses > names.length || asRecord(value).secrets === "inherit";
  return [...new Set([...names, ...(all ? ["*"] : [])])].filter((name) => name !== "GITHUB_TOKEN").sort();
}

const writesOf = (permissions: unknown): string[] =>
  permissions === "write-all" || permissions === undefined
    ? ["everything"]
    : Object.entries(asRecord(permissions))
        .filter(([, access]) => access === "write")
        .map(([what]) => what)
        .sort();
