import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Json } from "../../parity/json.ts";
import { RULES } from "../../policy/evaluate.ts";
import { interpolation } from "../../policy/examples.ts";

const files = readdirSync(join("policy", "rules")).filter((file) => file !== "index.ts");
const SENTENCE = /^[A-Z`"].{8,}[^.]\.$/s;

describe("the list of rules", () => {
  it("names every file, and every rule has its file's name", () => {
    expect(RULES.map(({ id }) => `${id}.ts`).sort()).toEqual(files.sort());
  });

  it("has no rule that objects to a stack of nothing", () => {
    const empty = { stack: "empty", document: {} };
    for (const { id, check } of RULES)
      expect([id, check([empty, { ...empty, stack: "other" }])]).toEqual([id, []]);
  });

  it("has no rule that falls over what it did not expect, wherever it stands", () => {
    const odd: Json[] = [null, true, -1, "", "\u0000", [], [null], {}, { a: [{}] }, interpolation("a.b")];
    for (const { id, check, passing, failing } of RULES)
      for (const subject of [...passing, ...failing])
        for (const document of odd.flatMap((value) => replacements(subject.document, value)))
          expect(() => check([{ ...subject, document }]), id).not.toThrow();
  });
});

/** The document once for each place in it, with `value` there. */
function replacements(document: Json, value: Json): Json[] {
  if (typeof document !== "object" || document === null) return [value];
  const inside = Object.entries(document).flatMap(([key, child]) =>
    replacements(child, value).map((next) =>
      Array.isArray(document) ? document.with(Number(key), next) : { ...document, [key]: next },
    ),
  );
  return [value, ...inside];
}

describe.each(RULES.map((rule) => [rule.id, rule] as const))(
  "%s",
  (id, { reason, remedy, check, passing, failing }) => {
    it("says why and what to do in sentences, under a name in kebab case", () => {
      expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)+$/);
      expect(reason).toMatch(SENTENCE);
      expect(remedy).toMatch(SENTENCE);
    });

    it("lets its passing examples be, apart and together", () => {
      expect(passing.length).toBeGreaterThan(0);
      for (const subject of passing) expect(check([subject])).toEqual([]);
      expect(check(passing)).toEqual([]);
    });

    it("objects to its failing examples, and says where and what", () => {
      expect(failing.length).toBeGreaterThan(0);
      const found = check(failing);
      expect(found.length).toBeGreaterThan(0);
      // Every example earns its place: without it something is found less.
      failing.forEach((_, i) => {
        expect(check(failing.toSpliced(i, 1)).length).toBeLessThan(found.length);
      });
      for (const violation of found) {
        expect(failing.map(({ stack }) => stack)).toContain(violation.stack);
        expect(violation.path).not.toBe("");
        expect(violation.found).not.toBe("");
      }
    });
  },
);
