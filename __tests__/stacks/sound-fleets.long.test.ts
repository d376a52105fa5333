import { rmSync } from "node:fs";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { makeRequests, objectionsTo, soundFleets } from "./sound-fleets.ts";

const requests = await makeRequests();
afterAll(() => rmSync(requests, { recursive: true, force: true }));

test("five hundred sound fleets of up to twelve environments are refused nothing", () => {
  fc.assert(
    fc.property(soundFleets(12, requests), (fleet) => {
      expect(objectionsTo(fleet)).toEqual([]);
    }),
    { numRuns: 500, endOnFailure: true },
  );
});
