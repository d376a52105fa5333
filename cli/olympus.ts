import { Command } from "commander";
import { Failure } from "../lib/failure.ts";
import { sandboxCommand } from "./provision/sandbox/sandbox.ts";
import { imagesCommand } from "./release/images/images.ts";
import { secretsCommand } from "./secrets/secrets.ts";
import { euros, wholeNumber } from "./shared/numbers.ts";
import { PACE } from "./staging/seed/pace.ts";

const program = new Command("olympus").description(
  "Operates Olympus: production, and staging that mirrors it.",
);

program
  .command("parity")
  .description("print every difference between the environments and what causes it")
  .option("--json", "as JSON")
  .option("--markdown", "as a pull request shows it")
  .option("--html <file>", "also as a page")
  .action(async (options) => (await import("./delivery/parity.ts")).parity(options));

program
  .command("plan [stacks...]")
  .description("print what a deploy would do; exit code 0 nothing, 2 something, 1 an error")
  .option("--json", "as JSON")
  .option("--out <folder>", "also write a summary of each stack, for pr-report")
  .option("--no-lock", "leave the state's lock alone, as credentials that only read must")
  .action(async (stacks, options) => (await import("./delivery/plan.ts")).plan(stacks, options));

program
  .command("pr-report")
  .description("print what a pull request would change, as one comment")
  .option("--plans <folder>", "what `olympus plan --out` wrote")
  .option("--base <commit>", "what it would be merged into: says whether it carries a migration")
  .option("--comment <number>", "write it to this pull request, over its earlier self")
  .action(async (options) => (await import("./delivery/pr-report.ts")).pullRequestReport(options));

program
  .command("clock <environment>")
  .description("what the clock started within a day, how it ended, what comes next; docs/runbooks/clock.md")
  .option("--json", "as JSON")
  .option("--tell", "open an issue, or go on with the open one, when anything is wrong")
  .option("--failed <run>", "this run of clock.yml is about to end red")
  .action(async (environment, options) =>
    (await import("./staging/clock/clock.ts")).clock(environment, options),
  );

program
  .command("clock-steps <environment>")
  .description("print what a run of clock.yml is to do: nothing for a firing that is past or taken")
  .requiredOption("--command <name>", "sleep, wake, refresh, seed or deploy")
  .option("--firing <time>", "when it fell due (default: a person asks)", "")
  .option("--run <id>", "the run that asks", "")
  .action(async (environment, options) =>
    (await import("./staging/clock/clock.ts")).clockSteps(environment, options),
  );

program
  .command("csr <environment>")
  .description("make the key and certificate request of an environment")
  .option("--force", "replace the ones that are there")
  .action(async (environment, options) => (await import("./provision/csr.ts")).csr(environment, options));

program
  .command("provision <environment>")
  .description("deploy an environment and its zone, and prove that nothing is left to do")
  .option("--sandbox", "to the emulated clouds on this machine")
  .option("--host", "in the sandbox: boot the server for real; needs root")
  .option("--yes", "apply without asking")
  .action(async (environment, options) =>
    (await import("./provision/provision.ts")).provision(environment, options),
  );

/** Verbs that reach an environment's machine over ssh share these. */
const onMachine = (name: string, description: string): Command =>
  program
    .command(`${name} <environment>`)
    .description(description)
    .option("--host <address>", "this machine instead of the one in Terraform's outputs")
    .option("--port <number>", "its ssh port", "22")
    .option("--identity <file>", "private key; without it ssh-agent decides")
    .option("--host-key <fingerprint>", "SHA256:… that the machine printed on its console")
    .option("--known-hosts <file>", "where host keys are kept (default: .secrets/known_hosts.<environment>)")
    .option("--accept-new", "believe the first host key it shows: only on a network of your own")
    .option("--json", "as JSON");

/** Exit code 1 when the machine is not left with what was asked for. */
const ends = (outcome: "done" | "taken back" | "failed"): void => {
  process.exitCode = outcome === "done" ? 0 : 1;
};

