// What several pages need of Markdown.

/** Says who made a page, and how to change it. */
export const generatedFrom = (source) => `<!-- generated from ${source} by \`npm run docs\` -->`;

/**
 * @param {string[]} heads
 * @param {string[][]} rows
 * @returns {string[]}
 */
export function table(heads, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(heads), `|${'---|'.repeat(heads.length)}`, ...rows.map(line)];
}

/** Text as it is, what the field writes in capitals and dashes included; a `<` would begin a tag. */
export const plain = (text) => text.replaceAll('<', '&lt;').replaceAll('*', '\\*');

export const code = (text) => `\`${text}\``;

/** Paragraphs, tables and headings with an empty line between them. */
export const page = (blocks) =>
  `${blocks.map((block) => (Array.isArray(block) ? block.join('\n') : block)).join('\n\n')}\n`;
