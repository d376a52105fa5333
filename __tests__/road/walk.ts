/** How a command of the page is typed on a computer without a person: with the values and the yes that a person would give. */
export const TYPED: Readonly<Record<string, string>> = {
  "git clone <your copy> olympus-infra && cd olympus-infra":
    "git clone -q origin.git olympus-infra && cd olympus-infra",
  "./olympus init": "./olympus init --from ~/answers.yaml --yes",
  "./olympus doctor --fix --reviewer <login>": "./olympus doctor --fix --reviewer jane --yes",
  'git add -A && git commit -m "Our own configuration" && git push':
    'git add -A && git commit -q -m "Our own configuration" && git push -q',
  "./olympus apply staging": "./olympus apply staging",
};

/** Commands that need a machine that boots, and so root; and what of them needs none. */
export const ON_MACHINES: Readonly<Record<string, string>> = {
  "./olympus apply staging": "ENV=staging ./scripts/provision.sh --yes",
};
