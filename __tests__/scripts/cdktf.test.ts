import { cpSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { shellTokenVariable, tokenVariable } from "../../config/load/names.ts";
import { childEnvironment, variableNames } from "../../lib/process-env.ts";
import { READ_ONLY_INIT } from "../../lib/terraform-environment.ts";

// A checkout whose cdktf-cli prints the environment that it was started with.
const root = mkdtempSync(join(tmpdir(), "olympus-cdktf-"));
const place = (path: string, text: string): void => {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), text);
};
beforeAll(() => {
  place("package.json", "{}");
  place(
    "node_modules/cdktf-cli/bundle/bin/cdktf.js",
    "console.log(JSON.stringify({ argv: process.argv.slice(2), env: process.env }))",
  );
  cpSync("scripts/cdktf.mjs", join(root, "scripts/cdktf.mjs"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const unset = Object.fromEntries(
  variableNames()
    .filter((name) => /^(TF_|AWS_|CHECKPOINT|OLYMPUS_PROVIDER_LOCK)/.test(name))
    .map((name) => [name, undefined]),
);
const started = async (shell: Record<string, string> = {}): Promise<Record<string, string>> => {
  const { stdout } = await execa("node", ["scripts/cdktf.mjs", "diff", "staging"], {
    cwd: root,
    env: childEnvironment({ ...unset, ...shell }),
    extendEnv: false,
  });
  const { argv, env } = JSON.parse(stdout);
  expect(argv).toEqual(["diff", "staging"]);
  return env;
};

describe("npx cdktf", () => {
  test("asks no checkpoint, and sends a store no checksums that it refuses", async () => {
    expect(await started()).toMatchObject({
      CHECKPOINT_DISABLE: "1",
      AWS_REQUEST_CHECKSUM_CALCULATION: "when_required",
      AWS_RESPONSE_CHECKSUM_VALIDATION: "when_required",
    });
  });

  test.each(["prod", "staging", "zone-your-app-com"])(
    "takes the tokens of %s by the names that provision takes",
    async (stack) => {
      const env = await started({
        [shellTokenVariable("cloudflare", stack)]: "c",
        [shellTokenVariable("hcloud", stack)]: "h",
      });
      expect(env[`TF_VAR_${tokenVariable("cloudflare", stack)}`]).toBe("c");
      expect(env[`TF_VAR_${tokenVariable("hcloud", stack)}`]).toBe("h");
    },
  );

  test("leaves what the shell has set", async () => {
    const env = await started({
      HCLOUD_TOKEN_PROD: "a",
      TF_VAR_hcloud_token_prod: "b",
      CHECKPOINT_DISABLE: "0",
    });
    expect([env.TF_VAR_hcloud_token_prod, env.CHECKPOINT_DISABLE]).toEqual(["b", "0"]);
  });

  test("lets init only read the providers' lock, exactly where there is one", async () => {
    const [name = "", value] = Object.entries(READ_ONLY_INIT)[0] ?? [];
    expect((await started())[name]).toBeUndefined();
    expect((await started({ OLYMPUS_PROVIDER_LOCK: "/elsewhere" }))[name]).toBe(value);
    place("config/terraform.lock.hcl", "");
    expect((await started())[name]).toBe(value);
  });

  test("is what the installation has put there", () => {
    expect(readlinkSync("node_modules/.bin/cdktf")).toBe("../../scripts/cdktf.mjs");
  });
});
