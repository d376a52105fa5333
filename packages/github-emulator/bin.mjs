#!/usr/bin/env node
// The sources are TypeScript, which Node reads by itself from 22.18 on only.
import { tsImport } from "tsx/esm/api";

await tsImport("./start.ts", import.meta.url).catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
