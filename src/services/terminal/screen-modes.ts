/** What the far end may leave switched on in the user's terminal when the call breaks off: colours, a hidden cursor, the alternate screen, mouse reports, scrolling margins. Pure. */
import { fromBytes } from '../../core/text.ts';

const ESCAPE = 0x1b;
/** Shift out: another character set (ECMA-48), in which text is line drawing. */
const SHIFT_OUT = 0x0e;
/** Longer than what switches the alternate screen, `ESC [ ? 1049 h`, so that one cut in two is seen. */
const TAIL = 16;

/**
 * Shift in; margins off, the cursor staying where it is; no attributes; a cursor; ordinary cursor keys and keypad; no mouse reports; no bracketed paste (xterm's ctlseqs). Each does nothing where it was never changed.
 */
const BACK = '\x0f\x1b7\x1b[r\x1b8\x1b[m\x1b[?25h\x1b[?1l\x1b>\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?2004l';

export class ScreenModes {
  #touched = false;
  #alternate = false;
  #tail = '';

  /** Looks at what goes to the screen. */
  shown(bytes: Uint8Array): void {
    if (!this.#touched && !bytes.includes(ESCAPE) && !bytes.includes(SHIFT_OUT)) return;
    this.#touched = true;
    const text = this.#tail + fromBytes(bytes);
    for (const [, onOrOff] of text.matchAll(/\x1b\[\?(?:47|1047|1049)([hl])/g)) this.#alternate = onOrOff === 'h';
    this.#tail = text.slice(-TAIL);
  }

  /** What puts everything back; empty where nothing was touched. */
  restoring(): string {
    if (!this.#touched) return '';
    // Only where it is on: switching it off moves the cursor.
    return `${this.#alternate ? '\x1b[?1049l' : ''}${BACK}`;
  }
}
