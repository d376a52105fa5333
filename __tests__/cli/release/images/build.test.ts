import { execa } from "execa";
import { afterAll, expect, test } from "vitest";
import { Checkout } from "../../../support/checkout.ts";

const checkout = new Checkout();
afterAll(() => checkout.remove());

test("a tag that is not that of what lies in host/edge is refused before anything is built", async () => {
  checkout.plant("host/edge/main.go", "The edge's Caddy", "Another edge's Caddy");
  const { exitCode, stderr } = await execa("node", ["scripts/run.mjs", "images", "build", "--push"], {
    cwd: checkout.root,
    reject: false,
  });
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(
    /config\/images\.ts pins \S+\/edge:v\S+, and host\/edge is now v2\.\d+\.\d+-[0-9a-f]{8}: write that tag/,
  );
});
