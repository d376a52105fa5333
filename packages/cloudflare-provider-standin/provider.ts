import { type Api, createApiClient } from "./api.ts";
import { dataSources } from "./data-sources.ts";
import { attributePath, Diagnosed, diagnosticOf, warningDiagnostic } from "./diagnostics.ts";
import type { ResourceKind } from "./kind.ts";
import { resourceKinds } from "./kinds.ts";
import { importResource, readResource, removeResource, writeResource } from "./lifecycle.ts";
import { planResource } from "./plan.ts";
import { attributesOf, type ProviderSchema, schemaMessage } from "./schema.ts";
import { validateProvider, validateResource } from "./validate.ts";
import { fromJsonObject, fromState, objectOf, pack, unpack, type Wire } from "./values.ts";

/** Fields of requests that the handlers read; the protocol fills those that belong to each call. */
export interface Request {
  readonly type_name: string;
  readonly id: string;
  readonly config: Wire;
  readonly current_state: Wire;
  readonly prior_state: Wire;
  readonly proposed_new_state: Wire;
  readonly planned_state: Wire;
  readonly raw_state: { readonly json: Uint8Array };
}

/** A call: its request, and the connection it came on (each configured provider has its own). */
type Handler = (request: Request, connection: string) => object | Promise<object>;

export interface ProviderOptions {
  readonly schema: ProviderSchema;
  /** Where the API is when the configuration has no `base_url`. */
  readonly baseUrl: string | undefined;
  /** The token when the configuration has no `api_token`. */
  readonly apiToken: string | undefined;
}

/** The calls of the plugin protocol by name. It keeps no state but the clients: the API has the rest. */
export function provider({ schema, baseUrl, apiToken }: ProviderOptions): Record<string, Handler> {
  const clients = new Map<string, Api>();
  const resource = (type: string) => ({
    kind: kindOf(type),
    attributes: attributesOf(schema.resource_schemas[type]),
  });
  const client = (connection: string): Api => {
    const api = clients.get(connection);
    if (!api) throw new Diagnosed("Provider not configured", "Terraform did not configure this connection.");
    return api;
  };
  return {
    GetProviderSchema: () => ({ ...schemaMessage(schema), server_capabilities: { plan_destroy: true } }),
    ValidateProviderConfig: ({ config }) => ({ diagnostics: validateProvider(objectOf(unpack(config))) }),
    ConfigureProvider: ({ config }, connection) => {
      const { base_url, api_token } = objectOf(unpack(config));
      const url = typeof base_url === "string" ? base_url : baseUrl;
      const token = typeof api_token === "string" ? api_token : apiToken;
      if (!url)
        throw new Diagnosed("No endpoint", "Set CLOUDFLARE_BASE_URL or base_url to the sandbox's address.");
      if (!token) throw new Diagnosed("No credentials", "Set api_token or CLOUDFLARE_API_TOKEN.");
      clients.set(connection, createApiClient(url, token));
      return {};
    },
    ValidateResourceConfig: ({ type_name, config }) => ({
      diagnostics: validateResource(kindOf(type_name), objectOf(unpack(config))),
    }),
    ValidateDataResourceConfig: ({ type_name }) => {
      readerOf(type_name);
      return {};
    },
    UpgradeResourceState: ({ type_name, raw_state }) => {
      const state: unknown = JSON.parse(Buffer.from(raw_state.json).toString("utf8"));
      return { upgraded_state: pack(fromState(resource(type_name).attributes, state)) };
    },
    ReadResource: async ({ type_name, current_state }, connection) => {
      const { kind, attributes } = resource(type_name);
      const state = await readResource(kind, attributes, client(connection), objectOf(unpack(current_state)));
      return { new_state: pack(state), diagnostics: state ? [] : [gone] };
    },
    PlanResourceChange: ({ type_name, prior_state, proposed_new_state, config }) => {
      const { kind, attributes } = resource(type_name);
      const prior = unpack(prior_state);
      const proposed = unpack(proposed_new_state);
      if (proposed === null) return { planned_state: pack(null), diagnostics: kind.remove ? [] : [forgets] };
      const planned = planResource(kind, attributes, prior, objectOf(proposed), objectOf(unpack(config)));
      return {
        planned_state: pack(planned.state),
        requires_replace: planned.replace.map(attributePath),
        diagnostics: prior === null && !kind.remove ? [stays] : [],
      };
    },
    ApplyResourceChange: async ({ type_name, prior_state, planned_state }, connection) => {
      const { kind, attributes } = resource(type_name);
      const [prior, planned] = [unpack(prior_state), unpack(planned_state)];
      const api = client(connection);
      try {
        if (planned !== null) {
          const state = await writeResource(kind, attributes, api, objectOf(planned), prior === null);
          return { new_state: pack(state) };
        }
        await removeResource(kind, api, objectOf(prior));
        return { new_state: pack(null) };
      } catch (error) {
        // The prior state goes back with the error, or Terraform would forget the object.
        return { new_state: pack(prior), diagnostics: [diagnosticOf(error)] };
      }
    },
    ImportResourceState: async ({ type_name, id }, connection) => {
      const { kind, attributes } = resource(type_name);
      const state = await importResource(kind, attributes, client(connection), id);
      return { imported_resources: [{ type_name, state: pack(state) }] };
    },
    ReadDataSource: async ({ type_name, config }, connection) => {
      const values = objectOf(unpack(config));
      const answer = await readerOf(type_name)(client(connection), values);
      const attributes = attributesOf(schema.data_source_schemas[type_name]);
      const configured = Object.entries(values).filter(([, value]) => value !== null);
      return { state: pack({ ...fromJsonObject(attributes, answer), ...Object.fromEntries(configured) }) };
    },
    StopProvider: () => ({}),
  };
}

function kindOf(type: string): ResourceKind {
  const kind = resourceKinds[type];
  if (kind) return kind;
  const detail = `${type} is not in the stand-in provider. It knows: ${Object.keys(resourceKinds).join(", ")}.`;
  throw new Diagnosed("Resource type not in the sandbox", detail);
}

function readerOf(type: string) {
  const reader = dataSources[type];
  if (reader) return reader;
  const detail = `${type} is not in the stand-in provider. It knows: ${Object.keys(dataSources).join(", ")}.`;
  throw new Diagnosed("Data source not in the sandbox", detail);
}

const gone = warningDiagnostic(
  "Resource not found",
  "The resource was not found on the server and will be removed from state.",
);
const stays = warningDiagnostic(
  "Resource Destruction Considerations",
  "This resource cannot be destroyed from Terraform: once created, it stays in the API until deleted by hand.",
);
const forgets = warningDiagnostic(
  "Resource Destruction Considerations",
  "Destroying this resource removes it from the Terraform state and changes nothing in the API.",
);
