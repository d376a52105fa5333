import { edgeBases } from "../../../config/images.ts";
import { loadFleet } from "../../../config/index.ts";
import { imageLock, imageLockSchema } from "../../../config/load/image-lock.ts";
import { architectureOf } from "../../../config/prices.ts";
import { Failure } from "../../../lib/failure.ts";
import { writeAtomically } from "../../../lib/files.ts";
import { imageLockPath } from "../../../lib/process-env.ts";
import { type Line, lockOf, lockText, survey } from "./survey.ts";

interface Options {
  readonly json?: boolean;
  readonly dryRun?: boolean;
  /** Take the new digest of a tag that has moved. */
  readonly update?: boolean;
}

/** Copies the digest of every pin that can be had into the lock file. Throws a {@link Failure} with the others' names, after that. */
export async function lockImages({ json, dryRun, update }: Options): Promise<void> {
  const lines = await surveyPins();
  print(lines, json);
  const file = imageLockPath();
  const text = lockText(lockOf(lines, known(), update === true));
  // With --json, standard output is the JSON alone.
  const say = json ? console.error : console.log;
  const open = lines.filter(({ problems }) => problems.length).map(({ image }) => image);
  if (text === lockText(known())) say(`${file} is ${open.length ? "as it was" : "up to date"}.`);
  else if (dryRun) say(`${file} would change.`);
  else {
    writeAtomically(file, text);
    say(`${file} is written: read its diff, then commit it.`);
  }
  if (open.length)
    throw new Failure(
      `${open.length} of ${lines.length} images could not be locked, for the reasons above: ${open.join(", ")}.\nThen run it again.`,
    );
}

/** The same without a word, for the doctor. Throws a {@link Failure} with what keeps an image from it, after the others are written. */
export async function lockMissingImages(): Promise<void> {
  const lines = await surveyPins();
  writeAtomically(imageLockPath(), lockText(lockOf(lines, known(), false)));
  const problems = lines.flatMap((line) => line.problems.map((problem) => `${line.image}: ${problem}`));
  if (problems.length) throw new Failure(`${problems.join("; ")}. What could be locked is.`);
}

/** Says whether the registries still mean what the lock says. Exit code 1 when not. */
export async function checkImages({ json }: Options): Promise<void> {
  const lines = await surveyPins();
  print(lines, json);
  if (lines.some(({ state, problems }) => state !== "locked" || problems.length)) process.exitCode = 1;
}

/** Every pin, and what the edge's image is built from. */
function surveyPins(): Promise<Line[]> {
  const { base, reference, mirrors } = loadFleet();
  const hostTypes = [reference, ...mirrors].map(({ environment }) => environment.hostType);
  return survey(
    [...Object.values(base.images), ...Object.values(edgeBases)],
    known(),
    new Set(hostTypes.map(architectureOf)),
  );
}

const known = () => imageLockSchema.parse(imageLock());

const STATUS_LABELS = {
  new: "not locked yet",
  locked: "as locked",
  stale: "the lock names other processors than the image",
  moved: "the tag points to another image than the lock",
  unknown: "could not be checked",
} as const;

function print(lines: readonly Line[], json: boolean | undefined): void {
  if (json) {
    console.log(JSON.stringify({ images: lines }, null, 2));
    return;
  }
  for (const { image, digest, architectures, state, problems } of lines) {
    const marked = problems.length || state === "moved" || state === "stale" ? "!" : " ";
    console.log(`${marked} ${image}  ${STATUS_LABELS[state]}`);
    if (digest) console.log(`    ${digest}  ${architectures.join(" ")}`);
    for (const problem of problems) console.log(`    ${problem}`);
  }
}
