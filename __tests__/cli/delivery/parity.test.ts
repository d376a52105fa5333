import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, expect, test } from "vitest";
import type { ParityReport } from "../../../parity/finding.ts";
import { Checkout } from "../../support/checkout.ts";

const folder = mkdtempSync(join(tmpdir(), "olympus-parity-"));
const sound = new Checkout();
afterAll(() => {
  sound.remove();
  rmSync(folder, { recursive: true, force: true });
});

const parity = (args: readonly string[], cwd = sound.root) =>
  execa("node", ["scripts/run.mjs", "parity", ...args], { cwd, reject: false });

test("prints every difference under its cause", async () => {
  const { exitCode, stdout } = await parity([]);
  expect(exitCode).toBe(0);
  for (const part of [
    "staging mirrors prod",
    "\ndomain\n",
    "\nhostType\n",
    '"cax21" -> "cax11"',
    "\nrateLimits\n",
    '"10" -> "100"',
    "\nextras\n",
  ])
    expect(stdout).toContain(part);
});

test("speaks JSON", async () => {
  const { stdout } = await parity(["--json"]);
  const { parity: reports } = JSON.parse(stdout) as { parity: ParityReport[] };
  expect(reports.flatMap(({ differences }) => differences).every(({ causes }) => causes.length > 0)).toBe(
    true,
  );
});

test("writes a page where the caller stands, and escapes what stands in it", async () => {
  const file = join(folder, "parity.html");
  await parity(["--html", file]);
  const page = readFileSync(file, "utf8");
  expect(page).toContain("<!doctype html>");
  expect(page).not.toMatch(/<code>[^<]*<(?!\/code>)/);
});

test("speaks Markdown for a pull request", async () => {
  const { stdout } = await parity(["--markdown"]);
  expect(stdout).toMatch(/^### Parity: staging mirrors prod/);
  expect(stdout).toContain("| Cause | Where | prod -> staging |");
});

test("a broken mirror is told in every form, and exits 1", async () => {
  const checkout = new Checkout();
  try {
    checkout.plant(
      "constructs/data-volume.ts",
      "size: env.volumeGb",
      'size: env.name === "staging" ? 10 : env.volumeGb',
    );
    for (const form of [[], ["--json"], ["--markdown"]]) {
      const { exitCode, stdout } = await parity(form, checkout.root);
      expect(stdout).toContain("stack.resource.hcloud_volume.data.size");
      expect(exitCode).toBe(1);
      if (!form.length) expect(stdout).toMatch(/^staging is not a mirror of prod: 1 finding/);
    }
  } finally {
    checkout.remove();
  }
});
