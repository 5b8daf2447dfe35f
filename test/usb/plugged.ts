/** Devices as they sit in sysfs once Linux has dealt with them. */
import type { FakeDevice } from '../support/fake-system.ts';
import { AGERE, ARDUINO, conexant, USR5637 } from './recorded.ts';

export function usr(port: string, tty: string, more: Partial<FakeDevice> = {}): FakeDevice {
  return {
    port,
    ids: '0baf:0303',
    speed: '480',
    strings: { manufacturer: 'U.S.Robotics', product: 'USB Modem', serial: '0000002' },
    descriptors: USR5637,
    configuration: 2,
    interfaces: [
      { class: '02/02/01', driver: 'cdc_acm', tty },
      { class: '0a/00/00', driver: 'cdc_acm' },
    ],
    ...more,
  };
}

export function tfm(port: string, tty: string, more: Partial<FakeDevice> = {}): FakeDevice {
  return {
    port,
    ids: '0572:1329',
    strings: { manufacturer: 'Conexant', product: 'USB Modem', serial: '24680246' },
    descriptors: conexant(),
    interfaces: [
      { class: '02/02/01', driver: 'cdc_acm', tty },
      { class: '0a/00/00', driver: 'cdc_acm' },
    ],
    ...more,
  };
}

export function hiro(port: string): FakeDevice {
  return {
    port,
    ids: '047e:2892',
    strings: { manufacturer: 'Agere Systems', product: 'Agere USB Soft Modem' },
    descriptors: AGERE,
    interfaces: [{ class: 'ff/ff/ff' }],
  };
}

export function arduino(port: string, tty: string): FakeDevice {
  return {
    port,
    ids: '2341:0043',
    strings: { manufacturer: 'Arduino (www.arduino.cc)', product: 'Arduino Uno', serial: '8543931323' },
    descriptors: ARDUINO,
    interfaces: [
      { class: '02/02/01', driver: 'cdc_acm', tty },
      { class: '0a/00/00', driver: 'cdc_acm' },
    ],
  };
}

/** A Conexant stick whose id no kernel knows: its probe fails with -22. */
export function unlistedConexant(port: string, more: Partial<FakeDevice> = {}): FakeDevice {
  return {
    port,
    ids: '0572:134a',
    strings: { manufacturer: 'Conexant', product: 'USB Modem', serial: '12345678' },
    descriptors: conexant(0x0572, 0x134a),
    interfaces: [{ class: '02/02/01' }, { class: '0a/00/00' }],
    ...more,
  };
}

/** Huawei E3372 in modem mode: option's ttyUSBs and a network interface. */
export function lteStick(port: string): FakeDevice {
  return {
    port,
    ids: '12d1:1506',
    strings: { manufacturer: 'HUAWEI_MOBILE', product: 'HUAWEI Mobile Modem' },
    interfaces: [
      { class: 'ff/02/10', driver: 'option', tty: 'ttyUSB0' },
      { class: 'ff/02/16', driver: 'qmi_wwan' },
    ],
  };
}
