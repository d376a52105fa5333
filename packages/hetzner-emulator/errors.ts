import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { z } from "zod";

/** An answer in Hetzner's error envelope. Codes are those of hcloud-go 2.47.0, hcloud/error.go. */
export class ApiError extends HTTPException {
  readonly code: string;
  readonly details: object | null;

  constructor(status: ContentfulStatusCode, code: string, message: string, details: object | null = null) {
    super(status, { message });
    this.code = code;
    this.details = details;
  }

  get body() {
    return { error: { code: this.code, message: this.message, details: this.details } };
  }
}

export const notFound = (what: string, id: number | string) =>
  new ApiError(404, "not_found", `${what} with ID '${id}' not found`);

export const notUnique = (field: string) =>
  new ApiError(409, "uniqueness_error", `${field} is already used`, { fields: [{ name: field }] });

export const isProtected = (what: string) => new ApiError(423, "protected", `${what} deletion is protected`);

export const isLocked = (what: string, id: number) =>
  new ApiError(423, "locked", `${what} ${id} is locked: another action is running`);

export const refused = (code: string, message: string) => new ApiError(422, code, message);

export const invalid = (field: string, message: string) =>
  new ApiError(422, "invalid_input", `invalid input in field '${field}'`, {
    fields: [{ name: field, messages: [message] }],
  });

/** All problems of a request body at once, as the API reports them. */
export function invalidBody(error: z.ZodError): ApiError {
  const names = [...new Set(error.issues.map((issue) => issue.path.join(".")))];
  return new ApiError(422, "invalid_input", `invalid input in fields '${names.join("', '")}'`, {
    fields: names.map((name) => ({
      name,
      messages: error.issues.filter((issue) => issue.path.join(".") === name).map((issue) => issue.message),
    })),
  });
}
