import { isForEach, type RoadStep } from "./page.ts";

/** What the record says of itself before it begins. */
export const head = (hasMachines: boolean): string => `# The first deploy, recorded

A run of [the road](first-deploy.md) by \`__tests__/road/road.long.test.ts\`, which types the page's own commands into a fresh clone with
an empty home. It writes this file.

**What is not real here**: Hetzner and Cloudflare are emulators, at an address that no program takes for the sandbox's. GitHub is an
emulator held to GitHub's own description; \`gh\` is the real one, logged in before. The registries of images and of Terraform's providers were
not reached, nor a mail relay, so the doctor's rows of those stay open. What \`init\` would have offered and no emulator knows
(\`standIns\` of \`__tests__/road/answers.ts\`: zone, account, repository, ranges, the state's store) stands in the file that it reads here.
Seconds are of two cores that others used, too. ${
  hasMachines
    ? "Machines boot on the same computer, with images that are built there; a soak lasts half a minute."
    : "No machine booted in this run: what needs one is said and was not typed."
}
`;

/** The steps by hand, as the page has them: each visit and each command, for every environment that it is for. */
export function byHand(steps: readonly RoadStep[], environments: number, values: number): string {
  const sum = (of: (step: RoadStep) => number): number =>
    steps.reduce((all, step) => all + of(step) * (isForEach(step) ? environments : 1), 0);
  const visits = sum(({ isVisit }) => (isVisit ? 1 : 0));
  const commands = sum(({ isVisit, commands: typed }) => (isVisit ? 0 : typed.length));
  return `**By hand**: ${visits + commands + values} steps for ${environments} environments: ${visits} visits to a provider's page, the first merge among them, ${commands} commands, and ${values} value that nothing could offer.`;
}
