import { execa } from "execa";
import { baseSchema } from "../../../config/load/schema.ts";

/** `owner/name` of this checkout at GitHub, as `gh` or the remote of git says; undefined where neither does. */
export async function ownRepository(): Promise<string | undefined> {
  const gh = ["repo", "view", "--json", "nameWithOwner", "--jq", ".nameWithOwner"];
  const remote = await output("git", ["remote", "get-url", "origin"]);
  const found = (await output("gh", gh)) ?? githubRepository(remote ?? "");
  return baseSchema.shape.repository.safeParse(found).data;
}

/** `owner/name` of an address at GitHub, by https or ssh. */
export const githubRepository = (remote: string): string | undefined =>
  /^(?:https:\/\/(?:[^@/]+@)?|ssh:\/\/git@|git@)github\.com[/:]([^/]+\/[^/]+?)(?:\.git)?\/?$/.exec(
    remote.trim(),
  )?.[1];

/** What a program prints; undefined where it is missing, slow or fails. */
async function output(file: string, args: readonly string[]): Promise<string | undefined> {
  const { exitCode, stdout } = await execa(file, args, { reject: false, timeout: 10_000, stdin: "ignore" });
  return exitCode === 0 && stdout.trim() ? stdout.trim() : undefined;
}
