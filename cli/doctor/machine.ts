import {
  MACHINE_NEEDS,
  type MachineNeeds,
  type MachinePurpose,
  machineLacks,
} from "../../lib/machine-needs.ts";
import { requireProgram } from "../secrets/programs.ts";
import { type CheckOutcome, inOrder, type Row, toDo } from "./row.ts";

const PAGE = "docs/runbooks/doctor.md#this-computer";
const { tools, programs } = MACHINE_NEEDS.operate;
const NONE: MachineNeeds = { tools: [], programs: [] };

const TITLES: Readonly<Record<string, string>> = {
  node: "Node.js on this computer",
  terraform: "Terraform or OpenTofu on this computer",
  cache: "a folder of this computer to keep what is built",
};

async function found(needs: MachineNeeds, there: string): Promise<CheckOutcome> {
  const lacks = await machineLacks(needs);
  return lacks.length
    ? toDo(`it lacks ${lacks.map(({ what }) => what).join("; ")}`, ...lacks.map(({ remedy }) => remedy))
    : inOrder(there);
}

const one = (name: string, needs: MachineNeeds): Row => ({
  id: `machine.${name}`,
  title: TITLES[name] ?? `${name} on this computer`,
  page: PAGE,
  remedy: [],
  check: () => found(needs, `${name} is there`),
});

/** What this computer must have to operate an environment, a row for each. */
export const machineRows = (): Row[] => [
  ...programs.map((name) => one(name, { ...NONE, programs: [name] })),
  ...tools.map((name) => one(name, { ...NONE, tools: [name] })),
  ...(["sops", "age-keygen"] as const).map((name) => ({
    ...one(name, NONE),
    async check() {
      const why = await requireProgram(name).then(
        () => undefined,
        (error: unknown) => (error as Error).message,
      );
      if (why === undefined) return inOrder(`${name} is there`);
      const [what = "", ...rest] = why.split(/(?<=\.) (?=Install)/);
      return toDo(what, ...rest);
    },
  })),
  one("cache", NONE),
];

const USES: Readonly<Partial<Record<MachinePurpose, string>>> = {
  sandbox: "emulated clouds on this computer",
  machines: "servers of the sandbox that boot",
  local: "Olympus in containers on this computer",
  tests: "tests with an operator's tools",
  "all tests": "tests on machines",
};

/** What it must have for other uses, a row each: nothing of a pipeline waits for them. */
export const optionalMachineRows = (): Row[] =>
  Object.entries(USES).map(([purpose, title]) => ({
    id: `machine.for-${purpose.replace(" ", "-")}`,
    title,
    page: PAGE,
    remedy: [],
    isOptional: true,
    check: () => found(MACHINE_NEEDS[purpose as MachinePurpose], "this computer has what it needs"),
  }));
