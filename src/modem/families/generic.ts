/** Any other modem: what V.250 has, and nothing of a maker's own. */
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
  countryCodes: {},
};
