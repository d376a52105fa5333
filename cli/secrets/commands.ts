import type { Command } from "commander";
import { onMachine } from "../options.ts";
import type { TargetOptions } from "../shared/target.ts";

const FROM = [
  "--from <file>",
  "values that come from people or providers, as YAML; - for standard input",
] as const;

/** Has what serves on an environment's machine be made of the secrets that lie there. */
export type TakeEffect = (environment: string, options: TargetOptions) => Promise<void>;

/** `olympus secrets …`: the secrets of an environment, one encrypted file each. `takeEffect`: what follows a push. */
export function addSecretsCommand(program: Command, takeEffect: TakeEffect): void {
  const secrets = program
    .command("secrets")
    .description("an environment's secrets, encrypted in the repository; docs/runbooks/secrets.md");
  secrets
    .command("init <environment>")
    .description("generate them; keeps what is there and adds what is new")
    .option(...FROM)
    .action(async (environment, options) => (await import("./init.ts")).initSecrets(environment, options));
  secrets
    .command("edit <environment>")
    .description("open them in your editor, and save them when they are valid")
    .action(async (environment) => (await import("./edit.ts")).editSecrets(environment));
  secrets
    .command("check <environment>")
    .description("print what is wrong with them, without any value")
    .option("--json", "as JSON")
    .action(async (environment, options) => (await import("./check.ts")).checkSecrets(environment, options));
  secrets
    .command("rotate <environment> <key>")
    .description("replace one by a new value")
    .option(...FROM)
    .action(async (environment, key, options) =>
      (await import("./rotate.ts")).rotateSecret(environment, key, options),
    );
  onMachine(
    secrets
      .command("push <environment>")
      .description("copy them to the environment's machine; services that read what changed are made of it"),
  ).action(async (environment, options) => {
    const serves = await (await import("./push.ts")).pushSecrets(environment, options);
    if (serves) await takeEffect(environment, options);
  });
}
