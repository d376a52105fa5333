import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Construct } from "constructs";
import { clockCommands } from "../config/load/clock-commands.ts";
import type { Environment } from "../config/load/environment.ts";
import { utcCron } from "../config/load/local-time.ts";
import { clockName } from "../config/load/names.ts";
import type { Extras } from "../config/load/schema.ts";
import { WorkersCronTrigger, WorkersScript } from "./cloudflare.ts";

export interface ClockProps {
  readonly env: Environment;
  readonly extras: Extras;
}

let worker: string | undefined;

/** The Worker's source, Terraform's own sign escaped. Read once. */
function source(): string {
  worker ??= readFileSync(join("constructs", "clock-worker.js"), "utf8").replaceAll("${", () => "$${");
  return worker;
}

/** The clock outside the machine: a Worker whose cron triggers start the workflow that stops, starts, refreshes and seeds. */
export class Clock extends Construct {
  constructor(scope: Construct, id: string, { env, extras }: ClockProps) {
    super(scope, id);
    const commands = clockCommands(extras);
    const variables = {
      COMMANDS: JSON.stringify(commands),
      TIME_ZONE: extras.timeZone,
      ENVIRONMENT: env.name,
      REPOSITORY: env.repository,
      WORKFLOW: "clock.yml",
    };
    const script = new WorkersScript(this, "Default", {
      accountId: env.cloudflareAccountId,
      scriptName: clockName(env.name),
      content: source(),
      mainModule: "clock.js",
      compatibilityDate: "2026-01-01",
      bindings: Object.entries(variables).map(([name, text]) => ({ name, type: "plain_text", text })),
      // Its secrets are put there by hand and must survive every deploy.
      keepBindings: ["secret_text"],
      observability: { enabled: true },
    });
    new WorkersCronTrigger(this, "triggers", {
      accountId: env.cloudflareAccountId,
      scriptName: script.scriptName,
      // One for all commands: an account of the free plan has five, over all its Workers.
      schedules: [{ cron: utcCron(Object.values(commands), extras.timeZone) }],
    });
  }
}
