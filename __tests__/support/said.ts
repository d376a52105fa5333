import { expect } from "vitest";

/** What a sound synth says on stderr: what the tests' fleet accepts knowingly, and nothing else. */
export const onlyAccepted: string = expect.stringMatching(
  /^(open to production, accepted until 2999-12-31: [^\n]*\n?)+$/,
);
