// What `npm run test:prepare` runs: prepare.ts [tools]. Without an argument it prepares for all tests.
import { stderrProgress } from "../../lib/progress.ts";
import { everything, OPERATOR, prepare } from "../../sandbox/prepare.ts";

prepare(process.argv[2] === "tools" ? OPERATOR : everything(), stderrProgress).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
