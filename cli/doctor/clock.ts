import { z } from "zod";
import { clockName } from "../../config/load/names.ts";
import { Failure } from "../../lib/failure.ts";
import { namedVariable } from "../../lib/process-env.ts";
import { PENDING } from "../secrets/fingerprints.ts";
import { cloudflareAs, read } from "./cloud-api.ts";
import { type FixPlan, inOrder, type Row, toDo } from "./row.ts";
import type { DoctorSources } from "./sources.ts";
import { composed, type DoctorSubject } from "./subject.ts";
import { tokenOf, tokenRow } from "./tokens.ts";

const bindingsSchema = z.object({ result: z.array(z.object({ name: z.string() })) });

/** Where a shell, or the file of accounts, holds the clock's own token for GitHub. */
const tokenVariableOf = (name: string): string =>
  `CLOCK_GITHUB_TOKEN_${name.replaceAll("-", "_").toUpperCase()}`;

const scriptOf = (name: string): string =>
  `/accounts/${composed(name).environment.cloudflareAccountId}/workers/scripts/${clockName(name)}`;

/** The secrets of the Worker that starts what is due, which Terraform never sees. */
export const clockRow = ({ name }: DoctorSubject, sources: DoctorSources): Row => ({
  id: `clock.${name}`,
  title: `the clock of ${name} has its secrets`,
  page: "docs/runbooks/clock.md#its-secrets-once",
  needs: [`deployed.${name}`, tokenRow("cloudflare", name)],
  remedy: [],
  async check() {
    const missing = await missingSecrets(name, sources);
    return missing.length
      ? toDo(
          `its Worker has no ${missing.join(" and no ")}`,
          `./olympus doctor ${name} --fix, with ${tokenVariableOf(name)} among your accounts`,
          ...missing.map((secret) => `npx wrangler secret put ${secret} --name ${clockName(name)}`),
        )
      : inOrder("its Worker has what it needs");
  },
  fix: () => workerFix(name, sources),
});

/** Those that its Worker lacks; a receiver of alerts is none where the machine's is off, too. */
async function missingSecrets(name: string, sources: DoctorSources): Promise<string[]> {
  const path = `${scriptOf(name)}/secrets`;
  const { result } = await read(cloudflareAs(tokenOf("cloudflare", name)), path, bindingsSchema);
  const isOff = (await valuesOf(name, sources)).ALERT_WEBHOOK_URL === "off";
  return ["GITHUB_TOKEN", ...(isOff ? [] : ["ALERT_WEBHOOK_URL"])].filter(
    (secret) => !result.some((bound) => bound.name === secret),
  );
}

const valuesOf = (name: string, sources: DoctorSources): Promise<Readonly<Record<string, unknown>>> =>
  sources.secrets(name).then(
    ({ values }) => values,
    () => ({}),
  );

/** The token that was made for it, and the receiver of the machine's own alerts. */
async function workerFix(name: string, sources: DoctorSources): Promise<FixPlan | undefined> {
  const known: Readonly<Record<string, unknown>> = {
    GITHUB_TOKEN: namedVariable(tokenVariableOf(name)),
    ALERT_WEBHOOK_URL: (await valuesOf(name, sources)).ALERT_WEBHOOK_URL,
  };
  const isGiven = (value: unknown): boolean => typeof value === "string" && value !== PENDING;
  const given = (await missingSecrets(name, sources)).filter((secret) => isGiven(known[secret]));
  if (!given.length) return undefined;
  return {
    lines: [`give ${given.join(" and ")} to the Worker ${clockName(name)}`],
    async apply() {
      const ask = cloudflareAs(tokenOf("cloudflare", name));
      for (const secret of given) {
        const body = { name: secret, text: known[secret], type: "secret_text" };
        const { status, code } = await ask(`${scriptOf(name)}/secrets`, "PUT", body);
        if (status !== 200) throw new Failure(`Cloudflare does not take ${secret} (${status} ${code ?? ""})`);
      }
    },
  };
}
