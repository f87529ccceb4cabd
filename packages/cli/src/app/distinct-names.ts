/**
 * Names that are all different, whatever the case of their letters, as files of one folder need them: what several have is numbered from the
 * second on, past every number that another name has already ("a", "a-2", "a-3").
 */
export function distinctNames(names: readonly string[]): string[] {
  const given = new Set(names.map((name) => name.toLowerCase()));
  const taken = new Set<string>();
  const numbers = new Map<string, number>();
  return names.map((name) => {
    const same = name.toLowerCase();
    let number = numbers.get(same) ?? 1;
    let distinct = name;
    while (taken.has(distinct.toLowerCase()) || (number > 1 && given.has(distinct.toLowerCase())))
      distinct = `${name}-${++number}`;
    numbers.set(same, number);
    taken.add(distinct.toLowerCase());
    return distinct;
  });
}
