import { Document, isMap, isScalar } from "yaml";
import type { Answers } from "./answers.ts";
import { allQuestions } from "./questions.ts";

const HEAD = ` What ./olympus init would be answered today. Change it, then: ./olympus init --from answers.yaml
 What is left out stays as it is; null takes away what is optional.`;

/** Answers as YAML, each that is asked for with its explanation. */
export function answersText(answers: Answers): string {
  const document = new Document(answers);
  document.commentBefore = HEAD;
  for (const { path, why } of allQuestions(answers)) {
    const holder = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
    const pair = isMap(holder)
      ? holder.items.find(({ key }) => isScalar(key) && key.value === path.at(-1))
      : undefined;
    if (pair && isScalar(pair.key)) pair.key.commentBefore = ` ${why}`;
  }
  return document.toString({ lineWidth: 0 }).trimEnd();
}
