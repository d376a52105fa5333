import { z } from "zod";
import { field, textField } from "./fields.ts";

/** Which image both environments run. */
export const image = field(
  z.strictObject({
    name: textField(
      "registry, path and name without a tag",
      "write it such as docker.io/library/postgres; {repository} stands for that of config/base.ts",
      /^[a-z0-9.-]+\.[a-z]+(\/([a-z0-9._-]+|\{repository\}))+$/,
    ),
    tag: textField(
      "a fixed tag, never latest",
      "pin the version that both environments run",
      /^(?!latest$)[\w][\w.-]{0,127}$/,
    ),
    digest: textField(
      "sha256: and 64 hex digits",
      "copy it from the registry, or leave it out; never invent one",
      /^sha256:[0-9a-f]{64}$/,
    ).optional(),
    sharesTablesWith: field(
      z.array(textField("a version", "write its tag", /^[\w][\w.-]{0,127}$/)).readonly(),
      "a list of versions",
      "name those whose programs work with the tables of this one, as its release notes and migrations say; [] where none does",
    ).optional(),
  }),
  "name, tag and perhaps digest",
  "pin the image that both environments run",
);
