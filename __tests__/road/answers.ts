/** Stacks of the team's fleet: each has a bucket and a key of its own for its state. */
export const STACKS = ["zone-acme-co-uk", "staging", "prod"];

/** The repository at GitHub. */
export const REPOSITORY = "acme/identity";

/** What a person has to write on a first day: nothing could offer it. */
export const OWN_VALUES = { monitoring: { alertEmail: "oncall@acme.co.uk" } };

/**
 * What init offers a person and cannot read here: the emulated Cloudflare learns its zones from the configuration, git's remote is a
 * folder, nothing outside says where this computer comes from, and the store of the state is this test's own.
 */
export const standIns = (endpoint: string) => ({
  zones: { "acme.co.uk": "023e105f4ecef8ad9ca31a8372d0c353" },
  cloudflareAccountId: "699d98642c564d2e855e9661899b7252",
  repository: REPOSITORY,
  operators: { cidrs: ["81.2.69.160/28"] },
  office: { cidrs: ["81.2.70.0/24"] },
  state: { kind: "s3", bucketPrefix: "acme-state", region: "us-east-1", endpoint },
});

/** How many values a map of answers holds. */
export const valuesIn = (value: unknown): number =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.values(value).reduce((sum: number, one) => sum + valuesIn(one), 0)
    : 1;
