import { TerraformElement, TerraformStack } from "cdktf";
import type { Construct, Node } from "constructs";

/** A stack whose Terraform addresses are the constructs' own ids, readable at 3 a.m.: `hcloud_volume.data`. */
export class ReadableStack extends TerraformStack {
  protected override allocateLogicalId(element: TerraformElement | Node): string {
    const node = TerraformElement.isTerraformElement(element) ? element.node : element;
    const below = node.scopes.slice(node.scopes.indexOf(this as Construct) + 1);
    return below
      .map((construct) => construct.node.id)
      .filter((id) => id !== "Default")
      .join("-");
  }
}
