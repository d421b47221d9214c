import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import test from "node:test";

const web = new URL("../../web/", import.meta.url);

for (const name of readdirSync(web, { recursive: true }).filter((file) => file.endsWith(".js"))) {
  test(`${name} is a module of its own, and touches no page until it is asked to`, async () => {
    const found = await import(new URL(name.replaceAll("\\", "/"), web));
    assert.ok(Object.keys(found).length > 0);
  });
}
