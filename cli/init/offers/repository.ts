import { baseSchema } from "../../../config/load/schema.ts";
import { outputOf } from "./output.ts";

/** `owner/name` of this checkout at GitHub, as `gh` or the remote of git says; undefined where neither does. */
export async function ownRepository(): Promise<string | undefined> {
  const gh = ["repo", "view", "--json", "nameWithOwner", "--jq", ".nameWithOwner"];
  const remote = await outputOf("git", "remote", "get-url", "origin");
  const found = (await outputOf("gh", ...gh)) ?? githubRepository(remote ?? "");
  return baseSchema.shape.repository.safeParse(found).data;
}

/** `owner/name` of an address at GitHub, by https or ssh. */
export const githubRepository = (remote: string): string | undefined =>
  /^(?:https:\/\/(?:[^@/]+@)?|ssh:\/\/git@|git@)github\.com[/:]([^/]+\/[^/]+?)(?:\.git)?\/?$/.exec(
    remote.trim(),
  )?.[1];
