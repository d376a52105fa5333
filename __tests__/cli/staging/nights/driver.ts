import { createHetznerClient } from "../../../../cli/shared/hetzner.ts";
import { requireNonProduction } from "../../../../cli/shared/non-production.ts";
import { hibernateServer } from "../../../../cli/staging/night/hibernate.ts";
import { resumeServer } from "../../../../cli/staging/night/resume.ts";
import { namedVariable } from "../../../../lib/process-env.ts";
import { createDependencies } from "./dependencies.ts";
import { FakeMachine } from "./fake-machine.ts";

// A verb of the night as a program: `driver.ts sleep|wake <folder of the machine>`.
const [verb, folder = ""] = process.argv.slice(2);
const env = requireNonProduction("staging", "Only a non-production environment sleeps.");
const cloud = createHetznerClient(namedVariable("TF_VAR_hcloud_token_staging") ?? "", 10);
const machine = new FakeMachine(folder, async () => (await cloud.server("olympus-staging"))?.id);
const dependencies = createDependencies(env, machine);
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const done =
  verb === "sleep"
    ? hibernateServer(env, {}, dependencies, say)
    : resumeServer(env, { patience: 60_000, every: 1000 }, dependencies, say);
done.then(
  (outcome) => process.stdout.write(JSON.stringify(outcome)),
  (error: unknown) => {
    say(String(error));
    process.exitCode = 1;
  },
);
