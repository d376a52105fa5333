// The verb itself with a small release in place of the product's: release-small.ts VERSION BEHAVIOUR OPTIONS-AS-JSON.

import { readFileSync } from "node:fs";
import { PATIENCE } from "../../../cli/release/perform.ts";
import { type ReleaseOptions, release } from "../../../cli/release/release.ts";
import { Failure } from "../../../lib/failure.ts";
import { type Behaviour, smallContents } from "./contents.ts";

const [version = "", behaviour = "", words = "{}"] = process.argv.slice(2);
const options = JSON.parse(words) as ReleaseOptions;
const sshKey = readFileSync(`${options.identity}.pub`, "utf8").trim();

release("staging", options, () => smallContents(version, behaviour as Behaviour, sshKey), {
  ...PATIENCE,
  settle: 2000,
  poll: 200,
})
  .then((outcome) => {
    process.exitCode = outcome === "done" ? 0 : 1;
  })
  .catch((error: unknown) => {
    console.error(error instanceof Failure ? error.message : error);
    process.exitCode = 1;
  });
