import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PROVIDER_VERSIONS } from "../../config/load/provider-versions.ts";
import { cached, recipeKey } from "../../lib/cache.ts";
import { Failure } from "../../lib/failure.ts";
import { go } from "../../lib/go-program.ts";
import { cacheDirectory } from "../../lib/process-env.ts";
import { type Progress, step } from "../../lib/progress.ts";
import { isRegistryReachable, registryHost } from "./registry.ts";

const version = PROVIDER_VERSIONS.hcloud;
const module = "github.com/hetznercloud/terraform-provider-hcloud";

/** Go's names for this machine. */
const platform = () => {
  const os = process.platform === "win32" ? "windows" : process.platform;
  return `${os}_${process.arch === "x64" ? "amd64" : process.arch}`;
};

/** What Terraform needs to find the provider: nothing, or the path of a CLI config (TF_CLI_CONFIG_FILE). */
export interface ProviderSource {
  cliConfig?: string;
}

/**
 * Makes the real hcloud provider available, at the version of the bindings. Where the registry answers, Terraform
 * downloads it by itself; else it is built once from its Go module (47 s on two cores) into a mirror in the cache.
 * Throws a readable error when Go is missing or the build fails.
 */
export async function ensureHcloudProvider(progress: Progress, terraform?: string): Promise<ProviderSource> {
  const host = await registryHost(terraform);
  if (await isRegistryReachable(host)) return {};
  progress(`the provider registry is out of reach: hcloud ${version} comes from its source`);
  await cached(join("terraform", "mirror", host, "hetznercloud", "hcloud", version), platform(), (folder) =>
    step(progress, `build terraform-provider-hcloud ${version}`, () => build(folder)),
  );
  return { cliConfig: await cliConfig() };
}

/** Builds in the module cache: the module is complete there, and `go install` would ask for more versions of it. */
async function build(folder: string): Promise<void> {
  await go(folder, "version").catch((cause: unknown) => {
    throw new Failure(
      `Go is missing on this machine, and the registry is out of reach. Install Go 1.26 or later (go.dev/dl)`,
      { cause },
    );
  });
  const { Dir } = JSON.parse(await go(folder, "mod", "download", "-json", `${module}@v${version}`)) as {
    Dir: string;
  };
  // The variable that the project's own .goreleaser.yml sets.
  const ldflags = `-s -w -X ${module}/hcloud.Version=${version}`;
  const binary = join(folder, `terraform-provider-hcloud_v${version}`);
  await go(Dir, "build", "-trimpath", "-ldflags", ldflags, "-o", binary, ".");
}

/** hcloud from the mirror and from nowhere else; every other provider as usual. */
async function cliConfig(): Promise<string> {
  const own = JSON.stringify(["hetznercloud/hcloud"]);
  const text = `provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(join(cacheDirectory(), "terraform", "mirror"))}
    include = ${own}
  }
  direct {
    exclude = ${own}
  }
}
`;
  const folder = await cached("terraform", `config-${recipeKey(text)}`, (aside) =>
    writeFile(join(aside, "mirror.tfrc"), text),
  );
  return join(folder, "mirror.tfrc");
}
