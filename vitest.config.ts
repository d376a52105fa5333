import { defineConfig } from "vitest/config";

// Fast tests first: `fast` needs nothing but Node, `real` starts Terraform, Caddy, machines.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "fast",
          include: ["__tests__/**/*.test.ts"],
          exclude: ["__tests__/{packages,sandbox,host}/**", "__tests__/*/real/**"],
          testTimeout: 30_000,
        },
      },
      {
        test: {
          name: "real",
          include: ["__tests__/{packages,sandbox,host}/**/*.test.ts", "__tests__/*/real/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 900_000,
          // Two cores: real programs side by side only slow each other down.
          fileParallelism: false,
        },
      },
    ],
  },
});
