import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import formats from "ajv-formats";
import { OPERATIONS, type OperationName } from "./operations.ts";

interface Answer {
  readonly schema?: object;
  readonly example?: unknown;
}
interface Operation {
  readonly body?: object;
  readonly answers: Readonly<Record<string, Answer>>;
}
interface Description {
  readonly version: string;
  readonly operations: Readonly<Record<string, Operation>>;
  readonly components: object;
}

const description = JSON.parse(
  readFileSync(new URL("schemas/api.github.com.json", import.meta.url), "utf8"),
) as Description;

const ajv = new Ajv({ strict: false, allErrors: true });
formats.default(ajv);
ajv.addSchema({ $id: "github", ...description });

const operationNamed = (name: OperationName): Operation => {
  const found = description.operations[name];
  if (!found) throw new Error(`${name} is not in schemas/api.github.com.json: extract it again`);
  return found;
};

/** Every status below 400 that an operation is described with. */
export const statusesOf = (name: OperationName): number[] =>
  Object.keys(operationNamed(name).answers)
    .map(Number)
    .filter((status) => status < 400);

/** What is wrong with a value by a schema of the description, a line each. */
function problems(pointer: string, value: unknown): string[] {
  const validate = ajv.getSchema(`github#${pointer}`);
  if (!validate) throw new Error(`${pointer} is not in schemas/api.github.com.json`);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message }) => `${instancePath || "the body"} ${message}`,
  );
}

const pointerTo = (...path: string[]): string =>
  path.map((part) => `/${encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"))}`).join("");

/** Why a request's body is not of the described form; empty where it is, or where none is described. */
export const bodyFaults = (name: OperationName, body: unknown): string[] =>
  operationNamed(name).body ? problems(pointerTo("operations", name, "body"), body) : [];

/**
 * Why an answer is not of the described form. A refusal that the description leaves out, such as 401 everywhere, or gives no form, has
 * that of its errors.
 */
export function answerFaults(name: OperationName, status: number, body: unknown): string[] {
  const described = operationNamed(name).answers[String(status)];
  if (!described && status < 400) return [`${status} is not an answer to ${name}`];
  if (!described?.schema && status >= 400)
    return problems(pointerTo("components", "schemas", "basic-error"), body);
  if (!described?.schema) return body === undefined ? [] : ["a body where none is described"];
  return problems(pointerTo("operations", name, "answers", String(status), "schema"), body);
}

/** The example that GitHub prints beside an answer: what an emulated answer says wherever it has nothing of its own to say. */
export const exampleOf = (name: OperationName): Record<string, unknown> => {
  const [status = ""] = Object.keys(operationNamed(name).answers);
  return structuredClone(operationNamed(name).answers[status]?.example) as Record<string, unknown>;
};

/** The operation of a request; undefined where none is described. */
export function operationOf(method: string, path: string): OperationName | undefined {
  const parts = path.split("/");
  return OPERATIONS.find((name) => {
    const [verb = "", described = ""] = name.split(" ");
    const wanted = described.split("/");
    return (
      verb === method &&
      wanted.length === parts.length &&
      wanted.every((part, index) => part.startsWith("{") || part === parts[index])
    );
  });
}
