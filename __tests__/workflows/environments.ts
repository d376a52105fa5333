type Body = Readonly<Record<string, unknown>>;
interface Job extends Body {
  readonly steps: readonly Body[];
}

/** The same for every environment: its name as it stands in commands, variables and secrets is left out. */
export function normalised<T>(value: T, environment: string): T {
  const named = (name: string) => new RegExp(`(?<![A-Za-z])${name}(?![A-Za-z])`, "g");
  const text = JSON.stringify(value)
    .replaceAll(named(environment), "<environment>")
    .replaceAll(named(environment.toUpperCase()), "<ENVIRONMENT>");
  return JSON.parse(text) as T;
}

/** What a step does, without how: the action, or the command and its verb. */
function identity({ uses, run }: Body): string {
  if (typeof uses === "string") return uses.replace(/@.*/, "");
  const [command = "", verb = ""] = String(run).split(" ");
  return command.endsWith("/olympus") || verb === "forget" ? `${command} ${verb}` : command;
}

const titleOf = (step: Body): string => String(step.run ?? step.uses);

const isBody = (value: unknown): value is Body =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Leaves that are not the same, by their path. */
function leaves(at: string, a: unknown, b: unknown): string[] {
  if (JSON.stringify(a) === JSON.stringify(b)) return [];
  if (!isBody(a) || !isBody(b)) return [`${at}: ${JSON.stringify(a) ?? "-"} | ${JSON.stringify(b) ?? "-"}`];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) =>
    leaves(`${at}.${key}`, a[key], b[key]),
  );
}

/** The longest row of steps that both jobs do, in their order, by their places in each. */
function common(a: readonly Body[], b: readonly Body[]): [number, number][] {
  const [x, y] = [a.map(identity), b.map(identity)];
  const longest: [number, number][][][] = Array.from({ length: a.length + 1 }, () =>
    Array.from({ length: b.length + 1 }, () => []),
  );
  const at = (i: number, j: number) => longest[i]?.[j] ?? [];
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--) {
      const [skipA, skipB] = [at(i + 1, j), at(i, j + 1)];
      const row = longest[i];
      if (row)
        row[j] = x[i] === y[j] ? [[i, j], ...at(i + 1, j + 1)] : skipA.length >= skipB.length ? skipA : skipB;
    }
  return at(0, 0);
}

/** A step that only one job has: what it runs, when, and what it is given that no step of both is. */
function alone(who: string, step: Body, shared: readonly Body[]): string[] {
  const known = new Set(shared.flatMap(({ env = {} }) => Object.entries(env as Body).map(String)));
  const { run: _, uses: __, env = {}, ...rest } = step;
  const given = Object.fromEntries(Object.entries(env as Body).filter((entry) => !known.has(String(entry))));
  const more = { ...rest, ...(Object.keys(given).length > 0 && { env: given }) };
  return [`only ${who}: ${titleOf(step)}`, ...leaves(`only ${who}: ${titleOf(step)}`, {}, more)];
}

const aroundSteps = ({ steps: _, name: __, ...rest }: Job): Body => rest;

/** Where the jobs of two environments are not the same job, a line each. */
export function jobDifferences(mirror: string, a: Job, reference: string, b: Job): string[] {
  const [x, y] = [normalised(a, mirror), normalised(b, reference)];
  const [xs, ys] = [x.steps, y.steps];
  const both = common(xs, ys);
  const shared = both.map(([i]) => xs[i] ?? {});
  const [inX, inY] = [new Set(both.map(([i]) => i)), new Set(both.map(([, j]) => j))];
  return [
    ...leaves("job", aroundSteps(x), aroundSteps(y)),
    ...xs.flatMap((step, i) => (inX.has(i) ? [] : alone(mirror, step, shared))),
    ...ys.flatMap((step, j) => (inY.has(j) ? [] : alone(reference, step, shared))),
    ...both.flatMap(([i, j]) => leaves(identity(xs[i] ?? {}), xs[i], ys[j])),
  ];
}

/** Steps of a job that name an environment and are not there for every other, equal but for the name. */
export function lonelySteps(steps: readonly Body[], environments: readonly string[]): string[] {
  const names = (step: unknown, environment: string): boolean =>
    JSON.stringify(normalised(step, environment)) !== JSON.stringify(step);
  // Several environments in one step: each of its values has to be there for all.
  const parts = steps.flatMap((step) =>
    environments.filter((environment) => names(step, environment)).length > 1
      ? Object.entries((step.env ?? {}) as Body).map(
          ([key, value]) => ({ run: step.run, [key]: value }) as Body,
        )
      : [step],
  );
  const of = (environment: string) =>
    parts.filter((part) => names(part, environment)).map((part) => normalised(part, environment));
  return environments.flatMap((environment) => {
    const others = environments.filter((other) => other !== environment);
    return of(environment)
      .filter(
        (part) => !others.every((other) => of(other).some((o) => JSON.stringify(o) === JSON.stringify(part))),
      )
      .map((part) => `only ${environment}: ${titleOf(part)}`);
  });
}
