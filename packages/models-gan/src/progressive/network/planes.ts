import { imageSize, type NetworkConfig } from '../config.js';
import { concatPlanes, pitchPlanes } from '../operations/planes.js';
import type { Graph } from './graph.js';
import { blockName } from './names.js';
import type { Growth } from './stage-shape.js';

/** Appends the pitch's planes to the input of the convolutions that the configuration names; leaves all others as they are. */
export type Conditioner<T> = (block: number, layer: string, input: T) => T;

/**
 * The planes are computed for the first layer that wants them: a network that has not grown up to one has no table, as a LayersModel of it
 * has none. Where variables are listed (a progress of null) the table is among them at every size: a training holds it from the start.
 *
 * @param side whose list of layers counts
 * @param scope where the table lives
 * @param pitch one-hot, [batch, pitches]
 */
export function conditioner<T>(
  graph: Graph<T>,
  config: NetworkConfig,
  { progress }: Growth,
  side: 'generator' | 'critic',
  scope: string,
  pitch: T | null,
): Conditioner<T> {
  const { conditioning } = config;
  if (conditioning === null || pitch === null || conditioning[side].length === 0) return (_block, _layer, input) => input;
  const { features } = conditioning;
  let planes: T | undefined;
  const table = (): T =>
    (planes ??= graph.apply(pitchPlanes, `${scope}/conditioning`, { width: imageSize(config)[1], features }, [pitch]));
  if (progress === null) table();
  return (block, layer, input) =>
    conditioning[side].includes(`block_${block}/${layer}`)
      ? graph.apply(concatPlanes, `${scope}/${blockName(block)}/${layer}/planes`, {}, [input, table()])
      : input;
}
