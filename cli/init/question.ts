import type { Answers } from "./answers.ts";
import type { AnswerForm } from "./forms.ts";

/** One thing that only a person knows. */
export interface InitQuestion {
  /** Place of its answer, such as `environments.prod.domain`. */
  readonly path: readonly string[];
  readonly ask: string;
  /** One line: what it is for. */
  readonly why: string;
  /** How it is typed, where that is more than the value. */
  readonly how?: string;
  readonly form: AnswerForm;
  /** What can be read of it. Asked when its turn comes. */
  readonly offer?: (answers: Answers) => Promise<unknown>;
  /** Whether what was read counts more than what stands there: it is a fact of a provider. */
  readonly isFact?: boolean;
  /** Lines to choose from. */
  readonly choices?: (answers: Answers) => Promise<readonly string[] | undefined>;
  /** What the word `here` means. */
  readonly here?: () => Promise<string | undefined>;
}
