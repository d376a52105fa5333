// One thing of the night asked of an environment's machine, as `sleep` and `wake` do it: operate.ts ENVIRONMENT WHAT.
// Prints the answer as JSON.
import { Failure } from "../../../scripts/lib/failure.ts";
import { nightMachine } from "../../../scripts/night/machine-over-ssh.ts";
import { environmentNamed } from "../../../scripts/release/target.ts";

const [environment = "", what = ""] = process.argv.slice(2);
const WORDS = ["look", "backup", "rest", "resume", "rise"] as const;

async function operate(): Promise<void> {
  const word = WORDS.find((known) => known === what);
  if (!word) throw new Failure(`${what}: there are ${WORDS.join(", ")}`);
  const machine = await nightMachine(environmentNamed(environment), {});
  try {
    console.log(JSON.stringify((await machine[word]()) ?? null));
  } finally {
    await machine.close();
  }
}

operate().catch((error: unknown) => {
  console.error(error instanceof Failure ? error.message : error);
  process.exitCode = 1;
});
