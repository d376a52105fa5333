import { readFileSync } from "node:fs";
import { loadFleet } from "../config/index.ts";
import type { ConfigSource } from "../config/load/source.ts";
import { readable } from "./failure.ts";
import { write } from "./output.ts";

// For the bench: synthesizes the fleet of source.json, with parity and policy, in the folder given, and prints how long
// that took (ms, without the start of the process).
try {
  process.chdir(process.argv[2] ?? ".");
  const source = JSON.parse(readFileSync("source.json", "utf8")) as ConfigSource;
  const begin = performance.now();
  const fleet = loadFleet(source);
  write("cdktf.out", fleet);
  process.stdout.write(String(performance.now() - begin));
} catch (error) {
  console.error(readable(error));
  process.exitCode = 1;
}
