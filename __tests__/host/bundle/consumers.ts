import { basename, dirname } from "node:path";
import { parse } from "yaml";

/** Files of the bundle by their path from its root. */
export type BundleTexts = ReadonlyMap<string, string>;

/** Keys with the consumers that a table names for them. */
export type Consumers = Readonly<Record<string, readonly string[]>>;

/** A comment is no use of a value. */
const code = (text: string): string => text.replaceAll(/^\s*(#|\/\/).*$/gm, "");

const fills = (text: string, key: string): boolean =>
  new RegExp(`\\$\\{${key}(?![A-Z0-9_])`).test(code(text));
const inCaddyfile = (text: string, key: string): boolean =>
  new RegExp(`\\{\\$${key}(?![A-Z0-9_])`).test(code(text));
/** Through the shared `value`, or past it; a message that names the key is none. */
const inScript = (text: string, key: string): boolean =>
  new RegExp(
    `\\bvalue "?${key}(?![A-Z0-9_])|\\$\\{?${key}(?![A-Z0-9_])|\\b(grep|sed|awk)\\b.*\\b${key}(?![A-Z0-9_])`,
  ).test(code(text));

/** Services that get a value from compose, or by a file of values, and read it in a file of their own: both, or neither. */
const OWN_FILES: Readonly<Record<string, readonly [files: RegExp, reads: typeof fills]>> = {
  caddy: [/^caddy\/.*(caddy|Caddyfile)$/, inCaddyfile],
  prometheus: [/^monitoring\/(prometheus\.yml$|rules\/)/, fills],
};

/** Who reads a template: whatever fills it, or is started with it. */
function readerOf(path: string): string | undefined {
  const [room = "", part = ""] = path.split("/");
  if (room === "init") return "olympus-init";
  if (room === "secrets") return basename(path, ".env");
  if (room === "kratos" || room === "hydra") return `${part}-${room}`;
  if (room === "postgres") return "olympus-start";
  if (room === "pgadmin" || path === "caddy/values.env") return room;
  return path === "monitoring/alertmanager.yml" ? "alertmanager" : undefined;
}

/** What each service of the compose files is written of, merge keys resolved. */
const services = (files: BundleTexts): [name: string, text: string][] =>
  [...files]
    .filter(([path]) => /^compose\..*yaml$/.test(path))
    .flatMap(([, text]) =>
      Object.entries((parse(text, { merge: true }) as { services?: object }).services ?? {}),
    )
    .map(([name, service]) => [name, JSON.stringify(service)]);

/** Everybody in the bundle who reads `key`, by the name that the table uses. */
function readers(files: BundleTexts, written: ReturnType<typeof services>, key: string): string[] {
  const composed = written.filter(([, text]) => fills(text, key));
  const others = [...files].flatMap(([path, text]) => {
    if (dirname(path) === "bin") return inScript(text, key) ? [basename(path)] : [];
    const reader = readerOf(path);
    return reader !== undefined && fills(text, key) ? [reader] : [];
  });
  return [...new Set([...composed.map(([name]) => name), ...others])].sort();
}

/** Where table and files say different things, a line each. */
export function consumerFaults(table: Consumers, files: BundleTexts): string[] {
  const written = services(files);
  return Object.entries(table).flatMap(([key, named]) => {
    const actual = readers(files, written, key);
    const halves = Object.entries(OWN_FILES).flatMap(([service, [own, reads]]) => {
      const isRead = [...files].some(([path, text]) => own.test(path) && reads(text, key));
      if (isRead === actual.includes(service)) return [];
      return [
        `${key}: ${service} ${isRead ? "reads it and is not given it" : "is given it and does not read it"}`,
      ];
    });
    return [
      ...named
        .filter((name) => !actual.includes(name))
        .map((name) => `${key}: ${name} is named and does not read it`),
      ...actual
        .filter((name) => !named.includes(name))
        .map((name) => `${key}: ${name} reads it and is not named`),
      ...halves,
    ];
  });
}
