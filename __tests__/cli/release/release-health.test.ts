import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { assessHealth } from "../../../cli/release/health.ts";

describe("what a machine says while a release waits", () => {
  const report = (changes: object) =>
    JSON.stringify({
      healthy: true,
      checked_at: "2026-11-24T09:30:00Z",
      release: "new",
      problems: [],
      disk_percent: 3,
      units: [],
      containers: [],
      ...changes,
    });
  const up = "ActiveState=active\nSubState=exited\nline=== up after 41s\n";
  test.each([
    ["up and well", up + report({}), "healthy"],
    ["a job is queued: the state is still the old release's", `Job=812\n${up}${report({})}`, "starting"],
    ["in a phase", "ActiveState=activating\nSubState=start\nline=== migrations (12s)", "starting"],
    ["the old release stops", "ActiveState=deactivating\nSubState=stop\nline=", "starting"],
    ["failed for good", "ActiveState=failed\nSubState=failed\nline=postgres is not healthy", "failed"],
    ["failed, systemd would try again", "ActiveState=activating\nSubState=auto-restart\nline=x", "failed"],
    ["never started", "ActiveState=inactive\nSubState=dead\nline=", "failed"],
    ["up with a fault", up + report({ healthy: false, problems: ["caddy is exited"] }), "unwell"],
    ["a report on the release before", up + report({ release: "old" }), "unwell"],
    ["half a report", `${up}{"healthy": true`, "unwell"],
    ["no report", up, "unwell"],
  ])("%s", (_, answer, expected) => {
    expect(assessHealth(answer, "new").is).toBe(expected);
  });

  test("a reload that fails leaves the unit active, and is a failure with its reason", () => {
    const reloaded = (result: string) =>
      `ActiveState=active\nSubState=exited\nJob=\nReloadResult=${result}\nline=boom\n`;
    expect(assessHealth(reloaded("exit-code"), "new")).toEqual({
      is: "failed",
      problems: ["the reload of olympus.service failed (exit-code)", "boom"],
    });
    expect(assessHealth(reloaded("success"), "new").is).toBe("unwell");
    const running = "ActiveState=reloading\nSubState=reload\nJob=7\nReloadResult=success\nline=== edge\n";
    expect(assessHealth(running, "new").is).toBe("starting");
  });

  test("only the right release's own healthy report ends the wait", () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        (a, b) => assessHealth(`${a}\n${up}${b}`, "new").is !== "healthy",
      ),
    );
  });
});
