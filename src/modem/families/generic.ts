/** Any other modem: what V.250 has, and nothing of a maker's own. */
import { ITU_CARRIERS } from './call-commands.ts';
import { CALL_ITEMS, CALLER_ID_ITEM, STANDARD_CAPABILITIES } from './common.ts';
import { ANY, type ChipFamily } from './family.ts';

export const generic: ChipFamily = {
  id: 'generic',
  name: 'not one that modemctl knows',
  ati0: [],
  firmware: null,
  firmwareFaults: [],
  capabilities: STANDARD_CAPABILITIES,
  screens: [],
  init: [{ command: '&F', sets: 'factory settings', neededFor: ANY, wishedFor: [] }, ...CALL_ITEMS, CALLER_ID_ITEM],
  call: {
    // V.250 6.2.7: X3 is X4 without the dial tone.
    blind: 'X3',
    carriers: ITU_CARRIERS,
    // 0: as the modem has it (V.250 6.4.1).
    lowestRate: 0,
    highestSent: 56_000,
    // V.250 6.5.1: buffered, error control neither asked for nor given; 6.6.1: no direction is compressed.
    noErrorControl: '+ES=1,0,1',
    noCompression: '+DS=0',
    longCallerId: [],
  },
  save: [{ command: '&W', sets: 'saved in the modem', required: true }],
  countryCodes: {},
};
