import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";

/** A refusal in GitHub's words. */
export class GithubError extends HTTPException {
  readonly errors: readonly object[] | undefined;

  constructor(status: ContentfulStatusCode, message: string, errors?: readonly object[]) {
    super(status, { message });
    this.errors = errors;
  }

  get body() {
    return {
      message: this.message,
      ...(this.errors && { errors: this.errors }),
      documentation_url: "https://docs.github.com/rest",
      status: String(this.status),
    };
  }
}

export const notThere = () => new GithubError(404, "Not Found");

/** What a login without the right is told, where it sees the repository. */
export const notAdmin = () => new GithubError(403, "Must have admin rights to Repository.");

export const invalidRequest = (problems: readonly string[]) =>
  new GithubError(422, `Invalid request.\n\n${problems.join("\n")}`);

/** A ruleset's own fault. */
export const invalidRuleset = (message: string) =>
  new GithubError(422, "Validation Failed", [{ resource: "Repository Ruleset", code: "custom", message }]);
