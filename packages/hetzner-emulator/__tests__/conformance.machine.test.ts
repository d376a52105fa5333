import { serve } from "@olympus-infra/lib/http-service.ts";
import { stderrProgress } from "@olympus-infra/lib/progress.ts";
import { recordRoutes } from "@olympus-infra/lib/route-record.ts";
import { expect, test } from "vitest";
import { runWithPythonClients } from "../../../sandbox/programs/python-clients.ts";
import { hetznerEmulator } from "../app.ts";
import { directory, tokens } from "./client.ts";

const SCRIPTS = ["parts.py", "server.py"].map(
  (name) => `packages/hetzner-emulator/__tests__/conformance/${name}`,
);

test("Hetzner's own Python client finds all as at Hetzner, and leaves no route out", async () => {
  // Short, and not 0: the client has to poll.
  const options = { directory: directory(), projects: tokens, actionSeconds: 0.03 };
  const { app, uncalled } = recordRoutes(hetznerEmulator(options));
  const service = await serve(app);
  try {
    for (const script of SCRIPTS)
      await runWithPythonClients(script, [service.url, tokens.staging], stderrProgress);
  } finally {
    await service.close();
  }
  expect(uncalled("/v1/")).toEqual([]);
});
