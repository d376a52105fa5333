import { expect, test } from "vitest";
import type { TeamPlace } from "./team-place.ts";

const LATER = "# of a later version";

/** The next version, from the merge to the machine. */
export function takeoverTests(at: () => TeamPlace): void {
  test("a later version that is merged takes the installed machine over by a release, and no server is replaced", {
    timeout: 600_000,
  }, async () => {
    const { team, whole } = at();
    const serving = async () => (await whole.olympus(["status", "staging", "--serving"])).out;
    const people = () =>
      whole.inside("curl -sf '127.0.0.1:3101/admin/identities?page_size=1000' | jq length");
    const booted = () =>
      whole.inside("cat /proc/sys/kernel/random/boot_id; stat -c %W /var/lib/cloud/instance");
    const before = [await people(), await booted()];
    const earlier = await serving();
    await team.on("upstream", () => {
      team.append("host/bootstrap/sshd.conf", `${LATER}\n`);
      team.append("host/release/caddy/snippets.caddy", `\n${LATER}\n`);
    });
    await team.git("merge", "--quiet", "--no-edit", "upstream");
    const plan = await whole.olympus(["plan", "staging"]);
    expect(plan.code, plan.out).toBe(0);
    const released = await whole.olympus(["release", "staging"]);
    expect(released.code, released.err).toBe(0);
    expect(await serving()).not.toBe(earlier);
    for (const file of [
      "/etc/ssh/sshd_config.d/10-olympus.conf",
      "/opt/olympus/current/caddy/snippets.caddy",
    ])
      expect(await whole.inside(`tail -1 ${file}`)).toBe(LATER);
    await whole.inside("grep -q pager@acme.com /opt/olympus/config/olympus.env");
    expect([await people(), await booted()]).toEqual(before);
    await whole.healthy(120);
  });
}
