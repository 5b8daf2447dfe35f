/** Builders for USB descriptors, byte by byte as USB 2.0 chapter 9.6 and the CDC 1.1/PSTN 1.2 class documents lay them out. They check nothing: the devices recorded here are wrong in their own ways. */

/** Bulk and interrupt endpoints: bEndpointAddress carries the direction in bit 7. */
export function endpoint(address: number, type: 'bulk' | 'interrupt', packetSize: number, interval: number): number[] {
  return [7, 0x05, address, type === 'bulk' ? 2 : 3, ...word(packetSize), interval];
}

export function interfaceDescriptor(
  number: number,
  endpoints: number,
  [classCode, subclass, protocol]: readonly [number, number, number],
  nameIndex = 0,
): number[] {
  return [9, 0x04, number, 0, endpoints, classCode, subclass, protocol, nameIndex];
}

/** The CDC functional descriptors of an abstract control model, in the usual order. */
export function acmFunction(options: {
  bcdCdc: number;
  callManagement: number;
  acmCapabilities: number;
  control: number;
  data: number;
}): number[] {
  return [
    ...[5, 0x24, 0x00, ...word(options.bcdCdc)],
    ...[5, 0x24, 0x01, options.callManagement, options.data],
    ...[4, 0x24, 0x02, options.acmCapabilities],
    ...[5, 0x24, 0x06, options.control, options.data],
  ];
}

/** CDC Country Selection: when the code list was released (a string index), and the codes. */
export function countrySelection(releaseDateIndex: number, ...codes: number[]): number[] {
  return [4 + 2 * codes.length, 0x24, 0x07, releaseDateIndex, ...codes.flatMap(word)];
}

/** A whole configuration: its own nine bytes, wTotalLength counted, then the parts. */
export function configuration(
  options: { value: number; interfaces: number; attributes: number; milliamperes: number },
  ...parts: number[][]
): Uint8Array {
  const body = parts.flat();
  const header = [
    9,
    0x02,
    ...word(9 + body.length),
    options.interfaces,
    options.value,
    0,
    options.attributes,
    Math.round(options.milliamperes / 2),
  ];
  return Uint8Array.from([...header, ...body]);
}

/** A string descriptor (UTF-16LE); at most 126 characters fit. */
export function stringDescriptor(text: string): Uint8Array {
  const encoded = Buffer.from(text.slice(0, 126), 'utf16le');
  return Uint8Array.from([2 + encoded.length, 0x03, ...encoded]);
}

/** String descriptor 0: the one language all these devices have, US English (0x0409). */
export const LANGUAGES: Uint8Array = Uint8Array.from([4, 0x03, 0x09, 0x04]);

function word(value: number): number[] {
  return [value & 0xff, value >> 8];
}
