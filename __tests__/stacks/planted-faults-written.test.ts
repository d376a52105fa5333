// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources as they stand in their files
import { afterAll, expect, test } from "vitest";
import { PlantedCheckout, type PlantedFault } from "../support/planted.ts";
import { onlyAccepted } from "../support/said.ts";

const STACK = "stacks/olympus-stack.ts";
const LAST_OUTPUT = 'this.output("monthly_cost"';
/** An Aspect as people write it: a class with visit. */
const aspect = (of: string, visit: string) =>
  `require("cdktf").Aspects.of(${of}).add({ visit: (node: any) => { ${visit} } });`;
const LABEL_SERVERS =
  'if (node.terraformResourceType === "hcloud_server") node.addOverride("labels.team", "a");';

/** What comes after the proof. */
const WRITTEN: readonly PlantedFault[] = [
  [
    "an Aspect in the stack that asks for the name",
    STACK,
    LAST_OUTPUT,
    `${aspect("this", `if (env.name === "prod") { ${LABEL_SERVERS} }`)} ${LAST_OUTPUT}`,
    /labels\.team[\s\S]*law +identity/,
  ],
  [
    "an Aspect in the stack that asks for its id",
    STACK,
    LAST_OUTPUT,
    `${aspect("this", `if (this.node.id === "staging") { ${LABEL_SERVERS} }`)} ${LAST_OUTPUT}`,
    /labels\.team[\s\S]*law +identity/,
  ],
  [
    "an Aspect in the stack that extras decide on",
    STACK,
    LAST_OUTPUT,
    `${aspect("this", `if (env.extras) { ${LABEL_SERVERS} }`)} ${LAST_OUTPUT}`,
    /labels\.team[\s\S]*law +bounds, cause extras/,
  ],
  ...["OlympusStack(app, env, stateDirectory)", "ZoneStack(app, sharers, stateDirectory)"].flatMap(
    (made): PlantedFault[] => [
      [
        `an override where ${made.split("(")[0]} is declared`,
        "stacks/program.ts",
        `new ${made};`,
        `new ${made}.addOverride("terraform.required_version", ">= 1.0");`,
        /required_version[\s\S]*law +(identity|composition)/,
      ],
      [
        `an Aspect where ${made.split("(")[0]} is declared`,
        "stacks/program.ts",
        `new ${made};`,
        aspect(
          `new ${made}`,
          'if (node.terraformResourceType) node.addOverride("lifecycle.prevent_destroy", false);',
        ),
        /prevent_destroy[\s\S]*law +(identity|composition)/,
      ],
    ],
  ),
  [
    "a stack that nothing proved",
    "stacks/program.ts",
    "for (const env of environments(fleet)) new OlympusStack(",
    'new (require("cdktf").TerraformStack)(app, "rogue"); for (const env of environments(fleet)) new OlympusStack(',
    /belongs to no environment/,
  ],
  [
    "a stack that is left out",
    "stacks/program.ts",
    "for (const env of environments(fleet)) new OlympusStack(",
    "for (const env of environments(fleet).slice(1)) new OlympusStack(",
    /is not declared/,
  ],
  [
    "an environment that changes on the way",
    "stacks/program.ts",
    "new OlympusStack(app, env, stateDirectory);",
    'new OlympusStack(app, { ...env, image: "debian-12" as never }, stateDirectory);',
    /law +identity/,
  ],
  [
    "the state of another place",
    "stacks/output.ts",
    "declare(app, fleet, stateDirectory);",
    'declare(app, fleet, "/tmp");',
    /terraform\.backend[\s\S]*law +(identity|composition)/,
  ],
  [
    "an override after all is declared",
    "stacks/output.ts",
    "declare(app, fleet, stateDirectory);",
    'declare(app, fleet, stateDirectory); (app.node.findChild("prod") as any).addOverride("resource.hcloud_volume.data.size", 10);',
    /hcloud_volume\.data\.size[\s\S]*law +(identity|composition)/,
  ],
  [
    "another fleet",
    "stacks/output.ts",
    "declare(app, fleet, stateDirectory);",
    "declare(app, { ...fleet, mirrors: [] }, stateDirectory);",
    /is not declared/,
  ],
];

const checkout = new PlantedCheckout();
afterAll(() => checkout.remove());

test.each(WRITTEN)("%s is not written", async (...fault) => checkout.refuses(fault));

test("an Aspect that treats both alike is proved and written", async () => {
  const plant = {
    file: STACK,
    from: LAST_OUTPUT,
    to: `${aspect("this", LABEL_SERVERS)} ${LAST_OUTPUT}`,
  };
  expect(await checkout.synth([plant])).toEqual({ stderr: onlyAccepted, written: ["cdktf.out"] });
});
