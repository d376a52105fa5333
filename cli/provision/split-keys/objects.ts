import { askStore, type Bucket, type StoreAnswer } from "../../shared/object-store.ts";

/** A whole object. */
export const readObject = (bucket: Bucket, key: string): Promise<StoreAnswer> =>
  askStore(bucket, { method: "GET", key, limit: Number.POSITIVE_INFINITY });

/** Never replaces: answers 412 where the object is there. */
export const createObject = (bucket: Bucket, key: string, body: string): Promise<StoreAnswer> =>
  askStore(bucket, { method: "PUT", key, body, headers: { "if-none-match": "*" } });

export const removeObject = (bucket: Bucket, key: string): Promise<StoreAnswer> =>
  askStore(bucket, { method: "DELETE", key });
