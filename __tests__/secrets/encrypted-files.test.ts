import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { reportAsHtml } from "../../parity/report/html.ts";
import { reportAsMarkdown } from "../../parity/report/markdown.ts";
import { reportAsText } from "../../parity/report/text.ts";
import { inspectEncrypted } from "../../secrets/encrypted-file.ts";
import { secretFaults } from "../../secrets/faults.ts";
import { FINGERPRINT_KEY, FINGERPRINTS, secretKeys } from "../../secrets/secret-keys.ts";
import { withSecrets } from "../../stacks/secret-findings.ts";
import { encryptedText, SECRET } from "./encrypted-text.ts";

const keys = [
  { key: "CIAM_KRATOS_SECRET_CIPHER", unique: true },
  { key: "SMTP_CONNECTION_URI", unique: false },
];
const names = keys.map(({ key }) => key);
const file = (mark = "a", changes: Record<string, unknown> = {}) => encryptedText(names, mark, changes);
const faults = (staging: string | undefined) =>
  secretFaults({
    files: {
      prod: inspectEncrypted(file("a")),
      staging: staging === undefined ? undefined : inspectEncrypted(staging),
    },
    keys,
  }).map(({ environment, key, found }) => `${environment} ${key}: ${found}`);

describe("encrypted files, seen without a key", () => {
  test("two with the same keys and other values fit", () => {
    expect(faults(file("b"))).toEqual([]);
  });

  test("before any environment has one there is nothing to say", () => {
    expect(secretFaults({ files: { prod: undefined, staging: undefined }, keys })).toEqual([]);
  });

  test.each<[string, string | undefined, string]>([
    ["one that is missing", undefined, "staging (file): it is missing, and another environment has one"],
    [
      "a missing key",
      file("b", { SMTP_CONNECTION_URI: undefined }),
      "staging SMTP_CONNECTION_URI: the key is missing",
    ],
    ["a key too many", file("b", { STRIPE_KEY: SECRET }), "staging STRIPE_KEY: no service uses this key"],
    [
      "a value in clear",
      file("b", { SMTP_CONNECTION_URI: "hunter2" }),
      "staging SMTP_CONNECTION_URI: a plaintext value",
    ],
    [
      "values below a key",
      file("b", { SMTP_CONNECTION_URI: { a: SECRET } }),
      "staging SMTP_CONNECTION_URI: a plaintext value",
    ],
    [
      "a shared value",
      file("b", {
        [FINGERPRINTS]: {
          [FINGERPRINT_KEY]: "0".repeat(32),
          CIAM_KRATOS_SECRET_CIPHER: `${"a".repeat(31)}0`,
        },
      }),
      "staging CIAM_KRATOS_SECRET_CIPHER: the value of CIAM_KRATOS_SECRET_CIPHER of prod",
    ],
    [
      "no fingerprint of what is random",
      file("b", { [FINGERPRINTS]: { [FINGERPRINT_KEY]: "0".repeat(32) } }),
      "staging CIAM_KRATOS_SECRET_CIPHER: its value has no fingerprint",
    ],
    [
      "fingerprints of another key",
      file("b", {
        [FINGERPRINTS]: { [FINGERPRINT_KEY]: "1".repeat(32), CIAM_KRATOS_SECRET_CIPHER: "b".repeat(32) },
      }),
      "staging (file): fingerprints of another key than prod's",
    ],
  ])("%s is named", (_, staging, fault) => {
    expect(faults(staging)).toEqual([fault]);
  });

  test("a value in clear is not repeated", () => {
    const found = secretFaults({
      files: { staging: inspectEncrypted(file("b", { SMTP_CONNECTION_URI: "hunter2" })) },
      keys,
    });
    expect(JSON.stringify(found)).not.toContain("hunter2");
  });

  test.each([
    ...["", "{", "[]", "just text", "sops: {}", "a: &a [*a]", "a: 1\na: 2", file("b", { sops: undefined })],
    ...[file("b", { [FINGERPRINTS]: undefined }), file("b", { [FINGERPRINT_KEY]: "0".repeat(64) })],
    file("b", { [FINGERPRINTS]: { [FINGERPRINT_KEY]: "not hex" } }),
  ])("a file that sops did not write is no file of secrets: %.20s", (text) => {
    expect(inspectEncrypted(text)).toBe("foreign");
  });

  test("whatever a file holds, it is read without an error", () => {
    fc.assert(fc.property(fc.string(), (text) => Boolean(inspectEncrypted(text))));
    fc.assert(fc.property(fc.json(), (text) => Boolean(inspectEncrypted(text))));
  });

  test("any single change of one file is objected to", () => {
    const all = secretKeys().map(({ key }) => ({ key, unique: false }));
    const text = (mark: string, changes: Record<string, unknown> = {}) =>
      encryptedText(
        all.map(({ key }) => key),
        mark,
        changes,
      );
    const [prod, sound] = [inspectEncrypted(text("a")), inspectEncrypted(text("b"))];
    expect(secretFaults({ files: { prod, staging: sound }, keys: all })).toEqual([]);
    const name = fc.constantFrom(...all.map(({ key }) => key));
    const change = fc.oneof(
      name.map((key) => ({ [key]: undefined })),
      fc.tuple(name, fc.jsonValue()).map(([key, value]) => ({ [key]: value })),
      fc
        .tuple(fc.string({ minLength: 1 }), fc.jsonValue())
        .filter(([key]) => !(key in fieldsOf(text("b"))) && key !== "__proto__")
        .map(([key, value]) => ({ [key]: value })),
    );
    fc.assert(
      fc.property(change, fc.boolean(), (changes, inProd) => {
        const changed = inspectEncrypted(text(inProd ? "a" : "b", changes));
        const files = inProd ? { prod: changed, staging: sound } : { prod, staging: changed };
        expect(secretFaults({ files, keys: all })).not.toEqual([]);
      }),
    );
  });
});

const fieldsOf = (text: string): object => JSON.parse(text);

describe("in the parity report", () => {
  const bare = { reference: "prod", mirror: "staging", differences: [], findings: [] };
  const forms = (staging: string, prod = file("a")) => {
    const report = withSecrets(bare, {
      files: { prod: inspectEncrypted(prod), staging: inspectEncrypted(staging) },
      keys,
    });
    return [reportAsText(report), reportAsMarkdown(report), reportAsHtml([report]), JSON.stringify(report)];
  };

  test("every form names a fault of either file", () => {
    for (const form of forms(file("b", { SMTP_CONNECTION_URI: undefined }))) {
      expect(form).toContain("secrets.SMTP_CONNECTION_URI");
      expect(form).toContain("./olympus secrets init staging");
    }
    for (const form of forms(file("b"), file("a", { SMTP_CONNECTION_URI: undefined })))
      expect(form).toContain("./olympus secrets init prod");
  });

  test("every form says that they were compared", () => {
    const [text, markdown, html, json] = forms(file("b"));
    for (const form of [text, markdown, html]) expect(form).toContain("2 secrets have the same keys");
    expect(json).toContain('"secrets":2');
  });

  test("and nothing while there are no files", () => {
    const report = withSecrets(bare, { files: { prod: undefined, staging: undefined }, keys });
    expect(report).toEqual(bare);
    expect(reportAsText(report)).not.toContain("secret");
  });

  test("a name that a terminal or a page would obey is quoted", () => {
    const [text, , html] = forms(file("b", { "\u001b[2J<script>": SECRET }));
    expect(text).not.toContain("\u001b");
    expect(html).not.toContain("<script>");
  });
});
