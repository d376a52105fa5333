// Part of the installation: puts scripts/cdktf.mjs in the place of cdktf-cli's own command, and says where `npx cdktf` cannot
// start on this computer, why, and what needs none of it.
import { existsSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";

const COMMAND = "node_modules/.bin/cdktf";
// cdktf-cli loads a compiled file for the pseudo-terminal before anything else, and dies with a stack trace where there is none.
const PTY = "@cdktf/node-pty-prebuilt-multiarch";

if (existsSync(dirname(COMMAND))) {
  rmSync(COMMAND, { force: true });
  symlinkSync("../../scripts/cdktf.mjs", COMMAND);
}
try {
  createRequire(pathToFileURL(`${process.cwd()}/package.json`))(PTY);
} catch (error) {
  const [reason] = String(error.message).split("\n");
  console.error(
    [
      `\`npx cdktf\` cannot start on this computer (${process.platform} ${process.arch}, Node.js ${process.version}): ${reason}`,
      "Its pseudo-terminal is a compiled file of an optional package: install without --omit=optional.",
      "Everything else works without it: ./olympus plan, ENV=staging ./scripts/provision.sh, ./olympus --help.",
    ].join("\n"),
  );
}
