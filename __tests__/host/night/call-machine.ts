// One thing of the night asked of an environment's machine, as `sleep` and `wake` do it: operate.ts ENVIRONMENT WHAT.
// Prints the answer as JSON.

import { environmentNamed } from "../../../cli/shared/target.ts";
import { openHibernationMachine } from "../../../cli/staging/night/machine-over-ssh.ts";
import { Failure } from "../../../lib/failure.ts";

const [environment = "", what = ""] = process.argv.slice(2);
const METHODS = ["look", "backup", "rest", "resume", "rise"] as const;

async function operate(): Promise<void> {
  const word = METHODS.find((known) => known === what);
  if (!word) throw new Failure(`${what}: there are ${METHODS.join(", ")}`);
  const machine = await openHibernationMachine(environmentNamed(environment), {});
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
