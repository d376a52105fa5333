import { type Answers, isBlock } from "../answers.ts";
import { outputOf } from "./output.ts";

/** The address that commits are signed with. */
export const ownEmail = (): Promise<string | undefined> => outputOf("git", "config", "user.email");

/** `acme-co-uk`, of the first zone: a name of the team's own for what all the world's names must differ from. */
export function ownPrefix({ zones }: Answers): string | undefined {
  const [zone] = Object.keys(isBlock(zones) ? zones : {});
  return zone?.replaceAll(".", "-").slice(0, 24);
}

/** `Acme`, of the first zone `acme.co.uk`. */
export function ownName(answers: Answers): string | undefined {
  const [word] = ownPrefix(answers)?.split("-") ?? [];
  return word && word.charAt(0).toUpperCase() + word.slice(1);
}

/** Hetzner's own store, in the location of the servers: it has versions and refuses the second of two writers. */
export function hetznerState(answers: Answers): unknown {
  const [prefix, region] = [ownPrefix(answers), String(answers.location)];
  const endpoint = `https://${region}.your-objectstorage.com`;
  return prefix && { kind: "s3", bucketPrefix: `${prefix}-state`, region, endpoint };
}
