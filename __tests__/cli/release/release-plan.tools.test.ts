import { describe, expect, test } from "vitest";
import { contents } from "../../../cli/release/contents.ts";
import { releasePlan, rollbackPlan, rollbackTarget } from "../../../cli/release/plan.ts";
import type { MachineFacts } from "../../../cli/shared/machine-facts.ts";

const small = contents([{ path: "bin/olympus-start", content: "#!/bin/sh\n", mode: 0o755 }]);
const NOW = new Date("2026-11-24T09:30:00Z");
const ID = `20261124T093000Z-${small.hash.slice(0, 12)}`;
const [A, B, C, D] = [
  "20261101T000000Z-a",
  "20261102T000000Z-b",
  "20261103T000000Z-c",
  "20261104T000000Z-d",
] as const;

const facts = (changes: Partial<MachineFacts> = {}): MachineFacts => ({
  architecture: "arm64",
  boot: "done",
  volumeMounted: true,
  freeRoot: 2 ** 34,
  freeData: 2 ** 34,
  hasData: false,
  postgresFiles: undefined,
  hasSecrets: true,
  canBackUp: false,
  releases: [],
  current: undefined,
  history: [],
  service: "inactive",
  healthy: false,
  ...changes,
});
const serving = (current: string, releases: readonly string[]): Partial<MachineFacts> => ({
  releases,
  current,
  history: [...releases.filter((id) => id !== current), current],
  service: "active",
  healthy: true,
});
const command = (plan: { steps: readonly { name: string; command: string }[] }, name: string) =>
  plan.steps.find((step) => step.name === name)?.command;

const PRUNE_IMAGES = `named=$(cat /opt/olympus/releases/*/images.env 2>/dev/null | sed -n 's/^IMAGE_[A-Z_]*=//p')
podman images --format '{{.Repository}}:{{.Tag}} {{.Repository}}@{{.Digest}}' | while read -r tag digest; do
  [ -n "$named" ] || break
  printf '%s\\n' "$named" | grep -qxF -e "$tag" -e "$digest" || podman rmi "$tag" >/dev/null 2>&1 || true
done`;

