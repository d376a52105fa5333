import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { migrationMarkdown } from "../../../../cli/delivery/pr-report.ts";
import { databaseSchemaOf, pinOf } from "../../../../cli/staging/refresh/checkout.ts";
import { isSchemaFile, schemaChanges } from "../../../../cli/staging/refresh/schema.ts";
import { bundle } from "../../../../host/bundle.ts";
import { imageValues } from "../../../../host/images.ts";
import { fixtureFleet } from "../../../support/fleet/fleet.ts";

const env = fixtureFleet().reference.environment;
const before = { IMAGE_KRATOS: "oryd/kratos:1", IMAGE_HYDRA: "oryd/hydra:1", "postgres/databases.sql": "a" };

test("nothing is due when nothing that shapes a table has changed", () => {
  expect(schemaChanges(before, { ...before })).toEqual([]);
});

test.each([
  [{ IMAGE_KRATOS: "oryd/kratos:2" }, "kratos: oryd/kratos:1 becomes oryd/kratos:2"],
  [{ IMAGE_HYDRA: "oryd/hydra:2" }, "hydra: oryd/hydra:1 becomes oryd/hydra:2"],
  [{ "postgres/databases.sql": "b" }, "postgres/databases.sql changes"],
  [{ "kratos/ciam/partner.schema.json": "c" }, "kratos/ciam/partner.schema.json is new"],
])("%o is a migration", (change, words) => {
  expect(schemaChanges(before, { ...before, ...change })).toEqual([words]);
});

test("a file that goes is one, and so is everything where no refresh is known", () => {
  expect(schemaChanges({ ...before, "kratos/iam/old.schema.json": "d" }, before)).toEqual([
    "kratos/iam/old.schema.json goes",
  ]);
  for (const none of [null, undefined])
    expect(schemaChanges(none, before)).toEqual(["no earlier refresh is known"]);
});

test.each([
  ["postgres/databases.sql", true],
  ["kratos/ciam/default.schema.json", true],
  ["kratos/ciam/kratos.yml", false],
  ["postgres/server/postgresql.conf", false],
  ["postgres/redaction/classes.csv", false],
])("%s: %s", (path, is) => expect(isSchemaFile(path)).toBe(is));

test("a pin is read from the text of its file, in one line or many, with the digest that the lock has", () => {
  const text =
    'x = {\n  kratos: { name: "a/k", tag: "v1" },\n  hydra: {\n    name: "a/h",\n    tag: "v2",\n  },\n};';
  expect(pinOf(text, {}, "kratos")).toBe("a/k:v1");
  expect(pinOf(text, { "a/h:v2": "sha256:0" }, "hydra")).toBe("a/h@sha256:0");
});

test("the checkout, its last commit and the bundle of a machine speak of the same things", async () => {
  const here = await databaseSchemaOf();
  const images = Object.entries(imageValues(env)).filter(([key]) => key in here);
  const files = bundle(env).filter(({ path }) => isSchemaFile(path));
  expect(here).toEqual({
    ...Object.fromEntries(images),
    ...Object.fromEntries(files.map(({ path, content }) => [path, content])),
  });
  expect(Object.keys(await databaseSchemaOf("HEAD"))).toContain("IMAGE_KRATOS");
  await expect(databaseSchemaOf("--output=x")).rejects.toThrow("is not a valid commit");
  await expect(databaseSchemaOf("no-such-commit")).rejects.toThrow("fetch-depth");

  // What the machine's own script says of the same files.
  const script = execFileSync("sed", ["-n", "/^schema() {/,/^}/p", "host/release/bin/olympus-refresh"], {
    encoding: "utf8",
  });
  const values = images.map(([key, value]) => `${key}=${value}`).join("\n");
  const text = `${script}\nRELEASE=$(mktemp -d); cp -r host/release/. "$RELEASE"; cat >"$RELEASE/images.env"; schema; rm -rf "$RELEASE"`;
  const said = JSON.parse(execFileSync("bash", ["-euc", text], { input: `${values}\n`, encoding: "utf8" }));
  const sum = (content: string) => createHash("sha256").update(content).digest("hex");
  expect(said).toEqual({
    ...Object.fromEntries(images),
    ...Object.fromEntries(files.map(({ path, content }) => [path, sum(content)])),
  });
});

test("a pull request says so, with what follows and where; without a migration it says nothing", () => {
  const words = migrationMarkdown(["kratos: a:1 becomes a:2"], fixtureFleet());
  expect(words).toContain("- kratos: a:1 becomes a:2");
  expect(words).toContain("`olympus refresh staging`");
  expect(words).not.toContain("refresh prod");
  expect(migrationMarkdown([], fixtureFleet())).toBe("");
});
