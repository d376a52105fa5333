import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { Failure } from "./failure.ts";
import { keptDirectory, terraformBinary } from "./process-env.ts";

/** What Terraform leaves in a stack's folder when it has changed something and could not save the state. */
export const unsavedPath = (place: string): string => join(place, "errored.tfstate");

/** The same, kept from whoever empties the checkout, as a runner does before every job. One path for each folder of a stack. */
export const keptPath = (place: string): string => {
  const folder = createHash("sha256").update(resolve(place)).digest("hex").slice(0, 8);
  return join(keptDirectory(), `${basename(place)}-${folder}.tfstate`);
};

/** How a state is saved that an earlier run could not save; undefined where there is none. `place`: the stack's folder. */
export function unsavedState(place: string): string | undefined {
  const file = [unsavedPath(place), keptPath(place)].find((path) => existsSync(path));
  if (!file) return undefined;
  const terraform = `${terraformBinary()} -chdir=${place}`;
  const push = `${terraform} state push ${resolve(file)} && rm ${resolve(file)}`;
  return [
    `${basename(place)}: an earlier run made changes and could not save their state. It is in ${file}.`,
    "Fix the store of the state, then, before anything else:",
    `  ${file === unsavedPath(place) ? push : `${terraform} init -input=false && ${push}`}`,
    `Where it names the ID of a lock and no other run goes: \`${terraform} force-unlock <ID>\` first.`,
  ].join("\n");
}

/** Throws a {@link Failure} that says so: another run would forget what the one before has made, and make it again. */
export function refuseUnsavedState(place: string): void {
  const words = unsavedState(place);
  if (words) throw new Failure(words);
}

/** The same for every stack of a folder of synthesized ones: plain `npx cdktf deploy` looks for none. */
export function refuseUnsavedStates(output: string): void {
  const stacks = join(output, "stacks");
  if (!existsSync(stacks)) return;
  for (const stack of readdirSync(stacks)) refuseUnsavedState(join(stacks, stack));
}
