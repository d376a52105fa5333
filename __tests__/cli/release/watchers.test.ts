import { expect, test } from "vitest";
import { parseStatus } from "../../../cli/release/machine-status.ts";

/** What a machine says where these units have failed. */
const statusWith = (failed: string) =>
  parseStatus(["current 20261102T000000Z-b\n", "", "", failed, "", "", ""].join("--- olympus status\n"), []);

// A simulated login that met a release would keep the machine awake, and paid for, all night.
test("a failed unit that only watches is a warning, any other one a problem", () => {
  const { problems, warnings } = statusWith("olympus-logins.service\nolympus-backup.service\n");
  expect(warnings).toEqual(["unit olympus-logins.service has failed: journalctl -u olympus-logins.service"]);
  expect(problems.filter((text) => text.startsWith("unit "))).toEqual([
    "unit olympus-backup.service has failed",
  ]);
});
