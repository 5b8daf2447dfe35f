import { once } from 'node:events';
import { connect } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { ByteQueue } from '../../src/virtual/faces/usbip/frames.ts';
import { importRequest, OP, opHeader } from '../../src/virtual/faces/usbip/protocol.ts';
import { UrbStream } from '../../src/virtual/faces/usbip/urb-stream.ts';
import { UsbipBox } from '../../src/virtual/faces/usbip/usbip-box.ts';
import { modelNamed } from '../../src/virtual/models/index.ts';
import { describeModel } from '../../src/virtual/usb/layouts.ts';
import type { Transfer, UsbDevice } from '../../src/virtual/usb/usb-device.ts';

/** A device that keeps what it is asked. */
class Recorder implements UsbDevice {
  readonly description = describeModel(modelNamed('tfm561u'));
  readonly events: string[] = [];
  readonly transfers: Transfer[] = [];
  plugIn(): void {
    this.events.push('plugIn');
  }
  unplug(): void {
    this.events.push('unplug');
  }
  submit(transfer: Transfer): void {
    this.transfers.push(transfer);
  }
  cancel(): boolean {
    return true;
  }
}

/** A request as Linux writes it: big-endian words, the setup packet as it is on the bus. */
function urb(words: number[], setup = '0000000000000000', data = ''): Buffer {
  const bytes = Buffer.alloc(40);
  for (const [index, word] of words.entries()) bytes.writeUInt32BE(word >>> 0, index * 4);
  return Buffer.concat([bytes, Buffer.from(setup, 'hex'), Buffer.from(data, 'latin1')]);
}

const bulkOut = (sequence: number, data: string) => urb([1, sequence, 0x10002, 0, 2, 0, data.length], undefined, data);
const bulkIn = (sequence: number, length: number) => urb([1, sequence, 0x10002, 1, 2, 0, length]);
const unlink = (sequence: number, which: number) => urb([2, sequence, 0x10002, 0, 0, which]);

describe('the stream of transfers', () => {
  const requests = [
    bulkOut(1, 'AT\r'),
    bulkIn(2, 64),
    bulkOut(3, ''),
    urb([1, 4, 0x10002, 1, 0, 0, 18], '8006000100001200'),
  ];

  it('is the same however the bytes arrive', () => {
    const whole = Buffer.concat(requests);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: whole.length }), { maxLength: 20 }), (cuts) => {
        const device = new Recorder();
        const stream = new UrbStream(device, () => {});
        const queue = new ByteQueue();
        let from = 0;
        for (const to of [...cuts.sort((a, b) => a - b), whole.length]) {
          queue.push(whole.subarray(from, to));
          expect(stream.pump(queue)).toBe(true);
          from = to;
        }
        expect(
          device.transfers.map(({ endpoint, direction, length, data, setup }) => ({
            endpoint,
            direction,
            length,
            data: Buffer.from(data).toString('latin1'),
            request: setup.request,
          })),
        ).toEqual([
          { endpoint: 2, direction: 'out', length: 3, data: 'AT\r', request: 0 },
          { endpoint: 2, direction: 'in', length: 64, data: '', request: 0 },
          { endpoint: 2, direction: 'out', length: 0, data: '', request: 0 },
          { endpoint: 0, direction: 'in', length: 18, data: '', request: 6 },
        ]);
        expect(device.transfers[3]!.setup).toEqual({
          requestType: 0x80,
          request: 6,
          value: 0x0100,
          index: 0,
          length: 18,
        });
      }),
    );
  });

  it('never throws on noise, and gives up on a request that makes no sense', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 48, maxLength: 400 }), (noise) => {
        const queue = new ByteQueue();
        queue.push(Buffer.from(noise));
        new UrbStream(new Recorder(), () => {}).pump(queue);
      }),
    );
    const queue = new ByteQueue();
    queue.push(urb([7, 1]));
    expect(new UrbStream(new Recorder(), () => {}).pump(queue)).toBe(false);
  });

  const run = (...bytes: Buffer[]) => {
    const device = new Recorder();
    const sent: Buffer[] = [];
    const queue = new ByteQueue();
    const stream = new UrbStream(device, (reply) => sent.push(reply));
    const push = (more: Buffer) => {
      queue.push(more);
      stream.pump(queue);
    };
    for (const piece of bytes) push(piece);
    const words = () =>
      sent.map((reply) => [
        reply.readUInt32BE(0),
        reply.readUInt32BE(4),
        reply.readInt32BE(20),
        reply.readUInt32BE(24),
      ]);
    return { device, sent, push, words };
  };

  it('a transfer ends once, with as many bytes as were asked for at most', () => {
    const { device, sent, words } = run(bulkIn(2, 4), bulkOut(3, 'AT\r'));
    device.transfers[0]!.complete(0, Buffer.from('abcdef'));
    device.transfers[0]!.complete(0, Buffer.from('again'));
    device.transfers[1]!.complete(0);
    expect(words()).toEqual([
      [3, 2, 0, 4],
      [3, 3, 0, 3],
    ]);
    expect(sent[0]!.subarray(48).toString()).toBe('abcd');
  });

  it('an open transfer that is taken back is answered by the unlink only', () => {
    const { device, push, words } = run(bulkIn(2, 64), unlink(9, 2));
    expect(words()).toEqual([[4, 9, -104, 0]]);
    device.transfers[0]!.complete(0, Buffer.from('late'));
    push(unlink(10, 2));
    expect(words().slice(1)).toEqual([[4, 10, 0, 0]]);
  });
});

