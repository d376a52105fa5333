import { expect, test } from "vitest";
import type { EnvironmentUnderTest } from "./environment-under-test.ts";
import {
  confidentialValues,
  entitlements,
  filesWithValues,
  linesWithValues,
  localFilesWithValues,
  watchProcesses,
} from "./scan.ts";

const NOBODY = 65_534;
/** Everything but what the kernel only pretends to be files. */
const EVERYWHERE = "$(find / -mindepth 1 -maxdepth 1 -not -name proc -not -name sys -not -name dev)";
const LOGS = "journalctl --no-pager -o export; podman ps -aq | xargs -n 1 podman logs";

/** The actual values are nowhere but where they belong. Each scan also finds what is planted for it. */
export function secretTests(whole: () => EnvironmentUnderTest): void {
  const oneValue = (): string =>
    confidentialValues(whole()).find(([key]) => key === "ENCRYPTION_KEY")?.[1] ?? "";
  const plant = (script: string) => whole().machine.exec(["sh", "-euc", script], { input: oneValue() });

  test("no file that everybody can read holds a secret", async () => {
    expect(confidentialValues(whole()).length).toBeGreaterThan(20);
    expect(await filesWithValues(whole(), NOBODY, EVERYWHERE)).toEqual([]);
    await plant("cat >/var/tmp/planted; chmod 644 /var/tmp/planted");
    expect(await filesWithValues(whole(), NOBODY, "/var/tmp")).toEqual(["/var/tmp/planted"]);
    await plant("rm /var/tmp/planted");
  });

  test("not even root finds one in image layers, or in what cloud-init keeps", async () => {
    const places = ["/var/lib/containers/storage/overlay", "/var/lib/cloud", "/run/cloud-init", "/etc/cloud"];
    expect(await filesWithValues(whole(), 0, `${places.join(" ")} /var/log/cloud-init*`)).toEqual([]);
    expect(await filesWithValues(whole(), 0, "/opt/olympus/config")).toContain(
      "/opt/olympus/config/secrets.env",
    );
  });

  test("no log holds one", async () => {
    expect(await linesWithValues(whole(), LOGS)).toBe(0);
    await plant("systemd-cat -t planted; journalctl --sync");
    expect(await linesWithValues(whole(), "journalctl --no-pager -o cat -t planted")).toBe(1);
  });

  test("during a whole start no process has one but a container that the compose file gives it to", async () => {
    const entitled = entitlements();
    const sightings = await watchProcesses(whole(), ["systemctl", "restart", "olympus.service"]);
    const strays = sightings.filter(
      ({ key, place, container }) => place === "cmdline" || !entitled.get(container)?.has(key),
    );
    expect(strays).toEqual([]);
    // Seen where it may be, so the look is not blind.
    expect(new Set(sightings.map(({ container }) => container))).toContain("olympus-ciam-kratos");
    const planted = 'value=$(cat); env "PLANTED=$value" sleep 3 & sh -c "sleep 3; exit" "$value" & wait';
    const watching = watchProcesses(whole(), ["sleep", "3"]);
    await plant(planted);
    expect(await watching).toEqual(
      expect.arrayContaining([
        { key: "ENCRYPTION_KEY", place: "environ", container: "", program: "sleep" },
        { key: "ENCRYPTION_KEY", place: "cmdline", container: "", program: "sh" },
      ]),
    );
  }, 600_000);

  test("neither Terraform's state nor the synthesized stacks nor the clouds hold one", () => {
    const { folder } = whole();
    // What providers would hold lies with the third parties, and in the store of the backups whom its bucket lets in.
    expect(
      localFilesWithValues(whole(), folder, [
        "backup-versions",
        "machines",
        "secrets",
        "ssh",
        "third-parties",
      ]),
    ).toEqual([]);
    expect(localFilesWithValues(whole(), folder, ["machines", "ssh"])).not.toEqual([]);
  });
}
