import { rmSync } from "node:fs";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { makeRequests, objectionsTo, soundFleets } from "./sound-fleets.ts";

const requests = await makeRequests();
afterAll(() => rmSync(requests, { recursive: true, force: true }));

test("forty sound fleets are refused nothing", { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(soundFleets(4, requests), (fleet) => {
      expect(objectionsTo(fleet)).toEqual([]);
    }),
    { seed: 12, numRuns: 40, endOnFailure: true },
  );
});
