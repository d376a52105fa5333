import { expect } from "vitest";

/** What a sound synth says on stderr: what the tests' fleet accepts knowingly, and nothing else. */
export const onlyAccepted: string = expect.stringMatching(
  /^(open to production, accepted until [\d-]{10}[^\n]*\n?)*$/,
);
