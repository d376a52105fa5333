export { type GithubEmulator, githubEmulator } from "./app.ts";
export type { GithubOptions } from "./options.ts";
export { type GithubService, serveGithub } from "./serve.ts";
export type { EnvironmentRecord } from "./world.ts";
