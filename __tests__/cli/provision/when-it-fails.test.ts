import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { KNOWN } from "../../../cli/shared/terraform-failure.ts";
import { ALL_SOURCES } from "../../support/sources.ts";

// Every message of provision's runbook is expected by a test, in the words that the page has: a text that changes is found here.

const PAGE = "docs/runbooks/provision.md";
const OWN = "__tests__/cli/provision/when-it-fails.test.ts";

/** What others say where no test here can make them. */
const OF_OTHERS: Readonly<Record<string, string>> = {
  conpty: "npm's choice of optional packages: cdktf says it where a compiled file is missing",
  "pty.node": "the same",
  "npx cdktf": "the command of the row, not what it says",
  plan: "the verb of the row",
};

/** Words of a regular expression as they are said. */
const unescaped = (text: string): string => text.replaceAll(/\\(?=[^\w])/g, "");
const tests = [...ALL_SOURCES]
  .filter(([file]) => file.endsWith(".ts") && /__tests__\//.test(file) && file !== OWN)
  .map(([, text]) => unescaped(text));

/** The messages of a row's first cell, each in the parts between what varies. */
const messagesIn = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text);
const partsOf = (message: string): string[] =>
  message
    .split("…")
    .map((part) => part.trim())
    .filter((part) => part.length > 2);

const cells = (readFileSync(PAGE, "utf8").split("## When it fails")[1] ?? "")
  .split("\n")
  .filter((line) => line.startsWith("| `"))
  .map((line) => line.split(" | ")[0] ?? "");
const messages = cells.flatMap(messagesIn).filter((message) => !(message in OF_OTHERS));

describe("every message of provision's runbook", () => {
  test("is many", () => {
    expect(messages.length).toBeGreaterThan(KNOWN.length + 15);
  });

  test.each(messages)("%s is expected by a test", (message) => {
    const parts = partsOf(message);
    expect(parts.length).toBeGreaterThan(0);
    expect(tests.some((text) => parts.every((part) => text.includes(part)))).toBe(true);
  });
});
