import { Hono } from "hono";
import { expect, test } from "vitest";
import { recordRoutes } from "../../lib/route-record.ts";

const emulator = () =>
  new Hono()
    .use(async (_, next) => next())
    .get("/v1/things", (c) => c.text("all"))
    .get("/v1/things/export", (c) => c.text("export"))
    .get("/v1/things/:id{[0-9a-f]{4}}", (c) => c.text("one"))
    .delete("/v1/things/:id{[0-9a-f]{4}}", (c) => c.text("gone"))
    .get("/v1/things/:id{[0-9a-f]{4}}/parts/:part", (c) => c.text("part"))
    .get("/control", (c) => c.text("control"));

test("tells which routes nobody has called, and lets every answer through", async () => {
  const { app, uncalled } = recordRoutes(emulator());
  expect(uncalled("/v1/")).toHaveLength(5);
  const answers = ["/v1/things", "/v1/things/export", "/v1/things/00ff/parts/a?x=1", "/v1/things/none"].map(
    async (path) => (await app.request(path)).text(),
  );
  expect(await Promise.all(answers)).toEqual(["all", "export", "part", "404 Not Found"]);
  expect(uncalled("/v1/")).toEqual(["GET /v1/things/:id{[0-9a-f]{4}}", "DELETE /v1/things/:id{[0-9a-f]{4}}"]);
  await app.request("/v1/things/00ff");
  await app.request("/v1/things/00ff", { method: "DELETE" });
  expect(uncalled("/v1/")).toEqual([]);
  expect(uncalled("/")).toEqual(["GET /control"]);
});
