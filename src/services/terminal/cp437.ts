/** Code page 437, the character set of the IBM PC and so of most bulletin boards. Control characters stay what they are: a terminal needs them more than the pictures they have in a PC's memory. */

/** 0x80 to 0xFF. */
const UPPER = [
  'ÇüéâäàåçêëèïîìÄÅ',
  'ÉæÆôöòûùÿÖÜ¢£¥₧ƒ',
  'áíóúñÑªº¿⌐¬½¼¡«»',
  '░▒▓│┤╡╢╖╕╣║╗╝╜╛┐',
  '└┴┬├─┼╞╟╚╔╩╦╠═╬╧',
  '╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀',
  'αßΓπΣσµτΦΘΩδ∞φε∩',
  '≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0',
].join('');

/** Characters that keyboards and fonts have in place of those of the table. */
const LOOKALIKES: Readonly<Record<string, string>> = { β: 'ß', μ: 'µ', '∑': 'Σ', '∅': 'φ', '∈': 'ε', '•': '∙' };

const CODES: ReadonlyMap<string, number> = new Map([...UPPER].map((character, index) => [character, 0x80 + index]));

/** As text; each byte is one character. */
export function decodeCp437(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte < 0x80 ? String.fromCharCode(byte) : UPPER[byte - 0x80];
  return text;
}

/** One byte a character; what the code page does not have becomes a question mark. */
export function encodeCp437(text: string): Uint8Array {
  const codes = [...text.normalize('NFC')].map((character) => {
    const code = character.codePointAt(0)!;
    return code < 0x80 ? code : (CODES.get(character) ?? CODES.get(LOOKALIKES[character] ?? '') ?? 0x3f);
  });
  return Uint8Array.from(codes);
}

/** What a keyboard sends, in UTF-8, a few bytes at a time. */
export class Cp437Keyboard {
  readonly #decoder = new TextDecoder();

  /** A character that is cut in two waits for its end. */
  encode(utf8: Uint8Array): Uint8Array {
    return encodeCp437(this.#decoder.decode(utf8, { stream: true }));
  }
}
