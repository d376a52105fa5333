import { execa } from "execa";
import { afterAll, describe, expect, test } from "vitest";
import { InitFixture, snapshot } from "./init-fixture.ts";
import { OWN } from "./own-answers.ts";

/** What is typed at each question. */
const TYPED: Readonly<Record<string, string>> = {
  "Zones at Cloudflare": "acme.co.uk=023e105f4ecef8ad9ca31a8372d0c353",
  "Account id at Cloudflare": OWN.cloudflareAccountId,
  "Repository at GitHub": "acme/identity",
  "First administrator of prod": "jane@acme.co.uk",
  "First administrator of staging": "jane@acme.co.uk",
  "Operators' public keys": `alice=${OWN.operators.sshKeys.alice}`,
  "Operators' ranges": "81.2.69.160/28",
  "Office's ranges": "81.2.70.0/24, 2a02:ff0:3303:1::/64",
  "Developers' public keys": `bob=${OWN.developers.sshKeys.bob}`,
  "Sender of mails": "Acme",
  "Address for alerts": "platform@acme.co.uk",
  "Terraform's state": "local",
  "Put this in place": "y",
};

describe.sequential("init at a terminal", () => {
  const place = new InitFixture();
  afterAll(() => place.remove());
  const asked: string[] = [];

  test("killed at any question, nothing is written", async () => {
    const before = snapshot(place.root);
    for (let end = 0, last = ""; last !== "Put this in place"; end++) {
      let count = 0;
      await place.interview((question) => {
        last = question;
        return count++ === end ? undefined : (TYPED[question] ?? "");
      });
      expect(snapshot(place.root), `at ${last}`).toEqual(before);
      expect(count, "it came that far").toBe(end + 1);
    }
  });

  test("everything is asked, with what follows as Enter's answer; what is refused is asked again", async () => {
    const { shown, exitCode } = await place.interview((question) => {
      asked.push(question);
      const isFirst = asked.filter((one) => one === question).length === 1;
      if (question === "Office's ranges" && isFirst) return "198.51.100.0/24";
      return TYPED[question] ?? "";
    });
    expect(exitCode, shown.slice(-3000)).toBe(0);
    expect(asked.filter((question) => question === "Office's ranges")).toHaveLength(2);
    expect(shown).toContain("a value of the shipped example is refused");
    expect(shown).toContain("Domain of staging [staging.acme.co.uk]: ");
    expect(place.read("config/staging.ts")).toContain('domain: "staging.acme.co.uk"');
    expect(place.read("config/base.ts")).toContain('bucketPrefix: "acme-co-uk-olympus"');
    // On a first day what can be read counts more than what ships.
    expect(shown).toContain("Log in with [none]: ");
    expect(shown).toContain(
      "Terraform's state [s3 acme-co-uk-state fsn1 https://fsn1.your-objectstorage.com]: ",
    );
    for (const name of ["prod", "staging"]) {
      const [, blob] = (
        await execa("ssh-keygen", ["-y", "-f", `${place.root}/.secrets/deploy-${name}`])
      ).stdout.split(" ");
      expect(place.read("config/base.ts")).toContain(blob);
    }
    expect(asked).toHaveLength(26);
  });

  test("asked again, Enter keeps everything", async () => {
    const there = snapshot(place.root);
    const { shown, exitCode } = await place.interview(() => "");
    expect(shown).toContain("nothing was changed");
    expect([exitCode, snapshot(place.root)]).toEqual([0, there]);
  });

  test.each(["\u0003", "\u0004"])("%j ends it and writes nothing", async (key) => {
    const there = snapshot(place.root);
    const { shown, exitCode } = await place.interview(() => key);
    expect(shown).toContain("Nothing was written.");
    expect([exitCode, snapshot(place.root)]).toEqual([1, there]);
  });
});
