import { configDefaults, defineConfig } from "vitest/config";

const TESTS = ["__tests__/**/*.test.ts", "packages/*/__tests__/**/*.test.ts"];

/** Tests whose names end so. */
const named = (suffix: string): string[] =>
  TESTS.map((glob) => glob.replace("*.test.ts", `*.${suffix}.test.ts`));

/** What is expensive was made by `npm run test:prepare`: a test that lacks it says so and neither builds nor installs. */
// A person's tokens are for no test.
const env = { OLYMPUS_PREPARED: "1", OLYMPUS_ACCOUNTS: "/dev/null" };

// A tier is what a test needs. `node`: Node alone. `tools`: an operator's tools, Terraform, ssh, jq. `machine`: root,
// and programs and root file systems that were built. `long`: the same, and many minutes.
export default defineConfig({
  test: {
    // Each file has ports and folders of its own. Vitest's default leaves one core idle, of two one.
    maxWorkers: "100%",
    projects: [
      {
        test: {
          name: "node",
          include: TESTS,
          exclude: [...configDefaults.exclude, ...["tools", "machine", "long"].flatMap(named)],
          testTimeout: 30_000,
          env,
        },
      },
      {
        test: {
          name: "tools",
          include: named("tools"),
          testTimeout: 300_000,
          hookTimeout: 300_000,
          env,
        },
      },
      {
        test: {
          name: "machine",
          include: named("machine"),
          testTimeout: 300_000,
          hookTimeout: 900_000,
          env,
          // Two cores: machines side by side only slow each other down.
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "long",
          include: named("long"),
          testTimeout: 1_200_000,
          hookTimeout: 900_000,
          env,
          fileParallelism: false,
        },
      },
    ],
  },
});
