import { expect, test } from "vitest";
import { FINGERPRINT_KEY, FINGERPRINTS, secretKeyProblems } from "../../host/secret-keys.ts";
import { key } from "./values.ts";

const keys = [key("CIAM_KRATOS_SECRET_CIPHER"), key("SMTP_CONNECTION_URI")];
const SECRET = "ENC[AES256_GCM,data:ug==,iv:aaaa,tag:bbbb,type:str]";
const print = (letter: string) => letter.repeat(32);

const fields = (letter: string): Record<string, unknown> => ({
  CIAM_KRATOS_SECRET_CIPHER: SECRET,
  SMTP_CONNECTION_URI: SECRET,
  [FINGERPRINT_KEY]: SECRET,
  [FINGERPRINTS]: { [FINGERPRINT_KEY]: print("0"), CIAM_KRATOS_SECRET_CIPHER: print(letter) },
  sops: { mac: SECRET, age: [{ recipient: "age1" }] },
});
/** JSON is YAML. */
const file = (changes: Record<string, unknown> = {}, letter = "a") =>
  JSON.stringify({ ...fields(letter), ...changes });
const without = (...names: string[]) =>
  JSON.stringify(Object.fromEntries(Object.entries(fields("b")).filter(([name]) => !names.includes(name))));
const problems = (staging: string | undefined) =>
  secretKeyProblems({ prod: file(), staging }, keys).map(({ path, value }) => `${path}: ${value}`);

test("two files with the same keys and other values fit", () => {
  expect(problems(file({}, "b"))).toEqual([]);
});

test("before any environment has a file there is nothing to say", () => {
  expect(secretKeyProblems({ prod: undefined, staging: undefined }, keys)).toEqual([]);
});

test("an environment without a file is named once another has one", () => {
  expect(problems(undefined)).toEqual(["(file): nothing"]);
});

test("a missing key is named", () => {
  expect(problems(without("SMTP_CONNECTION_URI"))).toEqual(["SMTP_CONNECTION_URI: nothing"]);
});

test("a key too many is named", () => {
  expect(problems(file({ STRIPE_KEY: SECRET }, "b"))).toEqual(["STRIPE_KEY: an unknown key"]);
});

test("a value in clear is named and not shown", () => {
  const found = secretKeyProblems(
    { prod: file(), staging: file({ SMTP_CONNECTION_URI: "smtp://hunter2" }, "b") },
    keys,
  );
  expect(found).toHaveLength(1);
  expect(JSON.stringify(found)).toContain("a value in clear");
  expect(JSON.stringify(found)).not.toContain("hunter2");
});

test("a value that two environments share is named with both places", () => {
  expect(problems(file({}, "a"))).toEqual([
    "CIAM_KRATOS_SECRET_CIPHER: the value of CIAM_KRATOS_SECRET_CIPHER of prod",
  ]);
});

test("fingerprints of another key cannot be compared, and this is said", () => {
  const prints = { [FINGERPRINT_KEY]: print("1"), CIAM_KRATOS_SECRET_CIPHER: print("b") };
  expect(problems(file({ [FINGERPRINTS]: prints }))).toEqual([`${FINGERPRINT_KEY}: another than prod's`]);
});

test("a generated value without a fingerprint is named", () => {
  expect(problems(file({ [FINGERPRINTS]: { [FINGERPRINT_KEY]: print("0") } }))).toEqual([
    "CIAM_KRATOS_SECRET_CIPHER: no fingerprint",
  ]);
});

test.each(["", "{", "[]", "just text", "sops: {}", without("sops"), without(FINGERPRINTS)])(
  "a file that sops did not write is no file of secrets: %s",
  (text) => {
    expect(problems(text)).toEqual(["(file): no file of sops' with fingerprints"]);
  },
);
