import { readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { keyBody, sshKey } from "../../../config/load/fields.ts";

/** Public keys of this computer that a machine would take: of ~/.ssh and of the agent, each once. */
export async function ownPublicKeys(folder = join(homedir(), ".ssh")): Promise<string[]> {
  const { stdout } = await execa("ssh-add", ["-L"], { reject: false, timeout: 5_000, stdin: "ignore" });
  const lines = [
    ...filesOf(folder).flatMap((file) => publicKeyIn(file) ?? []),
    ...(stdout ?? "").split("\n"),
  ];
  const keys = lines.flatMap((line) => sshKey.safeParse(line).data ?? []);
  return keys.filter((key, i) => keys.findIndex((other) => keyBody(other) === keyBody(key)) === i);
}

const filesOf = (folder: string): string[] => {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith(".pub"))
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
};

/** The line of a `.pub` file, `~` being the user's home; undefined where it cannot be read. */
export function publicKeyIn(file: string): string | undefined {
  try {
    return readFileSync(file.replace(/^~(?=\/)/, homedir()), "utf8").trim();
  } catch {
    return undefined;
  }
}

/** A short name for a key: who its comment says it is of. */
export const ownerOf = (key: string): string =>
  (key.split(" ")[2] ?? "")
    .split("@")[0]
    ?.toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .slice(0, 32) || "operator";
