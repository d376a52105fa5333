import { EXTRAS_ONLY, KEYS } from "./anywhere.ts";
import { blanked, type Pattern, type Place, placesOf } from "./question.ts";
import { askedInShell } from "./shell.ts";

/** A slot with a value of the environment, in the notation of a kind of file. */
const slot = (before: string, after: string, flags = "gm"): RegExp =>
  new RegExp(`${before}\\$\\{(${KEYS})(?![A-Z0-9_])${after}`, flags);

const UNIT: readonly Pattern[] = [
  EXTRAS_ONLY,
  [/^\s*(Condition|Assert)\w+=/gm, "a condition of systemd"],
  [/^\s*ExecCondition=/gm, "a command whether to run"],
  [/^\s*(EnvironmentFile|PassEnvironment|LoadCredential\w*|ImportCredential)=/gm, "values from elsewhere"],
  [/^\s*Exec\w+=.*(\b(ba|da)?sh +-\w*c\b|\/env )/gm, "a shell"],
  [
    /^\s*Exec\w+=(?!-?\/opt\/olympus\/current\/bin\/olympus-|\/usr\/local\/sbin\/olympus-data$)/gm,
    "a program of the machine's",
  ],
  [/^\s*(Memory|CPU|Tasks)\w*=.*%/gm, "for a share of the machine"],
  [/%(?![iInNpPtTSEh%])[A-Za-z]/g, "for the machine's name or kind"],
];

const CADDY: readonly Pattern[] = [
  EXTRAS_ONLY,
  [/\bexpression\b|`[^`]*`/g, "an expression"],
  [
    /^\s*(@\S+ +|not +)?(host|file|vars|vars_regexp|remote_ip|client_ip|header_regexp)\s+\S/gm,
    "for host, place or variable",
  ],
  [/\b(header(_regexp)?|header_up|header_down) +(\S+ +)?!?[-+>?]?Host\b/gim, "for the host"],
  [
    /\{(host|http\.request\.host|labels|system|env|file|time|http\.vars|vars)[.}\w]/g,
    "for host, machine or time",
  ],
  [/\bclient_ip \{\$/g, "for who may come"],
  [/^\s*map (?!\{client_ip\})/gm, "a map"],
  [/^\s*import .*[*{]/gm, "a file by a pattern or a value"],
  // A value may be the address of a site, or the only argument of a directive that takes it as it stands.
  [
    /^(?!\{\$[A-Z_]+_HOST\} \{$|\t*(events|window|mode|trust_pool file|trusted_proxies static) \{\$[A-Z_]+\}$).*\{\$/gm,
    "for a value of the environment",
  ],
];

const COMPOSE: readonly Pattern[] = [
  [
    /^\s*([-{]\s+|.*[{,]\s*)?(profiles|required|env_file|extends|scale|replicas|deploy|entrypoint|hostname|domainname|platform):/gm,
    "whether or how to run",
  ],
  [/\$\{(?!OLYMPUS_(CONFIG|DATA|RUN|HTTP|HTTPS):-)[A-Z0-9_]+[^}A-Z0-9_]/g, "whether a variable is set"],
  [/(\b(ba|da)?sh\b.{0,3}, *['"]?-\w*c\b|CMD-SHELL|\$\$)/g, "a shell"],
  // Values go into the environment of a program, by name, and nowhere else.
  [slot("^(?!\\s+[A-Z][A-Z0-9_]*: |\\s+environment: \\{ [A-Z_]+: ).*", ""), "for a value of the environment"],
];

const SQL: readonly Pattern[] = [
  [
    /\bcurrent_setting\b|\bpg_(\w*settings|stat_(ssl|gssapi|activity)|hba_file_rules)\b|\bSHOW\b|\bversion\(\)|\bserver_version/gi,
    "for a setting",
  ],
  [/\binet_(server|client)_\w+|\bclient_addr\b|\bpg_control_\w+|\bapplication_name\b/gi, "for the server"],
  [/\bIF\b.*\bSELECT\b/gi, "and branches"],
  [/\bpg_(read_(binary_)?file|ls_\w+|stat_file)\b|\bPROGRAM\b/gi, "for files of the machine"],
  [
    /\\(if|elif|getenv|setenv|!|i|ir|include|include_relative)(?![a-z_])|:\{\?|^\\.*`/gm,
    "a variable of psql",
  ],
  [slot("", ""), "for a value of the environment"],
];

