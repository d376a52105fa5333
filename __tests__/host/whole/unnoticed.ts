import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addVisitor } from "../../../sandbox/machines/network.ts";
import { Checkout } from "../../support/checkout.ts";
import { hasPlantedStep, plantKratos } from "./planted-kratos.ts";
import { type Visited, visiting } from "./visited.ts";
import { OFFICE_ADDRESSES, postStatus } from "./visitors.ts";

/** Releases that nobody outside notices, asked by visitors all the while; and which containers they touch. `isShort`: three of them. */
export const unnoticedTests = (opened: () => Visited, isShort = false): void => {
  const visited = visiting(opened, isShort);
  const releaseOf = (checkout: Checkout, ...options: readonly string[]) =>
    opened().run("node", [join(checkout.root, "scripts/run.mjs"), "release", "staging", ...options]);

  describe.sequential("nobody is turned away", () => {
    const checkout = new Checkout();
    beforeAll(async () => {
      for (const address of OFFICE_ADDRESSES) await addVisitor(address);
    });
    afterAll(() => checkout.remove());

    test("by a release of a value: Caddy loads it, no container is touched, and it is not backed up first", async () => {
      checkout.plant("config/staging.ts", "events: 100", "events: 90");
      const { failed, changed, said } = await visited(() => releaseOf(checkout));
      expect([failed, changed]).toEqual([[], []]);
      expect(said).toContain("caddy is reloaded: RATE_LIMIT_LOGIN_EVENTS");
      expect(said).toContain("backup   none");
    });

    test("by a release of the configuration of Kratos and Hydra: whoever asks them waits", async () => {
      for (const program of ["hydra", "kratos"])
        checkout.plant(`host/release/${program}/iam/${program}.yml`, "serve:", "# Changed.\nserve:");
      const { failed, changed } = await visited(() => releaseOf(checkout));
      expect([failed, changed]).toEqual([[], ["olympus-iam-hydra", "olympus-iam-kratos"]]);
    });

    test("by the rollback of it", async () => {
      const { failed, changed } = await visited(() => opened().olympus(["rollback", "staging"]));
      expect([failed, changed]).toEqual([[], ["olympus-iam-hydra", "olympus-iam-kratos"]]);
      for (const program of ["hydra", "kratos"])
        checkout.restore(`host/release/${program}/iam/${program}.yml`);
    });

    if (isShort) return;

    test("nor without a release: the visitors themselves fail at nothing", async () => {
      const idle = async () => {
        await pause(15_000);
        return { code: 0, out: "", err: "" };
      };
      expect(await visited(idle)).toMatchObject({ failed: [], changed: [] });
    });

    test("by Hera and Athena", async () => {
      checkout.plant("host/release/compose.iam.yaml", "mem_limit: 256m", "mem_limit: 255m");
      checkout.plant("host/release/compose.iam.yaml", "mem_limit: 288m", "mem_limit: 287m");
      const { failed, changed } = await visited(() => releaseOf(checkout));
      expect([failed, changed]).toEqual([[], ["olympus-iam-athena", "olympus-iam-hera"]]);
    });

    test("by everything but the database at once", async () => {
      for (const file of ["ciam", "iam", "edge"])
        checkout.plant(`host/release/compose.${file}.yaml`, "restart: on-failure", "restart: on-failure:99");
      const { failed, changed } = await visited(() => releaseOf(checkout));
      expect(failed).toEqual([]);
      expect(changed.length).toBeGreaterThan(11);
    });

    test("and whoever has used up a limit before a release is still held after it", async () => {
      const { env, route } = opened();
      const login = (): Promise<number> => postStatus(route, env.hosts.ciam, "/login");
      // What earlier visitors have used up comes back a minute after they came, whatever a release does.
      await pause(61_000);
      await expect.poll(login, { timeout: 30_000, interval: 20 }).toBe(429);
      checkout.plant("config/base.ts", "recovery: { events: 5", "recovery: { events: 6");
      const { code, err } = await releaseOf(checkout);
      expect([code, err]).toEqual([
        0,
        expect.stringContaining("caddy is reloaded: RATE_LIMIT_RECOVERY_EVENTS"),
      ]);
      expect(await login()).toBe(429);
    });

    test("and what it brought outlives a crash of Caddy", async () => {
      const limit = await opened().inside(
        "sed -n s/^RATE_LIMIT_LOGIN_EVENTS=//p /opt/olympus/current/olympus.env",
      );
      const loaded = (): Promise<string> =>
        opened().inside("podman exec olympus-caddy wget -q -O - http://localhost:2019/config/");
      expect(await loaded()).toContain(`"max_events":${limit}`);
      await opened().inside("kill -9 $(podman inspect --format '{{.State.Pid}}' olympus-caddy)");
      await expect.poll(loaded, { timeout: 20_000, interval: 500 }).toContain(`"max_events":${limit}`);
    });

    test("by a configuration that Caddy refuses: the release is taken back", async () => {
      checkout.plant("host/release/caddy/sites.caddy", "error @none 404", "errror @none 404");
      const refused = await releaseOf(checkout);
      checkout.restore("host/release/caddy/sites.caddy");
      expect([refused.code, refused.err + refused.out]).toEqual([
        1,
        expect.stringMatching(/Caddy refuses its configuration[\s\S]*rolled back to/),
      ]);
    });

    test("by a Kratos that does not become healthy: it is found out beside the old one, which serves all the while", async () => {
      checkout.plant("host/release/kratos/iam/kratos.yml", "port: 7000", "port: 7009");
      const { failed, said } = await visited(() => releaseOf(checkout), 1);
      checkout.restore("host/release/kratos/iam/kratos.yml");
      expect([failed, said]).toEqual([[], expect.stringContaining("no visitor waited for it")]);
    });

    test("by a Hera that does not become healthy: no visitor ever meets it", async () => {
      const compose = "host/release/compose.iam.yaml";
      checkout.plant(compose, 'PORT: "4000"', 'PORT: "4009"');
      const { failed, said } = await visited(() => releaseOf(checkout), 1);
      checkout.plant(compose, 'PORT: "4009"', 'PORT: "4000"');
      expect([failed, said]).toEqual([[], expect.stringContaining("never had a visitor")]);
    });

    test("by a release of the database's settings: it is restarted while everybody waits", async () => {
      checkout.plant(
        "host/release/postgres/server/postgresql.conf",
        "max_connections",
        "# Changed.\nmax_connections",
      );
      const { failed, changed } = await visited(() => releaseOf(checkout));
      expect([failed, changed]).toEqual([[], ["olympus-postgres"]]);
    });

    test("by another Caddy: who knocks while it is replaced knocks again, and a limit that was used up still is", async () => {
      const { env, route } = opened();
      const login = (): Promise<number> => postStatus(route, env.hosts.ciam, "/login");
      checkout.plant("host/release/compose.edge.yaml", "mem_limit: 192m", "mem_limit: 190m");
      const { failed, changed } = await visited(async () => {
        await expect.poll(login, { timeout: 30_000, interval: 20 }).toBe(429);
        const released = await releaseOf(checkout);
        expect(await login()).toBe(429);
        return released;
      });
      expect([failed, changed]).toEqual([[], ["olympus-caddy"]]);
    });

    test("by a secret: its push has what reads it made of it", async () => {
      const rotated = await opened().olympus(["secrets", "rotate", "staging", "SITE_CIAM_CLIENT_SECRET"]);
      expect(rotated.code, rotated.err).toBe(0);
      const { failed, changed } = await visited(() => opened().olympus(["secrets", "push", "staging"]));
      expect([failed, changed]).toEqual([[], ["olympus-site"]]);
    });

    test("by another password of the database: who has it is made of it while everybody waits", async () => {
      const rotated = await opened().olympus(["secrets", "rotate", "staging", "CIAM_KRATOS_DB_PASSWORD"]);
      expect(rotated.code, rotated.err).toBe(0);
      const { failed, changed } = await visited(() => opened().olympus(["secrets", "push", "staging"]));
      expect([failed, changed]).toEqual([[], ["olympus-ciam-kratos"]]);
    });

    const kratos = (from: string, to: string) =>
      checkout.plant("config/images.ts", `oryd/kratos", tag: ${from}`, `oryd/kratos", tag: ${to}`);

    test("by a Kratos that brings a migration: its tables change while the old one serves", async () => {
      await plantKratos(opened(), "planted");
      kratos('"v26.2.0", sharesTablesWith: []', '"planted", sharesTablesWith: ["v26.2.0"]');
      const { failed, changed, said } = await visited(() => releaseOf(checkout));
      expect([failed, changed]).toEqual([[], ["olympus-ciam-kratos", "olympus-iam-kratos"]]);
      expect(said).not.toContain("everybody waits");
      expect(await hasPlantedStep(opened())).toBe(true);
    });

    test("by one that the old one cannot share its tables with: a release asks first, and everybody waits", async () => {
      await plantKratos(opened(), "apart");
      kratos('"planted", sharesTablesWith: ["v26.2.0"]', '"apart", sharesTablesWith: []');
      expect(await releaseOf(checkout)).toMatchObject({
        code: 1,
        err: expect.stringContaining("Kratos planted is not known to work with the tables of apart"),
      });
      const { failed, changed, said } = await visited(() => releaseOf(checkout, "--across-migration"));
      expect([failed, changed]).toEqual([[], ["olympus-ciam-kratos", "olympus-iam-kratos"]]);
      expect(said).toContain("everybody waits until it is replaced");
    });

    test("by the way back to the first one, which shares them", async () => {
      kratos('"apart", sharesTablesWith: []', '"v26.2.0", sharesTablesWith: ["apart"]');
      const { failed, changed } = await visited(() => releaseOf(checkout));
      expect([failed, changed]).toEqual([[], ["olympus-ciam-kratos", "olympus-iam-kratos"]]);
    });
  });
};
