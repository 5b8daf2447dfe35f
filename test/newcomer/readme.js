// What the README tells a reader to type: the lines of its blocks marked `sh`.

/** A line that the shell reads on from. */
const GOES_ON = /(\\|\||&&)$/;

/**
 * @param {string} text the README
 * @returns {{ heading: string, lines: string[] }[]} its blocks, each with the heading that it stands under
 */
export function blocksToRun(text) {
  const blocks = [];
  let heading = '';
  let block = null;
  for (const line of text.split('\n')) {
    if (block && line.startsWith('```')) {
      blocks.push(block);
      block = null;
    } else if (block) {
      if (GOES_ON.test(block.lines.at(-1) ?? '')) block.lines.push(`${block.lines.pop()}\n${line}`);
      else if (line.trim() !== '' && !line.startsWith('#')) block.lines.push(line);
    } else if (line === '```sh') {
      block = { heading, lines: [] };
    } else if (/^#+ /.test(line)) {
      heading = line.replace(/^#+ /, '');
    }
  }
  return blocks;
}
