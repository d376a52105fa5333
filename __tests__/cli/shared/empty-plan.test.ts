import { expect, test, vi } from "vitest";

const said = vi.hoisted(() => ({ exitCode: 0, all: "" }));
vi.mock("../../../cli/shared/terraform-process.ts", async (original) => ({
  ...(await original<typeof import("../../../cli/shared/terraform-process.ts")>()),
  runTerraform: async () => said,
}));
const { requireEmptyPlan } = await import("../../../cli/shared/terraform.ts");
const plan = () => requireEmptyPlan({ stack: "staging", variables: {} });

test.each([
  [0, "No changes.", undefined],
  [2, "~ labels", "~ labels\nstaging: the plan after the deploy is not empty."],
  [1, "Error: something", "Error: something\nstaging: it could not be planned."],
])("a plan right after a deploy that ends with %i", async (exitCode, all, message) => {
  Object.assign(said, { exitCode, all });
  const asked = plan();
  if (message === undefined) await expect(asked).resolves.toBeUndefined();
  else await expect(asked).rejects.toThrow(message);
});
