import { Hono } from "hono";
import { exampleOf } from "./description.ts";
import { notThere } from "./errors.ts";
import type { GithubEnv } from "./request.ts";

/** Who the login is, and others by their names. */
export const people = new Hono<GithubEnv>()
  .get("/user", (context) => {
    const [first] = context.get("world").options.users;
    return context.json({ ...exampleOf("GET /user"), ...(first && { id: first.id, login: first.name }) });
  })
  .get("/users/:name", (context) => {
    const one = context.get("world").options.users.find(({ name }) => name === context.req.param("name"));
    if (!one) throw notThere();
    return context.json({ ...exampleOf("GET /users/{username}"), id: one.id, login: one.name });
  })
  .get("/orgs/:org/teams/:team", (context) => {
    const { teams, repository } = context.get("world").options;
    const one = teams.find(({ name }) => name === context.req.param("team"));
    if (!one || !repository.startsWith(`${context.req.param("org")}/`)) throw notThere();
    const example = exampleOf("GET /orgs/{org}/teams/{team_slug}") as { organization: object };
    return context.json({
      ...example,
      id: one.id,
      name: one.name,
      slug: one.name,
      type: "organization",
      organization: { ...example.organization, archived_at: null },
    });
  })
  .get("/orgs/:org/members/:name", (context) => {
    const { users, repository } = context.get("world").options;
    const isOne = users.some(({ name }) => name === context.req.param("name"));
    if (!isOne || !repository.startsWith(`${context.req.param("org")}/`)) throw notThere();
    return context.body(null, 204);
  });
