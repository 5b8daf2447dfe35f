/** A call between the far end and two streams of ours: stdin and stdout, or a program's. */
import type { Readable, Writable } from 'node:stream';
import { type Clock, sleep } from '../core/clock.ts';
import type { Call } from '../modem/call.ts';

export interface RelayOptions {
  readonly clock: Clock;
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
  /** After the end of our input, the call is ended when nothing has come for this long; null: never. */
  readonly idleMs: number | null;
  /** What we send, before it is sent. */
  readonly onInput?: (bytes: Uint8Array) => void;
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
  const ends = [
    receive(call, output, given, state, options.clock),
    send(call, input, given, state, options),
    whenAborted(options.signal),
  ];
  try {
    return await Promise.race(ends);
  } finally {
    over.abort();
    await Promise.allSettled(ends.slice(0, 1));
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
  const { clock, onInput } = options;
  try {
    for await (const chunk of input.iterator({ destroyOnReturn: false })) {
      if (signal.aborted) return await NEVER;
      const bytes: Uint8Array = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      onInput?.(bytes);
      if (!(await call.write(bytes, signal))) return await NEVER;
    }
  } catch {
    // An input that fails has ended.
  }
  state.inputEnded = true;
  state.lastAt = clock.now();
  return options.idleMs === null ? NEVER : untilIdle(signal, state, clock, options.idleMs);
}

async function untilIdle(signal: AbortSignal, state: State, clock: Clock, idleMs: number): Promise<RelayEnd> {
  for (;;) {
    const left = state.lastAt + idleMs - clock.now();
    if (left <= 0) return { by: 'idle' };
    await sleep(clock, left, signal).catch(() => NEVER);
  }
}

function whenAborted(signal: AbortSignal | undefined): Promise<RelayEnd> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve({ by: 'signal' });
    signal?.addEventListener('abort', () => resolve({ by: 'signal' }), { once: true });
  });
}
