import { Command } from "commander";
import { silenceProgress } from "../lib/progress.ts";
import { addApplyCommand } from "./apply/commands.ts";
import { addCompletionCommand } from "./completion.ts";
import { addDeliveryCommands } from "./delivery/commands.ts";
import { addDoctorCommand } from "./doctor/commands.ts";
import { addOperateCommands } from "./operate/commands.ts";
import { addProvisionCommands } from "./provision/commands.ts";
import { addReleaseCommands } from "./release/commands.ts";
import { addSecretsCommand, type TakeEffect } from "./secrets/commands.ts";
import { addSmokeCommand } from "./smoke/commands.ts";
import { addStagingCommands } from "./staging/commands.ts";
import { addVersionCommand } from "./version.ts";

const takeEffect: TakeEffect = async (environment, options) =>
  (await import("./release/take-effect.ts")).takeEffect(environment, options);

/** The table of contents of the command line: its groups, in the order of a day. */
const GROUPS: Readonly<Record<string, readonly ((program: Command) => void)[]>> = {
  Provision: [
    addDoctorCommand,
    addProvisionCommands,
    addApplyCommand,
    (program) => addSecretsCommand(program, takeEffect),
  ],
  Release: [addReleaseCommands, addSmokeCommand],
  Operate: [addOperateCommands],
  Staging: [addStagingCommands],
  Delivery: [addDeliveryCommands],
};

/** The `olympus` command with all its verbs; nothing runs until it parses arguments. */
export function olympusCommand(): Command {
  const program = new Command("olympus")
    .description("Operates Olympus: production, and staging that mirrors it.")
    .option("--quiet", "no progress: answers and errors alone")
    .configureHelp({ showGlobalOptions: true })
    .hook("preAction", (root) => {
      if (root.opts().quiet) silenceProgress();
    });
  for (const [heading, additions] of Object.entries(GROUPS)) {
    program.commandsGroup(`${heading}:`);
    for (const add of additions) add(program);
  }
  program.commandsGroup("Commands:");
  addCompletionCommand(program);
  addVersionCommand(program);
  return program;
}
