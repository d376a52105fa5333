import { Command } from "commander";

const FROM = [
  "--from <file>",
  "values that people or providers give, as YAML; - for standard input",
] as const;

/** `olympus secrets …`: what an environment keeps to itself, one encrypted file each. */
export const secretsCommand = (): Command => {
  const command = new Command("secrets").description(
    "an environment's secrets: encrypted in the repository, readable for few",
  );
  command
    .command("init <environment>")
    .description("generate them; keeps what is there and adds what is new")
    .option(...FROM)
    .action(async (environment, options) => (await import("./init.ts")).initSecrets(environment, options));
  command
    .command("edit <environment>")
    .description("open them in your editor, and keep them when they are sound")
    .action(async (environment) => (await import("./edit.ts")).editSecrets(environment));
  command
    .command("check <environment>")
    .description("say what is wrong with them, without showing any")
    .option("--json", "as JSON")
    .action(async (environment, options) => (await import("./check.ts")).checkSecrets(environment, options));
  command
    .command("rotate <environment> <key>")
    .description("replace one by its rule")
    .option(...FROM)
    .action(async (environment, key, options) =>
      (await import("./rotate.ts")).rotateSecret(environment, key, options),
    );
  command
    .command("push <environment>")
    .description("bring them to the environment's machine")
    .option("--host <address>", "this machine instead of the one that Terraform made")
    .option("--port <port>", "port of its sshd")
    .option("--identity <file>", "private key to log in with")
    .option("--host-key <fingerprint>", "SHA256:… of its host key, read from its console")
    .option("--accept-new", "believe whoever answers first: for a network of your own")
    .action(async (environment, options) => (await import("./push.ts")).pushSecrets(environment, options));
  return command;
};
