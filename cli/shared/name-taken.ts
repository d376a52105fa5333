import { Failure } from "../../lib/failure.ts";

/**
 * Whether a cloud has refused a creation because it holds the same already: Hetzner's `uniqueness_error`, Cloudflare's 81053,
 * 81054, 81057 and 81058 for records. What a killed run had asked for can come to be after another one has looked.
 */
export const isNameTaken = (error: unknown): boolean =>
  error instanceof Failure && /\buniqueness_error\b|\b8105[3478]\b/.test(error.message);
