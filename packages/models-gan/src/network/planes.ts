import { imageSize, type NetworkConfig } from '../config.js';
import { concatPlanes, pitchPlanes } from '../operations/planes.js';
import type { Graph } from './graph.js';
import { blockName } from './names.js';

/** Appends the pitch's planes to the input of the convolutions that the configuration names; leaves all others as they are. */
export type Conditioner<T> = (block: number, layer: string, input: T) => T;

/**
 * @param side whose list of layers counts
 * @param scope where the table lives
 * @param pitch one-hot, [batch, pitches]
 */
export function conditioner<T>(
  graph: Graph<T>,
  config: NetworkConfig,
  side: 'generator' | 'critic',
  scope: string,
  pitch: T | null,
): Conditioner<T> {
  const { conditioning } = config;
  if (conditioning === null || pitch === null || conditioning[side].length === 0) return (_block, _layer, input) => input;
  const { features } = conditioning;
  const planes = graph.apply(pitchPlanes, `${scope}/conditioning`, { width: imageSize(config)[1], features }, [pitch]);
  return (block, layer, input) =>
    conditioning[side].includes(`block_${block}/${layer}`)
      ? graph.apply(concatPlanes, `${scope}/${blockName(block)}/${layer}/planes`, {}, [input, planes])
      : input;
}
