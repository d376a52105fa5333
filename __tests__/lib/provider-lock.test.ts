import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { isLockLaid, LOCK_FILE, lockedProviders, stackLock } from "../../lib/provider-lock.ts";

const folder = mkdtempSync(join(tmpdir(), "provider-lock-"));
afterAll(() => rmSync(folder, { recursive: true }));

const block = (
  source: string,
  version: string,
  host = "registry.terraform.io",
) => `provider "${host}/${source}" {
  version     = "${version}"
  constraints = "${version}"
  hashes = [
    "h1:YJcEfqoeP+kTDFBjK87tO/47zZ9z4QHQiSSZk1YUvFU=",
  ]
}`;
const ONE = { source: "team/one", version: "1.0.0" };
const TWO = { source: "team/two", version: "2.0.0" };
const LOCK = {
  path: "config/terraform.lock.hcl",
  text: `# Of the team.\n\n${block("team/two", "2.0.0")}\n\n${block("team/one", "1.0.0")}\n`,
  reattached: [],
};

test("a lock is read block by block, as Terraform has written it", () => {
  expect(lockedProviders(LOCK.text)).toEqual([
    { address: "registry.terraform.io/team/one", version: "1.0.0", block: block("team/one", "1.0.0") },
    { address: "registry.terraform.io/team/two", version: "2.0.0", block: block("team/two", "2.0.0") },
  ]);
});

test("a stack gets exactly the blocks of its providers, in one order", () => {
  expect(lockedProviders(stackLock(LOCK, [ONE])).map(({ address }) => address)).toEqual([
    "registry.terraform.io/team/one",
  ]);
  expect(stackLock(LOCK, [ONE, TWO])).toBe(stackLock(LOCK, [TWO, ONE]));
  const ofOpenTofu = { ...LOCK, text: block("team/one", "1.0.0", "registry.opentofu.org") };
  expect(stackLock(ofOpenTofu, [ONE])).toContain("registry.opentofu.org/team/one");
});

test.each([
  [{ source: "team/three", version: "1.0.0" }, "team/three 1.0.0 is not in it"],
  [{ source: "team/one", version: "1.0.1" }, "team/one is locked at 1.0.0, and this checkout has 1.0.1"],
  [{ source: "m/one", version: "1.0.0" }, "m/one 1.0.0 is not in it"],
])("%o is refused with where, what and what to do", (demanded, words) => {
  expect(() => stackLock(LOCK, [demanded])).toThrow(
    `config/terraform.lock.hcl does not lock what the stacks demand:\n  ${words}\nRun \`./olympus provider-lock\``,
  );
});

test("a provider that a running process serves needs no lock, another one does", () => {
  const lock = { ...LOCK, reattached: ["registry.terraform.io/team/three"] };
  const three = { source: "team/three", version: "1.0.0" };
  expect(lockedProviders(stackLock(lock, [ONE, three]))).toHaveLength(1);
  expect(() => stackLock(lock, [{ source: "team/four", version: "1.0.0" }])).toThrow("team/four 1.0.0");
});

test("only what was laid counts as a lock: Terraform makes one of its own wherever there is none", () => {
  expect(isLockLaid(folder)).toBe(false);
  writeFileSync(join(folder, LOCK_FILE), stackLock(LOCK, []));
  expect(isLockLaid(folder)).toBe(true);
  writeFileSync(
    join(folder, LOCK_FILE),
    `# This file is maintained automatically by "terraform init".\n\n${block("team/one", "1.0.0")}\n`,
  );
  expect(isLockLaid(folder)).toBe(false);
});
