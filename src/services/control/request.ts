/** What may be asked over a control socket, checked: whoever can connect may send anything. */
import { type AtCommand, parseAtCommand } from '../../at/command-line.ts';
import { ModemctlError } from '../../core/errors.ts';
import { printable } from '../../core/text.ts';
import { STEPS, type Step } from '../../modem/recover.ts';
import type { SocketRequest } from '../../native/line-server.ts';

export type ControlRequest =
  | { readonly do: 'status' | 'info' | 'hangup' }
  | { readonly do: 'at'; readonly commands: readonly AtCommand[]; readonly limitMs: number | undefined }
  | { readonly do: 'reset'; readonly method: Step | undefined }
  /** `by` is what others are told of who has it. */
  | { readonly do: 'borrow'; readonly by: string };

const KINDS = ['status', 'at', 'info', 'hangup', 'reset', 'borrow'] as const;
/** Power takes other devices along: that is the keeper's to allow, not for everybody who may use modems. */
const METHODS = STEPS.filter((step) => step !== 'power');
const MAX_COMMANDS = 100;
const MAX_LIMIT_S = 300;
const MAX_NAME = 80;

/** @throws ModemctlError USAGE */
export function parseRequest(request: SocketRequest): ControlRequest {
  const kind = KINDS.find((name) => name === request.do);
  switch (kind) {
    case 'at':
      return { do: kind, commands: commandsOf(request.commands), limitMs: limitOf(request.timeout) };
    case 'reset':
      return { do: kind, method: methodOf(request.method) };
    case 'borrow':
      return { do: kind, by: nameOf(request.by) };
    case undefined:
      if (request.do === 'dial') {
        throw usage('a call is made by who has the modem', '{"do":"borrow"}, then open the tty and dial');
      }
      throw usage('there is no such request', `do: ${KINDS.join(', ')}`);
    default:
      return { do: kind };
  }
}

function commandsOf(value: unknown): AtCommand[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_COMMANDS) {
    throw usage(`commands is a list of 1 to ${MAX_COMMANDS} AT commands`, '{"do":"at","commands":["ATI3"]}');
  }
  return value.map((text: unknown) => {
    if (typeof text !== 'string') throw usage('an AT command is a text', '{"do":"at","commands":["ATI3"]}');
    const command = parseAtCommand(text);
    if (!command.call && !command.mayConnect) return command;
    throw usage(`${command.line} would make a call`, '{"do":"borrow"}, then open the tty and dial');
  });
}

function limitOf(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && value > 0 && value <= MAX_LIMIT_S) return value * 1000;
  throw usage(`timeout is a number of seconds, at most ${MAX_LIMIT_S}`);
}

function methodOf(value: unknown): Step | undefined {
  if (value === undefined || value === null) return undefined;
  const step = METHODS.find((name) => name === value);
  if (step) return step;
  throw usage(`method is one of ${METHODS.join(', ')}`);
}

/** For the eyes only. */
function nameOf(value: unknown): string {
  return typeof value === 'string' && value !== '' ? printable(value.slice(0, MAX_NAME)) : 'another program';
}

function usage(message: string, hint?: string): ModemctlError {
  return new ModemctlError('USAGE', message, { hint });
}
