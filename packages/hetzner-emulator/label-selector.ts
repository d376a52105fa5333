import { invalid } from "./errors.ts";

type Labels = Record<string, string>;
type Requirement = (labels: Labels) => boolean;

const key = "[A-Za-z0-9][A-Za-z0-9_./-]*";
const value = "[A-Za-z0-9_.-]*";
const forms: [RegExp, (key: string, value: string) => Requirement][] = [
  [new RegExp(`^(${key})$`), (k) => (labels) => k in labels],
  [new RegExp(`^!(${key})$`), (k) => (labels) => !(k in labels)],
  [new RegExp(`^(${key})==?(${value})$`), (k, v) => (labels) => labels[k] === v],
  [new RegExp(`^(${key})!=(${value})$`), (k, v) => (labels) => labels[k] !== v],
  [new RegExp(`^(${key}) in \\(([^)]*)\\)$`), (k, v) => (labels) => isOneOf(v, labels[k])],
  [new RegExp(`^(${key}) notin \\(([^)]*)\\)$`), (k, v) => (labels) => !isOneOf(v, labels[k])],
];

const isOneOf = (list: string, found: string | undefined) =>
  list
    .split(",")
    .map((item) => item.trim())
    .some((item) => item === found);

/**
 * Compiles a label selector: `k`, `!k`, `k=v`, `k==v`, `k!=v`, `k in (a,b)`, `k notin (a,b)`, joined by commas.
 * Source: docs.hetzner.cloud, "Label Selector". Throws `invalid_input` on anything else.
 */
export function labelSelector(text: string): Requirement {
  const requirements = text.split(/,(?![^(]*\))/).map((part) => requirement(part.trim()));
  return (labels) => requirements.every((holds) => holds(labels));
}

function requirement(text: string): Requirement {
  for (const [form, make] of forms) {
    const match = form.exec(text);
    if (match) return make(match[1] ?? "", match[2] ?? "");
  }
  throw invalid("label_selector", `'${text}' is not a label selector`);
}
