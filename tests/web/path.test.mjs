import assert from "node:assert/strict";
import test from "node:test";

import { branches, partAt } from "../../web/path.js";
import { vectors } from "./near.mjs";

const { join, parts, texts, tree } = vectors.path;

test("at every temperature stands what Python writes there", () => {
  for (const [temperature, text] of texts) {
    assert.equal(parts[partAt(parts, temperature)].units.join(join), text, `T = ${temperature}`);
  }
});

test("a border belongs to the colder part, and beyond the ends lie the ends", () => {
  parts.forEach(({ high }, i) => assert.equal(partAt(parts, high), i));
  assert.equal(partAt(parts, 0), 0);
  assert.equal(partAt(parts, 100), parts.length - 1);
});

test("the tree branches where Python's does", () => {
  tree.forEach((wanted, depth) => {
    assert.deepEqual(branches(parts, depth).map(({ from, to, unit }) => [from, to, unit]), wanted);
  });
  assert.deepEqual(branches(parts, tree.length), []);
});

test("parts that agree again after another part are two branches", () => {
  const again = ["a b", "a", "a b"].map((text) => ({ units: text.split(" ") }));
  assert.deepEqual(branches(again, 0), [{ from: 0, to: 2, unit: "a" }]);
  assert.deepEqual(branches(again, 1).map(({ from, to }) => [from, to]), [[0, 0], [2, 2]]);
});
