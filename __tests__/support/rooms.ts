const EMULATORS = ["hetzner-emulator", "cloudflare-emulator", "cloudflare-provider-standin"].map(
  (name) => `packages/${name}`,
);

/**
 * The rooms and who may know whom, from the ground up. Data flows one way: config -> secrets, host -> constructs ->
 * stacks -> parity and policy judge plain JSON -> main.
 */
export const KNOWS: Readonly<Record<string, readonly string[]>> = {
  lib: [],
  config: ["lib"],
  secrets: ["lib"],
  host: ["config"],
  parity: [],
  containment: ["parity"],
  policy: ["parity"],
  constructs: ["config", "host"],
  stacks: ["lib", "config", "secrets", "host", "parity", "containment", "policy", "constructs"],
  "packages/hetzner-emulator": ["lib"],
  "packages/cloudflare-emulator": ["lib"],
  "packages/cloudflare-provider-standin": ["lib"],
  "packages/github-emulator": ["lib"],
  "packages/provider-hcloud": ["lib"],
  sandbox: ["lib", "config", "secrets", "host", ...EMULATORS],
  cli: ["lib", "config", "secrets", "host", "parity", "containment", "policy"],
  "cli/provision/sandbox": ["sandbox", "cli", "lib", "config", "secrets", "host"],
  bench: ["lib", "config", "host", "cli", "sandbox"],
};
