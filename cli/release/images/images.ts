import { renameSync, writeFileSync } from "node:fs";
import { Command } from "commander";
import { loadFleet } from "../../../config/index.ts";
import { imageLock, imageLockSchema } from "../../../config/load/image-lock.ts";
import { architectureOf } from "../../../config/prices.ts";
import { Failure } from "../../../lib/failure.ts";
import { imageLockPath } from "../../../lib/process-env.ts";
import { type Line, lockOf, lockText, survey } from "./survey.ts";

interface Options {
  readonly json?: boolean;
  readonly dryRun?: boolean;
  /** Take the new digest of a tag that has moved. */
  readonly update?: boolean;
}

/** `olympus images …`: the digests of what both environments run. */
export const imagesCommand = (): Command => {
  const command = new Command("images").description("digests of the pinned images; docs/runbooks/images.md");
  command
    .command("lock")
    .description("copy the digest of every pin from its registry into config/images.lock.json")
    .option("--update", "also where a locked tag means another image now")
    .option("--dry-run", "ask, print and stop")
    .option("--json", "as JSON")
    .action(lock);
  command
    .command("check")
    .description("say whether the registries still mean what the lock says; exit code 0 yes, 1 no")
    .option("--json", "as JSON")
    .action(check);
  return command;
};

async function lock({ json, dryRun, update }: Options): Promise<void> {
  const lines = await surveyPins();
  print(lines, json);
  if (lines.some(({ problems }) => problems.length)) throw new Failure("Nothing was written.");
  const file = imageLockPath();
  const text = lockText(lockOf(lines, known(), update === true));
  // With --json, standard output is the JSON alone.
  const say = json ? console.error : console.log;
  if (text === lockText(known())) say(`${file} says so already.`);
  else if (dryRun) say(`${file} would change.`);
  else {
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
    say(`${file} is written: read its diff, then commit it.`);
  }
}

async function check({ json }: Options): Promise<void> {
  const lines = await surveyPins();
  print(lines, json);
  if (lines.some(({ state, problems }) => state !== "locked" || problems.length)) process.exitCode = 1;
}

/** Every pin, once: two services may share one. */
function surveyPins(): Promise<Line[]> {
  const { base, reference, mirrors } = loadFleet();
  const hostTypes = [reference, ...mirrors].map(({ environment }) => environment.hostType);
  return survey(Object.values(base.images), known(), new Set(hostTypes.map(architectureOf)));
}

const known = () => imageLockSchema.parse(imageLock());

const STATUS_LABELS = {
  new: "not locked yet",
  locked: "as locked",
  moved: "the tag means another image than the lock",
  unknown: "nothing is known",
} as const;

function print(lines: readonly Line[], json: boolean | undefined): void {
  if (json) {
    console.log(JSON.stringify({ images: lines }, null, 2));
    return;
  }
  for (const { image, digest, architectures, state, problems } of lines) {
    const marked = problems.length || state === "moved" ? "!" : " ";
    console.log(`${marked} ${image}  ${STATUS_LABELS[state]}`);
    if (digest) console.log(`    ${digest}  ${architectures.join(" ")}`);
    for (const problem of problems) console.log(`    ${problem}`);
  }
}
