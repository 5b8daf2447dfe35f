// The sequences are those the kernel sent (Linux 6.1, vhci_hcd), as test/kernel shows them.
import { expect, it } from 'vitest';
import { modelNamed } from '../../src/virtual/models/index.ts';
import { BusWatch } from '../../src/virtual/usb/bus-watch.ts';
import { describeModel } from '../../src/virtual/usb/layouts.ts';

const DEVICE = [0x80, 6, 0x0100] as const;
const CONFIGURATION = [0x80, 6, 0x0200] as const;
const LANGUAGES = [0x80, 6, 0x0300] as const;
const MANUFACTURER = [0x80, 6, 0x0301] as const;
const PRODUCT = [0x80, 6, 0x0302] as const;
const SERIAL = [0x80, 6, 0x030a] as const;
const SET_0 = [0x00, 9, 0] as const;
const SET_2 = [0x00, 9, 2] as const;
const SET_LINE_CODING = [0x21, 0x20, 0] as const;
const PLUGGING_IN = [DEVICE, DEVICE, CONFIGURATION, CONFIGURATION, LANGUAGES, PRODUCT, MANUFACTURER, SERIAL, SET_2];

type Request = readonly [number, number, number];

function watch(): (requests: readonly Request[]) => (string | null)[] {
  const watched = new BusWatch(describeModel(modelNamed('usr5637')));
  watched.pluggedIn();
  return (requests) =>
    requests
      .map(([requestType, request, value]) => watched.saw({ requestType, request, value, index: 0, length: 0 }))
      .filter((event) => event !== null);
}

it('plugging in configures it and no more', () => {
  expect(watch()(PLUGGING_IN)).toEqual(['configured']);
});

it('a USB reset', () => {
  const saw = watch();
  saw(PLUGGING_IN);
  expect(saw([DEVICE, DEVICE, CONFIGURATION, SERIAL, SET_2, SET_LINE_CODING])).toEqual(['reset']);
});

it('authorized 0/1 and a rebind of the usb driver', () => {
  const saw = watch();
  saw(PLUGGING_IN);
  expect(saw([SET_0, SET_2, SET_LINE_CODING])).toEqual(['deconfigured', 'configured']);
});

it('a rebind of cdc_acm is nothing at all', () => {
  const saw = watch();
  saw(PLUGGING_IN);
  expect(saw([SET_LINE_CODING])).toEqual([]);
});

it('a new enumeration on the same cable was a power cycle', () => {
  const saw = watch();
  saw(PLUGGING_IN);
  expect(saw(PLUGGING_IN)).toEqual(['powered']);
});

it('a reset after somebody read the strings (lsusb -v) is still a reset', () => {
  const saw = watch();
  saw(PLUGGING_IN);
  expect(saw([LANGUAGES, PRODUCT, MANUFACTURER, SERIAL])).toEqual([]);
  expect(saw([DEVICE, DEVICE, CONFIGURATION, SERIAL, SET_2])).toEqual(['reset']);
});
