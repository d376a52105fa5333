// Part of the installation: says why `npx cdktf` could not start on this computer, and what needs none of it. Never fails.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

// cdktf-cli loads a compiled file for the pseudo-terminal before anything else, and dies with a stack trace where there is none.
const PTY = "@cdktf/node-pty-prebuilt-multiarch";

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
