import { basename } from 'node:path';
import { UsageError } from '../app/errors.js';

/** What something is wanted of: `name=where`, or `where` alone. */
export interface SourceName {
  readonly name: string;
  /** A model, as `--model` takes it, a collection of notes, or a file. */
  readonly where: string;
}

const lastPart = (where: string): string => basename(where.replace(/\/+$/, ''));

/**
 * "real=notes" -> name and place.
 *
 * @param nameOf what a place is called that comes without a name
 * @throws UsageError where there is no place
 */
export function sourceName(text: string, nameOf: (where: string) => string = lastPart): SourceName {
  const [, given, where = ''] = /^(?:([^=/\\:]+)=)?(.*)$/.exec(text.trim()) ?? [];
  if (where === '') throw new UsageError(`expected name=where, or where alone, found "${text}".`, text);
  return { name: given ?? nameOf(where), where };
}

/** @throws UsageError for a name that is there twice */
export function checkNames(sources: readonly SourceName[]): readonly SourceName[] {
  const names = sources.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice === undefined) return sources;
  throw new UsageError(`expected another name for each, found "${twice}" twice. Write name=where.`, twice);
}

/** "if-mel=runs/a,real=notes" -> names and places. @throws UsageError for an empty part, or a name that is there twice */
export const sourceNames = (text: string): readonly SourceName[] => checkNames(text.split(',').map((part) => sourceName(part)));
