import { describe, expect, it } from 'vitest';
import { Dce } from '../../src/virtual/dce/dce.ts';
import { Exchange } from '../../src/virtual/exchange/exchange.ts';
import { DceElectronics } from '../../src/virtual/faces/usbip/dce-electronics.ts';
import { makeMisbehaviour } from '../../src/virtual/misbehaviour/catalogue.ts';
import { modelNamed } from '../../src/virtual/models/index.ts';
import { describeModel } from '../../src/virtual/usb/layouts.ts';
import type { Setup, Transfer } from '../../src/virtual/usb/usb-device.ts';
import { UsbModem } from '../../src/virtual/usb/usb-modem.ts';
import { FakeClock } from '../support/fake-clock.ts';

const NO_SETUP: Setup = { requestType: 0, request: 0, value: 0, index: 0, length: 0 };

interface Ended {
  status: number;
  data: Uint8Array | undefined;
}

/** A USR5637, plugged in and configured, with nobody's port open. */
function bench() {
  const clock = new FakeClock();
  const exchange = new Exchange({ clock });
  const model = modelNamed('usr5637');
  const dce = new Dce({ dialect: model.dialect!, clock, plugIn: (telephone) => exchange.plugIn('5550101', telephone) });
  const electronics = new DceElectronics(dce, () => {});
  const modem = new UsbModem(describeModel(model), electronics);
  electronics.connect(modem);
  modem.plugIn();
  const transfer = (endpoint: number, direction: 'in' | 'out', data: string | number, setup = NO_SETUP) => {
    const ended: Ended[] = [];
    const asked: Transfer = {
      endpoint,
      direction,
      length: typeof data === 'number' ? data : data.length,
      data: typeof data === 'number' ? new Uint8Array(0) : Buffer.from(data, 'latin1'),
      setup,
      complete: (status, bytes) => ended.push({ status, data: bytes }),
    };
    modem.submit(asked);
    return { asked, ended };
  };
  const control = (requestType: number, request: number, value: number, index = 0, data: string | number = 0) =>
    transfer(0, requestType & 0x80 ? 'in' : 'out', data, { requestType, request, value, index, length: 255 }).ended[0]!;
  return { clock, exchange, dce, modem, transfer, control };
}

/** What bulk IN gives until nothing more comes. */
function readAll({ transfer, modem }: ReturnType<typeof bench>): string {
  let text = '';
  for (;;) {
    const { asked, ended } = transfer(1, 'in', 64);
    if (ended.length === 0) {
      modem.cancel(asked);
      return text;
    }
    text += Buffer.from(ended[0]!.data!).toString('latin1');
  }
}

describe('endpoint 0', () => {
  it('sets and tells the configuration, and stalls what it does not know', () => {
    const { control } = bench();
    expect(control(0x00, 9, 2).status).toBe(0);
    expect(control(0x80, 8, 0, 0, 1).data).toEqual(Uint8Array.of(2));
    expect(control(0x00, 9, 1).status).toBe(-32);
    expect(control(0x80, 6, 0x0600, 0, 10).status).toBe(-32); // device qualifier
    expect(control(0xc0, 0x42, 0, 0, 4).status).toBe(-32); // vendor request
    expect(control(0x80, 6, 0x0300, 0, 255).data).toEqual(Uint8Array.of(4, 3, 9, 4));
    expect(control(0x80, 6, 0x0303, 0x409, 255).status).toBe(-32); // no such string
  });

  it('keeps the line coding it is told', () => {
    const { control } = bench();
    const coding = '\x00\xc2\x01\x00\x00\x00\x08'; // 115200 8N1
    expect(control(0x21, 0x20, 0, 0, coding).status).toBe(0);
    expect(Buffer.from(control(0xa1, 0x21, 0, 0, 7).data!).toString('latin1')).toBe(coding);
    expect(control(0x21, 0x20, 0, 0, 'short').status).toBe(-32);
  });

  it('passes DTR on', () => {
    const { control, dce } = bench();
    control(0x21, 0x22, 3);
    expect(dce.state.dtr).toBe(true);
    control(0x21, 0x22, 2);
    expect(dce.state.dtr).toBe(false);
  });
});

describe('bytes', () => {
  it('go through in both directions', async () => {
    const box = bench();
    box.transfer(1, 'out', 'ATI3\r');
    await box.clock.advance(100);
    expect(readAll(box)).toBe('ATI3\r\r\nU.S. Robotics 56K FAX USB V1.2.23\r\n\r\nOK\r\n');
  });

  it('wait in the host while the modem takes none, and are taken once, in order, when it does', async () => {
    const box = bench();
    box.dce.afflict(makeMisbehaviour('stalled'));
    const first = box.transfer(1, 'out', 'ATS0=');
    const second = box.transfer(1, 'out', '5\r');
    await box.clock.advance(60_000);
    expect([first.ended, second.ended]).toEqual([[], []]);
    box.dce.behave();
    await box.clock.advance(100);
    expect([first.ended.length, second.ended.length]).toEqual([1, 1]);
    expect(box.dce.state.registers.S0).toBe(5);
  });

  it('that the host takes back never reach the modem', async () => {
    const box = bench();
    box.dce.afflict(makeMisbehaviour('stalled'));
    const { asked, ended } = box.transfer(1, 'out', 'ATS0=5\r');
    expect(box.modem.cancel(asked)).toBe(true);
    box.dce.behave();
    await box.clock.advance(100);
    expect(ended).toEqual([]);
    expect(box.dce.state.registers.S0).toBe(0);
  });

  it('an IN transfer gets no more than it asked for', async () => {
    const box = bench();
    box.transfer(1, 'out', 'AT\r');
    await box.clock.advance(100);
    expect(box.transfer(1, 'in', 3).ended[0]!.data).toHaveLength(3);
  });
});

describe('circuits', () => {
  it('are told once for each change', async () => {
    const box = bench();
    const first = box.transfer(2, 'in', 16);
    expect(Buffer.from(first.ended[0]!.data!).toString('hex')).toBe('a1200000000002000200'); // DSR
    const waiting = box.transfer(2, 'in', 16);
    await box.clock.advance(1000);
    expect(waiting.ended).toEqual([]);
    box.exchange.ringFromOutside('5550101', { number: '5550142', name: null });
    await box.clock.advance(100);
    expect(waiting.ended[0]!.data![8]).toBe(2 | 8); // RI
    const quiet = box.transfer(2, 'in', 16);
    await box.clock.advance(2500);
    expect(quiet.ended[0]!.data![8]).toBe(2);
  });
});

describe('only the right cause cures a hang', () => {
  const enumerate = (box: ReturnType<typeof bench>, names: boolean) => {
    box.control(0x80, 6, 0x0100, 0, 64);
    if (names) for (const string of [0x0302, 0x0301]) box.control(0x80, 6, string, 0x409, 255);
    box.control(0x80, 6, 0x030a, 0x409, 255);
    box.control(0x00, 9, 2);
  };

  it.each([
    ['silent', 'authorized', false],
    ['silent', 'reset', true],
    ['dead-after-reset', 'reset', false],
    ['dead-after-reset', 'power', true],
  ])('%s by %s: %s', (hang, cause, cured) => {
    const box = bench();
    enumerate(box, true);
    box.dce.afflict(makeMisbehaviour(hang));
    if (cause === 'authorized') for (const value of [0, 2]) box.control(0x00, 9, value);
    else enumerate(box, cause === 'power');
    expect(box.dce.state.misbehaviours).toEqual(cured ? [] : [hang]);
  });
});
