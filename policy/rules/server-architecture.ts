import { architectureOfServer } from "../architecture.ts";
import { withResource } from "../examples.ts";
import { each, show, text } from "../resources.ts";
import type { Rule } from "../rule.ts";

const images = (architectures?: readonly string[]) => ({
  caddy: { reference: "registry.example/caddy:v2", architectures },
});

export const rule: Rule = {
  id: "server-architecture",
  reason: "An image of another architecture does not start, and the machine looks healthy until then.",
  remedy: "Choose another image or server type; cax types are ARM, all others x86.",
  check: each("hcloud_server", ({ server_type }, _, { images = {} }) => {
    const type = text(server_type);
    const needed = architectureOfServer(type ?? "");
    return Object.entries(images)
      .filter(([, { architectures }]) => type !== undefined && architectures?.includes(needed) === false)
      .map(([name, { architectures }]) => ({
        at: "server_type",
        found: `${show(type)} needs ${needed}, and the image ${name} has ${show(architectures)}`,
      }));
  }),
  passing: [
    withResource("hcloud_server", { server_type: "cax11" }, { images: images(["arm64", "amd64"]) }),
    // Nobody has read its manifest: `images lock` and the release say so.
    withResource("hcloud_server", { server_type: "cax11" }, { images: images() }),
  ],
  failing: [withResource("hcloud_server", { server_type: "cax11" }, { images: images(["amd64"]) })],
};
