import { execa } from "execa";
import { expect, test } from "vitest";

test.each([
  ["scripts/provision.sh", "ENV=staging ./scripts/provision.sh"],
  ["scripts/test.sh", "./scripts/test.sh [--all | --long]"],
])("%s --help says how it is called, asks for nothing and begins nothing", async (script, usage) => {
  for (const flag of ["--help", "-h"]) {
    const { exitCode, stdout, stderr } = await execa(script, [flag], { env: { ENV: "" } });
    expect([exitCode, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(usage);
    expect(stdout.split("\n").length).toBeLessThan(6);
  }
});
