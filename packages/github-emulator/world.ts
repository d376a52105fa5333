import type { GithubOptions } from "./options.ts";
import { newBoxKey } from "./sealed-box.ts";

/** Who reviews deploys to an environment. */
export interface Reviewer {
  readonly type: "User" | "Team";
  readonly id: number;
}

/** What is held by names: values that GitHub never shows again, and values that it does. */
export interface Holder {
  readonly secrets: Map<string, string>;
  readonly variables: Map<string, string>;
}

export interface EnvironmentRecord extends Holder {
  readonly name: string;
  readonly id: number;
  waitTimer: number;
  preventSelfReview: boolean;
  reviewers: Reviewer[];
  policy: { protected_branches: boolean; custom_branch_policies: boolean } | null;
  branches: { id: number; name: string }[];
}

export interface RulesetRecord {
  readonly id: number;
  name: string;
  target: string;
  enforcement: string;
  bypass_actors: object[];
  conditions: { ref_name?: { include?: string[]; exclude?: string[] } };
  rules: { type: string; parameters?: object }[];
}

export interface RunnerRecord {
  readonly name: string;
  readonly labels: readonly string[];
  status: "online" | "offline";
}

/** One repository at GitHub, as it is set, and what is around it. Lives as long as the process. */
export class GithubWorld implements Holder {
  readonly secrets = new Map<string, string>();
  readonly variables = new Map<string, string>();
  readonly environments: EnvironmentRecord[] = [];
  readonly rulesets: RulesetRecord[] = [];
  readonly runners: RunnerRecord[] = [];
  readonly boxKey = newBoxKey();
  readonly options: GithubOptions;
  /** Requests in their order, such as `GET /user`; no bodies. */
  readonly requests: string[] = [];
  #next = 1000;

  constructor(options: GithubOptions) {
    this.options = options;
  }

  /** An id that nothing has yet. */
  newId(): number {
    this.#next += 1;
    return this.#next;
  }

  environment(name: string): EnvironmentRecord | undefined {
    // GitHub compares them without their case.
    return this.environments.find((one) => one.name.toLowerCase() === name.toLowerCase());
  }

  /** What the owner's plan brings to this repository; https://docs.github.com/get-started/learning-about-github/githubs-plans. */
  get has(): { readonly environments: boolean; readonly reviewers: boolean; readonly rulesets: boolean } {
    const { isPrivate, plan } = this.options;
    return {
      environments: !isPrivate || plan !== "free",
      reviewers: !isPrivate || plan === "enterprise",
      rulesets: !isPrivate || plan !== "free",
    };
  }
}
