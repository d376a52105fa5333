/** What the steps of an attack leave out because GitHub's settings forbid them: docs/runbooks/deploy.md says how to set them. */
export const PRESUPPOSED: readonly string[] = [
  "main takes reviewed pull requests alone",
  "every GitHub environment takes jobs of main alone, and that of production asks a reviewer first",
  "a runner of an environment takes that environment's workflows of main alone",
];
