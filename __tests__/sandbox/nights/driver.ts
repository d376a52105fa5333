import { namedVariable } from "../../../config/process-env.ts";
import { hetzner } from "../../../scripts/lib/hetzner.ts";
import { rehearsalNamed } from "../../../scripts/lib/rehearsal.ts";
import { goToSleep } from "../../../scripts/night/sleep.ts";
import { wakeUp } from "../../../scripts/night/wake.ts";
import { Machine } from "./machine.ts";
import { partsOf } from "./parts.ts";

// A verb of the night as a program: `driver.ts sleep|wake <folder of the machine>`.
const [verb, folder = ""] = process.argv.slice(2);
const env = rehearsalNamed("staging", "it never sleeps");
const cloud = hetzner(namedVariable("TF_VAR_hcloud_token_staging") ?? "", 10);
const machine = new Machine(folder, async () => (await cloud.server("olympus-staging"))?.id);
const parts = partsOf(env, machine);
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const done =
  verb === "sleep"
    ? goToSleep(env, {}, parts, say)
    : wakeUp(env, { patience: 60_000, every: 1000 }, parts, say);
done.then(
  (outcome) => process.stdout.write(JSON.stringify(outcome)),
  (error: unknown) => {
    say(String(error));
    process.exitCode = 1;
  },
);
