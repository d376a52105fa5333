/** Something that ends, or would end, a person's ways in. The parts are those of docs/runbooks/revoke.md, in its order. */
export interface RevokeStep {
  readonly part: 1 | 2 | 3 | 4;
  /** `left`: somebody has to do something, or nobody could look. */
  readonly is: "done" | "left";
  readonly what: string;
  /** The command, or the change. */
  readonly remedy?: string;
}

/** Who is to have no way in any more. */
export interface Leaver {
  /** The name of their key in config/base.ts. */
  readonly name: string;
  /** What they log in with at the administrators' pages; `none` where they never did. */
  readonly account?: string | undefined;
  /** On GitHub. */
  readonly login?: string | undefined;
  /** Their age recipient. */
  readonly age?: string | undefined;
}

/** What was said of somebody, or undefined where they have none of it. */
export const given = (value: string | undefined): string | undefined =>
  value === "none" ? undefined : value;

export const left = (part: RevokeStep["part"], what: string, remedy?: string): RevokeStep => ({
  part,
  is: "left",
  what,
  ...(remedy !== undefined && { remedy }),
});
export const done = (part: RevokeStep["part"], what: string): RevokeStep => ({ part, is: "done", what });

const PARTS = {
  1: "the administrators' pages",
  2: "GitHub",
  3: "the machines",
  4: "the secrets",
} as const;

/** What was done and what is left, part by part. */
export function revokeText({ name }: Leaver, steps: readonly RevokeStep[], isDry: boolean): string {
  const open = steps.filter(({ is }) => is === "left").length;
  return [
    `revoke ${name}${isDry ? " (nothing is changed)" : ""}`,
    ...([1, 2, 3, 4] as const).flatMap((part) => {
      const own = steps.filter((step) => step.part === part);
      return [`${part}. ${PARTS[part]}`, ...(own.length ? own.flatMap(lines) : ["  nothing names them"])];
    }),
    open
      ? `${open} left: do them, then run this again`
      : "nothing left that a program can see; docs/runbooks/revoke.md has the rest: values they have read, their seats at providers, open connections",
  ].join("\n");
}

const lines = ({ is, what, remedy }: RevokeStep): string[] => [
  `  ${is === "left" ? "!" : "-"} ${what}`,
  ...(remedy ? [`      ${remedy}`] : []),
];
