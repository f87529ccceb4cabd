/**
 * The sum ((1 + 2) + (3 + 4)) + ...: that of all but the last values that make a power of two, and of the others likewise. Equal shares of a
 * power of two each, added up like this, then their sums like this, give the same sum bit for bit.
 *
 * @param values at least one
 */
export function addInPairs<Value>(values: readonly Value[], add: (one: Value, other: Value) => Value): Value {
  if (values.length === 1) return values[0]!;
  const half = 2 ** (Math.ceil(Math.log2(values.length)) - 1);
  return add(addInPairs(values.slice(0, half), add), addInPairs(values.slice(half), add));
}

const addNumbers = (one: number, other: number): number => one + other;

/** Loss terms by name, each added up by {@link addInPairs}. All have the same names. */
export const addLosses = (losses: readonly Readonly<Record<string, number>>[]): Record<string, number> =>
  Object.fromEntries(
    Object.keys(losses[0] ?? {}).map((term) => [
      term,
      addInPairs(
        losses.map((one) => one[term] ?? Number.NaN),
        addNumbers,
      ),
    ]),
  );
