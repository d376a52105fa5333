import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import { serve } from "@olympus-infra/lib/http-service.ts";
import { callerDirectory } from "@olympus-infra/lib/process-env.ts";
import { Command } from "commander";
import { apiPath, cloudflareEmulator } from "./index.ts";

interface Options {
  readonly port: string;
  readonly directory: string;
  readonly token: string;
  readonly zone?: readonly string[];
}

/** The provider takes tokens of 40 characters only. */
const TOKEN = "cloudflare-emulator-token-".padEnd(40, "0");

/** The same name has the same id at every start. */
const idOf = (name: string): string => createHash("sha256").update(name).digest("hex").slice(0, 32);

const options = new Command("cloudflare-emulator")
  .description("The Cloudflare v4 API on the loopback address. Prints the variables that a client needs.")
  .option("--port <number>", "port to listen on; 0 takes a free one", "8081")
  .option("--directory <folder>", "folder of the state file", "state")
  .option("--token <token>", "the API token", TOKEN)
  .option("--zone <name...>", "zones of the account (default: example.com)")
  .parse()
  .opts<Options>();

const accountId = idOf("account");
const zones = (options.zone ?? ["example.com"]).map((name) => ({ id: idOf(name), name, accountId }));
const statePath = join(resolve(callerDirectory(), options.directory), "cloudflare.json");
const app = cloudflareEmulator({ statePath, tokens: [{ value: options.token }], zones });
const { url } = await serve(app, Number(options.port));
const variables = [
  `CLOUDFLARE_BASE_URL=${url}${apiPath}`,
  `CLOUDFLARE_API_TOKEN=${options.token}`,
  `CLOUDFLARE_ACCOUNT_ID=${accountId}`,
  ...zones.map(({ id, name }) => `CLOUDFLARE_ZONE_ID=${id} # ${name}`),
];
console.log(variables.join("\n"));
