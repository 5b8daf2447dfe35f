/** Plays a recorded dialogue to our client, time running as fast as the machine can, and tells what our client made of it. */
import { parseAtCommand } from '../../src/at/command-line.ts';
import type { Clock } from '../../src/core/clock.ts';
import { isModemctlError } from '../../src/core/errors.ts';
import { freeLine } from '../../src/modem/free-line.ts';
import { Session } from '../../src/modem/session.ts';
import { type Operation, parseTranscript, TranscriptWriter } from '../../src/tty/transcript.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { TranscriptPort } from '../support/transcript-port.ts';

/** What stands beside a script: what `modemctl at --json` printed when it was recorded; more fields of it are no matter. */
export interface Expected {
  readonly commands: readonly Told[];
  /** Our `--timeout`. */
  readonly timeoutMs?: number;
  /** A call was ended afterwards. */
  readonly freesLine?: boolean;
  /** RING, caller ID and the like, in their order. */
  readonly unsolicited?: readonly string[];
  readonly error?: { readonly code: string } | null;
}

export interface Told {
  readonly command: string;
  readonly lines: readonly string[];
  readonly result: string | null;
}

export interface Replayed {
  readonly commands: readonly Told[];
  readonly unsolicited: readonly string[];
  /** What was thrown. */
  readonly error: string | null;
  /** What of our part in the record we did not do. */
  readonly rest: readonly Operation[];
  /** The dialogue as our own recorder saw it. */
  readonly recorded: readonly Operation[];
}

/** Nothing recorded takes longer. */
const LIMIT_MS = 300_000;

export async function replay(operations: readonly Operation[], expected: Expected): Promise<Replayed> {
  const clock = new FakeClock();
  const port = new TranscriptPort(operations, clock);
  const commands: Told[] = [];
  const unsolicited: string[] = [];
  let record = '';
  const writer = new TranscriptWriter(
    (text) => (record += text),
    () => clock.now(),
    'replayed',
    null,
  );
  const session = new Session(
    { info: null, tty: port.path },
    {
      clock,
      observers: [writer],
      openPort: async () => ({ port, lock: null, notes: [] }),
      onUnsolicited: ({ text }) => unsolicited.push(text),
    },
  );
  const work = async () => {
    await session.open();
    await session.refuseCall();
    for (const { command } of expected.commands) {
      const told = { command, lines: [] as readonly string[], result: null as string | null };
      commands.push(told);
      const { lines, result } = await session.command(parseAtCommand(command), expected.timeoutMs);
      Object.assign(told, { lines, result: result?.text ?? null });
    }
    if (expected.freesLine) await freeLine(session);
  };
  let error: string | null = null;
  try {
    await untilDone(clock, work());
  } catch (thrown) {
    if (!isModemctlError(thrown)) throw thrown;
    error = thrown.code;
  }
  await untilDone(clock, session.close());
  return { commands, unsolicited, error, rest: port.rest, recorded: parseTranscript(record) };
}

async function untilDone(clock: Clock & Pick<FakeClock, 'advance'>, work: Promise<void>): Promise<void> {
  let isDone = false;
  const done = work.finally(() => {
    isDone = true;
  });
  done.catch(() => {});
  for (const end = clock.now() + LIMIT_MS; !isDone; ) {
    if (clock.now() > end) throw new Error('it never ends');
    await clock.advance(1000);
  }
  return done;
}
