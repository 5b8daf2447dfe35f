// What the documentation tells a reader to type: the lines of its blocks. Plain JavaScript, since the newcomer runs it too, in a clean root that has nothing but Node.

/** A line that the shell reads on from. */
const GOES_ON = /(\\|\||&&)$/;
const HEREDOC = /<<-?\s*'?([A-Z]+)'?/;
/** `$`, `#`, or a machine's name before them. */
const PROMPT = /^(?:[a-z0-9]+)?[$#] /;

/**
 * @typedef {object} Block
 * @property {string} heading what it stands under
 * @property {string} language the word behind its fence: `sh` is run, `console` has prompts and output and is not
 * @property {string} text
 * @property {string[]} lines what is to be typed, line by line; what the shell reads on from is one with what follows
 */

/**
 * @param {string} text a page
 * @returns {Block[]}
 */
export function blocksOf(text) {
  const blocks = [];
  let heading = '';
  let block = null;
  for (const line of text.split('\n')) {
    if (block && line === '```') {
      blocks.push({ ...block, text: block.text.join('\n'), lines: typedLines(block.language, block.text) });
      block = null;
    } else if (block) {
      block.text.push(line);
    } else if (line.startsWith('```')) {
      block = { heading, language: line.slice(3), text: [] };
    } else if (/^#+ /.test(line)) {
      heading = line.replace(/^#+ /, '');
    }
  }
  return blocks;
}

/** The blocks that are run, and of them what is to be typed. */
export const blocksToRun = (text) => blocksOf(text).filter(({ language }) => language === 'sh');

function typedLines(language, text) {
  const typed = [];
  /** What ends the line that is read: a word for a heredoc, null for the end of this line. */
  let until = null;
  let isOpen = false;
  for (const line of text) {
    if (isOpen) {
      typed.push(`${typed.pop()}\n${line}`);
    } else if (language === 'console') {
      if (!PROMPT.test(line)) continue;
      typed.push(line.replace(PROMPT, ''));
    } else {
      if (line.trim() === '' || line.startsWith('#')) continue;
      typed.push(line);
    }
    if (until === null) until = HEREDOC.exec(line)?.[1] ?? null;
    else if (line === until) until = null;
    isOpen = until !== null || GOES_ON.test(line);
  }
  return typed;
}

/** What its comment says of a line: `# exit 3`, `# until Ctrl-C`. That of a heredoc stands on its first line. */
export function expectationOf(line) {
  const told = HEREDOC.test(line) ? line.split('\n')[0] : line;
  const comment = /\s#\s(.*)$/.exec(told)?.[1] ?? '';
  return { exit: Number(/\bexit (\d+)/.exec(comment)?.[1] ?? 0), goesOn: comment.includes('until Ctrl-C') };
}
