import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import * as z from "zod";
import type { ServiceFacts } from "../containment/services.ts";

const FOLDER = join("host", "release");
const file = z.object({
  services: z.record(z.string(), z.object({ networks: z.array(z.string()).default([]) })).default({}),
});

/** Every service of the compose files with its networks. One-off migrations are none: they end before anything serves. */
export const serviceFacts = (): ServiceFacts[] =>
  readdirSync(FOLDER)
    .filter((name) => /^compose\..+\.yaml$/.test(name))
    .sort()
    .flatMap((name) => {
      const { services } = file.parse(parse(readFileSync(join(FOLDER, name), "utf8"), { merge: true }));
      return Object.entries(services)
        .filter(([service]) => !service.endsWith("-migrate"))
        .map(([service, { networks }]) => ({ name: service, networks }));
    });
