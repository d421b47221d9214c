// What one component of the page tells another. Each is joined into a text of its own and
// knows no other; they meet here, under names.

const KEY = Symbol.for("textgen.channel");
const channel = (globalThis[KEY] ??= { said: new Map(), ears: new Map() });

/** Say something to whoever listens, now or later. */
export function tell(name, value) {
  channel.said.set(name, value);
  for (const ear of channel.ears.get(name) ?? []) ear(value);
}

/** What was said last; undefined if nothing was. */
export function said(name) {
  return channel.said.get(name);
}

/** Listen from now on; returns what ends it. */
export function listen(name, ear) {
  if (!channel.ears.has(name)) channel.ears.set(name, new Set());
  channel.ears.get(name).add(ear);
  return () => channel.ears.get(name).delete(ear);
}
