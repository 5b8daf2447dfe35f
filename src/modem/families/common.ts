/** What the families have in common: V.250's own commands. */
import { ANY, CALLS, type InitItem, type Inquiry, type SaveItem } from './family.ts';

/** V.250 6.1.4 to 6.1.9 and 6.4.1, T.31 8.2: questions every modem with extended commands answers, or refuses. */
export const STANDARD_CAPABILITIES: readonly Inquiry[] = [
  { command: '+GMI', about: 'manufacturer' },
  { command: '+GMM', about: 'model' },
  { command: '+GMR', about: 'revision' },
  { command: '+GCAP', about: 'command sets' },
  { command: '+FCLASS=?', about: 'modes (0 data, 1 fax, 8 voice)' },
  { command: '+MS=?', about: 'modulations' },
  { command: '+GCI?', about: 'country (T.35 code)' },
];

/** The profile that ATZ and power-up load, where there are several. */
export const SAVE_FIRST_PROFILE: SaveItem = { command: '&W0', sets: 'saved in the modem', required: true };

/** The modem does not answer by itself, shows carrier as it is, hangs up when DTR drops, tells busy from no dial tone. */
export const CALL_ITEMS: readonly InitItem[] = [
  { command: 'S0=0', sets: 'does not answer by itself', neededFor: ANY, wishedFor: [] },
  { command: '&C1', sets: 'DCD shows the carrier', neededFor: CALLS, wishedFor: ['callerId'] },
  { command: '&D2', sets: 'hangs up when DTR drops', neededFor: CALLS, wishedFor: ['callerId'] },
  { command: 'X4', sets: 'tells busy and no dial tone', neededFor: ['dial'], wishedFor: [] },
  { command: '+FCLASS=0', sets: 'data, not fax or voice', neededFor: [], wishedFor: CALLS },
];

/** V.253 has it as +VCID, and so have both chip families. It is gone after ATZ on some units. */
export const CALLER_ID_ITEM: InitItem = {
  command: '+VCID=1',
  sets: 'caller ID',
  neededFor: ['callerId'],
  wishedFor: ['answer'],
};
