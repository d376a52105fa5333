import { setTimeout as sleep } from "node:timers/promises";
import { Failure } from "../../../lib/failure.ts";
import type { RetryLater } from "./kratos.ts";

const PAUSE_MS = { first: 250, longest: 15_000 };

/**
 * Lets requests through, and holds all of them back while Kratos asks for it or cannot be reached. No p-retry: that holds
 * back one call, knows no patience that all share, and takes answers for failures only when they are thrown.
 */
export class Backoff {
  #openAt = 0;
  #pauseMs = PAUSE_MS.first;
  #lastAnswer = Date.now();

  readonly #patienceMs: number;
  readonly #onWait: (why: string) => void;

  /** `patienceMs`: how long nothing may be answered. */
  constructor(patienceMs: number, onWait: (why: string) => void) {
    this.#patienceMs = patienceMs;
    this.#onWait = onWait;
  }

  /** Repeats a request until it is answered. Throws a {@link Failure} when nothing was for too long. */
  async pass<T extends { readonly kind: string }>(
    request: () => Promise<T | RetryLater>,
  ): Promise<Exclude<T, RetryLater>> {
    for (;;) {
      while (this.#openAt > Date.now()) await sleep(this.#openAt - Date.now());
      const answer = await request();
      if (!isLater(answer)) {
        this.#pauseMs = PAUSE_MS.first;
        this.#lastAnswer = Date.now();
        return answer as Exclude<T, RetryLater>;
      }
      if (Date.now() - this.#lastAnswer > this.#patienceMs)
        throw new Failure(
          `${answer.why}, for ${Math.round(this.#patienceMs / 1000)} s. Run the same command again: it continues with the missing people.`,
        );
      this.#onWait(answer.why);
      this.#hold(answer.afterMs ?? 0);
    }
  }

  #hold(afterMs: number): void {
    // Requests under way at once fail at once: one of them makes the pause longer.
    if (this.#openAt > Date.now()) return;
    // Up to a third more, so that several operators do not come back all at once.
    this.#openAt = Date.now() + Math.max(afterMs, this.#pauseMs * (1 + Math.random() / 3));
    this.#pauseMs = Math.min(this.#pauseMs * 2, PAUSE_MS.longest);
  }
}

const isLater = (answer: { readonly kind: string }): answer is RetryLater => answer.kind === "later";
