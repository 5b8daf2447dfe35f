/** Whether a word is another with a slip of the finger: one letter wrong, missing, too many, or two swapped. */
export function isNear(typed: string, known: string): boolean {
  if (Math.abs(typed.length - known.length) > 1) return false;
  let start = 0;
  while (start < typed.length && typed[start] === known[start]) start++;
  const rests = [
    [typed.slice(start + 1), known.slice(start + 1)],
    [typed.slice(start), known.slice(start + 1)],
    [typed.slice(start + 1), known.slice(start)],
    [`${typed[start + 1]}${typed[start]}${typed.slice(start + 2)}`, known.slice(start)],
  ];
  return rests.some(([left, right]) => left === right);
}
