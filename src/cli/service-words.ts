/** A command line as a service is to have it: the options that were typed, with paths that hold wherever it is started. */
import { isAbsolute, resolve } from 'node:path';
import { isModemctlError } from '../core/errors.ts';
import { findProgram } from '../core/find-program.ts';
import { shellWord } from '../core/shell-word.ts';
import type { OptionSpec, TypedOption } from './command.ts';

export interface Surroundings {
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
}

/** systemd.exec(5), "Environment variables in spawned processes". */
const SERVICE_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** What an option's value is, by how its help calls it. */
function kindOf({ flags }: OptionSpec): 'file' | 'command' | 'other' {
  const name = /<([^>]+)>/.exec(flags)?.[1];
  if (name === 'file' || name === 'path') return 'file';
  return name === 'command' || name === 'hook' ? 'command' : 'other';
}

/** The options as words, in the order in which they were typed. */
export function serviceWords(typed: readonly TypedOption[], surroundings: Surroundings): string[] {
  return typed.flatMap(({ spec, value }) => {
    const long = longFlag(spec);
    if (value === null) return [long];
    const kind = kindOf(spec);
    const text =
      kind === 'file'
        ? resolve(surroundings.folder, value)
        : kind === 'command'
          ? absoluteCommand(value, surroundings)
          : value;
    // A value that looks like an option must not be taken for one.
    return text.startsWith('-') ? [`${long}=${text}`] : [long, text];
  });
}

/** The files that it writes. */
export function writtenFiles(typed: readonly TypedOption[], { folder }: Surroundings): string[] {
  return typed.flatMap(({ spec, value }) => {
    const isRead = longFlag(spec) === '--config';
    return value === null || isRead || kindOf(spec) !== 'file' ? [] : [resolve(folder, value)];
  });
}

/** `--exec`, also of `-e, --exec <hook>`. */
export function longFlag({ flags }: OptionSpec): string {
  return /--[a-z-]+/.exec(flags)?.[0] ?? flags;
}

/**
 * A line for the shell, or a file, whose first word is a program: where that is a relative path, or only the caller's PATH leads to it, it becomes a full path. Anything else (a keyword, a variable) is the shell's.
 */
function absoluteCommand(line: string, { folder, env }: Surroundings): string {
  const [, program = '', rest = ''] = /^([\w./+-]+)(.*)$/s.exec(line) ?? [];
  if (program === '' || isAbsolute(program) || (rest !== '' && !/^[\s;|&<>]/.test(rest))) return line;
  if (program.includes('/')) {
    const path = resolve(folder, program);
    return isProgram(path) ? shellWord(path) + rest : line;
  }
  if (find(program, SERVICE_PATH) !== null) return line;
  const found = find(program, env.PATH ?? '');
  return found === null ? line : shellWord(resolve(folder, found)) + rest;
}

function isProgram(path: string): boolean {
  return find(path, '') !== null;
}

function find(name: string, path: string): string | null {
  try {
    return findProgram(name, { PATH: path });
  } catch (error) {
    if (isModemctlError(error)) return null;
    throw error;
  }
}
