const names = ['C', 'C♯', 'D', 'D♯', 'E', 'F', 'F♯', 'G', 'G♯', 'A', 'A♯', 'B'];
const isBlack = (pitch: number): boolean => [1, 3, 6, 8, 10].includes(pitch % 12);
/** Two rows of a keyboard's letters, by where they lie, as black and white keys. */
const letters = [
  'KeyA',
  'KeyW',
  'KeyS',
  'KeyE',
  'KeyD',
  'KeyF',
  'KeyT',
  'KeyG',
  'KeyY',
  'KeyH',
  'KeyU',
  'KeyJ',
  'KeyK',
  'KeyO',
  'KeyL',
  'KeyP',
];

export interface PianoEvents {
  /** @param level 0 to 1 */
  press(pitch: number, level: number): void;
  release(pitch: number): void;
}

/** A piano of the given pitches: mouse, touch, letters, and every MIDI keyboard that is plugged in. */
export function piano(
  element: HTMLElement,
  pitches: readonly number[],
  { press, release }: PianoEvents,
): { ready(pitch: number): void; clear(): void } {
  const keys = new Map<number, HTMLButtonElement>();
  const letterOf = new Map<number, HTMLElement>();
  // Wider than a small screen: there it scrolls.
  const bed = document.createElement('div');
  bed.className = 'keys';
  element.append(bed);
  const down = new Set<number>();
  const lowest = pitches[0]!;
  // The letters begin an octave below middle C, and move as far as they have keys to lie on.
  const octaves = Math.max(0, Math.floor((pitches.length - 1) / 12) - 1);
  const within = (wanted: number): number => Math.max(0, Math.min(octaves, wanted));
  let octave = within(Math.round((48 - lowest) / 12));
  const start = (pitch: number, level: number): void => {
    const key = keys.get(pitch);
    if (!key || down.has(pitch)) return;
    down.add(pitch);
    key.classList.add('down');
    press(pitch, level);
  };
  const end = (pitch: number): void => {
    if (!down.delete(pitch)) return;
    keys.get(pitch)?.classList.remove('down');
    release(pitch);
  };

  let whites = 0;
  for (const pitch of pitches) {
    const key = document.createElement('button');
    key.className = isBlack(pitch) ? 'black' : 'white';
    const name = `${names[pitch % 12]}${Math.floor(pitch / 12) - 1}`;
    const letter = document.createElement('kbd');
    key.append(letter, isBlack(pitch) ? '' : name);
    key.setAttribute('aria-label', name);
    letterOf.set(pitch, letter);
    key.style.setProperty('--place', String(whites));
    if (!isBlack(pitch)) whites++;
    // The lower on the key, the louder, as on most software pianos.
    key.addEventListener('pointerdown', (event) => {
      key.setPointerCapture(event.pointerId);
      start(pitch, 0.5 + (0.5 * event.offsetY) / key.clientHeight);
    });
    for (const type of ['pointerup', 'pointercancel', 'blur'] as const) key.addEventListener(type, () => end(pitch));
    // The key that has the focus, for those who play without a pointer.
    key.addEventListener('keydown', (event) => {
      if (event.code !== 'Enter' && event.code !== 'Space') return;
      event.preventDefault();
      if (!event.repeat) start(pitch, 0.9);
    });
    key.addEventListener('keyup', (event) => {
      if (event.code === 'Enter' || event.code === 'Space') end(pitch);
    });
    bed.append(key);
    keys.set(pitch, key);
  }
  bed.style.setProperty('--whites', String(whites));

  const pitchOf = (code: string): number => lowest + 12 * octave + letters.indexOf(code);
  const showLetters = (): void => {
    for (const [pitch, letter] of letterOf) letter.textContent = letters[pitch - lowest - 12 * octave]?.slice('Key'.length) ?? '';
  };
  /** On a small screen, where only a part of the keys is to be seen. */
  const bringLetters = (): void => void (element.scrollLeft = keys.get(lowest + 12 * octave)?.offsetLeft ?? 0);
  showLetters();
  bringLetters();
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.code === 'KeyZ' || event.code === 'KeyX') {
      for (const pitch of down) end(pitch);
      octave = within(octave + (event.code === 'KeyX' ? 1 : -1));
      showLetters();
      bringLetters();
    } else if (letters.includes(event.code)) start(pitchOf(event.code), 0.9);
  });
  addEventListener('keyup', (event) => {
    if (letters.includes(event.code)) end(pitchOf(event.code));
  });
  addEventListener('blur', () => {
    for (const pitch of down) end(pitch);
  });
  void listenToMidi(start, end);

  return {
    ready: (pitch) => void keys.get(pitch)?.classList.add('ready'),
    clear: () => {
      for (const key of keys.values()) key.classList.remove('ready');
    },
  };
}

async function listenToMidi(start: (pitch: number, level: number) => void, end: (pitch: number) => void): Promise<void> {
  const access = await navigator.requestMIDIAccess?.().catch(() => undefined);
  if (!access) return;
  const listen = (): void => {
    for (const input of access.inputs.values())
      input.onmidimessage = ({ data }) => {
        const [status = 0, pitch = 0, velocity = 0] = data ?? [];
        if ((status & 0xf0) === 0x90 && velocity > 0) start(pitch, velocity / 127);
        else if ((status & 0xf0) === 0x80 || (status & 0xf0) === 0x90) end(pitch);
      };
  };
  listen();
  access.addEventListener('statechange', listen);
}
