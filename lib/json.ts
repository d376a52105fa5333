/** What a text says as JSON; undefined where it is none. Whoever asks checks the shape. */
export function parsedJson(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return undefined;
  }
}
