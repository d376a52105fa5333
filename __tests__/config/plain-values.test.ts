import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execaSync } from "execa";
import fc from "fast-check";
import { expect, test } from "vitest";
import { EMAIL, SENDER_NAME } from "../../config/load/fields.ts";
import { valueFile } from "../../host/values.ts";

const SENDERS = [
  "Your App",
  "O'Reilly, Inc.",
  "Müller & Söhne (Köln)",
  "A’s + B-C",
  "हिन्दी ऐप",
  "x".repeat(64),
];
const ADDRESSES = ["oncall@your-app.com", "first.last+tag_1@b-c.example", "0@b.xn--p1ai"];

test("what is accepted reaches a shell of the machine as it was written", () => {
  const folder = mkdtempSync(join(tmpdir(), "olympus-values-"));
  // The machine's own function, which every script reads values with.
  const read = `eval "$(grep '^value()' host/release/bin/olympus-lib)"; value EMAIL_FROM_NAME; value ALERT_EMAIL`;
  for (const [i, sender] of SENDERS.entries()) {
    const address = ADDRESSES[i % ADDRESSES.length] ?? "";
    expect([SENDER_NAME.test(sender), EMAIL.test(address)]).toEqual([true, true]);
    writeFileSync(join(folder, "olympus.env"), valueFile({ EMAIL_FROM_NAME: sender, ALERT_EMAIL: address }));
    const { stdout } = execaSync("bash", ["-c", read], { env: { CONFIG: folder } });
    expect(stdout).toBe(`${sender}\n${address}`);
  }
  rmSync(folder, { recursive: true });
});

// podman-compose reads the same file with python-dotenv: a quote at the beginning, ` #`, a backslash and `$` mean something
// there. A mail's header ends at a line break, and `<` begins its address.
const HARMFUL = /^['"\s]|\s$| #|[\\$`"<>\r\n\0|;]/;

test.each([
  ["sender", SENDER_NAME],
  ["address", EMAIL],
])("whatever is accepted as %s needs no quotes anywhere", (_, form) => {
  const harmful = fc.string({ unit: fc.constantFrom(..."aB1é '\",.&()+-_@#\\$`<>\r\n\0|;:!") });
  fc.assert(
    fc.property(fc.oneof(harmful, fc.stringMatching(/^[ -~]{1,12}@b\.com$/)), (text) => {
      if (form.test(text)) expect(text).not.toMatch(HARMFUL);
    }),
    { numRuns: 5000, seed: 1 },
  );
});
