import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { environmentKeys, parsedKeys } from "../../host/environment-keys.ts";
import { evaluate } from "../../policy/evaluate.ts";
import { stackOf } from "../../policy/examples.ts";
import { formProblem } from "../../policy/value-forms.ts";

describe("the table of the environment file", () => {
  const text = readFileSync("host/release/env.keys.yaml", "utf8");
  const entries = parse(text) as {
    key: string;
    example: string;
    form?: string;
    pattern?: string;
  }[];

  test("says the same to the reader of lines as to a parser of YAML", () => {
    const parsed = entries.map(({ key, form, pattern }) => [key, form ? { form } : { pattern }]);
    expect(environmentKeys()).toEqual(Object.fromEntries(parsed));
  });

  test("has examples of the forms that it asks for", () => {
    for (const { key, example, ...form } of entries)
      expect(formProblem(form, example, stackOf({})), key).toBe(undefined);
  });

  test.each([
    ["a line without a form", "- { key: A, from: b, example: c }", /no key with a form/],
    [
      "a key that is there twice",
      `${text}- { key: DISPOSABLE, from: b, pattern: "^1$" }\n`,
      /DISPOSABLE is there twice/,
    ],
  ])("with %s is refused", (_, broken, says) => {
    expect(() => parsedKeys(broken)).toThrow(says);
  });

  test("with a form that does not exist allows nothing", () => {
    const subject = stackOf({}, { env: { A: "1" }, envKeys: { A: { form: "hostname" } } });
    expect(evaluate([subject])).toMatchObject([{ found: expect.stringContaining("hostname is not a form") }]);
  });
});
