/** Conexant CX930xx controller (TFM-561U, Zoom 3095, StarTech USB56KEMH2, RD02-D400 and many without a name). Facts from users' dumps and the manuals 100498, 102184 and 102752. */
import { CALL_ITEMS, CALLER_ID_ITEM, STANDARD_CAPABILITIES } from './common.ts';
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
  countryCodes: {},
};
