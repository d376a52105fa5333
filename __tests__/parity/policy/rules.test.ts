import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { RULES } from "../../../parity/policy/evaluate.ts";

const files = readdirSync(join("parity", "policy", "rules")).filter((file) => file !== "index.ts");
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

  it("has no rule that falls over a document of another form", () => {
    const odd = {
      stack: "odd",
      document: { resource: { hcloud_server: [], cloudflare_ruleset: { a: null } }, terraform: 1 },
    };
    for (const { check } of RULES) expect(() => check([odd])).not.toThrow();
  });
});

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
