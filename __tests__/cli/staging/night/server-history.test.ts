import { expect, test } from "vitest";
import type { ServerLifetime } from "../../../../cli/staging/night/billing.ts";
import {
  historyEntryOf,
  parseServerHistory,
  serverLifetimes,
} from "../../../../cli/staging/night/server-history.ts";

const life: ServerLifetime = {
  server: 7,
  type: "cax11",
  created: new Date("2026-11-25T06:00:00Z"),
  price: { hourly: 0.0096, monthly: 5.99 },
};
const gone: ServerLifetime = { ...life, deleted: new Date("2026-11-25T19:00:00Z") };
const line = (one: ServerLifetime): string =>
  JSON.stringify(historyEntryOf(one, new Date("2026-11-25T06:05:00Z")));

test("a life is read back as it was written, with its end", () => {
  expect(serverLifetimes(parseServerHistory(`\n${line(life)}\n`))).toEqual([{ ...life, deleted: undefined }]);
  expect(serverLifetimes(parseServerHistory(`\n${line(life)}\n\n${line(gone)}\n`))).toEqual([gone]);
});

test("half a line, foreign words and hostile numbers are left out; the rest stands", () => {
  const text = [
    line(life).slice(0, 40),
    "hello",
    '{"event":"lives"}',
    line(life).replace("5.99", "-1"),
    "null",
    "",
    line(gone),
  ].join("\n");
  expect(serverLifetimes(parseServerHistory(text))).toEqual([gone]);
});

test("the price of the order stays, whatever is noted later", () => {
  const dearer = { ...gone, price: { hourly: 1, monthly: 100 } };
  expect(serverLifetimes(parseServerHistory([line(life), line(dearer)].join("\n")))).toEqual([gone]);
});
