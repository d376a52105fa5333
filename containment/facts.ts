import type { MachineNetworks } from "./services.ts";

/** What is known of a fleet before anything is applied: plain data, from configuration, rendered stacks and workflows. */
export interface Facts {
  readonly environments: readonly EnvironmentFacts[];
  /** Stacks of zones. */
  readonly zones: readonly ZoneFacts[];
  readonly jobs: readonly JobFacts[];
  /** Keys of host/release/secrets.keys.yaml, and who on the machine reads each. */
  readonly machineSecrets: readonly { readonly key: string; readonly consumers: readonly string[] }[];
  /** Services of a machine and their networks, alike in every environment. */
  readonly machine: MachineNetworks;
  /** Whether the providers are locked, so that a plan runs none that only a state names. */
  readonly locksProviders: boolean;
  /** Public keys of people, by where they stand. */
  readonly people: readonly { readonly where: string; readonly key: string }[];
}

export interface EnvironmentFacts {
  readonly name: string;
  readonly servesRealPeople: boolean;
  readonly hosts: readonly string[];
  readonly zone: string;
  /** The registrable domain: whoever serves one host below it sets cookies for all. */
  readonly site: string;
  /** Bucket of its state; undefined while states lie in a folder. */
  readonly stateBucket?: string;
  /** Terraform variables by which its stack gets tokens. */
  readonly tokens: readonly string[];
  readonly backupRepository: string;
  /** Public keys that open its machine, without comments, and the one of its deploy. */
  readonly sshKeys: readonly string[];
  readonly deployKey: string;
  /** Names that its origin certificate holds. */
  readonly certificateNames: readonly string[];
  /** Bindings of its Workers. */
  readonly workers: readonly { readonly name: string; readonly bindings: readonly BindingFacts[] }[];
}

export interface BindingFacts {
  readonly name: string;
  readonly type: string;
}

export interface ZoneFacts {
  readonly stack: string;
  readonly zone: string;
  readonly stateBucket?: string;
}

/** A job of a workflow. */
export interface JobFacts {
  /** `deploy.yml staging`. */
  readonly name: string;
  /** GitHub environments that it may run in: none, one, or every one where an input chooses. */
  readonly environments: readonly string[];
  /** A label of a runner of one's own for each of them; undefined on GitHub's. */
  readonly runners: readonly string[];
  readonly onPullRequest: boolean;
  /** Names of the secrets it reads; `*` where it reads all. */
  readonly secrets: readonly string[];
  /** What its own token may write: `issues`, `packages`. */
  readonly writes: readonly string[];
}
