import { githubEmulator } from "../app.ts";
import type { GithubOptions } from "../options.ts";

export const OPTIONS: GithubOptions = {
  ...{ repository: "acme/identity", isPrivate: true, plan: "enterprise" },
  tokens: { boss: "admin", dev: "write", guest: "read" },
  users: [{ id: 7, name: "jane" }],
  teams: [{ id: 9, name: "infra" }],
};

/** An emulated GitHub, and how a test asks it. */
export function github(options: Partial<GithubOptions> = {}) {
  const { app, world } = githubEmulator({ ...OPTIONS, ...options });
  /** `PUT /x` below the repository, or from the root where the path begins with `//`. */
  const ask = async (request: string, body?: unknown, token = "boss") => {
    const [method = "", path = ""] = request.split(" ");
    const url = path.startsWith("//") ? path.slice(1) : `/repos/${OPTIONS.repository}${path}`;
    const answer = await app.request(`https://api.github.com${url}`, {
      method,
      headers: token ? { authorization: `token ${token}` } : {},
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    const json = (text ? JSON.parse(text) : {}) as Record<string, unknown> & { message?: string };
    return { status: answer.status, json, link: answer.headers.get("link") };
  };
  return { ask, world };
}
