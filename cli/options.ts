import { type Command, Option } from "commander";

/** Declares the options of every verb that reaches an environment's machine over ssh. */
export const onMachine = (command: Command): Command =>
  command
    .option("--json", "as JSON")
    .optionsGroup("Machine:")
    .option("--host <address>", "this machine instead of the one in Terraform's outputs")
    .option("--port <number>", "its ssh port", "22")
    .option("--identity <file>", "private key; without it ssh-agent decides")
    .option("--host-key <fingerprint>", "SHA256:… that the machine printed on its console")
    .option("--known-hosts <file>", "where host keys are kept (default: .secrets/known_hosts.<environment>)")
    .option("--accept-new", "trust the first host key it shows: only on a network of your own")
    .optionsGroup("Options:");

/** Declares the options of every verb that sends requests to an environment from outside. */
export const fromOutside = (command: Command): Command =>
  command
    .optionsGroup("Network:")
    .option(
      "--from <location>",
      "where this runs, as the environment sees it: office, outside or auto",
      "auto",
    )
    .option("--address <address...>", "the machine's own addresses, whose ports must be closed")
    .option("--origin", "straight to the machine instead of through Cloudflare")
    .option("--resolve <address[:port]>", "connect here for every host")
    .option("--ca <file>", "trust this authority instead of the public ones")
    .option("--cert <file>", "client certificate, for a machine that asks for Cloudflare's")
    .option("--key <file>", "key of that certificate")
    .optionsGroup("Options:");

/** Declares the options of every verb that calls the admin APIs of a non-production environment, on loopback. */
export const onLoopback = (command: Command): Command =>
  onMachine(command)
    .optionsGroup("Machine:")
    .option(
      "--local [ports]",
      "the local stack on this computer: the first port of CIAM's four and of IAM's (default: 3100,4100)",
    )
    .optionsGroup("Options:")
    .option("--password-file <file>", "the synthetic people's password (default: the machine's own secret)");

/** Answers the earlier spelling of a flag with its present one, and exit code 1. */
export const renamedOption = (command: Command, earlier: string, present: string): Command =>
  command
    .addOption(new Option(earlier).hideHelp())
    .on(`option:${earlier.slice(2)}`, () => command.error(`${earlier} is now ${present}`, { exitCode: 1 }));
