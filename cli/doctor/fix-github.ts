import { existsSync, readFileSync } from "node:fs";
import { execa } from "execa";
import { loadFleet } from "../../config/index.ts";
import { stateProfile } from "../../config/load/names.ts";
import { deployKeyPath, namedVariable } from "../../lib/process-env.ts";
import { gh, setSecret } from "../shared/github.ts";
import { fingerprint, knownHostsFile, knownKey } from "../shared/host-key.ts";
import { keysOfProfile } from "../shared/state-buckets.ts";
import { deployedOutputs, type Outputs } from "../shared/terraform.ts";
import { WORKFLOW_TOKENS } from "../shared/tokens.ts";
import { SEEDED_SMOKE_PERSON, smokeUser } from "../smoke/user.ts";
import { environmentPath } from "./fix-environment.ts";
import type { FixPlan } from "./row.ts";
import type { DoctorSources } from "./sources.ts";
import { composed } from "./subject.ts";
import { tokenOf } from "./tokens.ts";

/** Sets the variables whose values this computer knows: the machine's address, the host key that was trusted, who logs in for tests. */
export async function variablesFix(name: string, missing: readonly string[]): Promise<FixPlan | undefined> {
  const outputs: Outputs = await deployedOutputs({ stack: name, variables: {} }).catch(() => ({}));
  const host = typeof outputs.server_ipv4 === "string" ? outputs.server_ipv4 : undefined;
  const key = host && knownKey(knownHostsFile(name), host, 22);
  const { extras } = composed(name).environment;
  const email = smokeUser(name)?.email ?? (extras?.seed && SEEDED_SMOKE_PERSON);
  const known = { HOST: host, HOST_KEY: key && fingerprint(key), SMOKE_EMAIL: email };
  return planOf(`variables of the environment ${name}`, missing, known, async (variable, value) => {
    await gh(["--method", "POST", `${environmentPath(name)}/variables`, "--input", "-"], {
      name: variable,
      value,
    });
  });
}

/**
 * Sets the secrets whose values this computer has: the tokens of the environment, the key of its state, the private half of its deploy key,
 * and the password of who logs in for tests.
 */
export async function environmentSecretsFix(
  name: string,
  missing: readonly string[],
  sources: Pick<DoctorSources, "secrets">,
): Promise<FixPlan | undefined> {
  const state = keysOfProfile(stateProfile(name));
  const known = {
    [WORKFLOW_TOKENS.hcloud]: tokenOf("hcloud", name),
    [WORKFLOW_TOKENS.cloudflare]: tokenOf("cloudflare", name),
    STATE_ACCESS_KEY_ID: state?.accessKeyId,
    STATE_SECRET_ACCESS_KEY: state?.secretAccessKey,
    SSH_KEY: await deployKey(name),
    SMOKE_PASSWORD: (await testPerson(name, sources))?.password,
  };
  const { repository } = loadFleet().base;
  return planOf(`secrets of the environment ${name}`, missing, known, (secret, value) =>
    setSecret(repository, secret, value, name),
  );
}

/** The private half of an environment's deploy key, where it lies beside the public half that the configuration names. */
async function deployKey(name: string): Promise<string | undefined> {
  const file = deployKeyPath(name);
  if (!existsSync(file)) return undefined;
  const { stdout } = await execa("ssh-keygen", ["-y", "-P", "", "-f", file], { reject: false });
  const blob = (line: string) => line.trim().split(/\s+/)[1];
  const wanted = loadFleet().base.environments[name]?.deployKey ?? "";
  return blob(stdout) && blob(stdout) === blob(wanted) ? readFileSync(file, "utf8") : undefined;
}

/** Who logs in for tests: as this shell says, or whom the seed makes. */
async function testPerson(
  name: string,
  { secrets }: Pick<DoctorSources, "secrets">,
): Promise<ReturnType<typeof smokeUser>> {
  const named = smokeUser(name);
  if (named || !composed(name).environment.extras?.seed) return named;
  const values = await secrets(name).then(
    (found) => found.values,
    () => undefined,
  );
  const password = values?.SYNTHETIC_PASSWORD;
  return typeof password === "string" ? { email: SEEDED_SMOKE_PERSON, password } : undefined;
}

/** Sets the secrets of pull requests that this shell holds by their own names. */
export async function repositorySecretsFix(missing: readonly string[]): Promise<FixPlan | undefined> {
  const known = Object.fromEntries(missing.map((secret) => [secret, namedVariable(secret)]));
  const { repository } = loadFleet().base;
  return planOf(`secrets of ${repository}`, missing, known, (secret, value) =>
    setSecret(repository, secret, value),
  );
}

function planOf(
  what: string,
  missing: readonly string[],
  values: Readonly<Record<string, string | undefined>>,
  set: (name: string, value: string) => Promise<void>,
): FixPlan | undefined {
  const known = missing.flatMap((name) => {
    const value = values[name];
    return value ? [{ name, value }] : [];
  });
  if (!known.length) return undefined;
  return {
    lines: [`set ${what}: ${known.map(({ name }) => name).join(", ")}`],
    async apply() {
      for (const { name, value } of known) await set(name, value);
    },
  };
}
