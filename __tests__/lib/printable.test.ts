import fc from "fast-check";
import { expect, test } from "vitest";
import { printable } from "../../lib/printable.ts";

test.each([
  ["plain text, ümlauts and 日本", "plain text, ümlauts and 日本"],
  ["two\n\tlines", "two\n\tlines"],
  ["a title \u001b]0;owned\u0007 set", "a title ?]0;owned? set"],
  ["\u001b[2Jhealthy", "?[2Jhealthy"],
  ["failed\rhealthy", "failed?healthy"],
  ["\u009b31m red", "?31m red"],
  ["olympus-\u202egpj.service", "olympus-?gpj.service"],
  ["::add-mask::healthy", ": :add-mask::healthy"],
  ["  ::stop-commands::x", "  : :stop-commands::x"],
  ["##[error]x", "# #[error]x"],
  ["a::b and # heading", "a::b and # heading"],
  ['{"unit":"\\u001b[2J\\r"}', '{"unit":"?[2J?"}'],
  ['{"path":"C:\\\\run"}', '{"path":"C:\\\\run"}'],
  ['{"path":"\\\\\\u001b"}', '{"path":"\\\\?"}'],
])("%j is shown as %j", (text, shown) => {
  expect(printable(text)).toBe(shown);
});

test("whatever a machine says, nothing of it is obeyed, and JSON is JSON", () => {
  const obeyed = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
  const sign = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("\u001b", "\r", "\\", "\\r", "::", "\u202e", "\n"),
  );
  fc.assert(
    fc.property(fc.array(sign), (parts) => {
      const text = parts.join("");
      expect(printable(text).replace(/[\n\t]/g, "")).not.toMatch(obeyed);
      const read = JSON.parse(printable(JSON.stringify({ text }))) as { text: string };
      expect(read.text.replace(/[\n\t]/g, "")).not.toMatch(obeyed);
    }),
  );
});
