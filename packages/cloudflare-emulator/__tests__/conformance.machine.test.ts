import { serve } from "@olympus-infra/lib/http-service.ts";
import { stderrProgress } from "@olympus-infra/lib/progress.ts";
import { recordRoutes } from "@olympus-infra/lib/route-record.ts";
import { expect, test } from "vitest";
import { runWithPythonClients } from "../../../sandbox/programs/python-clients.ts";
import { openAccount, testAccountId, testZoneId, writer } from "./account.ts";
import { newRequest } from "./certificate-request.ts";

const SCRIPTS = ["zone.py", "account.py"].map(
  (name) => `packages/cloudflare-emulator/__tests__/conformance/${name}`,
);

test("Cloudflare's own Python client finds all as at Cloudflare, and leaves no route out", async () => {
  const { app, uncalled } = recordRoutes(openAccount().app);
  const service = await serve(app);
  const { csr } = await newRequest();
  try {
    const args = [service.url, writer, testAccountId, testZoneId, csr];
    for (const script of SCRIPTS) await runWithPythonClients(script, args, stderrProgress);
  } finally {
    await service.close();
  }
  expect(uncalled("/client/")).toEqual([]);
});
