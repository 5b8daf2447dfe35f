/** Prints what was measured: one heading and one table for each part of the bench. */

/** @param rows lists of cells; the first row is the heading, the first column is text, the others are numbers */
export function printTable(title, rows) {
  const columns = rows[0].map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(columns[column]) : cell.padStart(columns[column])))
      .join('  ')
      .trimEnd(),
  );
  console.log(`\n${title}\n${lines.map((line) => `  ${line}`).join('\n')}`);
}

/** `1.23 (1.20-1.31)`: the median and the quartiles. */
export function showRatio({ ratio, low, high }) {
  return `${ratio.toFixed(2)} (${low.toFixed(2)}-${high.toFixed(2)})`;
}

/** `1.25 within`, or `over`. Nothing fails by it: the machines that run this are shared. */
export function showBudget(ratio, budget) {
  return `${budget.toFixed(2)} ${ratio <= budget ? 'within' : 'over'}`;
}
