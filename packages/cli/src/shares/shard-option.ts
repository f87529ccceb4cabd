import { Option } from 'commander';
import { share, shareOfEnvironment, type Share } from './share.js';

export interface ShardOptions {
  readonly shard?: Share;
}

/** All of a work. */
export const undivided: Share = { index: 0, of: 1 };

/** `--shard`, the same for every command that can be divided. @param what "make only every n-th note, from the i-th" */
export const shardOption = (what: string): Option =>
  new Option(
    '--shard <i/n>',
    `${what}: one of n machines (default: from the environment of Slurm, Kubernetes, Grid Engine or mpirun)`,
  ).argParser(share);

/**
 * The part of the work that is this process's: the one that was named, else the environment's, else all.
 *
 * @throws UsageError where the environment tells of a share and leaves open which
 */
export const theShare = ({ shard }: ShardOptions): Share => shard ?? shareOfEnvironment() ?? undivided;