const MONITORING: readonly Pattern[] = [
  EXTRAS_ONLY,
  [
    /\b(node_uname_info|node_memory_(?!MemAvailable)\w+|node_(cpu|dmi|os|boot)_info|machine_\w+)\b/g,
    "for the machine",
  ],
  [/\bcount\b.*\bnode_cpu|\bnode_cpu_seconds_total\b/g, "for the machine"],
  [
    /\b(site|host|instance)\s*[=!]~?\s*["']|\bsource_labels\b|\blabel_(replace|join)\b|\brelabel_configs\b|externalLabels/g,
    "which environment it is",
  ],
  [
    /\b(mute_time_intervals|active_time_intervals|time_intervals|hour\(|day_of_week\(|month\()/g,
    "what time it is",
  ],
  [/\{\{-? *(if|with|else)\b|# if /g, "whether something is there"],
  // Who sends, who is told, and the name that every alert carries.
  [slot('^(?!\\s*(- )?(smtp_from|smtp_hello|to|site): "?).*', ""), "for a value of the environment"],
];

const JSONNET: readonly Pattern[] = [
  [/\bstd\.(extVar|native)\((?!'claims'\))/g, "for a value from outside"],
  [/\bimport(str|bin)?\b/g, "another file"],
];

const PYTHON: readonly Pattern[] = [
  [/^\s*(if|elif|while|match|try)\b|\bif\b.*\belse\b/gm, "and branches"],
  [
    /\bos\.(environ|getenv|uname)\b|\b(socket|platform|subprocess|importlib|psutil)\b|\bopen\(/g,
    "for a value from outside",
  ],
];

const JQ: readonly Pattern[] = [
  [/\$ENV\b|\benv\b|\binputs?\b|\b(import|include)\b|\$__\w+|\bnow\b/g, "for a value from outside"],
];

const CONFIGURATION: readonly Pattern[] = [
  [/^\s*(include\w*|Include|Match)\b/gm, "another file, or who connects"],
];

const FIRST_BOOT: readonly Pattern[] = [
  [/\{%|## template|\bbootcmd\b/g, "a template of cloud-init"],
  // A command as a list has no shell.
  [/^ {2}- (?!\[|path:|[a-z0-9-]+$).*/gm, "a shell"],
  [/\[(\/bin\/)?(ba|da)?sh,.*/g, "a shell"],
];

const HASH = /^\s*#(?! if ).*$/gm;
const plain =
  (comments: RegExp | undefined, patterns: readonly Pattern[]) =>
  (text: string): Place[] =>
    placesOf(comments ? blanked(text, comments) : text, patterns);

/** Each kind of file by its path, what a comment is there, and where it asks. The first that fits. */
const KINDS: readonly (readonly [
  path: RegExp,
  comments: RegExp | undefined,
  asked: (text: string) => Place[],
])[] = [
  [/^host\/release\/bin\/[\w-]+$|\.sh$/, /^\s*#.*$/gm, askedInShell],
  [/\.(service|timer)$|\.(service|timer)\.d\/[\w-]+\.conf$/, HASH, plain(HASH, UNIT)],
  [/\/caddy\//, HASH, plain(HASH, CADDY)],
  [/\/compose(\.\w+)?\.yaml$/, HASH, plain(HASH, COMPOSE)],
  [/\.sql$/, /^--.*$/gm, plain(/^--.*$/gm, SQL)],
  [/\/monitoring\/.*\.yml$/, HASH, plain(HASH, MONITORING)],
  [/\.jsonnet$/, /^\s*\/\/.*$/gm, plain(/^\s*\/\/.*$/gm, JSONNET)],
  [/\.py$/, HASH, plain(HASH, PYTHON)],
  [/\.jq$/, HASH, plain(HASH, JQ)],
  [/\/bootstrap\/cloud-config\.yaml$/, undefined, plain(/^#(?! ?#).*$/gm, FIRST_BOOT)],
  [/\.conf$/, HASH, plain(HASH, CONFIGURATION)],
  // Tables for people and programs of ours: they say what a key is.
  [/\/release\/(env|secrets)\.keys\.yaml$/, /^.*$/gm, () => []],
  [/\/(kratos|hydra)\/.*\.(yml|json)$|\/(init|pgadmin)\/.*\.json$|\.env$|\.(csv|tsv)$/, HASH, () => []],
];

/** How a file asks, and what of it are comments; undefined for a kind of file that nobody has thought of. */
export function kindOf(
  file: string,
): { comments: RegExp | undefined; asked: (text: string) => Place[] } | undefined {
  const [, comments, asked] = KINDS.find(([path]) => path.test(file)) ?? [];
  return asked ? { comments, asked } : undefined;
}
