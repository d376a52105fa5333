import { Command } from "commander";
import { addCompletionCommand } from "./completion.ts";
import { addDeliveryCommands } from "./delivery/commands.ts";
import { addDoctorCommand } from "./doctor/commands.ts";
import { addOperateCommands } from "./operate/commands.ts";
import { addProvisionCommands } from "./provision/commands.ts";
import { addReleaseCommands } from "./release/commands.ts";
import { addSecretsCommand } from "./secrets/commands.ts";
import { addSmokeCommand } from "./smoke/commands.ts";
import { addStagingCommands } from "./staging/commands.ts";

/** The table of contents of the command line: its groups, in the order of a day. */
const GROUPS: Readonly<Record<string, readonly ((program: Command) => void)[]>> = {
  Provision: [addDoctorCommand, addProvisionCommands, addSecretsCommand],
  Release: [addReleaseCommands, addSmokeCommand],
  Operate: [addOperateCommands],
  Staging: [addStagingCommands],
  Delivery: [addDeliveryCommands],
};

/** The `olympus` command with all its verbs; nothing runs until it parses arguments. */
export function olympusCommand(): Command {
  const program = new Command("olympus").description(
    "Operates Olympus: production, and staging that mirrors it.",
  );
  for (const [heading, additions] of Object.entries(GROUPS)) {
    program.commandsGroup(`${heading}:`);
    for (const add of additions) add(program);
  }
  program.commandsGroup("Commands:");
  addCompletionCommand(program);
  return program;
}
