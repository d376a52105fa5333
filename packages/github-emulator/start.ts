import { resolve } from "node:path";
import { callerDirectory } from "@olympus-infra/lib/process-env.ts";
import { Command } from "commander";
import { serveGithub } from "./serve.ts";

const options = new Command("github-emulator")
  .description("GitHub's REST API on a socket, for gh. Prints the variables that gh needs.")
  .option("--repository <owner/name>", "the repository that is there", "your-org/olympus-infra")
  .option("--directory <folder>", "folder of the socket and of gh's configuration", "github")
  .option("--token <token>", "of a login that administers the repository", "github-emulator-token")
  .option("--plan <plan>", "of its owner: free, team or enterprise", "enterprise")
  .option("--public", "everybody may read the repository")
  .parse()
  .opts<{ repository: string; directory: string; token: string; plan: string; public?: boolean }>();

const plans = ["free", "team", "enterprise"] as const;
const plan = plans.find((one) => one === options.plan);
if (!plan) throw new Error(`--plan ${options.plan}: allowed are ${plans.join(", ")}`);
const { configuration } = await serveGithub(
  {
    repository: options.repository,
    isPrivate: !options.public,
    plan,
    tokens: { [options.token]: "admin" },
    ...{ users: [{ id: 1, name: "octocat" }], teams: [{ id: 2, name: "infra" }] },
  },
  resolve(callerDirectory(), options.directory),
);
console.log([`GH_CONFIG_DIR=${configuration}`, `GH_TOKEN=${options.token}`].join("\n"));
