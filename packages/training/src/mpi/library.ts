import { messageOf } from '@gansynth/common/errors';
import type { LibraryHandle } from 'koffi';
import { ProcessError } from './errors.js';

/** A function of the library, called on this thread or, `async`, on another one while this one goes on. */
export interface NativeFunction {
  (...values: readonly unknown[]): unknown;
  async(...values: readonly unknown[]): unknown;
}

/** An MPI library: names and handles in the library's own terms. */
export interface MpiLibrary {
  /** Name or file. */
  readonly file: string;
  /** MPI_COMM_WORLD */
  readonly world: unknown;
  /** MPI_BYTE */
  readonly byte: unknown;
  /** MPI_STATUS_IGNORE */
  readonly noStatus: unknown;
  /** A function by its name, with the C types of its parameters, `handle` for the library's. */
  readonly bind: (name: string, parameters: readonly string[]) => NativeFunction;
}

const names: Readonly<Record<string, readonly string[]>> = {
  linux: ['libmpi.so.40', 'libmpi.so.12', 'libmpich.so.12', 'libmpi.so', 'libmpich.so'],
  darwin: ['libmpi.dylib', '/opt/homebrew/lib/libmpi.dylib', '/usr/local/lib/libmpi.dylib', 'libmpich.dylib'],
};

/** By its name, which those that share its binary interface have too. */
const isMpich = (name: string): boolean => /mpich|\.12$/.test(name);

/** MPICH's launchers say this, and Open MPI's do not. */
const isStartedByMpich = (environment: NodeJS.ProcessEnv): boolean =>
  environment['PMI_SIZE'] !== undefined && environment['OMPI_COMM_WORLD_SIZE'] === undefined;

/**
 * Opens the machine's MPI library by `koffi`: Open MPI, or MPICH and those that share its binary interface (Intel, Cray). That it is there says
 * nothing of other processes.
 *
 * @param environment GANSYNTH_MPI names the library's file where it is not found by itself, or the wrong one is
 * @throws ProcessError if koffi or the library is missing
 */
export async function openMpiLibrary(environment: NodeJS.ProcessEnv = process.env): Promise<MpiLibrary> {
  const koffi = await import('koffi').catch((error: unknown) => {
    const why = messageOf(error);
    throw new ProcessError(`expected the package koffi, which calls MPI, found none (${why}). npm install koffi`, {
      cause: error,
    });
  });
  const { GANSYNTH_MPI: named } = environment;
  const known = names[process.platform] ?? [];
  const likelyFirst = isStartedByMpich(environment)
    ? known.toSorted((one, other) => Number(isMpich(other)) - Number(isMpich(one)))
    : known;
  const failed: string[] = [];
  for (const file of named === undefined || named === '' ? likelyFirst : [named]) {
    try {
      return describe(koffi.load(file), file);
    } catch (error) {
      failed.push(messageOf(error));
    }
  }
  throw new ProcessError(
    `expected an MPI library, found none (${failed.join('; ') || `none is known for ${process.platform}`}). Install one (openmpi-bin on Debian), or name ` +
      'its file in GANSYNTH_MPI.',
  );
}

function describe(library: LibraryHandle, file: string): MpiLibrary {
  const binder =
    (handle: string): MpiLibrary['bind'] =>
    (name, parameters) =>
      library.func(
        name,
        'int',
        parameters.map((type) => (type === 'handle' ? handle : type)),
      );
  let world: unknown;
  try {
    world = library.symbol('ompi_mpi_comm_world');
  } catch {
    // Integers, fixed by the MPICH ABI (mpich.org/abi), and a status that is the pointer 1.
    return { file, world: 0x44000000, byte: 0x4c00010d, noStatus: 1n, bind: binder('int') };
  }
  // Open MPI: addresses of globals.
  return { file, world, byte: library.symbol('ompi_mpi_byte'), noStatus: null, bind: binder('void *') };
}
