import { readFileSync } from "node:fs";
import ts from "typescript";
import { TRACKED } from "./sources.ts";

/** A piece of text that people read, and where it is written. */
export interface Prose {
  readonly at: string;
  readonly text: string;
}

/** Two words with a space between them: a sentence or a part of one, not a name. */
const isProse = (text: string): boolean => /[a-zA-Z]{2,}[,;:]? [a-zA-Z]/.test(text);

/** The string literals of a TypeScript file that hold words. What a template computes shows as `…`. */
export function literals(file: string, source: string): Prose[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const found: Prose[] = [];
  const add = (node: ts.Node, text: string): void => {
    const { line } = tree.getLineAndCharacterOfPosition(node.getStart(tree));
    if (isProse(text)) found.push({ at: `${file}:${line + 1}`, text });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) add(node, node.text);
    if (ts.isTemplateExpression(node))
      add(node, [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join("…"));
    if (!ts.isImportDeclaration(node)) ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

/** What a shell script prints: the quoted words behind say, die, note, echo and the like. */
export const shellMessages = (file: string, source: string): Prose[] =>
  source.split("\n").flatMap((line, index) => {
    const [, said = ""] = /\b(?:say|die|note|echo|section|missing\+=\()\s*(["'].*)/.exec(line) ?? [];
    const text = (said.match(/"(?:[^"\\]|\\.)*"|'[^']*'/g) ?? []).join(" ");
    return isProse(text) && !line.trim().startsWith("#") ? [{ at: `${file}:${index + 1}`, text }] : [];
  });

/** What an alert, a unit or a key of the configuration says of itself. */
const described = (file: string, source: string): Prose[] =>
  source.split("\n").flatMap((line, index) => {
    const text = /(?:\bsummary: |^Description=|\bmeaning: )(.*)/.exec(line)?.[1];
    return text ? [{ at: `${file}:${index + 1}`, text }] : [];
  });

const lines = (file: string, source: string): Prose[] =>
  source.split("\n").map((text, index) => ({ at: `${file}:${index + 1}`, text }));

/** Folders and files of the product, not of its tests. */
const isProduct = (file: string): boolean =>
  !/__tests__\/|\/schemas\/|^packages\/provider-hcloud\/lib\//.test(file);

const pieces = (matching: RegExp, of: (file: string, source: string) => Prose[]): Prose[] =>
  TRACKED.filter((file) => isProduct(file) && matching.test(file)).flatMap((file) =>
    of(file, readFileSync(file, "utf8")),
  );

/** Everything the program, its machines and its alerts say. */
export const messages = (): Prose[] => [
  ...pieces(/\.ts$/, literals),
  ...pieces(/^host\/release\/bin\/|\.sh$|^olympus$/, shellMessages),
  ...pieces(/^host\/.*\.(ya?ml|service|timer)$/, described),
];

/** Every line of the documents, the glossary aside. */
export const documents = (): Prose[] =>
  pieces(/^(docs\/.*|README|CONTRIBUTING|SECURITY|CHANGELOG)\.md$|^(docs|README).*\.md$/, lines).filter(
    ({ at }) => !at.startsWith("docs/glossary.md"),
  );
