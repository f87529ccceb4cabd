/**
 * A mono 16-bit PCM WAV file. Samples are rounded and limited to full scale, so that a file read and written again is the same.
 *
 * @param audio finite, full scale at -1 and 1
 * @param sampleRate Hz
 */
export function encodeWav(audio: Float32Array, sampleRate: number): Uint8Array {
  const bytes = new Uint8Array(44 + 2 * audio.length);
  const view = new DataView(bytes.buffer);
  const put = (offset: number, word: string): void => {
    for (let i = 0; i < 4; i++) bytes[offset + i] = word.charCodeAt(i);
  };
  put(0, 'RIFF');
  view.setUint32(4, 36 + 2 * audio.length, true);
  put(8, 'WAVE');
  put(12, 'fmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  put(36, 'data');
  view.setUint32(40, 2 * audio.length, true);
  for (let i = 0; i < audio.length; i++) {
    view.setInt16(44 + 2 * i, Math.max(-32768, Math.min(32767, Math.round((audio[i] as number) * 32768))), true);
  }
  return bytes;
}
