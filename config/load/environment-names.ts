import { readdirSync } from "node:fs";
import type { Problem } from "./problems.ts";

/** Files of config/ that are no environment's: an environment of such a name would have no file of its own. */
const OWN_FILES = [
  ...["base", "advisories", "cloudflare-ranges", "environments", "hetzner-list", "images", "index", "prices"],
];
/** Folders of config/, and what every object of JavaScript has already. */
const RESERVED = [...OWN_FILES, "csr", "load", "constructor"];
/** `zone-your-app-com` is the stack of a zone. */
const ZONE_PREFIX = "zone-";

/** A bucket's name is at most 63 characters long (S3), and so is a Worker's: `olympus-<name>-clock`. */
const BUCKET = 63;
const LONGEST = 63 - "olympus--clock".length;

const ENVIRONMENTS = "config/environments.ts";

/** What is wrong with the names of the environments, the reference first, and with how many there are. */
export function nameProblems(names: readonly unknown[], bucketPrefix = ""): Problem[] {
  const declared = names.map((name, i) => ({
    name,
    path: i === 0 ? "reference[0]" : `mirrors[${i - 1}][0]`,
  }));
  const longest = Math.min(LONGEST, BUCKET - bucketPrefix.length - 1);
  return [
    ...declared.flatMap(({ name, path }, i) => {
      const found = {
        file: ENVIRONMENTS,
        path,
        value: typeof name === "string" ? JSON.stringify(name) : String(name),
      };
      const earlier = declared.slice(0, i).find((other) => other.name === name);
      if (earlier)
        return [
          {
            ...found,
            allowed: `another name than that of ${earlier.path}`,
            remedy: "declare each environment once, with an overlay of its own",
          },
        ];
      const allowed = whatIsAllowed(name, longest);
      return allowed
        ? [{ ...found, allowed, remedy: "choose a short name such as staging, and name its file after it" }]
        : [];
    }),
    ...(names.length < 2
      ? [
          {
            file: ENVIRONMENTS,
            path: "mirrors",
            value: "no environment",
            allowed: "one mirror or more",
            remedy: 'declare what is compared with the reference, such as mirrors: [["staging", staging]]',
          },
        ]
      : []),
  ];
}

function whatIsAllowed(name: unknown, longest: number): string | undefined {
  if (typeof name !== "string" || !/^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(name))
    return "letters a-z, digits and hyphens, with a letter first and no hyphen last";
  if (name.length > longest)
    return `at most ${longest} characters: the names of its bucket and its Worker hold it, and end at 63`;
  if (RESERVED.includes(name)) return `none of ${RESERVED.join(", ")}: they mean something else already`;
  if (name.startsWith(ZONE_PREFIX))
    return `a name that does not begin with ${ZONE_PREFIX}, as stacks of zones do`;
  return undefined;
}

/** Files of config/ that no environment uses: an overlay that somebody takes for one that holds. */
export const unusedOverlays = (
  names: readonly string[],
  files: readonly string[] = readdirSync("config"),
): Problem[] =>
  files
    .filter((file) => file.endsWith(".ts"))
    .map((file) => file.slice(0, -".ts".length))
    .filter((name) => ![...OWN_FILES, ...names].includes(name))
    .map((name) => ({
      file: `config/${name}.ts`,
      path: "(whole file)",
      value: "a file that no environment uses",
      allowed: `the overlays of ${[...new Set(names)].join(", ")}`,
      remedy: "declare the environment in config/environments.ts, or delete the file",
    }));
