import { Argument, type Command } from "commander";

/** What may follow the words that were typed: `""` for the verb itself, `secrets` for what follows it. */
type Words = ReadonlyMap<string, readonly string[]>;

/** Every verb with its sub-verbs, options, and the names of this configuration that it takes. */
export function completionWords(program: Command, names: Readonly<Record<string, readonly string[]>>): Words {
  const words = new Map<string, readonly string[]>();
  const add = (command: Command, path: string): void => {
    const options = command.options.filter(({ hidden }) => !hidden).map(({ long }) => long ?? "");
    const taken = command.registeredArguments.flatMap((argument) => names[argument.name()] ?? []);
    const verbs = command.commands.map((sub) => sub.name());
    words.set(path, [...verbs, ...taken, ...options, "--help"].filter(Boolean));
    for (const sub of command.commands) add(sub, `${path} ${sub.name()}`.trim());
  };
  add(program, "");
  return words;
}

function bash(words: Words): string {
  const known = [...words.keys()]
    .filter(Boolean)
    .map((path) => (path.includes(" ") ? `"${path}"` : `" ${path}"`));
  const cases = [...words].map(([path, all]) => `    "${path}") words="${all.join(" ")}" ;;`);
  return `_olympus() {
  local word path="" words=""
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path $word" in ${known.join("|")}) path="\${path:+$path }$word" ;; esac
  done
  case "$path" in
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _olympus olympus ./olympus`;
}

const fish = (words: Words): string =>
  [...words]
    .map(([path, all]) => {
      const verbs = path.split(" ").filter(Boolean);
      const seen = verbs.map((verb) => `__fish_seen_subcommand_from ${verb}`).join("; and ");
      return `complete -c olympus -f -n '${seen || "__fish_use_subcommand"}' -a '${all.join(" ")}'`;
    })
    .join("\n");

const SHELLS = {
  bash,
  // zsh reads bash's.
  zsh: (words: Words) => `autoload -U +X bashcompinit && bashcompinit\n${bash(words)}`,
  fish,
} as const;

/** The verb that prints what a shell sources: `source <(./olympus completion bash)`. */
export function addCompletionCommand(program: Command): void {
  program
    .command("completion")
    .description("print what a shell completes verbs, options and names of environments by")
    .addArgument(new Argument("<shell>").choices(Object.keys(SHELLS)))
    .action(async (shell: keyof typeof SHELLS) => {
      const { loadFleet } = await import("../config/index.ts");
      const { stackNames } = await import("./shared/stack-names.ts");
      const fleet = loadFleet();
      const environments = [fleet.reference, ...fleet.mirrors].map(({ name }) => name);
      console.log(
        SHELLS[shell](completionWords(program, { environment: environments, stacks: stackNames(fleet) })),
      );
    });
}
