import { Failure } from "../../lib/failure.ts";
import type { Fleet } from "../index.ts";

/**
 * Throws a {@link Failure} where a `cdktf destroy` names an environment whose volume and addresses are guarded. Terraform
 * refuses it too, but cdktf-cli may drop the last lines of what Terraform says, and with them the reason. `stacks`: as they
 * were named; none or a pattern may mean any.
 */
export function refuseGuardedDestroy(stacks: readonly string[], { reference, mirrors }: Fleet): void {
  const guarded = [reference, ...mirrors]
    .filter(({ environment }) => !environment.destroyable)
    .map(({ name }) => name);
  const named = stacks.length
    ? guarded.filter((name) => stacks.some((stack) => matches(stack, name)))
    : guarded;
  if (!named.length) return;
  throw new Failure(
    [
      `The volume and the addresses of ${named.join(" and ")} are guarded, so cdktf destroy is refused: nothing is destroyed.`,
      ...named.map(
        (name) => `  OLYMPUS_ALLOW_DESTROY=${name} lifts that for ${name} in one run, its data too.`,
      ),
      "docs/runbooks/destroy.md says the two commands, and what to back up before.",
    ].join("\n"),
  );
}

const matches = (pattern: string, name: string): boolean =>
  new RegExp(`^${pattern.split("*").map(escaped).join(".*")}$`).test(name);
const escaped = (text: string): string => text.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&");
