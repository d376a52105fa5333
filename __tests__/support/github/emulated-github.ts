import { type GithubOptions, type GithubService, serveGithub } from "@olympus-infra/github-emulator";
import { vi } from "vitest";

/** A login that administers it. */
export const TOKEN = "gho_of_the_test";

/** The fixture's repository at an emulated GitHub, with nothing set. */
export const emulatedGithub = (options: Partial<GithubOptions> = {}): Promise<GithubService> =>
  serveGithub({
    ...{ repository: "your-org/olympus-infra", isPrivate: true, plan: "enterprise" },
    tokens: { [TOKEN]: "admin" },
    users: [{ id: 7, name: "jane" }],
    teams: [{ id: 9, name: "infra" }],
    ...options,
  });

/** Has the real `gh` of this computer take the emulator for GitHub, until `vi.unstubAllEnvs`. */
export function logInTo({ configuration }: GithubService, token = TOKEN): void {
  vi.stubEnv("GH_CONFIG_DIR", configuration);
  vi.stubEnv("GH_TOKEN", token);
}
