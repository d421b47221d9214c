import assert from "node:assert/strict";
import test from "node:test";
import { deflateSync } from "node:zlib";

import { count, fixed, number, percent, shown, temperatureText } from "../../web/format.js";
import { floats, unpacked } from "../../web/packed.js";
import { PAD, Scale } from "../../web/scale.js";
import { near, vectors } from "./near.mjs";

test("the dial's axis is Python's, there and back", () => {
  const { low, high, places } = vectors.scale;
  const scale = new Scale(low, high);
  for (const [place, temperature] of places) {
    near(scale.temperature(place), temperature, place);
    assert.ok(Math.abs(scale.place(temperature) - place) < 1e-12);
  }
  assert.equal(scale.place(0), -1);
  assert.equal(scale.place(100), 1);
  assert.equal(scale.x(1, 320), 160);
  assert.equal(scale.x(low, 320), PAD);
  assert.equal(scale.share(high), 1);
});

test("a dial that takes 0 has it at the left end, and the axis beside it", () => {
  const { low, high, places } = vectors.scale;
  const scale = new Scale(low, high, true);
  assert.equal(scale.share(0), 0);
  assert.equal(scale.temperature(scale.first), 0);
  assert.equal(scale.temperature(scale.place(low)), low);
  assert.ok(scale.share(low) > 0.03);
  for (const [place, temperature] of places) near(scale.temperature(place), temperature, place);
});

test("numbers have three digits that count and a true minus sign", () => {
  assert.deepEqual([0, 1, 12.345, -0.5, 1234.6].map((x) => number(x)),
    ["0", "1.00", "12.3", "−0.50", "1235"]);
  assert.equal(fixed(-1.25, 1), "−1.3");
  assert.equal(temperatureText(0.7), "0.70");
});

test("a share is never a false zero", () => {
  assert.deepEqual([0, 0.5, 0.0123, 0.0005, 1e-9].map(percent),
    ["0 %", "50 %", "1.2 %", "0.050 %", "< 0.001 %"]);
  assert.deepEqual([1, 9.949, 9.95, 8191.6].map(count), ["1.0", "9.9", "10", "8,192"]);
});

test("a piece shows whether it opens a word, and the end has a sign", () => {
  assert.deepEqual(["", " owl", "ish", " "].map(shown), ["■ end", "owl", "·ish", "(space)"]);
  assert.deepEqual(["", "猫が", " 猫", " "].map((text) => shown(text, "")),
    ["■ end", "猫が", "猫", "(space)"]);
});

test("floats come out as Python packed them", () => {
  const packed = Buffer.from(Float32Array.of(1.5, -0.25, 3e-8).buffer).toString("base64");
  assert.deepEqual([...floats(packed)], [...Float32Array.of(1.5, -0.25, 3e-8)]);
});

test("what was compressed comes out as it was", async () => {
  const packed = deflateSync(JSON.stringify([{ words: ["Zürich", "🦉"] }])).toString("base64");
  assert.deepEqual(await unpacked(packed), [{ words: ["Zürich", "🦉"] }]);
});
