import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classify } from '../../src/usb/classify.ts';
import type { UsbDevice, UsbInterface } from '../../src/usb/sysfs.ts';

interface Shape {
  ids?: string;
  faces?: string[];
  text?: string;
  driver?: string | null;
  tty?: string | null;
}

/** The first interface gets driver and tty. */
function verdict({ ids = '1234:5678', faces = ['02/02/01'], text = '', driver = null, tty = null }: Shape) {
  const [vendorId, productId] = ids.split(':') as [string, string];
  const interfaces = faces.map((triple, number): UsbInterface => {
    const [a, b, c] = triple.split('/').map((part) => Number.parseInt(part, 16)) as [number, number, number];
    const ttys = number === 0 && tty !== null ? [tty] : [];
    return {
      name: `1-1:1.${number}`,
      number,
      class: a,
      subclass: b,
      protocol: c,
      driver: number ? null : driver,
      ttys,
    };
  });
  const device: UsbDevice = {
    port: '1-1',
    path: '/sys/1-1',
    bus: 1,
    address: 2,
    vendorId,
    productId,
    deviceClass: 2,
    speedMbps: 12,
    authorized: true,
    configurationValue: 1,
    interfaces,
    parentHub: null,
    descriptors: null,
  };
  const { isModem, kind } = classify(device, { manufacturer: null, product: text, serial: null });
  return isModem ? kind : 'not a modem';
}

describe('what counts as a modem', () => {
  it.each<[string, Shape, string]>([
    ['a catalogue controller', { ids: '0baf:0303' }, 'controller'],
    ['a catalogue controller whose strings say soft', { ids: '0572:1329', text: 'Soft Modem' }, 'controller'],
    ['a catalogue winmodem', { ids: '047e:2892', faces: ['ff/ff/ff'] }, 'softmodem'],
    ['a catalogue winmodem that Linux drives after all', { ids: '0483:7554', tty: 'ttyACM0' }, 'unknown'],
    ['one that calls itself a modem and has ACM', { text: 'USB Modem' }, 'unknown'],
    ['the same, protocol 00', { text: 'V.92 modem', faces: ['02/02/00', '0a/00/00'] }, 'unknown'],
    ['an ACM device that does not', { text: 'Arduino Uno', tty: 'ttyACM0' }, 'not a modem'],
    ['no ACM, only the word, no driver: a winmodem', { text: 'Data Fax Modem', faces: ['ff/00/00'] }, 'softmodem'],
    [
      "Motorola SM56's interfaces",
      { text: 'SM56', faces: ['02/03/00', 'ff/02/ff', '01/01/00', 'fe/01/00'] },
      'softmodem',
    ],
    ["Conexant SoftK56's", { text: 'SoftK56', faces: ['02/02/ff'] }, 'softmodem'],
    ['a keyboard, whatever it says', { text: 'soft modem', faces: ['03/01/01'] }, 'not a modem'],
    ['a driven vendor device', { text: 'modem', faces: ['ff/00/00'], driver: 'ftdi_sio' }, 'not a modem'],
    ['soft words with ACM: what cdc_acm takes is no winmodem', { text: 'Agere Soft Modem', tty: 'ttyACM0' }, 'unknown'],
    ['an LTE stick with ACM', { text: 'LTE Modem', tty: 'ttyACM0' }, 'not a modem'],
    ['a GSM command set', { text: 'USB Modem', faces: ['02/02/04'], tty: 'ttyACM0' }, 'not a modem'],
    ['a cellular maker', { ids: '1bc7:0021', text: 'Telit Modem', tty: 'ttyACM0' }, 'not a modem'],
    ['a phone with a network interface', { text: 'Phone modem', faces: ['02/02/01', '02/0d/00'] }, 'not a modem'],
    ['a cellular stick without its driver', { text: 'Mobile Broadband Modem', faces: ['ff/02/10'] }, 'not a modem'],
    ['an undriven vendor device', { text: 'Logic Analyser', faces: ['ff/ff/ff'] }, 'not a modem'],
    ['a cable modem', { text: 'USB Cable Modem', faces: ['02/06/00'] }, 'not a modem'],
    ['an ADSL modem', { text: 'Speed Touch ADSL modem', faces: ['ff/00/00'] }, 'not a modem'],
    ['a Zigbee stick', { ids: '0451:16a8', text: 'TI CC2531 USB CDC', tty: 'ttyACM0' }, 'not a modem'],
    ['nothing known at all', { faces: [] }, 'not a modem'],
  ])('%s', (_what, shape, expected) => {
    expect(verdict(shape)).toBe(expected);
  });

  it('judges any strings without falling over', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => typeof verdict({ text }) === 'string'));
  });
});
