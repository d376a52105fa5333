import { PACE } from "../staging/seed/pace.ts";
import { seed } from "../staging/seed/seed.ts";
import { inOrder, type Row, toDo } from "./row.ts";
import type { DoctorSources } from "./sources.ts";
import type { DoctorSubject } from "./subject.ts";

/** The synthetic people that an environment's tests log in as, where it has a seed. */
export const peopleRows = ({ name, hasExtras }: DoctorSubject, sources: DoctorSources): Row[] =>
  hasExtras
    ? [
        {
          id: `people.${name}`,
          title: `the synthetic people of ${name}`,
          needs: [`release.${name}`],
          remedy: [`./olympus seed ${name}`],
          page: "docs/runbooks/seed.md",
          async check() {
            const { present, wanted } = await sources.people(name);
            return present === wanted
              ? inOrder(`all ${wanted} are there`)
              : toDo(`${present} of ${wanted} are there`);
          },
          fix: async () => ({
            lines: [`make those that are missing, as ./olympus seed ${name} does`],
            // What the doctor answers is its own table.
            apply: () => seed(name, { ...sources.target, ...PACE }, console.error),
          }),
        },
      ]
    : [];
