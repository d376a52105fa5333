import type { Command } from "commander";
import { onMachine } from "../options.ts";

/** Exit code 1 when the machine does not serve what was requested. */
const setExitCode = (outcome: "done" | "taken back" | "failed"): void => {
  process.exitCode = outcome === "done" ? 0 : 1;
};

/** The verbs that change or show what a machine runs. */
export function addReleaseCommands(program: Command): void {
  onMachine(
    program
      .command("release <environment>")
      .description("bring configuration to the machine and wait for health; a failed release is rolled back")
      .option("--dry-run", "print the plan and stop")
      .option("--without-backup", "release even if no backup could be made: a failed migration may cost data")
      .option("--across-migration", "also where Kratos or Hydra cannot serve while its tables are migrated")
      .option("--force", "also when the machine serves exactly this already")
      .option("--bundle <hash>", "only this bundle: the hash that `olympus soak` printed"),
  ).action(async (environment, options) =>
    setExitCode(await (await import("./release.ts")).release(environment, options)),
  );

  onMachine(
    program
      .command("rollback <environment>")
      .description("return to the release before the current one")
      .option("--dry-run", "print the plan and stop")
      .option("--to <release>", "a certain release that has served before")
      .option("--across-migration", "also to another version of Kratos or Hydra: both share the tables"),
  ).action(async (environment, options) =>
    setExitCode(await (await import("./rollback.ts")).rollback(environment, options)),
  );

  onMachine(
    program
      .command("status <environment>")
      .description("show the health of the machine; exit code 0 healthy, 1 not")
      .option("--serving", "only `release=<id>` of what serves"),
  ).action(async (environment, options) => (await import("./status.ts")).status(environment, options));

  program
    .command("first-login <environment>")
    .description("show how the first administrator logs in, with the password; on a terminal alone")
    .action(async (environment) => (await import("./first-login.ts")).firstLogin(environment));

  const images = program
    .command("images")
    .description("digests of the pinned images; docs/runbooks/images.md");
  images
    .command("lock")
    .description("copy the digest of every pin from its registry into config/images.lock.json")
    .option("--update", "also where a locked tag now points to another image")
    .option("--dry-run", "query, print and stop")
    .option("--json", "as JSON")
    .action(async (options) => (await import("./images/images.ts")).lockImages(options));
  images
    .command("check")
    .description("check the lock against the registries; exit code 0 equal, 1 not")
    .option("--json", "as JSON")
    .action(async (options) => (await import("./images/images.ts")).checkImages(options));
  images
    .command("build")
    .description("build the edge's image of host/edge for every processor, by podman")
    .option("--push", "send it to its registry; REGISTRY_USER and REGISTRY_TOKEN log in there")
    .action(async (options) => (await import("./images/build.ts")).buildEdge(options));
}