describe("the plan of a release", () => {
  test("is these commands and no others", () => {
    const plan = releasePlan(facts(), small, NOW);
    expect(plan.steps.map(({ name, command }) => `# ${name}\n${command}`).join("\n")).toBe(
      `# prepare
mkdir -p /opt/olympus/releases /opt/olympus/config
rm -rf /opt/olympus/releases/*.new
ln -sfn ../current/olympus.env /opt/olympus/config/olympus.env.next
mv -T /opt/olympus/config/olympus.env.next /opt/olympus/config/olympus.env
# upload
umask 022
mkdir /opt/olympus/releases/${ID}.new
tar -x --no-same-owner -C /opt/olympus/releases/${ID}.new
# verify
cd /opt/olympus/releases/${ID}.new
echo '05f4d79ad8463eea4480c0f1dd1d80d35d0eae5fc3173ff8286874a590e54a3e  SHA256SUMS' | sha256sum --check --quiet --strict
sha256sum --check --quiet --strict SHA256SUMS
[ "$(find . -type f | wc -l)" = 2 ]
# keep
sync -f /opt/olympus/releases/${ID}.new
mv -T /opt/olympus/releases/${ID}.new /opt/olympus/releases/${ID}
# switch
ln -sfn releases/${ID} /opt/olympus/current.next
mv -T /opt/olympus/current.next /opt/olympus/current
sync -f /opt/olympus
# start
systemctl reset-failed olympus.service || true
if grep -qs ^ExecReload= /opt/olympus/current/systemd/olympus.service.d/release.conf; then
  systemctl reload-or-restart --no-block olympus.service
  sleep 1
  case $(systemctl show olympus.service -P ReloadResult) in
    success | '') ;;
    *) systemctl reload-or-restart --no-block olympus.service ;;
  esac
else
  systemctl restart --no-block olympus.service
fi
# wait
systemctl show olympus.service -p ActiveState,SubState,Job,ReloadResult
if [ "$(systemctl is-active olympus.service)" = active ]; then
  systemctl reset-failed olympus-health.service || true
  systemctl start olympus-health.service || true
fi
echo "line=$(journalctl _SYSTEMD_INVOCATION_ID="$(systemctl show olympus.service -p InvocationID --value)" -t olympus-start -n 1 -o cat)"
if [ -f /run/olympus/health.json ]; then jq -c . /run/olympus/health.json || true; fi
# record
echo "${ID} $(date -u +%FT%TZ) release" >>/opt/olympus/history
sync -f /opt/olympus/history
# prune
${PRUNE_IMAGES}`,
    );
    expect(plan.steps.filter(({ input }) => input).map(({ name }) => name)).toEqual(["upload"]);
  });

  test("goes back to what served, and has nowhere to go the first time", () => {
    expect(releasePlan(facts(), small, NOW).back).toBeUndefined();
    const { back } = releasePlan(facts(serving(B, [A, B])), small, NOW);
    expect(back?.release).toBe(B);
    expect(back && command(back, "switch")).toContain(`ln -sfn releases/${B} /opt/olympus/current.next`);
    expect(back?.steps.map(({ name }) => name)).toEqual(["switch", "start", "wait", "record"]);
  });

  test("after a run that was killed behind the switch it goes back to what served, not to what is current", () => {
    const killed = facts({ ...serving(B, [A, B]), releases: [A, B, C], current: C });
    expect(releasePlan(killed, small, NOW).back?.release).toBe(B);
    expect(command(releasePlan(killed, small, NOW), "prune")).toContain(`for old in ${C}; do\n`);
  });

  test("a backup by the release that serves comes first, unless it has no program for that or the operator answers", () => {
    const able = facts({ ...serving(A, [A]), canBackUp: true });
    const names = (plan: { steps: readonly { name: string }[] }) => plan.steps.map(({ name }) => name);
    expect(names(releasePlan(able, small, NOW))[0]).toBe("backup");
    expect(command(releasePlan(able, small, NOW), "backup")).toBe(
      "timeout 3600 /opt/olympus/current/bin/olympus-backup before-release",
    );
    expect(names(releasePlan(able, small, NOW, { withoutBackup: true }))).not.toContain("backup");
    expect(names(releasePlan({ ...able, canBackUp: false }, small, NOW))).not.toContain("backup");
    expect(names(releasePlan(able, small, NOW).back ?? { steps: [] })).not.toContain("backup");
  });

  test("the same contents in health are nothing to do, in any other state or by force they are", () => {
    const same = facts(serving(ID, [A, ID]));
    expect(releasePlan(same, small, NOW)).toMatchObject({ isDone: true, steps: [] });
    expect(releasePlan(same, small, NOW, { force: true }).isDone).toBe(false);
    expect(releasePlan({ ...same, healthy: false }, small, NOW).isDone).toBe(false);
    expect(releasePlan({ ...same, service: "failed" }, small, NOW).isDone).toBe(false);
    expect(releasePlan({ ...same, history: [A] }, small, NOW).isDone).toBe(false);
    const other = contents([{ path: "bin/olympus-start", content: "#!/bin/bash\n", mode: 0o755 }]);
    expect(releasePlan(same, other, NOW).isDone).toBe(false);
  });

  test("five stay, the new one among them, and what never served goes", () => {
    const old = ["1", "2", "3", "4", "5", "6"].map((day) => `2026110${day}T000000Z-x`);
    const plan = releasePlan(
      facts({ ...serving(old[5] ?? "", old), releases: [...old, "20261107T000000Z-bad"] }),
      small,
      NOW,
    );
    const pruned = command(plan, "prune");
    expect(pruned).toContain(`for old in ${old[0]} ${old[1]} 20261107T000000Z-bad; do\n`);
    // What a container has mounted of them is asked first.
    expect(pruned).toMatch(/grep -qxF "\$old" \|\| rm -rf "\/opt\/olympus\/releases\/\$old"/);
  });
});

describe("a rollback", () => {
  test("checks the old release, switches, and would come back to the present one", () => {
    const plan = rollbackPlan(facts(serving(C, [A, B, C])), B);
    expect(plan.steps.map(({ name }) => name)).toEqual(["verify", "switch", "start", "wait", "record"]);
    expect(command(plan, "verify")).toBe(
      `cd /opt/olympus/releases/${B}\nsha256sum --check --quiet --strict SHA256SUMS`,
    );
    expect(plan.back?.release).toBe(C);
  });

  test.each<[string, Partial<MachineFacts>, string | undefined]>([
    ["the one before the current", serving(C, [A, B, C]), B],
    ["after a rollback, further back", { ...serving(B, [A, B, C]), history: [A, B, C, B] }, A],
    [
      "from what follows a rollback, not to what was bad",
      { ...serving(D, [A, B, C, D]), history: [A, B, C, A, D] },
      A,
    ],
    ["from the oldest, nowhere", { ...serving(A, [A, B]), history: [A, B, A] }, undefined],
    ["never to one that did not serve", { ...serving(C, [A, C]), releases: [A, B, C] }, A],
    [
      "from a half-done release, to what served",
      { ...serving(B, [A, B]), releases: [A, B, C], current: C },
      B,
    ],
    ["on an empty machine, nowhere", {}, undefined],
  ])("leads to %s", (_, changes, expected) => {
    expect(rollbackTarget(facts(changes))).toBe(expected);
  });
});
