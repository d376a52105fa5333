import { readFileSync } from "node:fs";

/** A numbered step of docs/first-deploy.md. */
export interface RoadStep {
  readonly number: number;
  /** Heading of its part. */
  readonly part: string;
  /** A visit to one provider's page, in the place of a command. */
  readonly isVisit: boolean;
  readonly text: string;
  /** What is typed, as the page has it. */
  readonly commands: readonly string[];
}

const COMMAND = /^(\.\/olympus |ENV=|git |gh |npx |\. )/;

/** The page's steps in their order. */
export function roadSteps(text = readFileSync("docs/first-deploy.md", "utf8")): RoadStep[] {
  const steps: { number: number; part: string; lines: string[] }[] = [];
  let part = "";
  let isInside = false;
  for (const line of text.split("\n")) {
    const [, heading] = /^## (.*)$/.exec(line) ?? [];
    const [, number, begin = ""] = /^(\d+)\. (.*)$/.exec(line) ?? [];
    if (heading !== undefined) part = heading;
    if (number !== undefined) steps.push({ number: Number(number), part, lines: [begin] });
    else if (isInside && /^ {3}/.test(line)) steps.at(-1)?.lines.push(line.trim());
    isInside = number !== undefined || (isInside && /^ {3}/.test(line));
  }
  return steps.map(({ lines, ...step }) => {
    const said = lines.join(" ");
    const quoted = [...said.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
    return {
      ...step,
      text: said,
      isVisit: said.startsWith("**"),
      commands: quoted.filter((code) => COMMAND.test(code)),
    };
  });
}

/** What staging's steps are for another environment. */
export const forEnvironment = (command: string, name: string): string => command.replaceAll("staging", name);

/** Steps that are taken for one environment after the other. */
export const isForEach = ({ part }: RoadStep): boolean => part.startsWith("C.");
