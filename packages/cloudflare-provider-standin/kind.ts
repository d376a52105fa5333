import type { Api } from "./api.ts";
import type { Attributes } from "./schema.ts";
import type { Values } from "./values.ts";

export type Path = (state: Values) => string;
export interface ApiCall {
  readonly method: "POST" | "PUT" | "PATCH";
  readonly path: Path;
}

/**
 * What the schema does not say about a resource type: where it lives in the API and how the provider treats it.
 * Source of every row: internal/services/<type>/{resource,model,schema}.go of the provider at 5.14.0.
 */
export interface ResourceKind {
  readonly create: ApiCall;
  readonly read: Path;
  /** Absent when every change replaces. */
  readonly update?: ApiCall;
  /** Absent when the provider cannot destroy the object and only forgets it. */
  readonly remove?: Path;
  /** Attributes that are part of the path and not of the body. */
  readonly address: readonly string[];
  /** The attribute that the provider copies to `id`, where the API has no id. */
  readonly named?: string;
  /** Form of an import id: `<zone_id>/<id>`. */
  readonly imports: string;
  /** RequiresReplace. */
  readonly replaces: readonly string[];
  /** UseStateForUnknown, and what the provider's ModifyPlan keeps. */
  readonly keeps: readonly string[];
  /** Default values by path, `rules.enabled` for those inside a nested attribute. */
  readonly defaults: Readonly<Record<string, unknown>>;
  /** `no_refresh`: a change made elsewhere does not show. */
  readonly stale: readonly string[];
  /** Values that the provider's validators allow, by path; case is not looked at. */
  readonly oneOf?: Readonly<Record<string, readonly string[]>>;
  /** Exactly one of these must be set. */
  readonly exactlyOne?: readonly string[];
  /** Spellings that mean the prior value: changed in `wanted` before it is compared. */
  alike?(wanted: Values, prior: Values): void;
  /** The rest of the provider's plan modifiers; `prior` is empty for a new object. */
  settle?(planned: Values, prior: Values): void;
  /** The body of create and update, where it is not simply the attributes. */
  body?(json: Record<string, unknown>): unknown;
  /** Replaces the plain request of create and update; answers as the API's `result`. */
  write?(api: Api, attributes: Attributes, values: Values): Promise<unknown>;
  /** Replaces the plain GET. */
  fetch?(api: Api, state: Values): Promise<Record<string, unknown>>;
}
