import { messageOf } from '@gansynth/common/errors';
import { createRequire } from 'node:module';
import { ProcessError } from './errors.js';

/** A function of the library, called on this thread or, `async`, on another one while this one goes on. */
export interface NativeFunction {
  (...values: readonly unknown[]): unknown;
  async(...values: readonly unknown[]): unknown;
}

/** The part of `koffi` that is used. */
export interface Koffi {
  load(file: string): {
    func(name: string, result: string, parameters: readonly string[]): NativeFunction;
    symbol(name: string): unknown;
  };
}

/** What another thread needs to open the same library. */
export interface MpiAddress {
  /** File of the `koffi` module. */
  readonly koffi: string;
  /** Name or file of the library. */
  readonly file: string;
  /** C type of the library's handles. */
  readonly handleType: 'void *' | 'int';
}

/** An MPI library: names and handles in the library's own terms. */
export interface MpiLibrary {
  readonly address: MpiAddress;
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
export function openMpiLibrary(environment: NodeJS.ProcessEnv = process.env): MpiLibrary {
  const require = createRequire(import.meta.url);
  let koffiFile: string;
  let koffi: Koffi;
  try {
    koffiFile = require.resolve('koffi');
    koffi = require(koffiFile) as Koffi;
  } catch (error) {
    throw new ProcessError(`expected the package koffi, which calls MPI, found none (${messageOf(error)}). npm install koffi`, {
      cause: error,
    });
  }
  const { GANSYNTH_MPI: named } = environment;
  const known = names[process.platform] ?? [];
  const likelyFirst = isStartedByMpich(environment)
    ? known.toSorted((one, other) => Number(isMpich(other)) - Number(isMpich(one)))
    : known;
  const failed: string[] = [];
  for (const file of named === undefined || named === '' ? likelyFirst : [named]) {
    try {
      return describe(koffi, koffiFile, file);
    } catch (error) {
      failed.push(messageOf(error));
    }
  }
  throw new ProcessError(
    `expected an MPI library, found none (${failed.join('; ') || `none is known for ${process.platform}`}). Install one (openmpi-bin on Debian), or name ` +
      'its file in GANSYNTH_MPI.',
  );
}

function describe(koffi: Koffi, koffiFile: string, file: string): MpiLibrary {
  const library = koffi.load(file);
  const binder =
    (handleType: MpiAddress['handleType']): MpiLibrary['bind'] =>
    (name, parameters) =>
      library.func(
        name,
        'int',
        parameters.map((type) => (type === 'handle' ? handleType : type)),
      );
  let world: unknown;
  try {
    world = library.symbol('ompi_mpi_comm_world');
  } catch {
    // Integers, fixed by the MPICH ABI (mpich.org/abi), and a status that is the pointer 1.
    const bind = binder('int');
    return { address: { koffi: koffiFile, file, handleType: 'int' }, world: 0x44000000, byte: 0x4c00010d, noStatus: 1n, bind };
  }
  // Open MPI: addresses of globals.
  const byte = library.symbol('ompi_mpi_byte');
  return {
    address: { koffi: koffiFile, file, handleType: 'void *' },
    world,
    byte,
    noStatus: null,
    bind: binder('void *'),
  };
}
