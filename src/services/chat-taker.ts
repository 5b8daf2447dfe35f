/** Runs an expect/send script in chat(8)'s language on a call, then gives the call to somebody else. */

import { readFile } from 'node:fs/promises';
import { type Clock, sleep } from '../core/clock.ts';
import { ModemctlError } from '../core/errors.ts';
import type { Call } from '../modem/call.ts';
import type { ChatAction, ChatEnd } from '../modem/chat/chat-action.ts';
import { ChatRun } from '../modem/chat/chat-run.ts';
import { chatExitCode, describeChatFailure } from '../modem/chat/failure.ts';
import type { ChatScript } from '../modem/chat/script.ts';
import { type EndedBy, type Taken, type Taker, taken } from './taker.ts';

export interface ChatEvents {
  /** SAY, and REPORT: for the user. */
  say(text: string): void;
  /** ECHO ON: what comes in. */
  echo(text: string): void;
  /** What the script does now. */
  progress(text: string): void;
}

export function chatTaker(script: ChatScript, events: ChatEvents, then: Taker): Taker {
  return async (session, call, signal) => {
    const end = await runChat(script, events, call, session.clock, signal);
    if (signal.aborted) return taken('signal', true);
    return end.kind === 'done' ? then(session, call, signal) : failed(call, end);
  };
}

/** Nothing that the script does not look at is taken from the call. */
async function runChat(
  script: ChatScript,
  events: ChatEvents,
  call: Call,
  clock: Clock,
  signal: AbortSignal,
): Promise<ChatEnd> {
  const run = new ChatRun(script);
  let actions = run.start(clock.now());
  for (;;) {
    for (let at = 0; at < actions.length; at++) {
      const action = actions[at] as ChatAction;
      if (action.kind === 'done' || action.kind === 'failed') return action;
      const more = await act(run, action, events, call, clock, signal);
      actions = [...actions.slice(at + 1), ...more];
      at = -1;
    }
    if (signal.aborted) return { kind: 'failed', failure: { kind: 'hangup' } };
    actions = await next(run, call, clock, signal);
  }
}

async function act(
  run: ChatRun,
  action: ChatAction,
  events: ChatEvents,
  call: Call,
  clock: Clock,
  signal: AbortSignal,
): Promise<ChatAction[]> {
  switch (action.kind) {
    case 'send':
      return (await call.write(action.bytes, signal, { secret: action.secret })) ? [] : run.hungUp(clock.now());
    case 'readFile': {
      const content = await readFile(action.path).catch(() => null);
      return run.fileRead(content, clock.now());
    }
    case 'say':
    case 'report':
      events.say(action.text);
      return [];
    case 'echo':
      events.echo(action.text);
      return [];
    case 'progress':
      events.progress(action.text);
      return [];
    case 'break':
      await call.sendBreak();
      return [];
    default:
      return [];
  }
}

/** Waits for bytes or for the time the run wants to be woken at. */
async function next(run: ChatRun, call: Call, clock: Clock, signal: AbortSignal): Promise<ChatAction[]> {
  const { wakeAt } = run;
  if (!run.wantsInput) {
    await sleep(clock, Math.max(0, (wakeAt ?? clock.now()) - clock.now()), signal).catch(() => {});
    return run.wake(clock.now());
  }
  const patience = new AbortController();
  const cancel = wakeAt === null ? () => {} : clock.after(Math.max(1, wakeAt - clock.now()), () => patience.abort());
  const bytes = await call.read(AbortSignal.any([signal, patience.signal]), 1);
  cancel();
  if (bytes) return run.receive(bytes, clock.now());
  return call.end === null ? run.wake(clock.now()) : run.hungUp(clock.now());
}

function failed(call: Call, end: Extract<ChatEnd, { kind: 'failed' }>): Taken {
  const endedBy: EndedBy = call.end === null ? 'us' : call.end === 'modemGone' ? 'modemGone' : 'farEnd';
  const message = describeChatFailure(end.failure);
  // A script that waited when the carrier went was cut off; one that did not get what it waited for has failed.
  if (end.failure.kind === 'hangup' && endedBy !== 'us') return { endedBy, unfinished: true, failure: null };
  const failure = new ModemctlError('SCRIPT_FAILED', message, { details: { chatExit: chatExitCode(end.failure) } });
  return { endedBy, unfinished: true, failure };
}
