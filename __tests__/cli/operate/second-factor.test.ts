import { expect, test } from "vitest";
import { parse } from "yaml";
import { factorText } from "../../../cli/operate/second-factor.ts";
import { readBundleFile } from "../../host/bundle/values.ts";

const kratos = parse(readBundleFile("kratos/iam/kratos.yml"));
/** Methods that Kratos takes as a second factor. A passkey is a first one, and a code unless its settings say otherwise. */
const SECOND = ["totp", "webauthn", "lookup_secret"];

test("what is counted as a second factor is what employees may set up", () => {
  const methods: Record<string, { enabled?: boolean }> = kratos.selfservice.methods;
  const enabled = SECOND.filter((name) => methods[name]?.enabled);
  const counted = /t\.name IN \(([^)]+)\)/.exec(readBundleFile("postgres/metrics-administrators.sql"))?.[1];
  expect(counted?.split(", ")).toEqual(enabled.map((name) => `'${name}'`));
  expect(methods.code).toEqual({ enabled: true });
});

test("Kratos is told to ask whoever has one, for a look and for a change", () => {
  const asked = { required_aal: "highest_available" };
  expect([kratos.session.whoami, kratos.selfservice.flows.settings]).toEqual([asked, asked]);
});

test.each([
  [["totp"], 2, "a@b.c has a second factor (totp), and 2 open sessions"],
  [["totp", "lookup_secret"], 0, "a@b.c has a second factor (totp, lookup_secret), and 0 open sessions"],
  [[], 1, "a@b.c has no second factor, and 1 open sessions"],
])("%j and %i sessions in words", (factors, openSessions, said) => {
  expect(factorText("a@b.c", { id: "", factors, openSessions })).toBe(said);
});
