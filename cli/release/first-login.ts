import type { Environment } from "../../config/load/environment.ts";
import { Failure } from "../../lib/failure.ts";
import { isTerminal } from "../../lib/process-env.ts";
import { loadSecrets } from "../secrets/store.ts";
import { environmentNamed } from "../shared/target.ts";

/**
 * Shows whoever can open an environment's secrets how its first administrator logs in, with the password that its first start
 * set. On a terminal alone: it is for eyes and for no log. Throws a {@link Failure} elsewhere.
 */
export async function firstLogin(name: string): Promise<void> {
  const environment = environmentNamed(name);
  if (!isTerminal())
    throw new Failure(
      "A password is shown on a terminal alone, where no log keeps it: run this by hand, without a pipe.",
    );
  const { values } = await loadSecrets(name);
  const password = values.ADMIN_PASSWORD;
  if (typeof password !== "string")
    throw new Failure(`secrets/${name}.yaml has no ADMIN_PASSWORD: run \`./olympus secrets init ${name}\``);
  console.log(firstLoginText(environment, password));
}

/** Where to log in, as whom, and what comes after. */
export const firstLoginText = ({ hosts, firstAdministrator, name }: Environment, password: string): string =>
  [
    `The first administrator of ${name}, from an address of the office:`,
    `  employees  https://${hosts.iamAdmin}/`,
    `  customers  https://${hosts.ciamAdmin}/  (the same account: administrators are employees)`,
    `  address    ${firstAdministrator}`,
    `  password   ${password}`,
    "Set another password there now. This one was valid from the machine's first start and is made no more;",
    "whoever reads the secrets of this environment knows it. Before a second factor: docs/runbooks/second-factor.md.",
  ].join("\n");
