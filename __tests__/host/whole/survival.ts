import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { adminLogin } from "../../../cli/provision/sandbox/admin-login.ts";
import { Checkout } from "../../support/checkout.ts";
import type { EnvironmentUnderTest } from "./environment-under-test.ts";

/** What an operator's machine goes through; after each of it somebody logs in. */
export const survivalTests = (
  opened: () => Pick<
    EnvironmentUnderTest,
    "env" | "route" | "secrets" | "machine" | "inside" | "healthy" | "run" | "olympus"
  >,
): void => {
  const logIn = async (): Promise<void> => {
    const { env, route, secrets } = opened();
    expect(await adminLogin(env, route, secrets.ADMIN_PASSWORD ?? "")).toBeGreaterThan(0);
  };

  describe("survives", () => {
    test("a container that somebody kills: the sentinel starts it again", async () => {
      const { inside, healthy } = opened();
      await inside("podman kill olympus-iam-kratos");
      await healthy(120);
      expect(await inside("podman inspect --format '{{.State.Status}}' olympus-iam-kratos")).toBe("running");
      await logIn();
    });

    test("an end of Mailpit: the mail that it had is there again", async () => {
      const { inside, healthy } = opened();
      const mails = () => inside("curl -fsS '127.0.0.1:8025/api/v1/messages?limit=1' | jq .total");
      const before = Number(await mails());
      expect(before).toBeGreaterThan(0);
      await inside("podman restart olympus-mailpit");
      await healthy(60);
      expect(Number(await mails())).toBeGreaterThanOrEqual(before);
    });

    test("a full data volume: said with its reason, and over once there is room", async () => {
      const { inside, healthy, olympus } = opened();
      const filler = "/mnt/olympus-data/filler";
      await inside(`fallocate -l "$(df -B1 --output=avail /mnt/olympus-data | tail -n 1)" ${filler}`);
      await inside("/opt/olympus/current/bin/olympus-health || true");
      const full = await olympus(["status", "staging"]);
      expect(full.code).toBe(1);
      expect(full.out).toContain("! the data volume is 100 % full");
      const refused = await olympus(["release", "staging", "--without-backup", "--force"]);
      expect(refused.err).toContain("0.0 GiB free on the data volume, 1 GiB are needed");
      await inside(`rm ${filler}`);
      await healthy(120);
      await logIn();
    });

    test("a dependency that never comes: the wait ends in time and names it", async () => {
      const { inside } = opened();
      await inside("podman pause olympus-iam-hydra");
      try {
        const wait = inside("bash -euc '. /opt/olympus/current/bin/olympus-lib; wait_healthy 3 iam-hydra'");
        await expect(wait).rejects.toThrow("iam-hydra did not become healthy in time");
      } finally {
        await inside("podman unpause olympus-iam-hydra");
      }
      await opened().healthy(120);
    });

    test("a release whose migration fails: taken back by itself, with the reason", async () => {
      const { inside, run, healthy } = opened();
      const current = await inside("readlink /opt/olympus/current");
      const checkout = new Checkout();
      try {
        checkout.plant(
          "host/release/compose.data.yaml",
          "command: [migrate, sql, -e, --yes]",
          "command: [migrate, sql, -e, --yes, --no-such-flag]",
        );
        const words = ["release", "staging", "--without-backup"];
        const { code, out } = await run("node", [join(checkout.root, "scripts", "run.mjs"), ...words]);
        expect(code).toBe(1);
        expect(out).toContain("ciam-kratos-migrate failed with");
        expect(out).toContain(`staging was rolled back to ${current.replace("releases/", "")}`);
      } finally {
        checkout.remove();
      }
      expect(await inside("readlink /opt/olympus/current")).toBe(current);
      await healthy(10);
      await logIn();
    });

    test("a reboot", async () => {
      const { machine, healthy } = opened();
      await machine.powerOff();
      await machine.boot();
      process.stderr.write(`healthy ${(await healthy(300)).toFixed(1)} s after a reboot\n`);
      await logIn();
    });
  });
};
