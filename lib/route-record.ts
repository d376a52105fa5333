import { Hono } from "hono";

/** An emulator that keeps a record of what it was asked. */
export interface RecordedApp {
  readonly app: Hono;
  /** Routes below `prefix` that nobody has called, such as `GET /v1/servers/:id`. */
  uncalled(prefix: string): string[];
}

/** Puts a record in front of an emulator, so that a test can tell that it has left no route out. */
export function recordRoutes(app: Hono): RecordedApp {
  const called = new Set<string>();
  const routes = app.routes
    .filter(({ method }) => method !== "ALL")
    .map(({ method, path }) => ({ method, name: `${method} ${path}`, pattern: pattern(path) }));
  return {
    app: new Hono().all("*", (context) => {
      const { method, path } = context.req;
      // As in the router, the first that fits takes it.
      const route = routes.find((each) => each.method === method && each.pattern.test(path));
      if (route) called.add(route.name);
      return app.fetch(context.req.raw);
    }),
    uncalled: (prefix) =>
      routes.map(({ name }) => name).filter((name) => name.includes(` ${prefix}`) && !called.has(name)),
  };
}

/** A path of the router as an expression: `:id` is one segment, `:id{form}` what its form allows. */
const pattern = (path: string): RegExp =>
  new RegExp(
    `^${path.replace(/:\w+(?:\{((?:[^{}]|\{\d+\})+)\})?/g, (_, form) => `(?:${form ?? "[^/]+"})`)}$`,
  );
