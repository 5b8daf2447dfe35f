/** Agere/LSI OCM controller (USR5637). Facts from the modem's own help screens and texts (firmware 1.2.23), U.S. Robotics' reference for the 5637, and its release notes. */
import { ITU_CARRIERS } from './call-commands.ts';
import { CALL_ITEMS, CALLER_ID_ITEM, SAVE_FIRST_PROFILE, STANDARD_CAPABILITIES } from './common.ts';
import { ANY, CALLS, type ChipFamily } from './family.ts';

export const usr: ChipFamily = {
  id: 'usr',
  name: 'U.S. Robotics OCM (Agere/LSI)',
  ati0: ['5601'],
  firmware: { command: 'I3', pattern: /\bV(\d+\.\d+\.\d+)\b/ },
  firmwareFaults: [
    { below: '1.2.21', fault: 'no voice: AT+FCLASS=8 is refused' },
    { below: '1.2.23', fault: 'caller ID and RING are lost at times' },
  ],
  capabilities: STANDARD_CAPABILITIES,
  screens: [
    { command: 'I7', about: 'product' },
    { command: 'I4', about: 'settings now' },
    { command: 'I5', about: 'stored profile' },
  ],
  init: [
    // &F1 is the factory profile with hardware flow control; &F0 has none.
    { command: '&F1', sets: 'factory settings with hardware flow control', neededFor: ANY, wishedFor: [] },
    ...CALL_ITEMS,
    { command: '&A3', sets: 'CONNECT with protocol and compression', neededFor: [], wishedFor: CALLS },
    CALLER_ID_ITEM,
  ],
  call: {
    // X3 leaves out the dial tone only (user guide, X table). &N would be one rate and no other, hence +MS for the highest.
    blind: 'X3',
    // The modem's own answer to +MS=?: the Bell names are written out, B212 is an ERROR; lowest rates are 0.
    carriers: { ...ITU_CARRIERS, 'Bell 103': 'BELL103', 'Bell 212A': 'BELL212A' },
    lowestRate: 0,
    highestSent: 33_600,
    // The modem's & help: &M0 normal, &M4 ARQ or normal; &K0 no compression.
    noErrorControl: '&M0',
    noCompression: '&K0',
    longCallerId: [],
  },
  // Y chooses what ATZ and power-up load (the modem's own help); &Y would be break handling.
  save: [{ command: 'Y0', sets: 'ATZ and power-up load what is saved', required: false }, SAVE_FIRST_PROFILE],
  // AT+GCI$ of the modem lists Germany as 04, which T.35 has for it as well; Conexant knows only 42.
  countryCodes: { DE: '04' },
};
