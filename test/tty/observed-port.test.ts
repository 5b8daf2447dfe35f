import { describe, expect, it } from 'vitest';
import { ModemctlError } from '../../src/core/errors.ts';
import { toBytes } from '../../src/core/text.ts';
import { ObservedPort, type PortObserver } from '../../src/tty/observed-port.ts';
import type { Port } from '../../src/tty/port.ts';

/** A port that answers as it is told, and keeps what was asked of it. */
function fakePort(answers: Partial<Port> = {}): { port: Port; asked: string[] } {
  const asked: string[] = [];
  const port: Port = {
    path: '/dev/ttyFake',
    fd: 7,
    read: async (max) => {
      asked.push(`read ${max}`);
      return toBytes('OK');
    },
    write: async (data) => void asked.push(`write ${Buffer.from(data)}`),
    circuits: async () => ({ dsr: true, dcd: false, ri: null }),
    setDtr: async (up) => {
      asked.push(`dtr ${up}`);
      return true;
    },
    keepLine: async () => true,
    sendBreak: async () => true,
    share: async () => void asked.push('share'),
    close: async () => void asked.push('close'),
    ...answers,
  };
  return { port, asked };
}

function observer(seen: string[], name = ''): PortObserver {
  return {
    sent: (bytes) => seen.push(`${name}> ${Buffer.from(bytes)}`),
    received: (bytes) => seen.push(`${name}< ${Buffer.from(bytes)}`),
    circuits: ({ dcd }) => seen.push(`${name}dcd ${dcd}`),
    dtr: (up, done) => seen.push(`${name}dtr ${up} ${done}`),
    handedOver: () => seen.push(`${name}handed over`),
    closed: () => seen.push(`${name}closed`),
  };
}

describe('an observed port', () => {
  it('passes everything on, and tells all observers in the order it happened', async () => {
    const seen: string[] = [];
    const { port, asked } = fakePort();
    const observed = new ObservedPort(port, [observer(seen, 'a '), observer(seen, 'b ')]);
    expect([observed.path, observed.fd]).toEqual(['/dev/ttyFake', 7]);
    await observed.write(toBytes('ATI3\r'));
    expect(Buffer.from(await observed.read(5)).toString()).toBe('OK');
    expect(await observed.circuits()).toEqual({ dsr: true, dcd: false, ri: null });
    expect(await observed.setDtr(false)).toBe(true);
    expect(await observed.keepLine(true)).toBe(true);
    await observed.share();
    await observed.close();
    expect(asked).toEqual(['write ATI3\r', 'read 5', 'dtr false', 'share', 'close']);
    expect(seen).toEqual(
      ['> ATI3\r', '< OK', 'dcd false', 'dtr false true', 'handed over', 'closed'].flatMap((line) => [
        `a ${line}`,
        `b ${line}`,
      ]),
    );
  });

  it('tells what is sent before the modem can answer it', async () => {
    const seen: string[] = [];
    const { port } = fakePort({ write: async () => void seen.push('taken') });
    await new ObservedPort(port, [observer(seen)]).write(toBytes('AT\r'));
    expect(seen).toEqual(['> AT\r', 'taken']);
  });

  it('tells that something secret is sent, and how long it is, not what', async () => {
    const seen: string[] = [];
    const { port, asked } = fakePort();
    await new ObservedPort(port, [observer(seen)]).write(toBytes('sesame\r'), { secret: true });
    expect(asked).toEqual(['write sesame\r']);
    expect(seen).toEqual(['> *******']);
  });

  it('tells of DTR that could not be set', async () => {
    const seen: string[] = [];
    const { port } = fakePort({ setDtr: async () => false });
    expect(await new ObservedPort(port, [observer(seen)]).setDtr(true)).toBe(false);
    expect(seen).toEqual(['dtr true false']);
  });

  it('tells nothing of circuits that are not there', async () => {
    const seen: string[] = [];
    const { port } = fakePort({ circuits: async () => null });
    expect(await new ObservedPort(port, [observer(seen)]).circuits()).toBeNull();
    expect(seen).toEqual([]);
  });

  it('tells nothing of a read that brought nothing, or failed', async () => {
    const seen: string[] = [];
    const silent = fakePort({ read: async () => new Uint8Array() });
    expect(await new ObservedPort(silent.port, [observer(seen)]).read(1)).toHaveLength(0);
    const gone = fakePort({ read: () => Promise.reject(new ModemctlError('GONE', 'it went away')) });
    await expect(new ObservedPort(gone.port, [observer(seen)]).read(1)).rejects.toMatchObject({ code: 'GONE' });
    expect(seen).toEqual([]);
  });
});
