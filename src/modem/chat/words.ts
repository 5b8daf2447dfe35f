/** A chat script's text cut into words, by the rules of chat(8)'s own reader. */
import { ModemctlError } from '../../core/errors.ts';

export interface ScriptWord {
  /** Without its quotation marks; escapes still stand in it. */
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

/** No login takes this many characters; a file that has them is none. */
const MAX_SCRIPT = 65_536;

/**
 * Blanks part words; a quotation mark begins a word only at its start, and ends it; a backslash takes the next character along; a line that starts with # is a comment. Unlike chat, the carriage return of a file
 * from Windows is no part of the last word.
 * @throws ModemctlError CONFIG_INVALID with the line
 */
export function readWords(script: string): ScriptWord[] {
  if (script.length > MAX_SCRIPT) {
    throw new ModemctlError('CONFIG_INVALID', `the chat script is longer than ${MAX_SCRIPT} characters`);
  }
  const words: ScriptWord[] = [];
  for (const [index, text] of script.split('\n').entries()) {
    if (text.startsWith('#')) continue;
    words.push(...readLine(text.replace(/\r$/, ''), index + 1));
  }
  return words;
}

function readLine(text: string, line: number): ScriptWord[] {
  const words: ScriptWord[] = [];
  for (let at = 0; at < text.length; ) {
    const mark = text[at]!;
    if (mark === ' ' || mark === '\t') at++;
    else if (mark === '"' || mark === "'") {
      const end = closing(text, at + 1, mark);
      if (end === null) {
        throw new ModemctlError('CONFIG_INVALID', `line ${line} of the chat script: a quotation mark is not closed`);
      }
      words.push({ text: text.slice(at + 1, end), line });
      at = end + 1;
    } else {
      const [word] = /^[^ \t]+/.exec(text.slice(at)) ?? [''];
      words.push({ text: word, line });
      at += word.length;
    }
  }
  return words;
}

function closing(text: string, from: number, mark: string): number | null {
  for (let at = from; at < text.length; at++) {
    if (text[at] === mark) return at;
    if (text[at] === '\\') at++;
  }
  return null;
}
