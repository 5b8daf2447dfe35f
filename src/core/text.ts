/** Bytes as text and back. Modems speak bytes: Latin-1 keeps each one, whatever the line did to it. */

/** One character a byte, none lost. */
export function fromBytes(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** The inverse of {@link fromBytes}; characters above 255 lose their upper bits. */
export function toBytes(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}

/**
 * Makes text safe to show: control characters written out (`^M`, `^[`, `^?`, and `\x9b` for the C1 set), and so are the marks that turn the rest of a line around (Unicode's Bidi_Control); tabs kept. What a modem, a caller or a USB device sends must not steer a terminal.
 */
export function printable(text: string): string {
  return text.replace(/[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, (character) => {
    const code = character.charCodeAt(0);
    if (code < 0x20) return `^${String.fromCharCode(code + 0x40)}`;
    if (code === 0x7f) return '^?';
    return code < 0x100 ? `\\x${code.toString(16)}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** Text of at most `most` characters: of a longer one its beginning and its end, which often says what is wrong. */
export function shortened(text: string, most: number): string {
  const half = Math.floor((most - 3) / 2);
  return text.length <= most ? text : `${text.slice(0, half)}...${text.slice(-half)}`;
}
