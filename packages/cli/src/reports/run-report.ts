import { dataUri, escapeXml, lineChart, type Series } from '@gansynth/figures';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Family } from '../families/family.js';
import { familyOf } from '../families/index.js';
import { describeAccuracy } from '../pipeline/classifier.js';
import { isDataSummary } from '../pipeline/open-notes.js';
import { areSessions, computedBy } from '../runs/environment.js';
import { readRunLog, type LogLine } from '../runs/run-log.js';
import type { Run } from '../runs/run.js';
import { sampleFolders } from '../runs/samples.js';
import { htmlTable } from './html.js';
import { page, type Section } from './page.js';
import { createParts, isEvaluation, type Parts } from './parts.js';
import { paperScores } from './paper-scores.js';
import { paperRows, scoreHeadings, scoreRows } from './score-table.js';

/** Notes under a folder of a run: players with their rainbowgrams. */
export function noteFigures(folder: string, most: number = Number.POSITIVE_INFINITY): string {
  if (!existsSync(folder)) return '';
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.wav'))
    .sort()
    .slice(0, most);
  const figures = names.map((name) => {
    const picture = join(folder, name.replace(/\.wav$/, '.png'));
    const image = existsSync(picture)
      ? `<img alt="rainbowgram of ${escapeXml(name)}" src="${dataUri(readFileSync(picture), 'image/png')}">`
      : '';
    const sound = `<audio controls preload="none" src="${dataUri(readFileSync(join(folder, name)), 'audio/wav')}"></audio>`;
    return `<figure>${image}${sound}<figcaption>${escapeXml(name.replace(/\.wav$/, ''))}</figcaption></figure>`;
  });
  return figures.length === 0 ? '' : `<div class="notes">${figures.join('')}</div>`;
}

type StepLine = LogLine & { readonly losses: Readonly<Record<string, number>> };

const isStep = (line: LogLine): line is StepLine =>
  line.type === 'step' && typeof line['losses'] === 'object' && line['losses'] !== null;

const numberOr = (fallback: number, ...values: readonly unknown[]): number =>
  values.find((value) => typeof value === 'number') ?? fallback;

function curves(log: readonly LogLine[], { losses, length: { unit } }: Family): string {
  const steps = log.filter(isStep);
  const marks = log
    // A resumed session announces its stage again.
    .filter(
      ({ type, stage }, i) => type === 'stage' && log.findIndex((line) => line.type === 'stage' && line['stage'] === stage) === i,
    )
    .map(({ done, stage, size }) => ({
      x: done,
      label: `stage ${String(stage)}${size === undefined ? '' : `, ${[size].flat().join(' x ')}`}`,
    }));
  const of = (name: string, value: (line: StepLine) => number): Series => ({
    name,
    points: steps.map((line) => [line.done, value(line)] as const),
  });
  const charts = [
    ...losses.charts.map(({ title, losses: shown }) =>
      lineChart(
        shown.map(([loss, label]) => of(label, (line) => numberOr(Number.NaN, line.losses[loss]))),
        { title, x: unit, y: title, marks },
      ),
    ),
    lineChart([of(`${unit}/s`, (line) => numberOr(Number.NaN, line['examplesPerSecond'], line['imagesPerSecond']))], {
      title: `${unit} per second`,
      x: unit,
      y: `${unit}/s`,
      marks,
    }),
  ].filter((chart) => chart !== '');
  return charts.length === 0
    ? ''
    : `<p>Over ${unit} seen; dashed lines are new stages.</p><div class="charts">${charts.join('')}</div>`;
}

function scores(run: Run, parts: Parts): string {
  const found = parts.read(run.paths.scores, isEvaluation);
  const own = found === undefined ? [] : scoreRows(found);
  const row = paperScores.find(({ recipe }) => recipe === run.recipe.name);
  const lead =
    found === undefined
      ? 'None of this run yet: gansynth evaluate.'
      : `${found.trained.conditions.generatedCount} notes each against ${found.trained.conditions.referenceCount} real ones; classifier: ${describeAccuracy(found.classifier)}.`;
  const note = row === undefined ? '' : ` The row of this recipe is "${row.model}".`;
  return (
    `<p>${escapeXml(lead)}</p>` +
    htmlTable([[...scoreHeadings], ...own, ...paperRows()]) +
    `<p>The paper's rows were measured with another classifier on other notes: they say what a full training reaches, not what to compare with.${escapeXml(note)}</p>`
  );
}

function stages(run: Run): string {
  const folders = sampleFolders(run).reverse();
  if (folders.length === 0) return '<p>None yet.</p>';
  // Everything of the last, a few notes of those before: the page should still open.
  return folders
    .map((name, i) => `<h3>${escapeXml(name)}</h3>${noteFigures(join(run.paths.samples, name), i === 0 ? 48 : 4)}`)
    .join('');
}

/** Further parts of a page: a title, and a folder of notes or a text. */
export interface Extra {
  readonly title: string;
  readonly folder?: string;
  readonly text?: string;
}

export interface RunReport {
  readonly html: string;
  /** Parts that are damaged, and why. */
  readonly leftOut: readonly string[];
}

/** Everything about a run as one HTML page that opens from disk: curves, scores, sounds and pictures are in it. */
export function runReport(run: Run, extras: readonly Extra[] = []): RunReport {
  const parts = createParts();
  const log = readRunLog(join(run.paths.log, 'log.jsonl'));
  const sessions = parts.read(run.paths.environment, areSessions) ?? [];
  const data = parts.read(run.paths.data, isDataSummary);
  const last = log.at(-1);
  const { recipe } = run;
  const family = familyOf(recipe);
  const { unit } = family.length;
  const facts: [string, string][] = [
    ['recipe', recipe.name],
    [`${unit} seen`, `${last?.done ?? 0} of ${family.total(recipe)}`],
    ['sessions', `${sessions.length}${sessions.length > 0 ? `, the last ${sessions.at(-1)?.began}` : ''}`],
    ['computed by', computedBy(sessions) || 'unknown'],
    [
      'notes',
      data === undefined
        ? 'unknown'
        : `${data.training} to train on, ${data.evaluation} to evaluate, pitches ${data.pitches.join(' to ')}`,
    ],
  ];
  const lead = `<p>${escapeXml(recipe.description ?? '')}</p>${htmlTable([[], ...facts], 'facts')}`;
  const sections: Section[] = [
    ...extras.map(({ title, folder, text }) => ({
      title,
      body: `${text === undefined ? '' : `<p>${escapeXml(text)}</p>`}${folder === undefined ? '' : noteFigures(folder, 48)}`,
    })),
    { title: 'Scores', body: parts.render('scores', () => scores(run, parts)) },
    { title: 'Training', body: parts.render('curves', () => curves(log, family)) },
    { title: 'Notes on the way', body: parts.render('notes', () => stages(run)) },
    {
      title: 'Recipe',
      body: `<details><summary>every field</summary><pre>${escapeXml(JSON.stringify(recipe, null, 2))}</pre></details>`,
    },
  ];
  return { html: page(run.id, lead, sections), leftOut: parts.leftOut };
}
