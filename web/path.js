// The path: all that one text of a seed becomes, as parts from cold to hot. A part is a
// stretch of temperatures, from `low` to `high`, with one text, in `units`.

/** Which part a temperature lies in; on a border, the colder one. */
export function partAt(parts, temperature) {
  const found = parts.findIndex(({ high }) => temperature <= high);
  return found < 0 ? parts.length - 1 : found;
}

/**
 * Neighbouring parts whose texts agree up to and including one unit: the branches of
 * the tree at one depth.
 *
 * @returns `{from, to, unit}` for each: its first part, its last, and the unit.
 */
export function branches(parts, depth) {
  const found = [];
  parts.forEach(({ units }, i) => {
    if (units.length <= depth) return;
    const last = found[found.length - 1];
    if (last?.to === i - 1 && agree(parts[last.to].units, units, depth)) last.to = i;
    else found.push({ from: i, to: i, unit: units[depth] });
  });
  return found;
}

function agree(ours, theirs, depth) {
  for (let i = 0; i <= depth; i += 1) if (ours[i] !== theirs[i]) return false;
  return true;
}
