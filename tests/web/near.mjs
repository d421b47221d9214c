// What the tests share: Python's numbers, and how near is near enough.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

export const vectors = JSON.parse(
  readFileSync(new URL("../../web/vectors.json", import.meta.url), "utf8"),
);

/** Logarithms and exponentials differ in their last bits from machine to machine. */
export function near(found, wanted, says) {
  const allowed = 1e-12 * Math.max(Math.abs(wanted), Number.MIN_VALUE);
  assert.ok(Math.abs(found - wanted) <= allowed, `${says ?? ""}: ${found} for ${wanted}`);
}