onMachine("release", "bring configuration to the machine, wait for health, go back by itself when it fails")
  .option("--dry-run", "print the plan and stop")
  .option("--without-backup", "you answer for what a failed migration may cost")
  .option("--force", "also when the machine serves exactly this already")
  .option("--bundle <hash>", "only this bundle: what `olympus soak` printed")
  .action(async (environment, options) =>
    ends(await (await import("./release/release.ts")).release(environment, options)),
  );

onMachine("rollback", "put the release before the current one in charge again")
  .option("--dry-run", "print the plan and stop")
  .option("--to <release>", "a certain release that has served before")
  .action(async (environment, options) =>
    ends(await (await import("./release/rollback.ts")).rollback(environment, options)),
  );

onMachine("status", "say how the machine is; exit code 0 healthy, 1 not")
  .option("--serving", "only `release=<id>` of what serves")
  .action(async (environment, options) => (await import("./release/status.ts")).status(environment, options));

onMachine("awake", "keep an environment's machine awake for once; docs/runbooks/awake.md")
  .option("--until <time>", "such as 2026-11-27T02:00, in extras.timeZone unless it has an offset")
  .option("--clear", "let it sleep again")
  .option("--dry-run", "check the time and stop")
  .action(async (environment, options) =>
    (await import("./staging/night/awake.ts")).awake(environment, options),
  );

/** Verbs that look from outside share these. */
const fromOutside = (command: Command): Command =>
  command
    .option("--from <place>", "where this runs, as the environment sees it: office, outside or auto", "auto")
    .option("--address <address...>", "the machine's own addresses, whose ports must be closed")
    .option("--origin", "straight to the machine instead of through Cloudflare")
    .option("--resolve <address[:port]>", "connect here for every host")
    .option("--ca <file>", "believe this authority instead of the public ones")
    .option("--cert <file>", "client certificate, for a machine that asks for Cloudflare's")
    .option("--key <file>", "key of that certificate");

fromOutside(
  onMachine("soak", "look at what this commit released again and again; exit code 1 at the first fault"),
)
  .option("--minutes <number>", "how long", "60")
  .option("--every <number>", "minutes between two looks", "5")
  .action(async (environment, options) =>
    (await import("./delivery/soak/soak.ts")).soak(environment, options),
  );

/** Verbs that reach the admin APIs of an environment with extras, on its machine's loopback. */
const onLoopback = (name: string, description: string): Command =>
  onMachine(name, description)
    .option(
      "--local [ports]",
      "on this machine instead: the first port of CIAM's four and of IAM's (default: 3100,4100)",
    )
    .option("--password-file <file>", "the synthetic people's password (default: the machine's own secret)");

onLoopback("seed", "fill an environment with synthetic people; docs/runbooks/seed.md")
  .option("--users <count>", "people who can log in (default: extras.seed)", wholeNumber(1, 1_000_000))
  .option(
    "--seed <number>",
    "the same number makes the same people (default: extras.seed)",
    wholeNumber(0, 2 ** 31),
  )
  .option(
    "--schema-mix <shares>",
    "of a hundred people, such as default=70,customer=30 (default: extras.seed)",
  )
  .option("--preset <name>", "document: the hundred people of the seed document's own loop")
  .option("--batch <people>", "people a request", wholeNumber(1, 200), PACE.batch)
  .option("--in-flight <requests>", "requests at once", wholeNumber(1, 32), PACE.inFlight)
  .option("--psql <command>", "with --local: takes SQL for the database olympus on stdin")
  .option("--dry-run", "print the plan and stop")
  .action(async (environment, options) =>
    (await import("./staging/seed/seed.ts")).seed(environment, options),
  );

onLoopback("logins", "count the simulated logins of an environment, or drive some; docs/runbooks/logins.md")
  .option("--hours <count>", "count those of so many hours", wholeNumber(1, 720), 24)
  .option("--rate <logins>", "log in so often a second, whatever comes back", wholeNumber(1, 1000))
  .option("--seconds <count>", "for so long", wholeNumber(1, 3600), 60)
  .option("--everybody", "log everybody in once")
  .option("--dry-run", "print the plan and stop")
  .action(async (environment, options) =>
    (await import("./staging/logins/logins.ts")).logins(environment, options),
  );

