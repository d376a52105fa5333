// Makes lib/ from the pinned schema; `npm install` and `npm ci` run it. See README.md.
import { makeBindings, PACKAGE } from "./bindings.ts";
import { pinnedVersion } from "./schema.ts";

const started = performance.now();
try {
  const made = await makeBindings();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const what = `@cdktf/provider-hcloud ${pinnedVersion(PACKAGE)}`;
  console.log(made ? `${what}: bindings made in ${seconds} s` : `${what}: bindings are up to date`);
} catch (error) {
  console.error(`@cdktf/provider-hcloud: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
