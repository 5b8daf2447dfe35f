/**
 * What a modem tells about a connection: `CONNECT 28800/ARQ/V34/LAPM/V42BIS` (U.S. Robotics, &A3), `CARRIER 28800`, `PROTOCOL: LAPM`, `COMPRESSION: V.42BIS` on lines before `CONNECT 115200` (Conexant, W1), or
 * `+MCR:`, `+MRR:`, `+ER:`, `+DR:` (V.250 6.4.3, 6.5.5, 6.6.2).
 */
import { type Modulation, modulationNamed } from './modulation.ts';

/** A connection in the field's words; null: the modem did not say. */
export interface Connection {
  /** Bits a second on the telephone line, towards us. */
  readonly rateBps: number | null;
  /** From us, where the modem says that it is another. */
  readonly sentBps: number | null;
  /** Bits a second between computer and modem, where the modem tells that instead (Conexant, W0). */
  readonly portBps: number | null;
  readonly modulation: Modulation | null;
  /** Error correction: `LAPM`, `MNP`, `none`; `ARQ` where the modem says no more than that there is one. */
  readonly protocol: string | null;
  /** `V.42bis`, `V.44`, `MNP5`, `none`. */
  readonly compression: string | null;
}

type Found = { -readonly [key in keyof Connection]: Connection[key] };

/** Rates of serial ports that no modulation has. */
const PORT_RATES: ReadonlySet<number> = new Set([38_400, 57_600, 115_200, 230_400, 460_800, 921_600]);

/** Spellings without dots and blanks. `ALT` is V.250's word for what is not the ITU's: MNP, and as compression MNP5. */
const PROTOCOLS: ReadonlyMap<string, string> = new Map([
  ['LAPM', 'LAPM'],
  ['LAP-M', 'LAPM'],
  ['V42', 'LAPM'],
  ['LAPM/V42', 'LAPM'],
  ['REL-LAPM', 'LAPM'],
  ['MNP', 'MNP'],
  ['MNP2', 'MNP'],
  ['MNP3', 'MNP'],
  ['MNP4', 'MNP'],
  ['REL-MNP', 'MNP'],
  ['ALT', 'MNP'],
  // Silicon Labs (AN93): `PROTOCOL: ALTERNATE, + CLASS 4`.
  ['ALTERNATE,+CLASS2', 'MNP'],
  ['ALTERNATE,+CLASS3', 'MNP'],
  ['ALTERNATE,+CLASS4', 'MNP'],
  ['NONE', 'none'],
]);

const COMPRESSIONS: ReadonlyMap<string, string> = new Map([
  ['V42BIS', 'V.42bis'],
  ['V42B', 'V.42bis'],
  ['V42BRD', 'V.42bis'],
  ['V42BTD', 'V.42bis'],
  ['V44', 'V.44'],
  ['MNP5', 'MNP5'],
  ['CLASS5', 'MNP5'],
  ['ALTERNATE,+CLASS5', 'MNP5'],
]);

/**
 * Reads a CONNECT result code, and the lines that came before it in the same answer.
 */
export function parseConnection(connect: string, linesBefore: readonly string[] = []): Connection {
  const found: Found = {
    rateBps: null,
    sentBps: null,
    portBps: null,
    modulation: null,
    protocol: null,
    compression: null,
  };
  const [, rate, rest = ''] = /^CONNECT(?:\s+(\d{2,6})\b)?(.*)$/.exec(connect) ?? [];
  if (rate !== undefined) found[PORT_RATES.has(Number(rate)) ? 'portBps' : 'rateBps'] = Number(rate);
  // With labels a token may hold blanks, without them blanks part tokens: `28800 V42bis`.
  for (const token of rest.split('/')) {
    if (token.includes(':')) readToken(token.trim(), found);
    else for (const word of token.trim().split(/\s+/)) readToken(word, found);
  }
  for (const line of linesBefore) readToken(line.trim(), found);
  if (found.rateBps === found.sentBps) found.sentBps = null;
  // Compression needs error correction below it, and each has its own.
  if (found.compression === 'V.42bis' || found.compression === 'V.44') found.protocol ??= 'LAPM';
  if (found.compression === 'MNP5') found.protocol ??= 'MNP';
  return found;
}

function readToken(token: string, into: Found): void {
  const [, label, value = token] =
    /^(PROTOCOL|COMPRESSION|CARRIER|\+ER|\+DR|\+MCR|\+MRR)(?::\s*|\s+)(.+)$/.exec(token) ?? [];
  const bare = value.toUpperCase().replace(/[. ]/g, '');
  // Towards the far end first (V.250 6.4.3).
  const [sent, received] = /^(\d{2,6})(?:[,/](\d{2,6}))?/.exec(bare)?.slice(1).map(Number) ?? [];
  const oneWay = /^(\d{2,6}):?(TX|RX)$/.exec(bare);
  if (oneWay) into[oneWay[2] === 'TX' ? 'sentBps' : 'rateBps'] = Number(oneWay[1]);
  else if (label === '+MRR' || label === 'CARRIER') {
    if (sent === undefined) return;
    into.rateBps = received || sent;
    into.sentBps = sent;
  } else if (label === 'COMPRESSION' || label === '+DR') {
    into.compression = bare === 'NONE' ? 'none' : (COMPRESSIONS.get(bare) ?? (bare === 'ALT' ? 'MNP5' : value));
  } else if (bare === 'ARQ' || bare === 'REL') into.protocol ??= 'ARQ';
  else if (bare === 'NONE' && label === undefined && into.protocol === 'LAPM') into.compression = 'none';
  else if (PROTOCOLS.has(bare)) into.protocol = PROTOCOLS.get(bare) ?? null;
  else if (COMPRESSIONS.has(bare)) into.compression = COMPRESSIONS.get(bare) ?? null;
  else if (label === 'PROTOCOL' || label === '+ER') into.protocol = value;
  else into.modulation = modulationNamed(bare) ?? into.modulation;
}

/** For people: `28800 bit/s, V.34, LAPM, V.42bis`. */
export function describeConnection(connection: Connection): string {
  const { rateBps, sentBps, modulation, protocol, compression } = connection;
  const parts = [
    rateBps === null ? null : `${rateBps} bit/s${sentBps === null ? '' : ` (${sentBps} sending)`}`,
    modulation,
    protocol === 'none' ? 'no error correction' : protocol === 'ARQ' ? 'with error correction' : protocol,
    compression !== 'none' ? compression : protocol === 'none' ? null : 'no compression',
  ].filter((part) => part !== null);
  return parts.length > 0 ? parts.join(', ') : 'the modem does not say how';
}
