/** Samples of a 16-bit mono PCM file with the plain 44-byte header, divided by 32768: what the reference notes are. Not a WAV reader. */
export function parseReferenceWav(file: Uint8Array): Float32Array {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  return Float32Array.from({ length: (file.length - 44) / 2 }, (_, i) => view.getInt16(44 + 2 * i, true) / 32768);
}
