/** Files of config/ that every version may change. */
const OURS = ["config/images.ts", "config/index.ts", "config/prices.ts"];
const YOURS = [
  /^config\/[^/]+$/,
  /^config\/csr\//,
  /^secrets\/[^/]+\.yaml$/,
  /^\.sops\.yaml$/,
  /^\.github\/(workflows\/|CODEOWNERS$)/,
];

/** Whether a file is the team's own, which a version ships as an example: docs/upgrade.md. */
export const isOwn = (file: string): boolean =>
  !OURS.includes(file) && YOURS.some((pattern) => pattern.test(file));
