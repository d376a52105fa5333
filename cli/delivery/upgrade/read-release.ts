import { loadFleet } from "../../../config/index.ts";
import { imageReference } from "../../../host/images.ts";
import { environmentContents } from "../../release/contents.ts";

// Run in a copy of the checkout, and of a version that may be newer than whoever reads it: what a release would bring there.
const { base, reference, mirrors } = loadFleet();
console.log(
  JSON.stringify({
    images: Object.fromEntries(Object.entries(base.images).map(([key, pin]) => [key, imageReference(pin)])),
    releases: Object.fromEntries(
      [reference, ...mirrors].map(({ name, environment }) => [name, environmentContents(environment).files]),
    ),
  }),
);
