import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasMisplacedUnion, isAcmInterface, parseDescriptors } from '../../src/usb/descriptors.ts';
import { conexant, USR5637 } from './recorded.ts';

describe('descriptors of real modems', () => {
  it('reads the USR5637: one configuration with the value 2, 360 mA, functional descriptors in place', () => {
    const parsed = parseDescriptors(USR5637, 480)!;
    expect(parsed).toMatchObject({ deviceClass: 2, vendorId: 0x0baf, productId: 0x0303 });
    expect(parsed.configurations).toHaveLength(1);
    const [configuration] = parsed.configurations;
    expect(configuration).toMatchObject({ value: 2, maxPowerMa: 360, selfPowered: false });
    const [control, data] = configuration!.interfaces;
    expect(control!.functional.map((item) => item.subtype)).toEqual([0, 1, 2, 6]);
    expect(Array.from(control!.functional[2]!.data)).toEqual([0x06]);
    expect(isAcmInterface(control!)).toBe(true);
    expect(data!.endpoints.map(({ address, type, maxPacketSize }) => [address, type, maxPacketSize])).toEqual([
      [0x01, 'bulk', 512],
      [0x81, 'bulk', 512],
    ]);
    expect(hasMisplacedUnion(configuration!)).toBe(false);
  });

  it('reads the Conexant: two configurations, 100 mA, the union behind the data endpoints', () => {
    const [first, second] = parseDescriptors(conexant(), 12)!.configurations;
    expect(first).toMatchObject({ value: 1, maxPowerMa: 100 });
    expect(first!.interfaces).toHaveLength(2);
    expect(second!.interfaces).toHaveLength(3);
    expect(first!.interfaces[0]!.functional).toEqual([]);
    expect(first!.interfaces[1]!.endpoints.at(-1)!.functional.map((item) => item.subtype)).toEqual([0, 1, 2, 6, 7]);
    expect(hasMisplacedUnion(first!)).toBe(true);
  });

  it('takes functional descriptors behind the control endpoint as in place, for there cdc_acm looks too', () => {
    const moved = Buffer.from(USR5637);
    const start = 18 + 9 + 9;
    const functional = Buffer.from(moved.subarray(start, start + 19));
    moved.copyWithin(start, start + 19, start + 26);
    functional.copy(moved, start + 7);
    const [configuration] = parseDescriptors(moved)!.configurations;
    expect(configuration!.interfaces[0]!.endpoints[0]!.functional).toHaveLength(4);
    expect(hasMisplacedUnion(configuration!)).toBe(false);
  });

  it('counts power in 8 mA at SuperSpeed', () => {
    expect(parseDescriptors(USR5637, 5000)!.configurations[0]!.maxPowerMa).toBe(0xb4 * 8);
  });
});

describe('descriptors that lie', () => {
  it('has nothing to say of less than a device descriptor', () => {
    expect(parseDescriptors(new Uint8Array())).toBeNull();
    expect(parseDescriptors(USR5637.subarray(0, 17))).toBeNull();
    expect(parseDescriptors(Uint8Array.of(18, 2, ...new Uint8Array(16)))).toBeNull();
  });

  it('ends at a length of nought, keeping what came before', () => {
    const broken = Uint8Array.from(USR5637);
    broken[18 + 9 + 9] = 0;
    const [configuration] = parseDescriptors(broken)!.configurations;
    expect(configuration!.interfaces).toHaveLength(1);
  });

  it('never throws, and makes no more of it than there are bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => {
        const parsed = parseDescriptors(Uint8Array.of(...USR5637.subarray(0, 18), ...noise));
        const interfaces = parsed!.configurations.flatMap((configuration) => configuration.interfaces);
        expect(interfaces.length * 9).toBeLessThanOrEqual(noise.length);
        for (const configuration of parsed!.configurations) hasMisplacedUnion(configuration);
      }),
    );
  });

  it('survives any one byte of a real device being wrong, and any cut', () => {
    const real = conexant();
    fc.assert(
      fc.property(fc.nat(real.length - 1), fc.integer({ min: 0, max: 255 }), fc.nat(real.length), (at, value, cut) => {
        const lying = Uint8Array.from(real);
        lying[at] = value;
        for (const configuration of parseDescriptors(lying.subarray(0, cut))?.configurations ?? []) {
          hasMisplacedUnion(configuration);
        }
      }),
    );
  });
});
