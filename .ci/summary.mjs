// Adds up the steps of .ci/run: name, exit status, seconds, least number of passed tests ("-": no test run), JSON report of the test runner.
// Names what failed. Last line: "N passed, N failed". Exits 1 unless everything passed.
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

const steps = readFileSync(process.argv[2], 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split('\t'));

/** Counts of one run, and what failed; a file that failed before its tests began counts as one. */
function countsOf(report) {
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const named = (status) => tests.filter((test) => test.status === status);
  const died = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  const ran = named('passed').length + named('failed').length;
  return {
    passed: named('passed').length,
    failed: named('failed').length + died.length,
    skipped: tests.length - ran,
    failures: [
      ...died.map(({ name, message }) => `${relative('.', name)}: ${firstLine(message)}`),
      ...named('failed').map(({ fullName, failureMessages }) => `${fullName}: ${firstLine(failureMessages[0])}`),
    ],
    foreign: tests.filter(({ status, fullName }) => !['passed', 'failed'].includes(status) && !/genuine NSynth/.test(fullName)),
  };
}

/** The beginning of a message, in one line of a log. */
const firstLine = (message = '') => message.split('\n', 1)[0].slice(0, 240);

let [passed, failed] = [0, 0];
for (const [name, status, seconds, minimum, report] of steps) {
  const problems = [];
  const isTestRun = minimum !== '-';
  const counts =
    isTestRun && existsSync(report) ? countsOf(report) : { passed: 0, failed: 0, skipped: 0, failures: [], foreign: [] };
  if (isTestRun && !existsSync(report)) problems.push('no report of its tests');
  else if (isTestRun && counts.passed < Number(minimum))
    problems.push(`${counts.passed} tests passed, expected at least ${minimum}`);
  // Only the plain clone runs everything it has; the others choose by name.
  if (name === 'plain clone')
    for (const { fullName } of counts.foreign) problems.push(`skipped, though it does not need genuine NSynth: ${fullName}`);
  if (status !== '0' && counts.failed === 0) problems.push(`ended with status ${status}`);
  passed += counts.passed;
  failed += counts.failed + problems.length;
  const minutes = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  console.log(
    `${name}: ${isTestRun ? `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped` : `status ${status}`} (${minutes})`,
  );
  for (const problem of [...counts.failures, ...problems]) console.log(`  ${problem}`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
