import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type FileChange, publicFile } from "./file-change.ts";
import { outputOf } from "./offers/output.ts";

/** Who must have looked before certain files change, as GitHub reads it. */
export const CODE_OWNERS = join(".github", "CODEOWNERS");
const PLACEHOLDER = "@your-org/infra";

const present = (): string => (existsSync(CODE_OWNERS) ? readFileSync(CODE_OWNERS, "utf8") : "");

/** Whether the file still names the shipped example's team. */
export const hasExampleOwners = (text = present()): boolean => text.includes(PLACEHOLDER);

/** The file with the only team of the repository's organization, else with whoever `gh` is logged in as; nothing where neither is known. */
export async function codeOwnersFile(repository: unknown, text = present()): Promise<FileChange[]> {
  if (!hasExampleOwners(text)) return [];
  const owner = (await onlyTeam(String(repository).split("/")[0] ?? "")) ?? (await login());
  if (!owner) return [];
  return [publicFile(CODE_OWNERS, text.replaceAll(PLACEHOLDER, `@${owner}`).replace(NOTE, ""))];
}

const NOTE = / The team is a placeholder: CONTRIBUTING\.md says what to put in\n# its place\./;

async function onlyTeam(organization: string): Promise<string | undefined> {
  const slugs = await outputOf("gh", "api", `orgs/${organization}/teams?per_page=2`, "--jq", ".[].slug");
  const [slug, another] = slugs?.split("\n") ?? [];
  return slug && !another ? ownerName(`${organization}/${slug}`) : undefined;
}

const login = async (): Promise<string | undefined> =>
  ownerName(await outputOf("gh", "api", "user", "--jq", ".login"));

const ownerName = (found: string | undefined): string | undefined =>
  /^[\w.-]+(\/[\w.-]+)?$/.exec(found ?? "")?.[0];
