import { escapeXml } from '@gansynth/figures';
import type { ListeningModelScore } from '@gansynth/metrics';
import { duration } from '../app/progress.js';
import type { ScoredListening } from '../listening/score-answers.js';
import { comparisonRows, differenceLine, listenerLines, winsRows } from '../listening/score-text.js';
import { describeAccuracy } from '../pipeline/classifier.js';
import { paperComparisons } from '../reports/paper-scores.js';
import { htmlTable } from '../reports/html.js';
import { page, type Section } from '../reports/page.js';
import { noteFigures } from '../reports/run-report.js';
import { computedBy } from '../runs/environment.js';
import type { PageFigure } from './figures.js';
import type { Folders } from './folders.js';
import { byRow, type Ledger } from './ledger.js';
import type { RowResult } from './row-result.js';
import { autoencoder, realData, rowNamed, rows, type Row } from './rows.js';
import { columns, type Column } from '../reports/score-columns.js';
import { agreementOf, agreementOfWins, cellOf, winsInterval, type Cell } from './summary.js';

type Results = ReadonlyMap<string, readonly RowResult[]>;

/** The page of a comparison, from its ledger, its figures and the sounds beside it: one file that needs nothing but itself. */
export function paperPage(ledger: Ledger, figures: readonly PageFigure[], at: Folders): string {
  const { scale, caption, notes, classifier, results, environment, listening, autoencoder: coder } = ledger;
  const found = byRow(results);
  const scored = results[0]?.conditions.notesScored ?? notes.evaluation;
  const some = scored < notes.evaluation ? `, of which ${scored} were chosen` : '';
  const lead = [
    `<p>${escapeXml(caption)}</p>`,
    `<p>${notes.notes} notes of ${escapeXml(notes.source)}, ${notes.seconds} s each, MIDI ${notes.pitches.join(' to ')}: ` +
      `${notes.training} to learn from, ${notes.evaluation} to compare with${some}. Scores are those of ${scored} notes of each row. ` +
      `One pitch classifier scored every row (${escapeXml(describeAccuracy(classifier))}, ${classifier.hash.slice(0, 8)}). ` +
      `gansynth ${escapeXml(environment.gansynth)} (code ${escapeXml(environment.code ?? 'unknown')}), ${escapeXml(environment.backend)}.</p>`,
  ].join('');
  const sections: Section[] = [
    { title: 'Scores', body: scoreTable(found, classifier.notHeldOut, listening?.score.models) },
    { title: 'The listening test', body: listened(listening) },
    { title: "The paper's scores", body: publishedTable() },
    {
      title: 'Figures',
      body: figures.map(({ svg, caption }) => `<h3>${escapeXml(caption)}</h3><div class="wide">${svg}</div>`).join(''),
    },
    { title: 'Sounds', body: sounds(found, at) },
    {
      title: 'What it took',
      body: costs([...results, ...(coder ? [{ ...autoencoder, training: coder, secondsPerNote: null }] : [])]),
    },
    { title: 'What is not here', body: missing(ledger) },
    { title: 'How these recipes were found', body: attempts(ledger) },
  ];
  return page(`GANSynth's comparison made anew: ${scale}`, lead, sections);
}

const shown = ({ score, interval, bias }: Cell, { show }: Column): string =>
  `${show(score)}${bias === null ? '' : ` (${show(bias)})`}${interval ? `\n[${show(interval[0])}, ${show(interval[1])}]` : ''}`;

const speed = { heading: 'images/s', title: 'images, or clips, that its training learned from in a second' };

/** Of all trainings of a row together; nothing for real data. */
function speedOf(own: readonly RowResult[]): string {
  const trainings = own.flatMap(({ training }) => training ?? []);
  const total = (of: 'done' | 'seconds'): number => trainings.reduce((sum, training) => sum + training[of], 0);
  return trainings.length === 0 ? '' : (total('done') / total('seconds')).toPrecision(3);
}

/** Wins of a row in a listening test whose models are named by rows or by what the paper calls them. */
function winsOf(models: readonly ListeningModelScore[], id: string): string {
  const found = models.find(({ model }) => rowNamed(model)?.id === id);
  if (found === undefined) return '';
  const interval = winsInterval(found);
  return `${found.wins} of ${found.comparisons}${interval ? `\n[${interval.map((end) => Math.round(end * found.comparisons)).join(', ')}]` : ''}`;
}

/** All that was found out by listening, beside the wins in the table of scores. */
function listened(listening: ScoredListening | null): string {
  if (listening === null) return '';
  const lines = [differenceLine(listening), ...listenerLines(listening)];
  return (
    htmlTable(winsRows(listening)) +
    htmlTable(comparisonRows(listening)) +
    lines.map((line) => `<p>${escapeXml(line)}</p>`).join('')
  );
}

