import { describe, expect, it } from 'vitest';
import { modelNamed } from '../../src/virtual/models/index.ts';
import { changed, deviceDescriptor } from '../../src/virtual/usb/description.ts';
import { stringDescriptor } from '../../src/virtual/usb/descriptor-parts.ts';
import { describeModel } from '../../src/virtual/usb/layouts.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** Every descriptor of a configuration, cut by its own length byte. */
function cut(configuration: Uint8Array): string[] {
  const parts: string[] = [];
  for (let at = 0; at < configuration.length; at += configuration[at]!) {
    parts.push(hex(configuration.subarray(at, at + configuration[at]!)));
  }
  return parts;
}

describe('the USR5637 as its owner dumped it', () => {
  const usr = describeModel(modelNamed('usr5637'));

  it('has the recorded device descriptor', () => {
    // bcdUSB 2.00, class 2, 0baf:0303, bcdDevice 2.00, strings 1, 2 and 10, one configuration
    expect(hex(deviceDescriptor(usr))).toBe('12010002020000' + '40' + 'af0b0303' + '0002' + '01020a' + '01');
  });

  it('has one configuration of 67 bytes with the value 2 and 360 mA', () => {
    expect(usr.configurations).toHaveLength(1);
    expect(cut(usr.configurations[0]!)).toEqual([
      '09024300020200' + '80' + 'b4',
      '09040000' + '01' + '020201' + '05',
      '0524000110', // bcdCDC 10.01
      '0524010301',
      '04240206',
      '0524060001',
      '0705820310000a',
      '09040100' + '02' + '0a0000' + '00',
      '07050102000200',
      '07058102000200',
    ]);
  });
});

describe('the Conexant stick as its owners dumped it', () => {
  const tfm = describeModel(modelNamed('tfm561u'));

  it('has two configurations of 73 and 96 bytes at 100 mA', () => {
    expect(tfm.configurations.map((bytes) => [bytes.length, bytes[2], bytes[4], bytes[5], bytes[8]])).toEqual([
      [73, 73, 2, 1, 50],
      [96, 96, 3, 2, 50],
    ]);
  });

  it('has its CDC descriptors after the endpoints of the data interface', () => {
    expect(cut(tfm.configurations[0]!)).toEqual([
      '09024900020100' + '80' + '32',
      '09040000' + '01' + '020201' + '00',
      '07058103400080',
      '09040100' + '02' + '0a0000' + '00',
      '07058202400001',
      '07050202400001',
      '0524001001',
      '0524010301',
      '04240207',
      '0524060001',
      '0624070403' + '48',
    ]);
  });
});

it('a winmodem has vendor interfaces only', () => {
  const hiro = describeModel(modelNamed('hiro'));
  const interfaces = cut(hiro.configurations[0]!).filter((part) => part.slice(2, 4) === '04');
  expect(interfaces.map((part) => part.slice(10, 12))).toEqual(['ff']);
  expect(hiro.acm).toBeNull();
});

describe('another unit', () => {
  const usr = describeModel(modelNamed('usr5637'));

  it('may have other ids, strings and appetite; the model stays as it was', () => {
    const before = hex(usr.configurations[0]!);
    const unit = changed(usr, { productId: 0x1399, manufacturer: 'M', product: 'P', serial: '7', milliamperes: 510 });
    expect(hex(deviceDescriptor(unit)).slice(16, 24)).toBe('af0b9913');
    expect(unit.strings).toMatchObject({ 1: 'M', 2: 'P', 10: '7' });
    expect(unit.configurations[0]![8]).toBe(255);
    expect(hex(usr.configurations[0]!)).toBe(before);
  });

  it('may have no serial number', () => {
    expect(deviceDescriptor(changed(usr, { serial: null }))[16]).toBe(0);
  });
});

it('a string descriptor never outgrows its length byte', () => {
  expect(stringDescriptor('x'.repeat(300))).toHaveLength(254);
  expect(hex(stringDescriptor('\x1b"'))).toBe('06031b002200');
});
