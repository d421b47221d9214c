import assert from "node:assert/strict";
import test from "node:test";

import { gumbel, luck, tickets } from "../../web/luck.js";
import { near, vectors } from "./near.mjs";

test("tickets are Python's to the bit", () => {
  for (const { seed, number, step, tickets: wanted } of vectors.luck) {
    assert.deepEqual([...tickets(seed, number, step, wanted.length)], wanted);
  }
});

test("a token's ticket does not depend on how many there are", () => {
  assert.deepEqual([...tickets(7, 2, 5, 8192).subarray(0, 9)], [...tickets(7, 2, 5, 9)]);
});

test("luck is Python's", () => {
  for (const { seed, number, step, gumbel: wanted } of vectors.luck) {
    luck(seed, number, step, wanted.length).forEach((one, id) => near(one, wanted[id], id));
  }
});

test("the luckiest and the unluckiest ticket have finite luck", () => {
  for (const [ticket, wanted] of vectors.gumbel) near(gumbel(ticket), wanted, ticket);
});
