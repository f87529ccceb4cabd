import { readFileSync } from 'node:fs';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { describe, expect, it } from 'vitest';
import { pack, packages } from './workspace.js';

describe.each(packages.filter(({ manifest }) => !manifest.private))(
  'packed $manifest.name',
  ({ folder, directory, manifest }) => {
    it('passes publint, strict', async () => {
      pack(folder);
      const { messages, pkg } = await publint({ pkgDir: directory, strict: true, pack: 'npm' });
      expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
    });

    it('has types that resolve as what they are, ES modules', async () => {
      if (manifest.exports === undefined) return;
      const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(readFileSync(pack(folder)))));
      if (analysis.types === false) throw new Error('no types in the tarball');
      // ESM only, by decision: what a CommonJS importer or the resolver of Node 10 would see is no concern.
      const problems = analysis.problems.filter(
        (problem) =>
          !('resolutionKind' in problem && (problem.resolutionKind === 'node10' || problem.resolutionKind === 'node16-cjs')),
      );
      expect(problems).toEqual([]);
    });
  },
);
