import { Command } from "commander";
import { cloudflareAddress, serveStandIn } from "./index.ts";

interface Options {
  readonly baseUrl?: string;
  readonly address: string;
}

const options = new Command("cloudflare-provider-standin")
  .description(
    "A Terraform provider on the loopback address. Prints the variable that makes Terraform use it.",
  )
  .option(
    "--base-url <url>",
    "the API, such as http://127.0.0.1:8081/client/v4 (default: CLOUDFLARE_BASE_URL)",
  )
  .option("--address <address>", "the provider's address; OpenTofu's has another host", cloudflareAddress)
  .parse()
  .opts<Options>();

const { reattach } = await serveStandIn(options);
console.log(`TF_REATTACH_PROVIDERS='${reattach}'`);