fromOutside(
  onMachine("refresh", "start over: empty databases, new people, smoke test; docs/runbooks/refresh.md"),
)
  .option("--to <name>", "this backup instead of empty databases and new people: its name, or an id")
  .option("--if-migrated", "only when the shape of the tables has changed since the last refresh")
  .option("--no-smoke", "without the smoke test: somebody else makes it")
  .option("--dry-run", "print the plan and stop")
  .action(async (environment, options) =>
    (await import("./staging/refresh/refresh.ts")).refresh(environment, options),
  );

onMachine("backup", "store a backup of the machine off it, and read it back")
  .option("--name <name>", "keep it under this name until somebody removes it")
  .option("--dry-run", "print the plan and stop")
  .action(async (environment, options) => (await import("./operate/backup.ts")).backup(environment, options));

onMachine("backups", "list the backups in the store").action(async (environment, options) =>
  (await import("./operate/backups.ts")).backups(environment, options),
);

onMachine("restore", "put a backup in the place of all databases; docs/runbooks/restore.md")
  .option("--dry-run", "print the plan and stop")
  .option("--snapshot <id>", "a certain backup: its id, or name:<name>", "latest")
  .action(async (environment, options) =>
    (await import("./operate/restore.ts")).restore(environment, options),
  );

onMachine("drill", "prove that the newest backup restores; prints RPO and RTO")
  .option("--dry-run", "print the plan and stop")
  .action(async (environment, options) => (await import("./operate/drill.ts")).drill(environment, options));

onMachine("sleep", "take an environment's server away for the night; docs/runbooks/night.md")
  .option("--dry-run", "look, ask, print the plan and stop")
  .option("--price <eur>", "what its server costs a month, by the invoice", euros)
  .action(async (environment, options) =>
    (await import("./staging/night/sleep.ts")).sleep(environment, options),
  );

onMachine("wake", "bring an environment back from the night; nothing to do when it is awake")
  .option(
    "--patience <minutes>",
    "how long to ask again while there is no such machine",
    wholeNumber(0, 600),
    30,
  )
  .action(async (environment, options) =>
    (await import("./staging/night/wake.ts")).wake(environment, options),
  );

program
  .command("ranges")
  .description("say whether the snapshot of Cloudflare's addresses is still true")
  .action(async () => (await import("./provision/ranges.ts")).ranges());

program
  .command("redact <source>")
  .description("a copy of a database without its people; docs/runbooks/redact.md")
  .requiredOption("--kind <kind>", "what it is a database of: kratos, hydra or olympus")
  .requiredOption("--out <file>", "the dump to write")
  .option("--password-file <file>", "first line: everybody's new password (default: one is made)")
  .option("--dry-run", "print the plan and stop")
  .option("--json", "as JSON")
  .action(async (source, options) => (await import("./operate/redact.ts")).redact(source, options));

fromOutside(program.command("smoke <environment>"))
  .description("ask an environment from outside whether it is well; docs/runbooks/smoke.md")
  .option("--json", "as JSON")
  .option("--rate-limit", "use up the limit of POSTs (default: on a rehearsal only)")
  .option("--no-rate-limit", "leave the limit of POSTs alone")
  .action(async (environment, options) => (await import("./smoke/smoke.ts")).smoke(environment, options));

program
  .command("providers <environment>")
  .description("list its accounts at third parties: which kind, what to register, what is missing")
  .option("--json", "as JSON")
  .action(async (environment, options) =>
    (await import("./provision/providers/providers.ts")).providers(environment, options),
  );

program.addCommand(imagesCommand());
program.addCommand(sandboxCommand());
program.addCommand(secretsCommand());

program.parseAsync().catch((error: unknown) => {
  // By name: loading config's own class would slow every command down.
  const isReadable = error instanceof Failure || (error instanceof Error && error.name === "ConfigError");
  console.error(isReadable ? error.message : error);
  process.exitCode = 1;
});
