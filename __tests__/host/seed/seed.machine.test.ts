import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { everybody, ordinary } from "../../../cli/staging/seed/people.ts";
import { SCHEMAS } from "../../../cli/staging/seed/schemas.ts";
import { totpCode } from "../../../cli/staging/seed/totp.ts";
import { skipWithout } from "../../sandbox/machines/tools.ts";
import { staging } from "../../support/fleet/staging.ts";
import { curlJson, machine, restart } from "../bundle/stack.ts";
import {
  closeSeedFixture,
  identityDigest,
  makeLockouts,
  olympus,
  openSeedFixture,
  query,
  removeSeeded,
  startVerb,
  tryLogin,
} from "./seed-fixture.ts";

const mix = staging.extras?.seed.mix ?? { default: 100, customer: 0, organizational: 0, admin: 0 };
const PROFILE_COUNT = [...everybody({ users: 0, number: 42, mix })].length;

describe.skipIf(skipWithout(["nsenter", "mmdebstrap", "go"]))("the seed", () => {
  beforeAll(openSeedFixture);
  afterAll(closeSeedFixture);

  describe("a thousand people in one command", () => {
    let report: Awaited<ReturnType<typeof olympus>>;
    beforeAll(async () => {
      makeLockouts();
      report = await olympus("seed");
    });

    it("makes everybody, and completes the special ones", () => {
      expect(report).toMatchObject({
        ...{ exitCode: 0, present: 0, created: 1000 + PROFILE_COUNT, failed: [], pending: [] },
        ...{ clients: 4, consents: 40, repeated: 0 },
      });
      expect(query("ciam_kratos", "SELECT count(*) FROM identities")).toBe(String(970 + PROFILE_COUNT));
      expect(query("iam_kratos", "SELECT count(*) FROM identities")).toBe("30");
    });

    it("lets people of every schema log in", () => {
      const people = Array.from({ length: 12 }, (_, i) => ordinary(i * 83 + 18, 42, mix));
      const one = ["customer", "organizational", "admin"].map(
        (schema) =>
          [...everybody({ users: 100, number: 42, mix })].find((p) => p.schema === schema) ?? people[0],
      );
      for (const person of [...people, ...one]) {
        if (!person) continue;
        const port = SCHEMAS[person.schema].domain === "ciam" ? 5000 : 7000;
        expect(tryLogin(person.identifier, undefined, port).status, person.identifier).toBe("200");
      }
    });

    it("makes special people what they are called", () => {
      // 1.3.1 shows its form again with a message, v26 refuses with an id.
      const { status, body } = tryLogin("unverified.1@cast.example");
      const told = body.error?.id ?? body.ui.messages.map(({ id }: { id: number }) => id)[0];
      expect(["400 4000010", "403 session_verified_address_required"]).toContain(`${status} ${told}`);
      expect(tryLogin("inactive.1@cast.example").status).toBe("401");
      expect(tryLogin("odd-name.12@cast.example").status).toBe("200");
      const locked =
        "SELECT count(*) FROM ciam_lockouts WHERE locked_until > now() AND identity_id IS NOT NULL";
      expect(query("olympus", locked)).toBe("5");
      const open =
        "SELECT count(*) FROM identity_recovery_codes WHERE used_at IS NULL AND expires_at > now() + interval '29 days'";
      expect(query("ciam_kratos", open)).toBe("5");
      const left = "SELECT count(*) FROM identities WHERE metadata_admin->'synthetic' ? 'todo'";
      expect(query("ciam_kratos", left)).toBe("0");
    });

    it("gives a second factor that works", () => {
      const first = tryLogin("totp.1@cast.example");
      expect(first.status).toBe("200");
      const found = "http://127.0.0.1:5001/admin/identities?credentials_identifier=totp.1%40cast.example";
      const [{ metadata_admin }] = curlJson(found);
      const headers = ["-H", `X-Session-Token: ${first.body.session_token}`];
      const flow = curlJson(...headers, "http://127.0.0.1:5000/self-service/login/api?aal=aal2");
      const totp_code = totpCode(metadata_admin.synthetic.totp_key, new Date());
      const second = curlJson(
        ...[
          ...headers,
          "-H",
          "Content-Type: application/json",
          "-d",
          JSON.stringify({ method: "totp", totp_code }),
        ],
        `http://127.0.0.1:5000/self-service/login?flow=${flow.id}`,
      );
      expect(second.session.authenticator_assurance_level).toBe("aal2");
    });

    it("leaves consents that Hydra lists", () => {
      const person = ordinary(1, 42, mix);
      const found = `http://127.0.0.1:5001/admin/identities?credentials_identifier=${encodeURIComponent(person.identifier)}`;
      const [{ id }] = curlJson(found);
      const consents = curlJson(`http://127.0.0.1:5003/admin/oauth2/auth/sessions/consent?subject=${id}`);
      const clients = consents.map(
        (c: { consent_request: { client: { client_id: string } } }) => c.consent_request.client.client_id,
      );
      expect(clients.sort()).toEqual(["synthetic-app", "synthetic-web"]);
    });

    it("makes nobody and nothing a second time", async () => {
      const before = identityDigest();
      const flows = query("ciam_hydra", "SELECT count(*) FROM hydra_oauth2_flow");
      expect(await olympus("seed")).toMatchObject({
        ...{
          exitCode: 0,
          present: 1000 + PROFILE_COUNT,
          created: 0,
          clients: 0,
          consents: 0,
          failed: [],
          pending: [],
        },
      });
      expect(identityDigest()).toBe(before);
      expect(query("ciam_hydra", "SELECT count(*) FROM hydra_oauth2_flow")).toBe(flows);
      expect(query("olympus", "SELECT count(*) FROM ciam_lockouts")).toBe("5");
    });

    it("keeps people of another number apart, and adds the seed document's own", async () => {
      await expect(olympus("seed", ["--seed", "7"])).rejects.toThrow("of seed 42");
      expect(await olympus("seed", ["--preset", "document"])).toMatchObject({ created: 100, exitCode: 0 });
      expect(tryLogin("staging-user-100@example.com").status).toBe("200");
      expect(await olympus("seed", ["--preset", "document"])).toMatchObject({ created: 0, present: 100 });
    });

    it("puts back whom somebody deleted, and says whose place is taken", async () => {
      const [gone, taken] = [ordinary(4, 42, mix), ordinary(6, 42, mix)];
      query(
        "ciam_kratos",
        `DELETE FROM identities WHERE traits->>'email' IN ('${gone.traits.email}', '${taken.traits.email}')`,
      );
      const usurper = JSON.stringify({ schema_id: "default", traits: { email: taken.traits.email } });
      machine.outside(["curl", "-sS", "-d", "@-", "http://127.0.0.1:5001/admin/identities"], {
        input: usurper,
      });
      const report = await olympus("seed");
      expect(report).toMatchObject({ exitCode: 1, created: 1, others: 1 });
      expect(report.failed).toEqual([
        {
          who: taken.identifier,
          reason: "409 an address or identifier of this person is already taken",
        },
      ]);
    });
  });

  describe("interrupted", () => {
    const SMALL = ["--users", "400", "--batch", "20"];
    let undisturbed: string;
    beforeAll(async () => {
      removeSeeded();
      makeLockouts();
      await olympus("seed", SMALL);
      undisturbed = identityDigest();
    });
    beforeEach(() => {
      removeSeeded();
      makeLockouts();
    });

    it("by kill -9, goes on and ends as if nothing had happened", async () => {
      const cut = startVerb("seed", SMALL);
      while (Number(query("ciam_kratos", "SELECT count(*) FROM identities")) < 150) await sleep(50);
      cut.kill("SIGKILL");
      await cut;
      expect(identityDigest()).not.toBe(undisturbed);
      const { present, created } = await olympus("seed", SMALL);
      expect(present).toBeGreaterThanOrEqual(150);
      expect(present + created).toBe(400 + PROFILE_COUNT);
      expect(identityDigest()).toBe(undisturbed);
    });

    it("by a restart of Kratos, loses and doubles nobody", async () => {
      const running = olympus("seed", SMALL);
      while (Number(query("ciam_kratos", "SELECT count(*) FROM identities")) < 150) await sleep(50);
      await restart("ciam-kratos", 1500);
      const report = await running;
      expect(report).toMatchObject({ exitCode: 0, created: 400 + PROFILE_COUNT, failed: [] });
      expect(report.repeated).toBeGreaterThan(0);
      expect(identityDigest()).toBe(undisturbed);
    });
  });
});
