/** A call between the far end and two streams of ours: stdin and stdout, or a program's. */
import type { Readable, Writable } from 'node:stream';
import { type Clock, sleep } from '../core/clock.ts';
import { unlessAborted } from '../core/unless-aborted.ts';
import type { Call } from '../modem/call.ts';

export interface RelayOptions {
  readonly clock: Clock;
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
  /** After the end of our input, the call is ended when nothing has come for this long; null: never. */
  readonly idleMs: number | null;
}

export type RelayEnd =
  /** The far end, the line or the modem; `unfinished`: our input had not ended yet. */
  | { readonly by: 'farEnd'; readonly unfinished: boolean }
  /** Nothing came any more after our input had ended. */
  | { readonly by: 'idle' }
  /** Whoever reads our output has closed it. */
  | { readonly by: 'reader' }
  | { readonly by: 'signal' };

/** Carries bytes both ways until one side ends. The call is left as it is. */
export async function relay(call: Call, input: Readable, output: Writable, options: RelayOptions): Promise<RelayEnd> {
  const over = new AbortController();
  const given = options.signal ? AbortSignal.any([options.signal, over.signal]) : over.signal;
  const state = { inputEnded: false, lastAt: options.clock.now() };
  const received = receive(call, output, given, state, options.clock);
  const sent = send(call, input, given, state, options);
  try {
    const signals = options.signal ? [options.signal] : [];
    const end = (await unlessAborted(signals, Promise.race([received, sent]))) ?? { by: 'signal' };
    // We end it: not before all that was sent is out.
    if (end.by === 'idle') await call.flush(options.signal);
    return end;
  } finally {
    over.abort();
    await Promise.allSettled([received]);
  }
}

interface State {
  inputEnded: boolean;
  /** When the far end last sent, or our input ended. */
  lastAt: number;
}

const NEVER = new Promise<never>(() => {});

async function receive(
  call: Call,
  output: Writable,
  signal: AbortSignal,
  state: State,
  clock: Clock,
): Promise<RelayEnd> {
  let closed = false;
  const onClose = () => {
    closed = true;
  };
  output.once('close', onClose).once('error', onClose);
  try {
    for (;;) {
      const bytes = await call.read(signal);
      if (bytes === null) return call.end === null ? { by: 'signal' } : { by: 'farEnd', unfinished: !state.inputEnded };
      state.lastAt = clock.now();
      if (closed) return { by: 'reader' };
      if (!output.write(bytes)) await drained(output, signal);
      if (closed) return { by: 'reader' };
    }
  } finally {
    output.off('close', onClose).off('error', onClose);
  }
}

function drained(output: Writable, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      for (const event of ['drain', 'close', 'error']) output.off(event, done);
      resolve();
    };
    for (const event of ['drain', 'close', 'error']) output.once(event, done);
    signal.addEventListener('abort', done, { once: true });
  });
}

async function send(
  call: Call,
  input: Readable,
  signal: AbortSignal,
  state: State,
  options: RelayOptions,
): Promise<RelayEnd> {
  const { clock } = options;
  for (;;) {
    const chunk = await nextChunk(input, signal);
    if (signal.aborted) return NEVER;
    if (chunk === null) break;
    if (!(await call.write(chunk, signal))) return NEVER;
  }
  state.inputEnded = true;
  state.lastAt = clock.now();
  return options.idleMs === null ? NEVER : untilIdle(signal, state, clock, options.idleMs);
}

/** The next bytes of a stream; null: it has ended or failed, or the wait was called off. Nothing is taken from it then: the next call may want it. */
function nextChunk(input: Readable, signal: AbortSignal): Promise<Uint8Array | null> {
  return new Promise((resolve) => {
    const settle = (chunk: Uint8Array | string | null) => {
      for (const event of ['end', 'close', 'error']) input.off(event, ended);
      input.off('readable', take);
      signal.removeEventListener('abort', ended);
      resolve(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
    };
    const ended = () => settle(null);
    const take = () => {
      const chunk = input.read();
      if (chunk !== null) settle(chunk);
      else if (input.readableEnded || input.destroyed) ended();
    };
    for (const event of ['end', 'close', 'error']) input.on(event, ended);
    input.on('readable', take);
    signal.addEventListener('abort', ended);
    if (signal.aborted) ended();
    else take();
  });
}

async function untilIdle(signal: AbortSignal, state: State, clock: Clock, idleMs: number): Promise<RelayEnd> {
  for (;;) {
    const left = state.lastAt + idleMs - clock.now();
    if (left <= 0) return { by: 'idle' };
    await sleep(clock, left, signal).catch(() => NEVER);
  }
}
