// Moves the package to another provider version: `npm run provider:refresh -- 1.69.0`. See README.md.
import { terraformBinary } from "@olympus-infra/lib/process-env.ts";
import { PACKAGE } from "./bindings.ts";
import { moveTo } from "./move.ts";

const [version, ...rest] = process.argv.slice(2);
if (!version || rest.length > 0 || !/^\d+\.\d+\.\d+$/.test(version)) {
  console.error("usage: npm run provider:refresh -- VERSION, where VERSION is exact, such as 1.69.0");
  process.exit(2);
}
try {
  await moveTo(PACKAGE, version, terraformBinary());
  console.log(`@cdktf/provider-hcloud ${version}: schema and bindings replaced`);
  console.log(
    "Next: set the version in stacks/pins.ts, run `npm install` and the tests, review the schema's diff",
  );
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  console.error(`@cdktf/provider-hcloud was not moved to ${version}: ${reason}`);
  process.exitCode = 1;
}
