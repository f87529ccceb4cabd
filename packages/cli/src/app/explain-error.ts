import { categoryOf, systemCodeOf } from '@gansynth/common/errors';
import { CliError, InterruptedError } from './errors.js';
import { exitCodeOf, exitCodes, type ExitCode } from './exit-codes.js';

export interface Explanation {
  readonly exitCode: ExitCode;
  readonly message: string;
  /** Class of the error, for scripts. */
  readonly kind: string;
  /** Only for what nobody foresaw. */
  readonly stack?: string;
}

const systemCures: Readonly<Record<string, { readonly found: string; readonly cure: string; readonly exitCode: ExitCode }>> = {
  ENOSPC: {
    found: 'the disk is full',
    cure: 'Nothing already saved is damaged: make room and give the same command again.',
    exitCode: exitCodes.environment,
  },
  EDQUOT: {
    found: 'your disk quota is used up',
    cure: 'Nothing already saved is damaged: make room and give the same command again.',
    exitCode: exitCodes.environment,
  },
  EFBIG: {
    found: 'the system allows no file of that size',
    cure: 'Nothing already saved is damaged: raise the limit (ulimit -f) or name a folder on another disk, and give the same command again.',
    exitCode: exitCodes.environment,
  },
  EROFS: {
    found: 'the file system is read-only',
    cure: 'Name a folder that can be written to.',
    exitCode: exitCodes.environment,
  },
  EACCES: {
    found: 'permission denied',
    cure: "Change the folder's permissions or name another.",
    exitCode: exitCodes.environment,
  },
  EPERM: { found: 'not permitted', cure: "Change the folder's permissions or name another.", exitCode: exitCodes.environment },
  EMFILE: { found: 'too many open files', cure: 'Raise the limit: ulimit -n 4096.', exitCode: exitCodes.environment },
  EIO: {
    found: 'the disk reports an input/output error',
    cure: 'Check the disk or the network mount.',
    exitCode: exitCodes.environment,
  },
  ENOENT: { found: 'no such file or folder', cure: 'Check the spelling, or make it first.', exitCode: exitCodes.input },
  EEXIST: { found: 'a file where a folder was expected', cure: 'Name a folder.', exitCode: exitCodes.input },
  ENOTEMPTY: { found: 'a folder that is not empty', cure: 'Name a new one, or move it away.', exitCode: exitCodes.input },
  ENAMETOOLONG: { found: 'a name that is too long', cure: 'Choose a shorter one.', exitCode: exitCodes.input },
  ELOOP: { found: 'a link that leads to itself', cure: 'Name the folder it was meant for.', exitCode: exitCodes.input },
  ENOTDIR: { found: 'a file where a folder was expected', cure: 'Name a folder.', exitCode: exitCodes.input },
  EISDIR: { found: 'a folder where a file was expected', cure: 'Name a file.', exitCode: exitCodes.input },
};

const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  systemCodeOf(error) !== undefined && typeof error === 'object' && error !== null && 'syscall' in error;

/** What to tell the user about an error, and which exit status it means. */
export function explainError(thrown: unknown): Explanation {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const { stack } = error;
  const explained = (exitCode: ExitCode, message = error.message): Explanation => ({ exitCode, message, kind: error.name });
  if (CliError.isInstance(error)) return explained(exitCodeOf[error.category]);
  if (error.name === 'AbortError') return explained(exitCodes.interrupted, new InterruptedError('Stopped.').message);
  const system = [error, error.cause].find(isSystemError);
  const cure = system && systemCures[system.code!];
  if (system && cure) {
    const where = system.path ?? (system as { dest?: string }).dest;
    return explained(
      cure.exitCode,
      `${where ? `${where}: ` : ''}${cure.found} (${system.code}, ${system.syscall}). ${cure.cure}`,
    );
  }
  const category = categoryOf(error);
  if (category !== undefined) return explained(exitCodeOf[category]);
  return { ...explained(exitCodes.unexpected), ...(stack === undefined ? {} : { stack }) };
}
