/** Conexant CX930xx controller (TFM-561U, Zoom 3095, StarTech USB56KEMH2, RD02-D400 and many without a name). Facts from users' dumps and the manuals 100498, 102184 and 102752. */
import { ITU_CARRIERS } from './call-commands.ts';
import { CALL_ITEMS, CALLER_ID_ITEM, SAVE_FIRST_PROFILE, STANDARD_CAPABILITIES } from './common.ts';
import { ANY, CALLS, type ChipFamily } from './family.ts';

export const conexant: ChipFamily = {
  id: 'conexant',
  name: 'Conexant CX930xx',
  ati0: ['56000'],
  firmware: { command: 'I3', pattern: /_V(\d+\.\d+)/ },
  firmwareFaults: [],
  capabilities: STANDARD_CAPABILITIES,
  screens: [{ command: '&V', about: 'settings now and stored profiles' }],
  init: [
    { command: '&F', sets: 'factory settings', neededFor: ANY, wishedFor: [] },
    ...CALL_ITEMS,
    { command: '&K3', sets: 'hardware flow control', neededFor: [], wishedFor: CALLS },
    { command: 'W2', sets: 'CONNECT with the rate on the telephone line', neededFor: [], wishedFor: CALLS },
    CALLER_ID_ITEM,
  ],
  call: {
    // 102752C, X: 3 leaves out the dial tone and tells busy.
    blind: 'X3',
    // +MS=? of users' dumps; 102184B table 3-4.
    carriers: { ...ITU_CARRIERS, 'Bell 103': 'B103', 'Bell 212A': 'B212' },
    lowestRate: 300,
    highestSent: 48_000,
    // 102752C: &Q6 buffered without error correction (\N1 is an ERROR here), %C0 no compression.
    noErrorControl: '&Q6',
    noCompression: '%C0',
    // The RD02-D400's users found these three to be needed.
    longCallerId: ['-SCID=1', '+VCID=1', '-STE=3'],
  },
  // &Y chooses what ATZ and power-up load; Y would be long-space disconnect.
  save: [{ command: '&Y0', sets: 'ATZ and power-up load what is saved', required: false }, SAVE_FIRST_PROFILE],
  countryCodes: {},
};
