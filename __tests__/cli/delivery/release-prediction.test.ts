import { expect, test } from "vitest";
import { predictionMarkdown } from "../../../cli/delivery/release-prediction.ts";
import { contents, environmentContents, MANIFEST } from "../../../cli/release/contents.ts";
import { prodEnvironment } from "../../secrets/values.ts";

const after = environmentContents(prodEnvironment).files;
const others = after.filter(({ path }) => path !== MANIFEST);
const before = contents(
  others.map((file) =>
    file.path === "olympus.env"
      ? { ...file, content: file.content.replace(/(RATE_LIMIT_LOGIN_EVENTS)=.*/, "$1=3") }
      : file,
  ),
).files;

test("a pull request says what its release would do, service by service", () => {
  expect(predictionMarkdown([{ name: "prod", before, after }])).toMatch(
    /### Releases\n\n\*\*prod\*\*\n- caddy is reloaded: RATE_LIMIT_LOGIN_EVENTS\n- 1\d services are not touched/,
  );
});

test("and that it does nothing, or makes an environment", () => {
  expect(predictionMarkdown([{ name: "prod", before: after, after }])).toContain("touches no service");
  expect(predictionMarkdown([{ name: "qa", before: undefined, after }])).toContain("all of it is new");
});