describe('the server', () => {
  let box: UsbipBox | undefined;
  afterEach(() => box?.stop());

  async function ask(port: number, request: Buffer, length: number): Promise<Buffer> {
    const socket = connect(port, '127.0.0.1');
    socket.write(request);
    const parts: Buffer[] = [];
    for await (const part of socket) {
      parts.push(part as Buffer);
      if (Buffer.concat(parts).length >= length) break;
    }
    return Buffer.concat(parts);
  }

  it('lists what is plugged in', async () => {
    box = await UsbipBox.start([
      { device: new Recorder(), plugged: true },
      { device: new Recorder(), plugged: false },
    ]);
    const reply = await ask(box.port, opHeader(OP.requestDevlist, 0), 12 + 312 + 8);
    expect(reply.subarray(0, 12).toString('hex')).toBe('01110005' + '00000000' + '00000001');
    expect(reply.toString('latin1', 12 + 256, 12 + 259)).toBe('1-1');
    // speed full, 0572:1329, bcdDevice 1.00, class 2, configuration value, two configurations, two interfaces
    expect(reply.subarray(12 + 296, 12 + 312).toString('hex')).toBe(
      '00000002' + '05721329' + '0100' + '020000' + '010202',
    );
    expect(reply.subarray(12 + 312).toString('hex')).toBe('02020100' + '0a000000');
  });

  it('gives a device to one client at a time, and sees it leave', async () => {
    const device = new Recorder();
    box = await UsbipBox.start([{ device, plugged: true }]);
    const socket = connect(box.port, '127.0.0.1');
    socket.write(importRequest('1-1'));
    const [first] = (await once(socket, 'data')) as [Buffer];
    expect(first.subarray(0, 8).toString('hex')).toBe('0111000300000000');
    expect(device.events).toEqual(['plugIn']);
    expect((await ask(box.port, importRequest('1-1'), 8)).toString('hex')).toBe('0111000300000001');
    expect((await ask(box.port, importRequest('9-9'), 8)).toString('hex')).toBe('0111000300000001');
    socket.destroy();
    await expect.poll(() => device.events).toEqual(['plugIn', 'unplug']);
    const again = await ask(box.port, importRequest('1-1'), 320);
    expect(again.subarray(0, 8).toString('hex')).toBe('0111000300000000');
  });

  it('pulls the cable when the device is unplugged', async () => {
    const device = new Recorder();
    box = await UsbipBox.start([{ device, plugged: true }]);
    const socket = connect(box.port, '127.0.0.1');
    socket.write(importRequest('1-1'));
    await once(socket, 'data');
    await box.sockets[0]!.unplug();
    await once(socket, 'close');
    expect(device.events).toEqual(['plugIn', 'unplug']);
    expect((await ask(box.port, importRequest('1-1'), 8)).toString('hex')).toBe('0111000300000001');
  });

  it('says so when its port is taken', async () => {
    box = await UsbipBox.start([]);
    await expect(UsbipBox.start([], { port: box.port })).rejects.toMatchObject({ code: 'IN_USE' });
  });
});
