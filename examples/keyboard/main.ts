import type { Reply, Request } from './messages.js';
import { piano } from './piano.js';
import { Player } from './player.js';

const find = <E extends HTMLElement>(selector: string): E => document.querySelector(selector)!;
const status = find('#status');
const canvas = find<HTMLCanvasElement>('#picture');
const blend = find<HTMLInputElement>('#blend');
const worker = new Worker(new URL('./synth-worker.ts', import.meta.url), { type: 'module' });
const send = (message: Request): void => worker.postMessage(message);

worker.addEventListener('error', (event) => (status.textContent = `The model does not start: ${event.message}`));
worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => {
  if (data.type === 'failed') status.textContent = `The model does not start: ${data.reason}`;
  if (data.type === 'ready') begin(data);
});

interface Sound {
  readonly velocity: number | undefined;
  readonly audio: Float32Array;
  readonly sampleRate: number;
}

/** Velocities in the order in which they are computed: the middle one first, so that every key soon has a note. */
function layersOf(velocities: readonly number[]): readonly (number | undefined)[] {
  const middle = velocities[Math.floor(velocities.length / 2)];
  return [middle, ...velocities.filter((velocity) => velocity !== middle)];
}

/** The sound of a key whose velocity is nearest to how hard it is struck, 0 to 1. */
function struckAt(sounds: readonly Sound[], level: number): Sound | undefined {
  const off = ({ velocity = 64 }: Sound): number => Math.abs(velocity - 127 * level);
  return sounds.toSorted((a, b) => off(a) - off(b))[0];
}

function begin({ instruments, pitches, velocities, computedOn }: Reply & { type: 'ready' }): void {
  status.title = computedOn;
  const player = new Player();
  /** Of each pitch, the notes that are there: one for each velocity. */
  const notes = new Map<number, Sound[]>();
  const layers = layersOf(velocities);
  /** Keys pressed before their note was there. */
  const waiting = new Map<number, number>();
  const ends = [instruments.indexOf('clarinet'), instruments.indexOf('harpsichord')] as [number, number];
  const seeds = [4, 7] as [number, number];
  let request = 0;
  let pending = 0;
  // Middle C, or what is nearest to it.
  let last = pitches.toSorted((a, b) => Math.abs(a - 60) - Math.abs(b - 60))[0]!;

  const keys = piano(find('#piano'), pitches, {
    press(pitch, level) {
      player.resume();
      last = pitch;
      const sound = struckAt(notes.get(pitch) ?? [], level);
      if (!sound) return void waiting.set(pitch, level);
      player.start(pitch, sound.audio, sound.sampleRate, level);
      send({ type: 'picture', audio: sound.audio });
    },
    release(pitch) {
      waiting.delete(pitch);
      player.stop(pitch);
    },
  });

  const timbreOf = (end: 0 | 1): string => `${instruments[ends[end]]}:${seeds[end]}`;

  /** Computes the timbre that is set, the last key's note and its neighbours first. */
  const render = (): void => {
    notes.clear();
    keys.clear();
    pending = pitches.length * layers.length;
    status.textContent = `${pending} notes to go`;
    const nearest = [...pitches].sort((a, b) => Math.abs(a - last) - Math.abs(b - last));
    const wanted = layers.flatMap((velocity) => nearest.map((pitch) => ({ pitch, velocity })));
    const timbres = [timbreOf(0), timbreOf(1)] as const;
    send({ type: 'render', request: ++request, timbres, blend: Number(blend.value), notes: wanted });
  };

  worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => {
    if (data.type === 'picture') {
      canvas.width = data.width;
      canvas.height = data.height;
      canvas.getContext('2d')?.putImageData(new ImageData(data.pixels, data.width, data.height), 0, 0);
    }
    if (data.type !== 'note' || data.request !== request) return;
    const { audio, sampleRate } = data;
    const { pitch, velocity } = data.note;
    const first = notes.size === 0;
    notes.set(pitch, [...(notes.get(pitch) ?? []), { velocity, audio, sampleRate }]);
    keys.ready(pitch);
    pending--;
    status.textContent = pending > 0 ? `${pending} notes to go` : 'ready';
    if (first) send({ type: 'picture', audio });
    const level = waiting.get(pitch);
    if (level === undefined) return;
    waiting.delete(pitch);
    player.start(pitch, audio, sampleRate, level);
  });

  for (const end of [0, 1] as const) {
    const list = find(end === 0 ? '#from' : '#to');
    instruments.forEach((name, index) => {
      const choice = document.createElement('button');
      choice.textContent = name;
      choice.setAttribute('aria-pressed', String(index === ends[end]));
      choice.addEventListener('click', () => {
        ends[end] = index;
        for (const other of list.children) other.setAttribute('aria-pressed', String(other === choice));
        blend.value = String(end);
        render();
      });
      list.append(choice);
    });
    // On a small screen, where only a part of the names is to be seen.
    const chosen = list.querySelector<HTMLElement>('[aria-pressed="true"]')!;
    list.scrollLeft = chosen.offsetLeft - list.offsetLeft;
  }
  blend.addEventListener('change', render);
  find('#again').addEventListener('click', () => {
    seeds[0] += 2;
    seeds[1] += 2;
    render();
  });
  render();
}
