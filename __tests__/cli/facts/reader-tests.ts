import { describe, expect, it } from "vitest";
import type { HttpClient } from "../../../cli/shared/http-client.ts";
import type { ExchangeRecord } from "../../facts/exchanges.ts";
import { factsOf, mutantsOf } from "../../facts/mutants.ts";
import { replayed } from "../../facts/replayed.ts";

/** Something that reads a program's answers. */
export interface Reader {
  readonly name: string;
  /** Exchanges in the order in which they are read. */
  readonly of: readonly string[];
  readonly run: (program: HttpClient) => Promise<unknown>;
  /** What it makes of them, or the error that it throws. */
  readonly outcome: unknown;
  /** Facts that it reads of each of them. */
  readonly reads: readonly (readonly string[])[];
}

function isSame(got: unknown, outcome: unknown): boolean {
  try {
    expect(got).toEqual(outcome);
    return true;
  } catch {
    return false;
  }
}

/**
 * Each reader against what was recorded: what it makes of the answers, and which facts it reads. A fact that is read and
 * changes turns the reader's own test red; every one is tried. At the end the facts of the record are counted.
 */
export function testReaders(
  { exchanges, exchange }: ExchangeRecord,
  readers: readonly Reader[],
  counted: { readonly all: number; readonly used: number },
): void {
  const outcomeOf = (run: Reader["run"], answers: Parameters<typeof replayed>[0]) =>
    run(replayed(answers)).catch((error: Error) => error);

  describe.each(readers)("$name", ({ of, run, outcome, reads }) => {
    it("makes of the recorded answers what it should", async () => {
      expect(await outcomeOf(run, of.map(exchange))).toEqual(outcome);
    });

    it("reads these facts and no other", async () => {
      const used: string[][] = [];
      for (const [i, one] of of.map(exchange).entries()) {
        const read: string[] = [];
        for (const way of factsOf(one)) {
          const results = await Promise.all(
            mutantsOf(one, way).map(async (mutant) =>
              isSame(await outcomeOf(run, of.map(exchange).with(i, mutant)), outcome),
            ),
          );
          if (results.includes(false)) read.push(way.join("."));
        }
        used.push(read.sort());
      }
      expect(used).toEqual(reads.map((facts) => [...facts].sort()));
    });
  });

  it("counts the facts of all answers", () => {
    const all = exchanges.reduce((sum, one) => sum + factsOf(one).length, 0);
    const used = new Set(
      readers.flatMap(({ of, reads }) =>
        reads.flatMap((facts, i) => facts.map((fact) => `${of[i]} ${fact}`)),
      ),
    ).size;
    expect({ all, used }).toEqual(counted);
  });
}
