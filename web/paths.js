// All that the headlines of the first page become over the dial, as it comes: later than
// what the page's own temperature gives, so that nobody waits for it.

import { tell } from "./channel.js";
import { unpacked } from "./packed.js";

let latest;

export default function ({ data }) {
  latest = data.key;
  unpacked(data.packed).then((headlines) => {
    if (data.key === latest) tell("paths", { key: data.key, headlines });
  });
}
