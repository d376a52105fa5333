import type { Identity } from "./kratos.ts";
import { DOCUMENT, type Person } from "./people.ts";

/** Who is there already, a bit a person: a million take 125 KiB. */
export class ExistingIdentities {
  readonly #sets = new Map<string, Uint8Array>();
  readonly #seed: number;
  /** Of those asked for. */
  present = 0;
  /** Synthetic people beyond the sizes asked for. */
  beyond = 0;
  /** Synthetic people of another Faker number, by number: their identifiers are those that ours want. */
  readonly strays = new Map<number, number>();
  /** People that this program did not make. */
  others = 0;

  /** Sizes by set, as `sizes` of people.ts gives them. */
  constructor(sizes: Readonly<Record<string, number>>, seed: number) {
    this.#seed = seed;
    for (const [set, size] of Object.entries(sizes)) this.#sets.set(set, new Uint8Array((size >> 3) + 1));
  }

  add({ mark }: Identity): void {
    if (!mark) {
      this.others++;
      return;
    }
    if (mark.seed !== this.#seed && mark.set !== DOCUMENT) {
      this.strays.set(mark.seed, (this.strays.get(mark.seed) ?? 0) + 1);
      return;
    }
    const bits = this.#sets.get(mark.set);
    if (!bits || mark.index < 1 || mark.index >> 3 >= bits.length) {
      this.beyond++;
      return;
    }
    if (!this.has(mark)) this.present++;
    bits[mark.index >> 3] = (bits[mark.index >> 3] ?? 0) | (1 << (mark.index & 7));
  }

  has({ set, index }: Pick<Person, "set" | "index">): boolean {
    return (((this.#sets.get(set)?.[index >> 3] ?? 0) >> (index & 7)) & 1) === 1;
  }
}
