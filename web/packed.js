// Arrays of numbers as Python packs them into text.

/** Little-endian float32 numbers in base64, in their own order. */
export function floats(text) {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}
