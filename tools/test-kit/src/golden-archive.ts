import { unzipSync } from 'fflate';

/** Reads one file of the golden numbers by its path: subject, then the path inside the subject's archive. */
export type GoldenReader = (path: string) => Uint8Array;

/** `networks/prog4/stage03/z.npy` as the archive `networks` and its entry `prog4/stage03/z.npy`. */
export function splitGoldenPath(path: string): { subject: string; entry: string } {
  const cut = path.indexOf('/');
  if (cut < 1) throw new Error(`test-kit: expected <subject>/<file> of the golden numbers, found ${path}`);
  return { subject: path.slice(0, cut), entry: path.slice(cut + 1) };
}

/** The files of an archive by name. */
export function openGoldenArchive(bytes: Uint8Array, subject: string): (entry: string) => Uint8Array {
  const files = new Map(Object.entries(unzipSync(bytes)));
  return (entry) => {
    const file = files.get(entry);
    if (file) return file;
    const beside = [...files.keys()].filter((name) => name.startsWith(entry.slice(0, entry.lastIndexOf('/') + 1)));
    throw new Error(
      `test-kit: expected ${entry} in golden/${subject}.zip, found ${beside.slice(0, 8).join(', ') || 'nothing'} there`,
    );
  };
}
