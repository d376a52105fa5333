import { defineConfig } from "vitest/config";

const ALL = ["__tests__/**/*.test.ts", "packages/*/__tests__/**/*.test.ts"];
const REAL = [
  "__tests__/{sandbox,host}/**/*.test.ts",
  "packages/*/__tests__/**/*.test.ts",
  "__tests__/cli/{secrets/{init,push,rotate},release/{release,images/lock},smoke/{smoke,stack}}.test.ts",
  "__tests__/cli/{provision/provision,delivery/terraform/*,staging/nights/*,staging/clock/zones}.test.ts",
];
const LONG = "**/*.long.test.ts";

const heavy = {
  testTimeout: 300_000,
  hookTimeout: 900_000,
  // Two cores: real programs side by side only slow each other down.
  fileParallelism: false,
};

// Fast tests first: `fast` needs nothing but Node, `real` starts Terraform, Caddy, machines; `long` boots a whole
// virtual machine or kills a command at many random moments.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "fast",
          include: ALL,
          exclude: [...REAL, LONG],
          testTimeout: 30_000,
        },
      },
      { test: { name: "real", include: REAL, exclude: [LONG], ...heavy } },
      { test: { name: "long", include: [LONG], ...heavy, testTimeout: 1_200_000 } },
    ],
  },
});