function scoreTable(found: Results, notHeldOut: boolean, listening: readonly ListeningModelScore[] | undefined): string {
  const row = ({ id, title, paper }: Row): string[][] => {
    const own = found.get(id);
    const wins = listening ? [winsOf(listening, id)] : [];
    return own
      ? [
          [
            paper ? title : `${title}\n(not in the paper)`,
            ...wins,
            ...columns.map((column) => shown(cellOf(own, column), column)),
            speedOf(own),
          ],
        ]
      : [];
  };
  const body = [
    ...row(realData),
    ...rows.filter(({ paper }) => paper).flatMap(row),
    agreement(found, listening),
    ...rows.filter(({ paper }) => !paper).flatMap(row),
  ].filter((cells) => cells.length > 0);
  const kinds = new Set([...found.values()].map((own) => cellOf(own, columns[0]!).over));
  const overNotes = 'over the choice of notes (bootstrap), which knows nothing of what another training would give';
  const over = kinds.has('seeds')
    ? `Means over trainings that differ in the seed, where a row has several. In square brackets the 95 % interval: there over seeds (Student's t), of rows with one training ${overNotes}`
    : `In square brackets the 95 % interval ${overNotes}`;
  const hasBias = [...found.values()].some((own) => columns.some((column) => cellOf(own, column).bias !== null));
  const biased = hasBias
    ? ' Behind FID in round brackets how much of it comes from so few notes, as it is estimated: the same number of notes of two rows may be compared as they are.'
    : '';
  const ofWins = listening ? " Wins: Wilson's interval of their share." : '';
  const ofReal = found.has(realData.id)
    ? ` Real data are the notes that all others are compared with, here compared with ${notHeldOut ? 'themselves, as nothing was held out' : 'as many of those to learn from'}.`
    : '';
  const legend = [...columns, speed].map(({ heading, title }) => `<b>${escapeXml(heading)}</b> ${escapeXml(title)}`).join('; ');
  const head = ['notes of', ...(listening ? ['wins'] : []), ...[...columns, speed].map(({ heading }) => heading)];
  return `${htmlTable([head, ...body], 'intervals')}<p>${over}.${biased}${ofWins}${ofReal}</p><p>${legend}.</p>`;
}

/** The line below the paper's rows. */
function agreement(found: Results, listening: readonly ListeningModelScore[] | undefined): string[] {
  const all = [...(listening ? [agreementOfWins(listening)] : []), ...columns.map((column) => agreementOf(rows, found, column))];
  if (all.every((one) => one === null)) return [];
  return [
    "Kendall's tau with the paper's order",
    ...all.map((one) => {
      if (one === null || one.tau === null) return '';
      const ends = one.interval ? `\n[${one.interval.map((end) => end.toFixed(2)).join(', ')}]` : '';
      return `${one.tau.toFixed(2)}${ends}`;
    }),
    '',
  ];
}

function publishedTable(): string {
  const published = columns.filter(({ paper }) => paper);
  const line = (title: string, row: NonNullable<(typeof rows)[number]['paper']>): string[] => [
    title,
    row.wins === undefined ? '' : `${row.wins} of ${paperComparisons}`,
    ...published.map(({ paper, show }) => show(paper!(row))),
  ];
  return (
    htmlTable([
      ['notes of', 'wins', ...published.map(({ heading }) => heading)],
      ...[realData, ...rows].flatMap(({ title, paper }) => (paper ? [line(title, paper)] : [])),
    ]) + '<p>Engel et al. 2019, tables 1 and 2: k = 50, another classifier, NSynth. To be compared by their order alone.</p>'
  );
}

const sounds = (found: Results, at: Folders): string =>
  [{ row: realData.id, title: realData.title }, ...[...found.values()].flatMap(([first]) => (first?.training ? [first] : []))]
    .map(({ row, title }) => ({ title, figures: noteFigures(at.samples(row)) }))
    .filter(({ figures }) => figures !== '')
    .map(({ title, figures }) => `<h3>${escapeXml(title)}</h3>${figures}`)
    .join('');

function costs(results: readonly Pick<RowResult, 'title' | 'training' | 'secondsPerNote'>[]): string {
  const lines = results.flatMap(({ title, training, secondsPerNote }) =>
    training
      ? [
          [
            title,
            training.seed,
            `${training.done} ${training.unit}`,
            duration(training.seconds),
            secondsPerNote === null ? '' : (1000 * secondsPerNote).toPrecision(3),
            training.recipe,
            training.recipeHash.slice(0, 8),
          ],
        ]
      : [],
  );
  const by = computedBy(results.flatMap(({ training }) => training?.sessions ?? []));
  return lines.length === 0
    ? ''
    : htmlTable([['row', 'seed', 'learned from', 'time', 'ms a note', 'recipe', 'hash'], ...lines]) +
        (by === '' ? '' : `<p>Trained with ${escapeXml(by)}. The ledger has the sessions of each row.</p>`);
}

function missing({ failed, notRun, results, listening }: Ledger): string {
  const reasons = [
    ...(results.some(({ row }) => row === realData.id)
      ? []
      : ['real data: there are fewer notes to learn from than to compare with']),
    ...[...failed, ...notRun].map(({ row, seed, why }) => `${row}, seed ${seed}: ${why}`),
    ...(listening === null ? ['wins: no listening test was held (gansynth listen make; its scores: reproduce --listening)'] : []),
  ];
  const lines = reasons.map((reason) => `<li>${escapeXml(reason)}</li>`);
  return lines.length === 0 ? '' : `<ul>${lines.join('')}</ul>`;
}

function attempts({ tried }: Ledger): string {
  const lines = tried.map(({ row, setting, notes, after, within50Cents, of, by }) => [
    row,
    setting,
    notes,
    after,
    within50Cents === null ? '' : `${Math.round(100 * within50Cents)} % of ${of}`,
    by,
  ]);
  return lines.length === 0
    ? ''
    : htmlTable([['row', 'setting', 'notes', 'after', 'within 50 cents', 'heard by'], ...lines], 'words') +
        '<p>No other row was tried with settings of its own.</p>';
}
