import { expect, test } from "vitest";
import { signed } from "../../../cli/shared/object-store.ts";

const bucket = {
  endpoint: "https://s3.amazonaws.com",
  name: "examplebucket",
  region: "us-east-1",
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};

/** Made by botocore 1.44.8 (S3SigV4Auth) of the same requests at the same time: S3 answers 403 to any other. */
const CREDENTIAL = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request";
const by = (signature: string): string =>
  `${CREDENTIAL}, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=${signature}`;
const SIGNED = {
  versioning: by("f8be6efd8393d7786e9930d85023927cae5bcef92a446f3176782a400e78b9ac"),
  put: by("fc71f3e64c3a4536634d7d781c377d3bb100eeda02609795fb162a1edaf5ca31"),
};

test("a request is signed as AWS's own library does", () => {
  const at = new Date("2013-05-24T00:00:00Z");
  const { url, headers } = signed(bucket, { method: "GET", query: { versioning: "" } }, at);
  expect(url).toBe("https://s3.amazonaws.com/examplebucket?versioning=");
  expect(headers.authorization).toBe(SIGNED.versioning);
  const put = signed(bucket, { method: "PUT", key: "a b/ü.txt", body: "Welcome" }, at);
  expect(put.url).toBe("https://s3.amazonaws.com/examplebucket/a%20b/%C3%BC.txt");
  expect(put.headers.authorization).toBe(SIGNED.put);
});
