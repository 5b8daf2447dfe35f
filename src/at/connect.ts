/**
 * What a modem tells about a connection: `CONNECT 28800/ARQ/V34/LAPM/V42BIS` (U.S. Robotics, &A3), or `CARRIER 28800`, `PROTOCOL: LAPM`, `COMPRESSION: V.42BIS` on lines before `CONNECT 115200` (Conexant, W1).
 */

/** A connection in the field's words; null: the modem did not say. */
export interface Connection {
  /** Bits a second on the telephone line, or, where the modem tells only that, towards us. */
  readonly rateBps: number | null;
  /** `V.34`, `V.90`, ... */
  readonly modulation: string | null;
  /** Error correction: `LAPM`, `MNP`, `none`; `ARQ` where the modem says no more than that there is one. */
  readonly protocol: string | null;
  /** `V.42bis`, `V.44`, `MNP5`, `none`. */
  readonly compression: string | null;
}

const MODULATIONS: Readonly<Record<string, string>> = {
  V21: 'V.21',
  V22: 'V.22',
  V22B: 'V.22bis',
  V22BIS: 'V.22bis',
  V23: 'V.23',
  V32: 'V.32',
  V32B: 'V.32bis',
  V32BIS: 'V.32bis',
  V34: 'V.34',
  V90: 'V.90',
  V92: 'V.92',
};

const COMPRESSIONS: Readonly<Record<string, string>> = {
  V42BIS: 'V.42bis',
  V42B: 'V.42bis',
  V44: 'V.44',
  MNP5: 'MNP5',
  'CLASS 5': 'MNP5',
};

/**
 * Reads a CONNECT result code, and the lines that came before it in the same answer.
 */
export function parseConnection(connect: string, linesBefore: readonly string[] = []): Connection {
  const found: { -readonly [key in keyof Connection]: Connection[key] } = {
    rateBps: null,
    modulation: null,
    protocol: null,
    compression: null,
  };
  const [head = '', ...tokens] = connect.split('/').map((token) => token.trim());
  const rate = /^CONNECT\s+(\d{2,6})\b/.exec(head);
  if (rate) found.rateBps = Number(rate[1]);
  for (const token of tokens) readToken(token, found);
  for (const line of linesBefore) {
    const carrier = /^CARRIER:?\s+(\d{2,6})\b/.exec(line);
    if (carrier) found.rateBps = Number(carrier[1]);
    else readToken(line.trim(), found);
  }
  return found;
}

function readToken(token: string, into: { -readonly [key in keyof Connection]: Connection[key] }): void {
  const named = /^(PROTOCOL|COMPRESSION|\+ER|\+DR|\+MCR|\+MRR):\s*(.+)$/.exec(token);
  const value = (named?.[2] ?? token).trim().toUpperCase();
  const bare = value.replaceAll('.', '');
  if (named?.[1] === '+MRR') {
    into.rateBps = Number.parseInt(value, 10) || into.rateBps;
  } else if (named?.[1] === 'COMPRESSION' || named?.[1] === '+DR') {
    into.compression = bare === 'NONE' ? 'none' : (COMPRESSIONS[bare] ?? value);
  } else if (bare === 'NONE') {
    into.protocol = 'none';
  } else if (bare === 'ARQ') {
    into.protocol ??= 'ARQ';
  } else if (bare in MODULATIONS) {
    into.modulation = MODULATIONS[bare] ?? null;
  } else if (bare in COMPRESSIONS) {
    into.compression = COMPRESSIONS[bare] ?? null;
  } else if (named || bare === 'LAPM' || bare === 'MNP') {
    into.protocol = value;
  }
}
