/** " Did you mean …?" for a name that is at most two letters off. */
export function suggestion(word: string, known: readonly string[]): string {
  const plain = word.replace(/^-+/, '');
  const near = known
    .filter((name) => distance(plain, name) <= 2)
    .sort((a, b) => distance(plain, a) - distance(plain, b))[0];
  return near ? ` Did you mean '${word.startsWith('--') ? '--' : ''}${near}'?` : '';
}

function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      current[j] = Math.min(previous[j]! + 1, current[j - 1]! + 1, change);
    }
    previous = current;
  }
  return previous[b.length]!;
}
