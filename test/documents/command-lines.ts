/** Finds where `modemctl` is called in what a shell would read, without running any of it. */

/** What may stand before a command: its environment, and programs or words of the shell that run what follows. */
const BEFORE = /^([A-Za-z_]\w*=.*|sudo|exec|!|if|while|until|then|else|do|\{|(\/usr\/bin\/)?env|nice|time|setsid)$/s;

/** What `$(...)` comes to is not known here. */
const SUBSTITUTED = 'SUBSTITUTED';

/** The arguments of each `modemctl` in a piece of shell, those in quotes for another shell (`connect '...'`) included. */
export function callsIn(shell: string): string[][] {
  return commandsIn(shell).flatMap((words) => {
    const nested = words.filter((word) => /\bmodemctl [a-z-]/.test(word)).flatMap(callsIn);
    const [name, ...args] = words.slice(
      Math.max(
        0,
        words.findIndex((word) => !BEFORE.test(word)),
      ),
    );
    return name === 'modemctl' ? [args, ...nested] : nested;
  });
}

/** The simple commands, as words with their quotes taken off. Redirections are left out. */
function commandsIn(shell: string): string[][] {
  const commands: string[][] = [];
  let words: string[] = [];
  let word: string | null = null;
  let isRedirected = false;
  const endWord = () => {
    if (word !== null && !isRedirected) words.push(word);
    if (word !== null) isRedirected = false;
    word = null;
  };
  const endCommand = () => {
    endWord();
    if (words.length > 0) commands.push(words);
    words = [];
  };
  for (let at = 0; at < shell.length; at++) {
    const character = shell[at]!;
    if (character === '\\') {
      at++;
      if (shell[at] !== '\n') word = (word ?? '') + (shell[at] ?? '');
    } else if (character === "'") {
      const end = endOf(shell, "'", at + 1);
      word = (word ?? '') + shell.slice(at + 1, end);
      at = end;
    } else if (character === '"') {
      const end = endOfDoubleQuotes(shell, at + 1);
      const { text, substitutions } = withoutSubstitutions(shell.slice(at + 1, end));
      commands.push(...substitutions.flatMap(commandsIn));
      word = (word ?? '') + text.replaceAll(/\\(["$\\`])/g, '$1');
      at = end;
    } else if (character === '#' && word === null) {
      at = endOf(shell, '\n', at) - 1;
    } else if (character === '$' && shell[at + 1] === '(') {
      const end = endOfParentheses(shell, at + 2);
      commands.push(...commandsIn(shell.slice(at + 2, end)));
      word = (word ?? '') + SUBSTITUTED;
      at = end;
    } else if (';|&()`\n'.includes(character)) {
      endCommand();
    } else if (character === '<' || character === '>') {
      // The digit before it is a descriptor's.
      if (word !== null && /^\d$/.test(word)) word = null;
      endWord();
      while ('<>&-'.includes(shell[at + 1] ?? ' ')) at++;
      isRedirected = true;
    } else if (/\s/.test(character)) {
      endWord();
    } else {
      word = (word ?? '') + character;
    }
  }
  endCommand();
  return commands;
}

function endOf(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at < 0 ? text.length : at;
}

function endOfDoubleQuotes(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '"') return at;
    if (text[at] === '\\') at++;
    else if (text.startsWith('$(', at)) at = endOfParentheses(text, at + 2);
  }
  return text.length;
}

function endOfParentheses(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at++) {
    if (text[at] === '(') depth++;
    else if (text[at] === ')' && --depth === 0) return at;
  }
  return text.length;
}

function withoutSubstitutions(quoted: string): { readonly text: string; readonly substitutions: readonly string[] } {
  const at = quoted.indexOf('$(');
  if (at < 0) return { text: quoted, substitutions: [] };
  const end = endOfParentheses(quoted, at + 2);
  const rest = withoutSubstitutions(quoted.slice(end + 1));
  return {
    text: quoted.slice(0, at) + SUBSTITUTED + rest.text,
    substitutions: [quoted.slice(at + 2, end), ...rest.substitutions],
  };
}
