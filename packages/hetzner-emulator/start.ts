import { resolve } from "node:path";
import { serve } from "@olympus-infra/lib/http-service.ts";
import { callerDirectory } from "@olympus-infra/lib/process-env.ts";
import { Command, InvalidArgumentError } from "commander";
import { hetznerEmulator } from "./app.ts";

interface Options {
  readonly port: string;
  readonly directory: string;
  readonly project: Readonly<Record<string, string>>;
}

/** The provider takes tokens of 64 characters only. */
const TOKEN = "hetzner-emulator-token-".padEnd(64, "0");

const project = (text: string, before: Options["project"]): Options["project"] => {
  const [, name, token] = /^([\w-]+)=(\S+)$/.exec(text) ?? [];
  if (!name || !token) throw new InvalidArgumentError("Write <name>=<token>.");
  return { ...before, [name]: token };
};

const options = new Command("hetzner-emulator")
  .description("The Hetzner Cloud API on the loopback address. Prints the variables that a client needs.")
  .option("--port <number>", "port to listen on; 0 takes a free one", "8080")
  .option("--directory <folder>", "folder of the state files", "state")
  .option("--project <name=token>", "a project and its API token; may be repeated", project, {})
  .parse()
  .opts<Options>();

const projects = Object.keys(options.project).length > 0 ? options.project : { sandbox: TOKEN };
const directory = resolve(callerDirectory(), options.directory);
const { url } = await serve(hetznerEmulator({ directory, projects }), Number(options.port));
const tokens = Object.entries(projects).map(([name, token]) => `HCLOUD_TOKEN=${token} # project ${name}`);
console.log([`HCLOUD_ENDPOINT=${url}/v1`, ...tokens].join("\n"));
