import assert from "node:assert/strict";
import test from "node:test";

import { listen, said, tell } from "../../web/channel.js";

test("what was said is heard by who listens, and found by who comes later", () => {
  const heard = [];
  const end = listen("owl", (value) => heard.push(value));
  tell("owl", 1);
  tell("lamp", 2);
  end();
  tell("owl", 3);
  assert.deepEqual(heard, [1]);
  assert.equal(said("owl"), 3);
  assert.equal(said("nobody"), undefined);
});
