/** A message of the provider, in the form of the plugin protocol. */
export interface Diagnostic {
  readonly severity: "ERROR" | "WARNING";
  readonly summary: string;
  readonly detail: string;
  readonly attribute?: AttributePath;
}

export interface AttributePath {
  readonly steps: readonly ({ attribute_name: string } | { element_key_int: number })[];
}

/** An error that reaches the user as a diagnostic instead of a broken call. */
export class Diagnosed extends Error {
  readonly summary: string;
  constructor(summary: string, detail: string) {
    super(detail);
    this.summary = summary;
  }
}

export const errorDiagnostic = (summary: string, detail: string, attribute?: AttributePath): Diagnostic => ({
  severity: "ERROR",
  summary,
  detail,
  ...(attribute && { attribute }),
});

export const warningDiagnostic = (summary: string, detail: string): Diagnostic => ({
  severity: "WARNING",
  summary,
  detail,
});

/** What any thrown value says to the user. */
export function diagnosticOf(error: unknown): Diagnostic {
  if (error instanceof Diagnosed) return errorDiagnostic(error.summary, error.message);
  return errorDiagnostic(
    "failed to make http request",
    error instanceof Error ? error.message : String(error),
  );
}

export const attributePath = (name: string): AttributePath => ({ steps: [{ attribute_name: name }] });
