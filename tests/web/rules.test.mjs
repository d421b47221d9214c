import assert from "node:assert/strict";
import test from "node:test";

import { entropy, RULES, shapeWritten, softmax } from "../../web/rules.js";
import { near, vectors } from "./near.mjs";

const { opinions, cases } = vectors.rules;

for (const { temperature, limits, may, kept, chances, entropy: bits } of cases) {
  test(`T = ${temperature}, ${JSON.stringify(limits)}${may && ", some words"}: Python keeps the same`, () => {
    const before = Float64Array.from(opinions);
    const x = shapeWritten(before, may, temperature, limits);
    const ranks = opinions.map((_, rank) => rank);
    assert.deepEqual(ranks.filter((rank) => x[rank] > -Infinity), kept);
    const found = softmax(x);
    kept.forEach((rank, i) => near(found[rank], chances[i], `rank ${rank}`));
    ranks.filter((rank) => !kept.includes(rank)).forEach((rank) => assert.equal(found[rank], 0));
    assert.ok(Math.abs(entropy(found) - bits) < 1e-12);
    assert.deepEqual([...before], opinions, "what it was given is as it was");
  });
}

test("every rule is there, in Python's order, and cuts something off by itself", () => {
  const neutral = cases[0].limits;
  const options = Object.keys(neutral);
  assert.deepEqual(RULES.map(({ option }) => option), options);
  const differs = ({ limits }) => options.filter((one) => limits[one] !== neutral[one]);
  const whole = cases.filter((one) => !one.may && differs(one).length === 0);
  const all = (at) => whole.find(({ temperature }) => temperature === at).kept.length;
  for (const option of options) {
    const alone = cases.filter((one) => !one.may && String(differs(one)) === option);
    assert.ok(alone.some(({ temperature, kept }) => kept.length < all(temperature)), option);
  }
});
