// What Python packs into text.

function bytes(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** Little-endian float32 numbers in base64, in their own order. */
export function floats(text) {
  return new Float32Array(bytes(text).buffer);
}

/** A promise of what was JSON, compressed by zlib, in base64. */
export function unpacked(text) {
  const stream = new Blob([bytes(text)]).stream();
  return new Response(stream.pipeThrough(new DecompressionStream("deflate"))).json();
}
