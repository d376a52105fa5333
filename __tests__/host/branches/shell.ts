import { DECIDING, EXTRAS_ONLY, KEYS } from "./anywhere.ts";
import { blanked, type Pattern, type Place, placesOf } from "./question.ts";

/** What says something to people decides nothing. */
export const MESSAGE = /(?<=\b(?:die|say|note) )"(?:[^"\\$]|\\.|\$(?!\())*"/g;

/** Ways to a value past `value` and `secret`, and to a name that is put together. */
const PAST: readonly Pattern[] = [
  [/\b(value|secret) +("?\$|"?[A-Z_]*\$)/g, "for a key that is put together"],
  // Templates of secrets and the pins of images are the same everywhere.
  [/(?<!images|secrets\/\*|[\s-])\.env\b/g, "a file of values as a whole"],
  [
    /(^|[\s;&|])\.\s+(?!"\$\(dirname "\$0"\)\/olympus-((backup|beside|migrate|owners|hold|replace|visitors)-)?lib"$)["$/]/gm,
    "another file",
  ],
  [/(^|[\s;&|])(eval|printenv|declare -n|local -n|source ["$/.])/gm, "by a name that is put together"],
  [/\$\{!(?!\w+\[@\])|\benv\b *(\||\.(?!keys))|\$ENV\b/g, "by a name that is put together"],
  [/\s-[defrs] +"?(\$\{?CONFIG|\/(etc|opt|var|home|root|srv|usr)\/)/g, "for a file that no release brings"],
  [/\$\{?CONFIG\}?"?\/[^\s"]*[*?[]/g, "for files that no release brings"],
  [
    /\s-[defrs] +"?\$\{?(DATA\}?\/(rest|budget|redaction)|STORE\}?\/refresh)/g,
    "for what only some environments leave",
  ],
  [/\b(grep|awk|case|test)\b.*\blogins\b|\bcast\.example\b/g, "for what only some environments run"],
  [
    /\bpodman (ps|info|system|version)\b|\bsystemctl (cat|show|list-(unit-files|timers))\b/g,
    "for what runs here",
  ],
  [
    /(?<!>.*)\bauthorized_keys\b(?=.*(\||-gt|-lt|=))|(^|[\s;(])(last|lastlog|who|users) *\|/gm,
    "for who may log in",
  ],
  [
    /\bopenssl\b.*-(subject|issuer|ext|text|serial|fingerprint|checkhost)\b/g,
    "for the names of a certificate",
  ],
  EXTRAS_ONLY,
];

/** Where a command takes one way or the other. A failure that ends the command, or counts as none, is no way. */
const BRANCH =
  /(^|[\s;(!|&{])(\[\[?|\(\(|case|if|elif|while|until|test|expr|grep|cmp|diff)\s|\(\(|&&|\|\||[=!]=|=~/;
const ENDING = /\|\| *(true|die|say|echo null|return 1|exit 1|rc=\$\?|[a-z]+=\$\?)(?![\w-])/g;
/** What another program answers is its own, not the value that it was asked with. */
const ELSEWHERE = /\$\((look|ask|curl|cd "\$\w+" && restic)\b/;
/** Whatever hands a value on: to a variable, to a program that stores it, to a line of text. */
const HANDS_ON = /^\s*((local |export )*[A-Za-z_]\w*\+?=|printf |jq |restic |value SSH_KEYS \| tr )/;

/** Commands with their offsets: a quote that is open makes the next line part of it, and so does a backslash. */
function commands(text: string): { at: number; command: string }[] {
  const found: { at: number; command: string }[] = [];
  let quote = "";
  let from = 0;
  for (let i = 0; i <= text.length; i++) {
    const sign = text[i];
    if (sign === "\\" && quote !== "'") i++;
    else if (quote !== "" && sign === quote) quote = "";
    else if (quote === "" && (sign === "'" || sign === '"')) quote = sign;
    else if (sign === undefined || (sign === "\n" && quote === "")) {
      found.push({ at: from, command: text.slice(from, i) });
      from = i + 1;
    }
  }
  return found;
}

/** Variables that a command gives a value. */
const given = (command: string): string[] => [
  ...[...command.matchAll(/(?<![\w$-])([A-Za-z_]\w*)\+?=(?!=)/g)].map((m) => m[1] ?? ""),
  ...[...command.matchAll(/\b(?:read|mapfile)((?: +-\w+)*(?: +[A-Za-z_]\w*)+)/g)].flatMap(
    (m) => m[1]?.match(/(?<= )[A-Za-z_]\w*/g) ?? [],
  ),
  ...[...command.matchAll(/\bfor ([A-Za-z_]\w*) in\b/g)].map((m) => m[1] ?? ""),
];

/** Names that hold something of the environment's values, and functions of one line that ask for it. */
function tainted(
  all: readonly { command: string }[],
  source: RegExp,
): { names: Set<string>; functions: Set<string> } {
  const names = new Set<string>();
  const functions = new Set<string>();
  for (let size = -1; size !== names.size + functions.size; ) {
    size = names.size + functions.size;
    for (const { command } of all) {
      if (!asked(command, source, names, functions)) continue;
      const [, name] = /^\s*(\w+)\(\) *\{.*\}\s*$/s.exec(command) ?? [];
      if (name && !/^(value|secret)$/.test(name)) functions.add(name);
      if (!ELSEWHERE.test(command)) for (const variable of given(command)) names.add(variable);
    }
  }
  return { names, functions };
}

const asked = (command: string, source: RegExp, names: Set<string>, functions: Set<string>): boolean => {
  const of = (list: Set<string>) => [...list].join("|");
  if (source.test(command)) return true;
  if (names.size && new RegExp(`\\$\\{?#?(${of(names)})(?!\\w)`).test(command)) return true;
  return functions.size > 0 && new RegExp(`(?<![\\w"'./$-])(${of(functions)})(?![\\w.=/-])`).test(command);
};

/** The lines of a command, with their offsets in it. */
function lines(command: string): { from: number; line: string }[] {
  let from = 0;
  return command.split("\n").map((line) => {
    const here = { from, line };
    from += line.length + 1;
    return here;
  });
}

/** Where a script lets a value of the environment decide. */
export function askedInShell(text: string): Place[] {
  const code = blanked(blanked(text, /^\s*#.*$/gm), MESSAGE);
  const source = new RegExp(`\\bsecret +"?[A-Z]|\\b(${KEYS})\\b`);
  const deciding = new RegExp(`\\b(${DECIDING})\\b`);
  const all = commands(code);
  const { names, functions } = tainted(all, source);
  const places = all.flatMap(({ at, command }) => {
    if (!asked(command, source, names, functions)) return [];
    const branches = BRANCH.test(command.replaceAll(ENDING, " "));
    const handsOn = HANDS_ON.test(command) || !source.test(command);
    if (!branches && handsOn && !deciding.test(command)) return [];
    return lines(command)
      .filter(({ line }) => asked(line, source, names, functions))
      .map(({ from, line }) => ({
        at: at + from + line.search(/\S/),
        asks: "a value of the environment, and may branch by it",
      }));
  });
  return [...places, ...placesOf(code, PAST)];
}
