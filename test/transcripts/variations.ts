/** The same dialogue as another port, or another line, would have brought it. */
import type { Operation } from '../../src/tty/transcript.ts';

/** Reads that came as close together may as well have come at once. */
const AT_ONCE_MS = 50;

type Run = { readonly afterMs: number; readonly bytes: string };

/** Puts something else in the place of what the modem said in one go. */
function mapRuns(operations: readonly Operation[], change: (run: Run, index: number) => readonly Run[]): Operation[] {
  const changed: Operation[] = [];
  let index = 0;
  for (let at = 0; at < operations.length; at++) {
    const operation = operations[at]!;
    if (operation.kind !== 'read') {
      changed.push(operation);
      continue;
    }
    let { bytes } = operation;
    for (;;) {
      const next = operations[at + 1];
      if (next?.kind !== 'read' || next.afterMs > AT_ONCE_MS) break;
      bytes += next.bytes;
      at++;
    }
    const runs = change({ afterMs: operation.afterMs, bytes }, index++);
    changed.push(...runs.map((run) => ({ kind: 'read' as const, ...run })));
  }
  return changed;
}

/** Cuts what the modem said in one go into pieces of these sizes, in turn. */
export function cut(operations: readonly Operation[], sizes: readonly number[], gapMs: number): Operation[] {
  let turn = 0;
  return mapRuns(operations, ({ afterMs, bytes }) => {
    const pieces: Run[] = [];
    for (let at = 0; at < bytes.length; ) {
      const size = sizes[turn++ % sizes.length]!;
      pieces.push({ afterMs: at === 0 ? afterMs : gapMs, bytes: bytes.slice(at, at + size) });
      at += size;
    }
    return pieces;
  });
}

/** Before CONNECT: after it, what comes is data. */
function beforeCalls(operations: readonly Operation[]): number {
  let run = 0;
  for (const [at, operation] of operations.entries()) {
    if (operation.kind !== 'read') continue;
    const previous = operations[at - 1];
    if (at > 0 && previous?.kind === 'read' && operation.afterMs <= AT_ONCE_MS) continue;
    if (/CONNECT/.test(textFrom(operations, at))) return run;
    run++;
  }
  return run;
}

function textFrom(operations: readonly Operation[], from: number): string {
  let text = '';
  for (const operation of operations.slice(from)) {
    if (operation.kind !== 'read') break;
    text += operation.bytes;
  }
  return text;
}

/** Inserts text where `isPlace` says, as often as `choose` does. */
function insert(
  operations: readonly Operation[],
  isPlace: (bytes: string, at: number) => boolean,
  choose: () => string | null,
): Operation[] {
  const end = beforeCalls(operations);
  return mapRuns(operations, (run, index) => {
    if (index >= end) return [run];
    let bytes = '';
    for (let at = 0; at <= run.bytes.length; at++) {
      if (isPlace(run.bytes, at)) bytes += choose() ?? '';
      bytes += run.bytes[at] ?? '';
    }
    return [{ ...run, bytes }];
  });
}

/** Whole lines between whole lines. */
export function insertLines(operations: readonly Operation[], choose: () => string | null): Operation[] {
  return insert(operations, (bytes, at) => bytes[at - 1] === '\n', choose);
}

/** Single control characters, but not between a carriage return and its line feed. */
export function insertControls(operations: readonly Operation[], choose: () => string | null): Operation[] {
  return insert(operations, (bytes, at) => bytes[at - 1] !== '\r', choose);
}

/** Before the echo that an answer begins with; not before the first, by which our client learns whether there is one. */
export function insertBeforeEchoes(operations: readonly Operation[], choose: () => string | null): Operation[] {
  return insert(operations, (bytes, at) => at === 0 && bytes.startsWith('AT') && !bytes.startsWith('ATE1V1Q0'), choose);
}
